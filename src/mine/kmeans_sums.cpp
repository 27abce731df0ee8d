#include <algorithm>
#include <cmath>

#include "emptor/core/exact_sum.hpp"
#include "mine/kmeans_exact.hpp"

namespace emptor::mine {
namespace {

constexpr int value_bits = 50;
// 2^12 terms of 2^50; the 64 that come at once are added before they are counted.
constexpr std::uint32_t terms_before_overflow = 4096 - 64;

/// The power of two that brings numbers up to `greatest` below 2^50.
double factor_for(double greatest) {
  if (!(greatest > 0)) return 1;
  int exponent = 0;
  std::frexp(greatest, &exponent);
  return std::ldexp(1.0, std::clamp(value_bits - exponent, -1000, 1000));
}

}  // namespace

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
  add_terms(SumTerms<float>{scale, rows, weights, clusters, count, columns_, sign}, pending_.data());
  this->count(scale, weights, clusters, count, sign);
}
void ClusterSums::add(const SumScale& scale, const double* const* rows, const double* weights,
                      const std::uint32_t* clusters, std::size_t count, int sign) {
  add_terms(SumTerms<double>{scale, rows, weights, clusters, count, columns_, sign}, pending_.data());
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
    if (++terms_[cluster] >= terms_before_overflow) settle(cluster);
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

DistanceSum::Parts DistanceSum::parts() const noexcept {
  Parts out = parts_;
  for (std::size_t i = out.size() - 1; i > 0; --i) {
    const Wide carry = out[i] >> value_bits;
    out[i] -= carry << value_bits;
    out[i - 1] += carry;
  }
  return out;
}

namespace {

/// Adds an integer of 0 or more in pieces that doubles hold, times a power of two.
void add_exactly(DoubleSum& sum, Wide value, double unit) {
  constexpr int piece_bits = 43;
  for (double weight = unit; value != 0; weight *= 0x1p43) {
    const Wide rest = value >> piece_bits;
    sum.add(static_cast<double>(value - (rest << piece_bits)) * weight);
    value = rest;
  }
}

}  // namespace

double DistanceSum::value(const SumScale& scale) const noexcept {
  const Parts carried = parts();
  DoubleSum sum;  // rounded once, so that another scale gives the same number
  const double sign = carried[0] < 0 ? -1 : 1;
  add_exactly(sum, carried[0] < 0 ? -carried[0] : carried[0], sign);
  sum.add(static_cast<double>(carried[1]) * 0x1p-50);
  sum.add(static_cast<double>(carried[2]) * 0x1p-100);
  return sum.value() * scale.distance_inverse * scale.weight_inverse;
}

}  // namespace emptor::mine
