#include "mine/subset_table.hpp"

#include <algorithm>
#include <bit>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mine/subset_table.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#if HWY_TARGET <= HWY_AVX2
#include <immintrin.h>
#endif

HWY_BEFORE_NAMESPACE();
namespace emptor::mine {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// The items inside a register of 16 counts are added when a row comes in: a row belongs to all subsets of its lowest
/// four items, which are the ones of a row of this table.
struct LowSubsets {
  alignas(64) std::uint32_t lanes[16][16];
  constexpr LowSubsets() : lanes() {
    for (unsigned of = 0; of < 16; ++of) {
      for (unsigned set = 0; set < 16; ++set) lanes[of][set] = (set & ~of) == 0 ? UINT32_MAX : 0;
    }
  }
};
constexpr LowSubsets low_subsets;

/// The same for 8 closures: all bits where the subset is not the row's.
struct LowStrangers {
  alignas(64) std::uint64_t lanes[8][8];
  constexpr LowStrangers() : lanes() {
    for (unsigned of = 0; of < 8; ++of) {
      for (unsigned set = 0; set < 8; ++set) lanes[of][set] = (set & ~of) == 0 ? 0 : UINT64_MAX;
    }
  }
};
constexpr LowStrangers low_strangers;

/// The bits of `mask` that `tail` names, moved together.
HWY_ATTR inline std::uint32_t gather_bits(std::uint64_t mask, std::uint64_t tail) {
#if HWY_TARGET <= HWY_AVX2 && !defined(HWY_DISABLE_BMI2_FMA)
  return static_cast<std::uint32_t>(_pext_u64(mask, tail));
#else
  std::uint32_t code = 0;
  for (int at = 0; tail != 0; tail &= tail - 1, ++at) {
    code |= static_cast<std::uint32_t>((mask >> std::countr_zero(tail)) & 1) << at;
  }
  return code;
#endif
}

using Counts = hn::CappedTag<std::uint32_t, 16>;
using Bits = hn::CappedTag<std::uint64_t, 8>;

HWY_ATTR void add_rows(const TableRows& rows, std::uint32_t* supports) {
  const Counts d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t row = 0; row < rows.rows; ++row) {
    const std::uint32_t code = gather_bits(rows.masks[row], rows.tail);
    std::uint32_t* const block = supports + (code & ~15u);
    const auto weight = hn::Set(d, rows.weights[row]);
    for (std::size_t at = 0; at < 16; at += lanes) {
      const auto own = hn::And(weight, hn::Load(d, low_subsets.lanes[code & 15u] + at));
      hn::Store(hn::Add(hn::Load(d, block + at), own), d, block + at);
    }
  }
}

HWY_ATTR void add_supersets(std::uint32_t* supports, std::size_t cells) {
  const Counts d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t step = 16; step < cells; step *= 2) {
    for (std::size_t low = 0; low < cells; low += 2 * step) {
      for (std::size_t at = low; at < low + step; at += lanes) {
        hn::Store(hn::Add(hn::Load(d, supports + at), hn::Load(d, supports + at + step)), d, supports + at);
      }
    }
  }
}

HWY_ATTR std::size_t sum_up(const TableRows& rows, SubsetTable& table) {
  const std::size_t cells = std::size_t{1} << std::max(std::popcount(rows.tail), 4);
  std::fill_n(table.supports.begin(), cells, 0u);
  add_rows(rows, table.supports.data());
  add_supersets(table.supports.data(), cells);
  return cells;
}

HWY_ATTR std::uint64_t CountTable(const TableRows& rows, std::uint32_t min_support, SubsetTable& table) {
  const std::size_t cells = sum_up(rows, table);
  const Counts d;
  const std::size_t lanes = hn::Lanes(d);
  const auto below = hn::Set(d, min_support - 1);
  std::uint64_t count = 0;
  for (std::size_t at = 0; at < cells; at += lanes) {
    count += hn::CountTrue(d, hn::Gt(hn::Load(d, table.supports.data() + at), below));
  }
  return count;
}

template <class D, class M>
HWY_ATTR inline std::uint64_t bits_of(D d, M mask) {
  alignas(8) std::uint8_t bytes[8] = {};
  hn::StoreMaskBits(d, mask, bytes);
  std::uint64_t bits = 0;
  std::copy_n(bytes, 8, reinterpret_cast<std::uint8_t*>(&bits));
  return bits;
}

HWY_ATTR void FillTable(const TableRows& rows, std::uint32_t min_support, SubsetTable& table) {
  const std::size_t cells = sum_up(rows, table);
  const Counts d;
  const std::size_t lanes = hn::Lanes(d);
  const auto below = hn::Set(d, min_support - 1);
  std::fill_n(table.frequent.begin(), (cells + 63) / 64, 0u);
  for (std::size_t at = 0; at < cells; at += lanes) {
    const auto frequent = hn::Gt(hn::Load(d, table.supports.data() + at), below);
    table.frequent[at / 64] |= bits_of(d, frequent) << (at % 64);
  }
}

HWY_ATTR void meet_rows(const TableRows& rows, std::uint64_t* closures) {
  const Bits d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t row = 0; row < rows.rows; ++row) {
    const std::uint32_t code = gather_bits(rows.masks[row], rows.tail);
    std::uint64_t* const block = closures + (code & ~7u);
    const auto closure = hn::Set(d, rows.closures[row]);
    for (std::size_t at = 0; at < 8; at += lanes) {
      const auto own = hn::Or(closure, hn::Load(d, low_strangers.lanes[code & 7u] + at));
      hn::Store(hn::And(hn::Load(d, block + at), own), d, block + at);
    }
  }
}

HWY_ATTR void meet_supersets(std::uint64_t* closures, std::size_t cells) {
  const Bits d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t step = 8; step < cells; step *= 2) {
    for (std::size_t low = 0; low < cells; low += 2 * step) {
      for (std::size_t at = low; at < low + step; at += lanes) {
        hn::Store(hn::And(hn::Load(d, closures + at), hn::Load(d, closures + at + step)), d, closures + at);
      }
    }
  }
}

/// Doubles what is there with each item: cells without it, then the same cells with it.
HWY_ATTR void name_members(std::uint64_t tail, std::uint64_t prefix, std::uint64_t* members) {
  const Bits d;
  const std::size_t lanes = hn::Lanes(d);
  members[0] = prefix;
  for (std::size_t have = 1; tail != 0; tail &= tail - 1, have *= 2) {
    const std::uint64_t item = tail & (0 - tail);
    if (have < lanes) {
      for (std::size_t cell = 0; cell < have; ++cell) members[have + cell] = members[cell] | item;
      continue;
    }
    const auto bit = hn::Set(d, item);
    for (std::size_t cell = 0; cell < have; cell += lanes) {
      hn::Store(hn::Or(hn::Load(d, members + cell), bit), d, members + have + cell);
    }
  }
}

HWY_ATTR std::uint64_t CloseTable(const TableRows& rows, std::uint64_t prefix, SubsetTable& table) {
  const std::size_t cells = std::size_t{1} << std::max(std::popcount(rows.tail), 4);
  std::fill_n(table.closures.begin(), cells, UINT64_MAX);
  meet_rows(rows, table.closures.data());
  meet_supersets(table.closures.data(), cells);
  name_members(rows.tail, prefix, table.members.data());
  const Bits d;
  const std::size_t lanes = hn::Lanes(d);
  std::uint64_t count = 0;
  for (std::size_t word = 0; word < (cells + 63) / 64; ++word) {
    std::uint64_t same = 0;
    for (std::size_t at = 0; at < 64 && word * 64 + at < cells; at += lanes) {
      const std::size_t cell = word * 64 + at;
      const auto equal = hn::Eq(hn::Load(d, table.closures.data() + cell), hn::Load(d, table.members.data() + cell));
      same |= bits_of(d, equal) << at;
    }
    table.chosen[word] = same & table.frequent[word];
    count += static_cast<std::uint64_t>(std::popcount(table.chosen[word]));
  }
  return count;
}

HWY_ATTR void MarkCells(std::uint64_t tail, const std::uint64_t* sets, std::size_t count, std::uint64_t* bits) {
  for (std::size_t set = 0; set < count; ++set) {
    const std::uint32_t code = gather_bits(sets[set], tail);
    bits[code / 64] |= std::uint64_t{1} << (code % 64);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace emptor::mine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace emptor::mine {
namespace {

HWY_EXPORT(CountTable);
HWY_EXPORT(FillTable);
HWY_EXPORT(CloseTable);
HWY_EXPORT(MarkCells);

/// The cells of a word of 64 that lack its item 0 ... 5.
constexpr std::uint64_t lacking[6] = {0x5555555555555555, 0x3333333333333333, 0x0F0F0F0F0F0F0F0F,
                                      0x00FF00FF00FF00FF, 0x0000FFFF0000FFFF, 0x00000000FFFFFFFF};

/// Cells from which `item` leads to a marked one.
std::uint64_t below(const CellBits& marked, std::size_t word, int item) {
  if (item < 6) return (marked[word] >> (1 << item)) & lacking[item];
  const std::size_t step = std::size_t{1} << (item - 6);
  return (word & step) != 0 ? 0 : marked[word | step];
}

/// Marks all subsets of what is marked.
void mark_subsets(CellBits& marked, int items, std::size_t words) {
  for (int item = 0; item < items; ++item) {
    for (std::size_t word = 0; word < words; ++word) marked[word] |= below(marked, word, item);
  }
}

}  // namespace

std::uint64_t count_table(const TableRows& rows, std::uint32_t min_support, SubsetTable& table) {
  return HWY_DYNAMIC_DISPATCH(CountTable)(rows, min_support, table);
}

void fill_table(const TableRows& rows, std::uint32_t min_support, SubsetTable& table) {
  HWY_DYNAMIC_DISPATCH(FillTable)(rows, min_support, table);
}

std::uint64_t close_table(const TableRows& rows, std::uint64_t prefix, SubsetTable& table) {
  return HWY_DYNAMIC_DISPATCH(CloseTable)(rows, prefix, table);
}

std::uint64_t peak_table(std::uint64_t tail, const std::uint64_t* known, std::size_t count, SubsetTable& table) {
  const int items = std::popcount(tail);
  const std::size_t words = items <= 6 ? 1 : std::size_t{1} << (items - 6);
  CellBits covered;
  std::fill_n(covered.begin(), words, 0u);
  HWY_DYNAMIC_DISPATCH(MarkCells)(tail, known, count, covered.data());
  mark_subsets(covered, items, words);
  std::uint64_t peaks = 0;
  for (std::size_t word = 0; word < words; ++word) {
    std::uint64_t grows = 0;
    for (int item = 0; item < items; ++item) grows |= below(table.frequent, word, item);
    table.chosen[word] = table.frequent[word] & ~grows & ~covered[word];
    peaks += static_cast<std::uint64_t>(std::popcount(table.chosen[word]));
  }
  return peaks;
}

}  // namespace emptor::mine
#endif
