#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mine/kmeans_exact.cpp"
#include "mine/kmeans_targets.hpp"
// After it, once for each kind of processor:
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "mine/kmeans_exact.hpp"

HWY_BEFORE_NAMESPACE();
namespace emptor::mine {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Doubles = hn::CappedTag<double, 8>;
using Double = hn::Vec<Doubles>;
using Integers = hn::RebindToSigned<Doubles>;

constexpr Doubles doubles;
constexpr Integers integers;
constexpr std::size_t lanes = hn::MaxLanes(Doubles());
constexpr std::size_t parts = lane_multiple / lanes;  // registers of eight lanes

HWY_INLINE Double load(const double* at) { return hn::LoadU(doubles, at); }
HWY_INLINE Double load(const float* at) { return hn::PromoteTo(doubles, hn::LoadU(hn::Rebind<float, Doubles>(), at)); }

/// Multiplied and added apart: a fused step would round differently where there is none.
template <class T>
HWY_INLINE void meet(const T* row, const double* centre, Double* sums) {
  EMPTOR_UNROLL
  for (std::size_t part = 0; part < parts; ++part) {
    const Double away = hn::Sub(load(row + part * lanes), load(centre + part * lanes));
    sums[part] = hn::Add(sums[part], hn::Mul(away, away));
  }
}

template <class T>
HWY_INLINE double square_distance(const T* row, const double* centre, std::size_t columns) {
  Double sums[parts];
  EMPTOR_UNROLL
  for (Double& sum : sums) sum = hn::Zero(doubles);
  std::size_t column = 0;
  for (; column + lane_multiple <= columns; column += lane_multiple) meet(row + column, centre + column, sums);
  alignas(64) double lane[lane_multiple];
  EMPTOR_UNROLL
  for (std::size_t part = 0; part < parts; ++part) hn::Store(sums[part], doubles, lane + part * lanes);
  for (std::size_t i = 0; column + i < columns; ++i) {
    const double away = static_cast<double>(row[column + i]) - centre[column + i];
    lane[i] += away * away;
  }
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

void SquareFloats(const float* const* rows, const double* const* centres, std::size_t count, std::size_t columns,
                  double* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = square_distance(rows[i], centres[i], columns);
}
void SquareDoubles(const double* const* rows, const double* const* centres, std::size_t count, std::size_t columns,
                   double* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = square_distance(rows[i], centres[i], columns);
}

// ---- sums --------------------------------------------------------------------------------------------------------

/// Adds (x - shift) factor weight, rounded, to a cluster's sums, or takes it off where `mask` is -1 (x ^ -1 - -1 is
/// -x).
template <class T>
HWY_INLINE void add_row(const SumScale& scale, const T* row, double weight, std::int64_t mask, std::size_t columns,
                        std::int64_t* pending) {
  const Double carrier = hn::Set(doubles, 0x1.8p52), heavy = hn::Set(doubles, weight);
  const auto zero = hn::BitCast(integers, carrier), masks = hn::Set(integers, mask);
  std::size_t column = 0;
  for (; column + lanes <= columns; column += lanes) {
    const Double shifted = hn::Sub(load(row + column), load(scale.shift.data() + column));
    const Double scaled = hn::Mul(hn::Mul(shifted, load(scale.factor.data() + column)), heavy);
    const auto rounded = hn::Sub(hn::BitCast(integers, hn::Add(scaled, carrier)), zero);
    const auto value = hn::Sub(hn::Xor(rounded, masks), masks);
    hn::StoreU(hn::Add(hn::LoadU(integers, pending + column), value), integers, pending + column);
  }
  for (; column < columns; ++column) {
    const double shifted = static_cast<double>(row[column]) - scale.shift[column];
    pending[column] += (nearest_integer(shifted * scale.factor[column] * weight) ^ mask) - mask;
  }
}

template <class T>
HWY_INLINE void add_rows(const SumTerms<T>& terms, std::int64_t* pending) {
  const std::size_t width = padded(terms.columns);
  for (std::size_t i = 0; i < terms.count; ++i) {
    const double weight = (terms.weights != nullptr ? terms.weights[i] : 1.0) * terms.scale.weight_factor;
    if (weight == 0) continue;
    add_row(terms.scale, terms.rows[i], weight, terms.sign < 0 ? -1 : 0, terms.columns,
            pending + terms.clusters[i] * width);
  }
}

void AddFloats(const SumTerms<float>& terms, std::int64_t* pending) { add_rows(terms, pending); }
void AddDoubles(const SumTerms<double>& terms, std::int64_t* pending) { add_rows(terms, pending); }

}  // namespace HWY_NAMESPACE
}  // namespace emptor::mine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace emptor::mine {

HWY_EXPORT(SquareFloats);
HWY_EXPORT(SquareDoubles);
HWY_EXPORT(AddFloats);
HWY_EXPORT(AddDoubles);

void square_distances(const float* const* rows, const double* const* centres, std::size_t count, std::size_t columns,
                      double* out) {
  HWY_DYNAMIC_DISPATCH(SquareFloats)(rows, centres, count, columns, out);
}
void square_distances(const double* const* rows, const double* const* centres, std::size_t count, std::size_t columns,
                      double* out) {
  HWY_DYNAMIC_DISPATCH(SquareDoubles)(rows, centres, count, columns, out);
}
void add_terms(const SumTerms<float>& terms, std::int64_t* pending) { HWY_DYNAMIC_DISPATCH(AddFloats)(terms, pending); }
void add_terms(const SumTerms<double>& terms, std::int64_t* pending) {
  HWY_DYNAMIC_DISPATCH(AddDoubles)(terms, pending);
}

}  // namespace emptor::mine
#endif
