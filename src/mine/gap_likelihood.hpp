/// The likelihood of a product's gaps, by the shape of its gaps and the distribution of its customers' rates.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/rhythm.hpp"

namespace emptor::mine {

/// Gaps of pairs of customer and product, put together pair by pair.
class GapLikelihood {
 public:
  /// `age`: of the gap that is still open.
  void add(std::span<const double> of_pair, double age);
  double gaps() const noexcept { return gaps_; }
  double mean_gap() const noexcept { return total_ / gaps_; }

  /// The logarithm. The product of gamma densities, the rate integrated out, is in closed form; so is that the gap
  /// which is still open is longer than it is so far.
  double at(const ProductRhythm& rhythm) const;

 private:
  /// Of a pair: the sum and the number of its gaps, the open one's age and its logarithm.
  struct Pair {
    double sum, age, log_age;
    std::uint32_t count;
  };
  double with_rates(const ProductRhythm& rhythm, std::span<const double> factors) const;

  double logs_ = 0, total_ = 0, gaps_ = 0;
  std::vector<Pair> pairs_;
  std::vector<std::uint64_t> pairs_with_;  ///< by number of gaps
};

}  // namespace emptor::mine
