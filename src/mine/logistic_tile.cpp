#include "mine/logistic_tile.hpp"

#include <algorithm>
#include <bit>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mine/logistic_tile.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "mine/vector_exp-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace emptor::mine::HWY_NAMESPACE {
namespace {

constexpr hn::CappedTag<double, sum_lanes> reals;
using Reals = hn::Vec<decltype(reals)>;
constexpr hn::RebindToUnsigned<decltype(reals)> whole;
constexpr double rounding = 1536;  // 1.5 * 2^(52 - sum_bits)

void linear(const double* z, std::size_t columns, const double* theta, double constant, double* out) {
  const std::size_t lanes = hn::Lanes(reals);
  for (std::size_t r = 0; r < tile_rows; r += 4 * lanes) {
    Reals a = hn::Set(reals, constant), b = a, c = a, d = a;
    for (std::size_t k = 0; k < columns; ++k) {
      const double* at = z + k * tile_stride + r;
      const Reals t = hn::Set(reals, theta[k]);
      a = hn::Add(a, hn::Mul(t, hn::Load(reals, at)));
      b = hn::Add(b, hn::Mul(t, hn::Load(reals, at + lanes)));
      c = hn::Add(c, hn::Mul(t, hn::Load(reals, at + 2 * lanes)));
      d = hn::Add(d, hn::Mul(t, hn::Load(reals, at + 3 * lanes)));
    }
    hn::Store(a, reals, out + r);
    hn::Store(b, reals, out + r + lanes);
    hn::Store(c, reals, out + r + 2 * lanes);
    hn::Store(d, reals, out + r + 3 * lanes);
  }
}

void logistic(const double* x, double* out) {
  const Reals one = hn::Set(reals, 1.0);
  for (std::size_t r = 0; r < tile_rows; r += hn::Lanes(reals)) {
    const Reals value = hn::Load(reals, x + r);
    const Reals chance = hn::Div(one, hn::Add(one, bounded_exp(reals, hn::Neg(value))));
    hn::Store(hn::IfThenElse(hn::IsNaN(value), value, chance), reals, out + r);
  }
}

void softmax(double* values, std::size_t outputs) {
  for (std::size_t r = 0; r < tile_rows; r += hn::Lanes(reals)) {
    Reals highest = hn::Load(reals, values + r);
    Reals tainted = hn::Zero(reals);  // NaN where one of them is
    for (std::size_t k = 0; k < outputs; ++k) {
      const Reals value = hn::Load(reals, values + k * tile_stride + r);
      highest = hn::Max(highest, value);
      tainted = hn::Add(tainted, hn::Mul(value, hn::Zero(reals)));
    }
    Reals sum = tainted;
    for (std::size_t k = 0; k < outputs; ++k) {
      double* at = values + k * tile_stride + r;
      const Reals power = bounded_exp(reals, hn::Sub(hn::Load(reals, at), highest));
      hn::Store(power, reals, at);
      sum = hn::Add(sum, power);
    }
    for (std::size_t k = 0; k < outputs; ++k) {
      double* at = values + k * tile_stride + r;
      hn::Store(hn::Div(hn::Load(reals, at), sum), reals, at);
    }
  }
}

HWY_INLINE hn::Vec<decltype(whole)> integers_of(Reals term) {
  return hn::BitCast(whole, hn::Add(term, hn::Set(reals, rounding)));
}

void add_gradient(const double* z, std::size_t columns, const double* residual, std::uint64_t* sums) {
  const std::size_t lanes = hn::Lanes(reals);
  for (std::size_t c = 0; c <= columns; ++c) {
    auto sum = hn::Load(whole, sums + c * sum_lanes);
    auto other = hn::Zero(whole);
    for (std::size_t r = 0; r < tile_rows; r += 2 * lanes) {
      Reals one = hn::Load(reals, residual + r), two = hn::Load(reals, residual + r + lanes);
      if (c < columns) {
        one = hn::Mul(one, hn::Load(reals, z + c * tile_stride + r));
        two = hn::Mul(two, hn::Load(reals, z + c * tile_stride + r + lanes));
      }
      sum = hn::Add(sum, integers_of(one));
      other = hn::Add(other, integers_of(two));
    }
    hn::Store(hn::Add(sum, other), whole, sums + c * sum_lanes);
  }
}

/// One row of the triangle: products of `left` with the columns 0 ... count - 1.
HWY_INLINE void add_products(const double* left, const double* z, std::size_t count, std::uint64_t* sums) {
  const std::size_t lanes = hn::Lanes(reals);
  for (std::size_t c = 0; c < count; ++c) {
    auto sum = hn::Load(whole, sums + c * sum_lanes);
    auto other = hn::Zero(whole);
    for (std::size_t r = 0; r < tile_rows; r += 2 * lanes) {
      const double* at = z + c * tile_stride + r;
      sum = hn::Add(sum, integers_of(hn::Mul(hn::Load(reals, left + r), hn::Load(reals, at))));
      other = hn::Add(other, integers_of(hn::Mul(hn::Load(reals, left + r + lanes), hn::Load(reals, at + lanes))));
    }
    hn::Store(hn::Add(sum, other), whole, sums + c * sum_lanes);
  }
}

void add_information(const double* z, std::size_t columns, const double* v, double* scratch, std::uint64_t* sums) {
  const std::size_t lanes = hn::Lanes(reals);
  for (std::size_t a = 0; a < columns; ++a) {
    for (std::size_t r = 0; r < tile_rows; r += lanes) {
      const Reals product = hn::Mul(hn::Load(reals, v + r), hn::Load(reals, z + a * tile_stride + r));
      hn::Store(product, reals, scratch + r);
    }
    add_products(scratch, z, a + 1, sums);
    sums += (a + 1) * sum_lanes;
  }
  add_products(v, z, columns, sums);
  sums += columns * sum_lanes;
  auto sum = hn::Load(whole, sums);
  for (std::size_t r = 0; r < tile_rows; r += lanes) sum = hn::Add(sum, integers_of(hn::Load(reals, v + r)));
  hn::Store(sum, whole, sums);
}

void shorten(const double* z, std::size_t columns, const double* root, std::int16_t* out) {
  constexpr hn::Rebind<float, decltype(reals)> floats;
  constexpr hn::Rebind<std::int16_t, decltype(reals)> shorts;
  const Reals most = hn::Set(reals, 1023.0), least = hn::Set(reals, -1023.0);
  for (std::size_t c = 0; c <= columns; ++c) {
    for (std::size_t r = 0; r < tile_rows; r += hn::Lanes(reals)) {
      Reals value = hn::Mul(hn::Load(reals, root + r), hn::Set(reals, short_factor));
      if (c < columns) value = hn::Mul(value, hn::Load(reals, z + c * tile_stride + r));
      value = hn::Min(hn::Max(value, least), most);
      hn::Store(hn::DemoteTo(shorts, hn::NearestInt(hn::DemoteTo(floats, value))), shorts, out + c * tile_rows + r);
    }
  }
}

void add_short_information(const std::int16_t* values, std::size_t columns, std::int32_t* sums) {
  constexpr hn::CappedTag<std::int16_t, 32> shorts;
  constexpr hn::RepartitionToWide<decltype(shorts)> wide;
  const std::size_t lanes = hn::Lanes(shorts);
  for (std::size_t a = 0; a <= columns; ++a) {
    const std::int16_t* left = values + a * tile_rows;
    for (std::size_t b = 0; b <= a; ++b, sums += 16) {
      const std::int16_t* right = values + b * tile_rows;
      auto even = hn::Load(wide, sums), odd = hn::Zero(wide);
      for (std::size_t r = 0; r < tile_rows; r += lanes) {
        even = hn::ReorderWidenMulAccumulate(wide, hn::Load(shorts, left + r), hn::Load(shorts, right + r), even, odd);
      }
      hn::Store(hn::Add(even, odd), wide, sums);
    }
  }
}

bool look_at(const double* z, std::size_t columns, double* reach) {
  Reals tainted = hn::Zero(reals);
  for (std::size_t c = 0; c < columns; ++c) {
    Reals most = hn::Zero(reals);
    for (std::size_t r = 0; r < tile_rows; r += hn::Lanes(reals)) {
      const Reals value = hn::Load(reals, z + c * tile_stride + r);
      most = hn::Max(most, hn::Abs(value));
      tainted = hn::Add(tainted, hn::Mul(value, hn::Zero(reals)));
    }
    reach[c] = std::max(reach[c], hn::GetLane(hn::MaxOfLanes(reals, most)));
  }
  const double sum = hn::GetLane(hn::SumOfLanes(reals, tainted));
  return sum == sum;
}

constexpr hn::CappedTag<double, 4> quads;
using Quad = hn::Vec<decltype(quads)>;

HWY_INLINE Quad load_quad(const double* at) { return hn::LoadU(quads, at); }
HWY_INLINE Quad load_quad(const float* at) {
  const hn::Rebind<float, decltype(quads)> floats;
  return hn::PromoteTo(quads, hn::LoadU(floats, at));
}

/// Where the numbers of a part of a table lie, and what becomes of them.
template <class T>
struct Source {
  const T* x;
  std::size_t row_stride, column_stride;
  const double* centre;
  const double* factor;
  double* z;

  HWY_INLINE void one(std::size_t r, std::size_t c) const {
    const auto value = static_cast<double>(x[r * row_stride + c * column_stride]);
    z[c * tile_stride + r] = (value - centre[c]) * factor[c];
  }
  /// As many numbers of one row as a quad has.
  HWY_INLINE Quad row_part(std::size_t r, std::size_t c) const {
    const Quad value = hn::Sub(load_quad(x + r * row_stride + c), hn::LoadU(quads, centre + c));
    return hn::Mul(value, hn::LoadU(quads, factor + c));
  }
  HWY_INLINE void store(Quad column, std::size_t r, std::size_t c) const {
    hn::StoreU(column, quads, z + c * tile_stride + r);
  }
};

/// A square of a table that lies row by row, turned.
template <class T>
HWY_INLINE void load_square(const Source<T>& from, std::size_t r, std::size_t c) {
#if HWY_TARGET == HWY_SCALAR
  from.one(r, c);
#else
  const Quad a = from.row_part(r, c), b = from.row_part(r + 1, c);
  const Quad even_ab = hn::InterleaveLower(quads, a, b), odd_ab = hn::InterleaveUpper(quads, a, b);
#if HWY_MAX_BYTES >= 32
  const Quad e = from.row_part(r + 2, c), f = from.row_part(r + 3, c);
  const Quad even_ef = hn::InterleaveLower(quads, e, f), odd_ef = hn::InterleaveUpper(quads, e, f);
  from.store(hn::ConcatLowerLower(quads, even_ef, even_ab), r, c);
  from.store(hn::ConcatLowerLower(quads, odd_ef, odd_ab), r, c + 1);
  from.store(hn::ConcatUpperUpper(quads, even_ef, even_ab), r, c + 2);
  from.store(hn::ConcatUpperUpper(quads, odd_ef, odd_ab), r, c + 3);
#else
  from.store(even_ab, r, c);
  from.store(odd_ab, r, c + 1);
#endif
#endif
}

template <class T>
HWY_INLINE void load_by_rows(const Source<T>& from, std::size_t rows, std::size_t columns) {
  const std::size_t side = hn::Lanes(quads);
  const std::size_t whole_rows = rows / side * side, whole_columns = columns / side * side;
  for (std::size_t r = 0; r < whole_rows; r += side) {
    for (std::size_t c = 0; c < whole_columns; c += side) load_square(from, r, c);
    for (std::size_t c = whole_columns; c < columns; ++c) {
      for (std::size_t i = 0; i < side; ++i) from.one(r + i, c);
    }
  }
  for (std::size_t r = whole_rows; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) from.one(r, c);
  }
}

template <class T>
HWY_INLINE void load_any(const T* x, std::size_t rows, std::size_t row_stride, std::size_t column_stride,
                         std::size_t columns, const double* centre, const double* factor, double* z) {
  const Source<T> from{x, row_stride, column_stride, centre, factor, z};
  if (column_stride == 1) return load_by_rows(from, rows, columns);
  for (std::size_t c = 0; c < columns; ++c) {
    for (std::size_t r = 0; r < rows; ++r) from.one(r, c);
  }
}

void load_doubles(const double* x, std::size_t rows, std::size_t row_stride, std::size_t column_stride,
                  std::size_t columns, const double* centre, const double* factor, double* z) {
  load_any(x, rows, row_stride, column_stride, columns, centre, factor, z);
}
void load_floats(const float* x, std::size_t rows, std::size_t row_stride, std::size_t column_stride,
                 std::size_t columns, const double* centre, const double* factor, double* z) {
  load_any(x, rows, row_stride, column_stride, columns, centre, factor, z);
}

}  // namespace
}  // namespace emptor::mine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace emptor::mine {

HWY_EXPORT(linear);
HWY_EXPORT(logistic);
HWY_EXPORT(softmax);
HWY_EXPORT(add_gradient);
HWY_EXPORT(add_information);
HWY_EXPORT(shorten);
HWY_EXPORT(add_short_information);
HWY_EXPORT(look_at);
HWY_EXPORT(load_doubles);
HWY_EXPORT(load_floats);

void load_tile(const NumberView& x, std::size_t first, std::size_t rows, const double* centre, const double* factor,
               double* z) {
  const std::size_t columns = x.columns();
  const NumberView part = x.slice(first, rows);
  if (part.type() == NumberView::Type::float64) {
    HWY_DYNAMIC_DISPATCH(load_doubles)
    (static_cast<const double*>(part.data()), rows, part.row_stride(), part.column_stride(), columns, centre, factor,
     z);
  } else {
    HWY_DYNAMIC_DISPATCH(load_floats)
    (static_cast<const float*>(part.data()), rows, part.row_stride(), part.column_stride(), columns, centre, factor, z);
  }
  if (rows == tile_rows) return;
  for (std::size_t c = 0; c < columns; ++c) {
    std::fill(z + c * tile_stride + rows, z + c * tile_stride + tile_rows, 0.0);
  }
}

void linear(const double* z, std::size_t columns, const double* theta, double constant, double* out) {
  HWY_DYNAMIC_DISPATCH(linear)(z, columns, theta, constant, out);
}
void logistic(const double* x, double* out) { HWY_DYNAMIC_DISPATCH(logistic)(x, out); }
void softmax(double* values, std::size_t outputs) { HWY_DYNAMIC_DISPATCH(softmax)(values, outputs); }
void add_gradient(const double* z, std::size_t columns, const double* residual, std::uint64_t* sums) {
  HWY_DYNAMIC_DISPATCH(add_gradient)(z, columns, residual, sums);
}
void add_information(const double* z, std::size_t columns, const double* v, double* scratch, std::uint64_t* sums) {
  HWY_DYNAMIC_DISPATCH(add_information)(z, columns, v, scratch, sums);
}
std::uint64_t sum_offset() noexcept { return std::bit_cast<std::uint64_t>(1536.0); }
void shorten(const double* z, std::size_t columns, const double* root, std::int16_t* out) {
  HWY_DYNAMIC_DISPATCH(shorten)(z, columns, root, out);
}
void add_short_information(const std::int16_t* values, std::size_t columns, std::int32_t* sums) {
  HWY_DYNAMIC_DISPATCH(add_short_information)(values, columns, sums);
}
bool look_at(const double* z, std::size_t columns, double* reach) {
  return HWY_DYNAMIC_DISPATCH(look_at)(z, columns, reach);
}

}  // namespace emptor::mine
#endif
