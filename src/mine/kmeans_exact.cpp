#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mine/kmeans_exact.cpp"
#include "mine/kmeans_targets.hpp"
// After it, once for each kind of processor:
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>

#include "mine/kmeans_exact.hpp"

#ifndef EMPTOR_SUM_TERMS
#define EMPTOR_SUM_TERMS
namespace emptor::mine {
/// Rows on their way into sums.
template <class T>
struct SumTerms {
  const SumScale& scale;
  const T* const* rows;
  const double* weights;
  const std::uint32_t* clusters;
  std::size_t count, columns;
  int sign;
};
}  // namespace emptor::mine
#endif

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
HWY_INLINE Double load(const float* at) {
  return hn::PromoteTo(doubles, hn::LoadU(hn::Rebind<float, Doubles>(), at));
}

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

/// Adds (x - shift) factor weight, rounded, to a cluster's sums, or takes it off where `mask` is -1 (x ^ -1 - -1 is -x).
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
namespace {

HWY_EXPORT(SquareFloats);
HWY_EXPORT(SquareDoubles);
HWY_EXPORT(AddFloats);
HWY_EXPORT(AddDoubles);

constexpr int value_bits = 50;
// 2^12 terms of 2^50; the 64 that come at once are added before they are counted.
constexpr std::uint32_t terms_before_overflow = 4096;
constexpr int low_bits = 40;                           // of a distance, below its first 50

/// The power of two that brings numbers up to `greatest` below 2^50.
double factor_for(double greatest) {
  if (!(greatest > 0)) return 1;
  int exponent = 0;
  std::frexp(greatest, &exponent);
  return std::ldexp(1.0, std::clamp(value_bits - exponent, -1000, 1000));
}

}  // namespace

void square_distances(const float* const* rows, const double* const* centres, std::size_t count, std::size_t columns,
                      double* out) {
  HWY_DYNAMIC_DISPATCH(SquareFloats)(rows, centres, count, columns, out);
}
void square_distances(const double* const* rows, const double* const* centres, std::size_t count, std::size_t columns,
                      double* out) {
  HWY_DYNAMIC_DISPATCH(SquareDoubles)(rows, centres, count, columns, out);
}

SumScale::SumScale(const KmeansRange& range, std::span<const double> centres) {
  const std::size_t columns = range.least.size();
  shift.resize(padded(columns));
  factor.resize(padded(columns));
  inverse.resize(padded(columns));
  double greatest_distance = 0;
  for (std::size_t column = 0; column < columns; ++column) {
    const double half = range.greatest[column] / 2 - range.least[column] / 2;
    shift[column] = range.least[column] / 2 + range.greatest[column] / 2;
    // The halves and the shift are rounded: an eighth more than the half is surely enough.
    factor[column] = factor_for(half * 1.125 + std::abs(shift[column]) * 0x1p-50);
    inverse[column] = 1 / factor[column];
    double least = range.least[column], greatest = range.greatest[column];
    for (std::size_t at = column; at < centres.size(); at += columns) {
      least = std::min(least, centres[at]);
      greatest = std::max(greatest, centres[at]);
    }
    greatest_distance += (greatest - least) * (greatest - least);
  }
  weighted = range.weighted;
  const double weight = std::max(range.greatest_weight, 0.0);
  // As a weight may be less than 1 or more, a weighted value is at most 2^50 where weights are brought to at most 1.
  int exponent = 0;
  std::frexp(weight, &exponent);
  weight_factor = weighted ? std::ldexp(1.0, std::clamp(-exponent, -1000, 1000)) : 1;
  weight_inverse = 1 / weight_factor;
  distance_factor = factor_for(greatest_distance * 1.125);
  distance_inverse = 1 / distance_factor;
}

ClusterSums::ClusterSums(std::size_t k, std::size_t columns)
    : values(k * columns),
      weights(k),
      sizes(k),
      columns_(columns),
      pending_(k * padded(columns)),
      pending_weight_(k),
      terms_(k) {}

void ClusterSums::add(const SumScale& scale, const float* const* rows, const double* weights,
                      const std::uint32_t* clusters, std::size_t count, int sign) {
  HWY_DYNAMIC_DISPATCH(AddFloats)({scale, rows, weights, clusters, count, columns_, sign}, pending_.data());
  this->count(scale, weights, clusters, count, sign);
}
void ClusterSums::add(const SumScale& scale, const double* const* rows, const double* weights,
                      const std::uint32_t* clusters, std::size_t count, int sign) {
  HWY_DYNAMIC_DISPATCH(AddDoubles)({scale, rows, weights, clusters, count, columns_, sign}, pending_.data());
  this->count(scale, weights, clusters, count, sign);
}

void ClusterSums::count(const SumScale& scale, const double* weights, const std::uint32_t* clusters, std::size_t count,
                        int sign) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t cluster = clusters[i];
    sizes[cluster] += sign;
    const double weight = weights != nullptr ? weights[i] : 1.0;
    if (weight == 0) continue;
    pending_weight_[cluster] += sign * (scale.weighted ? nearest_integer(weight * scale.weight_factor * 0x1p50) : 1);
    if (++terms_[cluster] >= terms_before_overflow - 64) settle(cluster);
  }
}

void ClusterSums::settle(std::uint32_t cluster) {
  if (terms_[cluster] == 0) return;
  terms_[cluster] = 0;
  std::int64_t* pending = pending_.data() + cluster * padded(columns_);
  Wide* value = values.data() + cluster * columns_;
  for (std::size_t column = 0; column < columns_; ++column) {
    value[column] += pending[column];
    pending[column] = 0;
  }
  weights[cluster] += pending_weight_[cluster];
  pending_weight_[cluster] = 0;
}

void ClusterSums::settle() {
  for (std::uint32_t cluster = 0; cluster < terms_.size(); ++cluster) settle(cluster);
}

void ClusterSums::add(ClusterSums& other) {
  other.settle();
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += other.values[i];
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] += other.weights[i];
    sizes[i] += other.sizes[i];
  }
  std::fill(other.values.begin(), other.values.end(), 0);
  std::fill(other.weights.begin(), other.weights.end(), 0);
  std::fill(other.sizes.begin(), other.sizes.end(), 0);
}

double mean_of(const SumScale& scale, std::size_t column, Wide value, Wide weight) noexcept {
  // Weighted sums of weights carry 50 bits more.
  const double heavy = static_cast<double>(weight) * (scale.weighted ? 0x1p-50 : 1.0);
  return scale.shift[column] + static_cast<double>(value) / heavy * scale.inverse[column];
}

double weight_of(const SumScale& scale, Wide weight) noexcept {
  return static_cast<double>(weight) * (scale.weighted ? 0x1p-50 * scale.weight_inverse : 1.0);
}

void DistanceSum::add(const SumScale& scale, double squared) noexcept {
  const double scaled = squared * scale.distance_factor;
  const std::int64_t high = nearest_integer(scaled);
  const std::int64_t low = nearest_integer((scaled - static_cast<double>(high)) * 0x1p40);  // both steps are exact
  sum_ += (static_cast<Wide>(high) << low_bits) + low;
}

double DistanceSum::value(const SumScale& scale) const noexcept {
  return static_cast<double>(sum_) * 0x1p-40 * scale.distance_inverse * scale.weight_inverse;
}

DistanceSum DistanceSum::of(Wide raw) noexcept {
  DistanceSum sum;
  sum.sum_ = raw;
  return sum;
}

}  // namespace emptor::mine
#endif
