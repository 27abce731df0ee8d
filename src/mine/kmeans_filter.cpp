#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mine/kmeans_filter.cpp"
#include "mine/kmeans_targets.hpp"
// After it, once for each kind of processor:
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "mine/kmeans_filter.hpp"

#ifndef EMPTOR_KMEANS_SET_BITS
#define EMPTOR_KMEANS_SET_BITS
namespace emptor::mine {

/// The places of the bits that are set in each byte.
struct SetBits {
  std::uint8_t places[8];
};
inline constexpr std::array<SetBits, 256> set_bits = [] {
  std::array<SetBits, 256> all{};
  for (std::size_t byte = 0; byte < 256; ++byte)
    for (std::size_t bit = 0, found = 0; bit < 8; ++bit)
      if ((byte >> bit & 1) != 0) all[byte].places[found++] = static_cast<std::uint8_t>(bit);
  return all;
}();

}  // namespace emptor::mine
#endif

HWY_BEFORE_NAMESPACE();
namespace emptor::mine {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::CappedTag<float, 16>;
using Float = hn::Vec<Floats>;
using Words = hn::RebindToUnsigned<Floats>;
using Word = hn::Vec<Words>;

constexpr Floats floats;
constexpr Words words;
constexpr std::size_t lanes = hn::MaxLanes(Floats());
// What fits into the registers: 16 sums of 32 registers, or 8 of 16.
constexpr std::size_t strip = HWY_TARGET <= HWY_AVX3 ? 4 : 2;
constexpr std::size_t strip_rows = strip * lanes;

// ---- rows into columns -------------------------------------------------------------------------------------------

#if HWY_TARGET != HWY_SCALAR
/// Four columns of the rows first + 4 b in block b.
template <class D>
HWY_INLINE hn::Vec<D> blocks_of(D d, const float* const* rows, std::size_t first, std::size_t column) {
  if constexpr (hn::MaxLanes(d) <= 4) {
    return hn::LoadU(d, rows[first] + column);
  } else {
    const hn::Half<D> half;
    return hn::Combine(d, blocks_of(half, rows, first + hn::MaxLanes(d) / 2, column),
                       blocks_of(half, rows, first, column));
  }
}

/// Takes columns `column` to `column` + 3 of as many rows as a register has lanes, and adds the squares of all but the
/// first `counted` of them to the norms.
template <class Image>
HWY_INLINE Float take_four(const float* const* rows, std::size_t column, std::size_t counted, Image image, float* out,
                           Float norm) {
  const Float a = blocks_of(floats, rows, 0, column), b = blocks_of(floats, rows, 1, column);
  const Float c = blocks_of(floats, rows, 2, column), d = blocks_of(floats, rows, 3, column);
  const Float ac = hn::InterleaveLower(floats, a, c), bd = hn::InterleaveLower(floats, b, d);
  const Float ca = hn::InterleaveUpper(floats, a, c), db = hn::InterleaveUpper(floats, b, d);
  const Float values[] = {
      image(hn::InterleaveLower(floats, ac, bd), column), image(hn::InterleaveUpper(floats, ac, bd), column + 1),
      image(hn::InterleaveLower(floats, ca, db), column + 2), image(hn::InterleaveUpper(floats, ca, db), column + 3)};
  EMPTOR_UNROLL
  for (std::size_t i = 0; i < 4; ++i) {
    hn::Store(values[i], floats, out + (column + i) * filter_rows);
    if (i >= counted) norm = hn::MulAdd(values[i], values[i], norm);
  }
  return norm;
}
#endif

/// Takes the rows in by column, each number as its image, with their norms. As many rows at a time as a register has
/// lanes, so that the pointers to them stay in registers too.
template <class Image>
HWY_INLINE void take_in(const float* const* rows, std::size_t columns, Image image, KmeansTile& tile) {
  for (std::size_t row = 0; row < filter_rows; row += lanes) {
    float* const out = tile.x() + row;
    Float norm = hn::Zero(floats);
    std::size_t column = 0;
#if HWY_TARGET != HWY_SCALAR
    for (; column + 4 <= columns; column += 4) norm = take_four(rows + row, column, 0, image, out, norm);
    if (column < columns && columns >= 4) {
      norm = take_four(rows + row, columns - 4, 4 - (columns - column), image, out, norm);
      column = columns;
    }
#endif
    for (; column < columns; ++column) {
      alignas(64) float values[lanes];
      for (std::size_t i = 0; i < lanes; ++i) values[i] = rows[row + i][column];
      const Float value = image(hn::Load(floats, values), column);
      hn::Store(value, floats, out + column * filter_rows);
      norm = hn::MulAdd(value, value, norm);
    }
    hn::Store(norm, floats, tile.norm + row);
  }
}

void LoadFloats(const KmeansImage& image, const float* const* rows, KmeansTile& tile) {
  const Float factor = hn::Set(floats, static_cast<float>(image.factor));
  const float* const shifts = image.scaled_shift.data();
  take_in(
      rows, image.columns,
      [=](Float value, std::size_t column)
          HWY_ATTR { return hn::MulSub(value, factor, hn::Set(floats, shifts[column])); },
      tile);
}

using Doubles = hn::CappedTag<double, 8>;
constexpr Doubles doubles;

/// A row of 64-bit numbers in the image.
HWY_INLINE void convert(const KmeansImage& image, const double* row, float* out) {
  const hn::Rebind<float, Doubles> narrow;
  const std::size_t step = hn::Lanes(doubles);
  const auto factor = hn::Set(doubles, image.factor);
  std::size_t column = 0;
  for (; column + step <= image.columns; column += step) {
    const auto shifted = hn::Sub(hn::LoadU(doubles, row + column), hn::LoadU(doubles, image.shift.data() + column));
    hn::StoreU(hn::DemoteTo(narrow, hn::Mul(shifted, factor)), narrow, out + column);
  }
  for (; column < image.columns; ++column) {
    out[column] = static_cast<float>((row[column] - image.shift[column]) * image.factor);
  }
}

void LoadDoubles(const KmeansImage& image, const double* const* rows, KmeansTile& tile) {
  const float* converted[filter_rows];
  for (std::size_t row = 0; row < filter_rows; ++row) {
    float* place = tile.by_row.data() + row * image.columns;
    convert(image, rows[row], place);
    converted[row] = place;
  }
  take_in(
      converted, image.columns, [](Float value, std::size_t) HWY_ATTR { return value; }, tile);
}

// ---- distances ---------------------------------------------------------------------------------------------------

constexpr float above = 1.0F + 0x1p-20F;
constexpr float below = 1.0F - 0x1p-20F;

/// What the score of a row can be wrong by, whatever the centre.
HWY_INLINE Float error_of(const KmeansImage& image, Float norm) {
  const Float length = hn::Mul(hn::Sqrt(norm), hn::Set(floats, above * (1.0F + image.gamma)));
  const Float radius = hn::Set(floats, image.radius);
  const Float both = hn::MulAdd(length, radius, hn::Set(floats, 0.5F * image.radius * image.radius));
  return hn::MulAdd(both, hn::Set(floats, image.gamma * above), hn::Set(floats, 0x1p-100F));
}

/// The distance that belongs to a score, not less than it is (`sign` 1) or not more (-1).
HWY_INLINE Float distance_of(Float norm, Float score, Float error, float gamma, float sign) {
  const Float slack = hn::MulAdd(norm, hn::Set(floats, gamma), hn::Add(error, error));
  const Float squared = hn::MulAdd(score, hn::Set(floats, 2.0F), norm);
  const Float bounded = hn::Max(hn::MulAdd(slack, hn::Set(floats, 1.001F * sign), squared), hn::Zero(floats));
  return hn::Mul(hn::Sqrt(bounded), hn::Set(floats, sign > 0 ? above : below));
}

/// The scores of a register of rows with one centre.
HWY_INLINE Float scores_of(const KmeansImage& image, std::uint32_t id, const float* x) {
  const float* centre = image.centre(id);
  Float score = hn::Set(floats, image.half_norms[id]);
  for (std::size_t column = 0; column < image.columns; ++column) {
    score = hn::NegMulAdd(hn::Load(floats, x + column * filter_rows), hn::Set(floats, centre[column]), score);
  }
  return score;
}

float MeasureHome(const KmeansImage& image, std::uint32_t home, std::size_t count, KmeansTile& tile) {
  float greatest = 0;
  for (std::size_t at = 0; at < count; at += lanes) {
    const Float norm = hn::Load(floats, tile.norm + at);
    const Float score = scores_of(image, home, tile.x() + at);
    hn::Store(distance_of(norm, score, error_of(image, norm), image.gamma, 1), floats, tile.home_distance + at);
  }
  for (std::size_t row = 0; row < count; ++row) greatest = std::max(greatest, tile.home_distance[row]);
  return greatest;
}

template <class Mask>
HWY_INLINE std::uint64_t bits_of(Mask mask) {
  std::uint8_t bytes[8] = {};
  hn::StoreMaskBits(floats, mask, bytes);
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < (lanes + 7) / 8; ++i) bits |= std::uint64_t{bytes[i]} << (8 * i);
  return bits;
}
/// Of the first `count` rows.
constexpr std::uint64_t first_bits(std::size_t count) { return ~std::uint64_t{0} >> (filter_rows - count); }

std::uint64_t NearerRows(const KmeansImage& image, std::uint32_t centre, const float* limits, std::size_t count,
                         KmeansTile& tile) {
  std::uint64_t bits = 0;
  for (std::size_t at = 0; at < count; at += lanes) {
    const Float norm = hn::Load(floats, tile.norm + at);
    const Float error = error_of(image, norm);
    const Float slack = hn::MulAdd(norm, hn::Set(floats, image.gamma), hn::Add(error, error));
    const Float squared = hn::MulAdd(scores_of(image, centre, tile.x() + at), hn::Set(floats, 2.0F), norm);
    const Float least = hn::NegMulAdd(slack, hn::Set(floats, 1.001F), squared);
    bits |= bits_of(hn::Not(hn::Ge(least, hn::Load(floats, limits + at)))) << at;
  }
  return bits & first_bits(count);
}

/// The best two scores of each row of a strip.
struct Best {
  Float score[strip], second[strip];
  Word label[strip];
};

HWY_INLINE void compare(Best& best, std::size_t at, Float score, Word id) {
  const auto better = hn::Lt(score, best.score[at]);
  best.second[at] = hn::Min(best.second[at], hn::Max(score, best.score[at]));
  best.score[at] = hn::Min(score, best.score[at]);
  best.label[at] = hn::IfThenElse(hn::RebindMask(words, better), id, best.label[at]);
}

template <std::size_t Count>
HWY_INLINE void meet(const KmeansImage& image, const std::uint32_t* ids, const float* x, Best& best) {
  Float scores[Count][strip];
  const float* centres[Count];
  EMPTOR_UNROLL
  for (std::size_t c = 0; c < Count; ++c) {
    centres[c] = image.centre(ids[c]);
    EMPTOR_UNROLL
    for (std::size_t at = 0; at < strip; ++at) scores[c][at] = hn::Set(floats, image.half_norms[ids[c]]);
  }
  for (std::size_t column = 0; column < image.columns; ++column) {
    Float values[strip];
    EMPTOR_UNROLL
    for (std::size_t at = 0; at < strip; ++at) values[at] = hn::Load(floats, x + column * filter_rows + at * lanes);
    EMPTOR_UNROLL
    for (std::size_t c = 0; c < Count; ++c) {
      const Float centre = hn::Set(floats, centres[c][column]);
      EMPTOR_UNROLL
      for (std::size_t at = 0; at < strip; ++at) {
        scores[c][at] = hn::NegMulAdd(values[at], centre, scores[c][at]);
      }
    }
  }
  EMPTOR_UNROLL
  for (std::size_t c = 0; c < Count; ++c) {
    const Word id = hn::Set(words, ids[c]);
    EMPTOR_UNROLL
    for (std::size_t at = 0; at < strip; ++at) compare(best, at, scores[c][at], id);
  }
}

HWY_INLINE void meet_all(const KmeansImage& image, const KmeansCandidates& candidates, const float* x, Best& best) {
  std::size_t done = 0;
  std::uint32_t run[4];
  for (; done + 4 <= candidates.count; done += 4) {
    EMPTOR_UNROLL
    for (std::size_t c = 0; c < 4; ++c) {
      run[c] = candidates.ids != nullptr ? candidates.ids[done + c] : static_cast<std::uint32_t>(done + c);
    }
    meet<4>(image, run, x, best);
  }
  for (; done < candidates.count; ++done) {
    run[0] = candidates.ids != nullptr ? candidates.ids[done] : static_cast<std::uint32_t>(done);
    meet<1>(image, run, x, best);
  }
}

/// What the scores of a register of rows come to.
HWY_INLINE std::uint64_t judge(const KmeansImage& image, const KmeansCandidates& candidates, const Best& best,
                               std::size_t at, std::size_t row, KmeansTile& tile) {
  const Float norm = hn::Load(floats, tile.norm + row);
  const Float error = error_of(image, norm);
  const Float gap = hn::Sub(best.second[at], best.score[at]);
  // The gap is itself rounded by at most 2^-24 of what the error bounds 7 times over.
  auto certain = hn::Gt(gap, hn::Mul(error, hn::Set(floats, 2.5F)));
  const Float nearest = distance_of(norm, best.score[at], error, image.gamma, 1);
  Float second = distance_of(norm, best.second[at], error, image.gamma, -1);
  if (candidates.home_distance != nullptr) {
    const Float others = hn::Sub(hn::Set(floats, candidates.beyond), hn::Load(floats, candidates.home_distance + row));
    second = hn::Min(second, hn::Mul(others, hn::Set(floats, below)));
    certain = hn::And(certain, hn::Gt(second, nearest));
  }
  const auto labels = hn::BitCast(hn::RebindToSigned<Floats>(), best.label[at]);
  const Float moved = hn::GatherIndex(floats, image.moved.data(), labels);
  const Float slack = hn::MulAdd(hn::Add(moved, hn::Sub(second, nearest)), hn::Set(floats, below), hn::Zero(floats));
  hn::Store(slack, floats, tile.slack + row);
  hn::Store(best.label[at], words, tile.label + row);
  return bits_of(hn::Not(certain)) << row;
}

void Search(const KmeansImage& image, const KmeansCandidates& candidates, std::size_t count, KmeansTile& tile) {
  tile.uncertain = 0;
  const std::uint32_t first = candidates.ids != nullptr ? candidates.ids[0] : 0;
  for (std::size_t row = 0; row < count; row += strip_rows) {
    Best best;
    EMPTOR_UNROLL
    for (std::size_t at = 0; at < strip; ++at) {
      best.score[at] = best.second[at] = hn::Set(floats, std::numeric_limits<float>::infinity());
      best.label[at] = hn::Set(words, first);
    }
    meet_all(image, candidates, tile.x() + row, best);
    EMPTOR_UNROLL
    for (std::size_t at = 0; at < strip; ++at) {
      tile.uncertain |= judge(image, candidates, best, at, row + at * lanes, tile);
    }
  }
  tile.uncertain &= first_bits(count);
}

void DistancesBetween(const KmeansImage& image, std::size_t home, float* out) {
  const float* from = image.centre(home);
  for (std::size_t other = 0; other < image.k; ++other) {
    const float* to = image.centre(other);
    Float sum = hn::Zero(floats);
    std::size_t column = 0;
    for (; column + lanes <= image.columns; column += lanes) {
      const Float away = hn::Sub(hn::LoadU(floats, from + column), hn::LoadU(floats, to + column));
      sum = hn::MulAdd(away, away, sum);
    }
    float rest = hn::GetLane(hn::SumOfLanes(floats, sum));
    for (; column < image.columns; ++column) rest += (from[column] - to[column]) * (from[column] - to[column]);
    out[other] = rest;
  }
}

std::uint64_t Differing(const std::uint32_t* a, const std::uint32_t* b, std::size_t count) {
  std::uint64_t bits = 0;
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    bits |= bits_of(hn::RebindMask(floats, hn::Ne(hn::LoadU(words, a + i), hn::LoadU(words, b + i)))) << i;
  }
  for (; i < count; ++i) bits |= std::uint64_t{a[i] != b[i]} << i;
  return bits;
}

// ---- which rows are due --------------------------------------------------------------------------------------------

constexpr std::size_t lanes_a_byte = lanes < 8 ? lanes : 8;
using Places = hn::CappedTag<std::uint32_t, lanes_a_byte>;

/// Writes first + i for each bit i of a byte; whole registers, for which there must be room. Returns how many.
/// (Highway's CompressStore copies its table of a kilobyte at each call for AVX2.)
HWY_INLINE std::size_t write_places(std::uint8_t bits, std::size_t first, std::uint32_t* out) {
  const Places places;
  const hn::Rebind<std::uint8_t, Places> bytes;
  const auto set = hn::PromoteTo(places, hn::LoadU(bytes, set_bits[bits].places));
  hn::StoreU(hn::Add(set, hn::Set(places, static_cast<std::uint32_t>(first))), places, out);
  return static_cast<std::size_t>(std::popcount(bits));
}

std::size_t DueRows(std::span<const std::uint32_t> labels, std::span<const float> slack, const float* moved,
                    std::uint32_t* due) {
  std::size_t found = 0, row = 0;
  for (; row + lanes <= labels.size(); row += lanes) {
    const auto label = hn::LoadU(hn::RebindToSigned<Floats>(), reinterpret_cast<const std::int32_t*>(&labels[row]));
    const Float gone = hn::GatherIndex(floats, moved, label);
    const std::uint64_t is_due = bits_of(hn::Not(hn::Lt(gone, hn::LoadU(floats, &slack[row]))));
    EMPTOR_UNROLL
    for (std::size_t at = 0; at < lanes; at += lanes_a_byte)
      found += write_places(static_cast<std::uint8_t>(is_due >> at), row + at, due + found);
  }
  for (; row < labels.size(); ++row) {
    if (!(moved[labels[row]] < slack[row])) due[found++] = static_cast<std::uint32_t>(row);
  }
  return found;
}

}  // namespace HWY_NAMESPACE
}  // namespace emptor::mine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace emptor::mine {

HWY_EXPORT(LoadFloats);
HWY_EXPORT(LoadDoubles);
HWY_EXPORT(MeasureHome);
HWY_EXPORT(NearerRows);
HWY_EXPORT(Search);
HWY_EXPORT(DistancesBetween);
HWY_EXPORT(Differing);
HWY_EXPORT(DueRows);

void load_tile(const KmeansImage& image, const float* const* rows, KmeansTile& tile) {
  HWY_DYNAMIC_DISPATCH(LoadFloats)(image, rows, tile);
}
void load_tile(const KmeansImage& image, const double* const* rows, KmeansTile& tile) {
  HWY_DYNAMIC_DISPATCH(LoadDoubles)(image, rows, tile);
}
float measure_home(const KmeansImage& image, std::uint32_t home, std::size_t count, KmeansTile& tile) {
  return HWY_DYNAMIC_DISPATCH(MeasureHome)(image, home, count, tile);
}
std::uint64_t nearer_rows(const KmeansImage& image, std::uint32_t centre, const float* limits, std::size_t count,
                          KmeansTile& tile) {
  return HWY_DYNAMIC_DISPATCH(NearerRows)(image, centre, limits, count, tile);
}
void search_tile(const KmeansImage& image, const KmeansCandidates& candidates, std::size_t count, KmeansTile& tile) {
  HWY_DYNAMIC_DISPATCH(Search)(image, candidates, count, tile);
}
std::uint64_t differing(const std::uint32_t* a, const std::uint32_t* b, std::size_t count) {
  return HWY_DYNAMIC_DISPATCH(Differing)(a, b, count);
}
void distances_between(const KmeansImage& image, std::size_t home, float* out) {
  HWY_DYNAMIC_DISPATCH(DistancesBetween)(image, home, out);
}
std::size_t due_rows(std::span<const std::uint32_t> labels, std::span<const float> slack, const float* moved,
                     std::uint32_t* due) {
  return HWY_DYNAMIC_DISPATCH(DueRows)(labels, slack, moved, due);
}

}  // namespace emptor::mine
#endif
