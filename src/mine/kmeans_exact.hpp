/// The arithmetic that results of k-means rest on: double precision in one fixed order, and sums of integers.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "emptor/core/wide.hpp"
#include "emptor/mine/kmeans_rounds.hpp"
#include "mine/kmeans_centres.hpp"

namespace emptor::mine {

/// The squared distance of each row to its centre (a row of PaddedCentres): eight sums of every eighth column, added
/// as ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7)). The same bits on every processor.
void square_distances(const float* const* rows, const double* const* centres, std::size_t count, std::size_t columns,
                      double* out);
void square_distances(const double* const* rows, const double* const* centres, std::size_t count, std::size_t columns,
                      double* out);

/// The nearest integer, halves to even, of a number of at most 2^51: a double of 2^52 to 2^53 has its integer in its
/// last bits.
inline std::int64_t nearest_integer(double value) noexcept {
  constexpr double carrier = 0x1.8p52;
  return std::bit_cast<std::int64_t>(value + carrier) - std::bit_cast<std::int64_t>(carrier);
}

/// How numbers become integers of at most 2^50: (x - shift) factor, rounded to nearest even.
struct SumScale {
  std::vector<double> shift, factor;  ///< padded with 0
  std::vector<double> inverse;
  double weight_factor = 1, weight_inverse = 1;
  double distance_factor = 1, distance_inverse = 1;  ///< of squared distances
  bool weighted = false;

  SumScale() = default;
  /// `centres` may lie outside the range.
  SumScale(const KmeansRange& range, std::span<const double> centres);
};

/// Rows on their way into sums.
template <class T>
struct SumTerms {
  const SumScale& scale;
  const T* const* rows;
  const double* weights;  ///< 1 if null
  const std::uint32_t* clusters;
  std::size_t count, columns;
  int sign;
};
/// Adds to k x padded(columns) integers.
void add_terms(const SumTerms<float>& terms, std::int64_t* pending);
void add_terms(const SumTerms<double>& terms, std::int64_t* pending);

/// Sums by cluster: 64-bit integers, which go over into 128 bits before they can overflow.
class ClusterSums {
 public:
  ClusterSums() = default;
  ClusterSums(std::size_t k, std::size_t columns);

  /// At most 64 rows with their weights (1 if null) come to clusters (`sign` 1) or leave them (-1).
  void add(const SumScale& scale, const float* const* rows, const double* weights, const std::uint32_t* clusters,
           std::size_t count, int sign);
  void add(const SumScale& scale, const double* const* rows, const double* weights, const std::uint32_t* clusters,
           std::size_t count, int sign);
  void add(ClusterSums& other);  ///< and clears the other
  void settle();                 ///< everything into `values` and `weights`

  std::vector<Wide> values;         ///< k x columns
  std::vector<Wide> weights;        ///< k
  std::vector<std::int64_t> sizes;  ///< k

 private:
  void count(const SumScale& scale, const double* weights, const std::uint32_t* clusters, std::size_t count, int sign);
  void settle(std::uint32_t cluster);

  std::size_t columns_ = 0;
  std::vector<std::int64_t> pending_;         ///< k x padded columns
  std::vector<std::int64_t> pending_weight_;  ///< k
  std::vector<std::uint32_t> terms_;          ///< k
};

/// The mean of a cluster in one column, from its sums.
double mean_of(const SumScale& scale, std::size_t column, Wide value, Wide weight) noexcept;
/// A sum of weights as a number.
double weight_of(const SumScale& scale, Wide weight) noexcept;

/// A sum of weighted squared distances, each to 150 bits of the greatest possible one: exact for all but the absurd.
class DistanceSum {
 public:
  using Parts = std::array<Wide, 3>;  ///< of 2^50, 1 and 2^-50 of the scale's unit; carried when they are read

  DistanceSum() = default;
  explicit DistanceSum(const Parts& parts) : parts_(parts) {}

  void add(const SumScale& scale, double squared) noexcept {
    double rest = squared * scale.distance_factor;
    for (Wide& part : parts_) {
      const std::int64_t whole = nearest_integer(rest);
      part += whole;
      rest = (rest - static_cast<double>(whole)) * 0x1p50;  // both steps are exact
    }
  }
  void add(const DistanceSum& other) noexcept {
    for (std::size_t i = 0; i < parts_.size(); ++i) parts_[i] += other.parts_[i];
  }
  double value(const SumScale& scale) const noexcept;
  /// The last two parts within [0, 2^50): equal sums have equal parts, and greater sums greater ones.
  Parts parts() const noexcept;

 private:
  Parts parts_{};
};

}  // namespace emptor::mine
