/// Changes of a series whose noise hangs together from point to point. How well a segmentation does is how little it
/// leaves of that noise, at the autocorrelation that leaves least: a step takes from the autocorrelation what it
/// explains itself, so that neither is told for the other.
#pragma once

#include <cstddef>
#include <vector>

#include "mine/segment_costs.hpp"

namespace emptor::mine {

/// What is new from point to point in what a segmentation leaves.
struct NoiseLeft {
  double squares = 0, alike = 0;  ///< their sum, and the autocorrelation that makes it least
};

class ChangeSearch {
 public:
  /// Segments of at least so many points. `costs` must outlive it.
  ChangeSearch(const SegmentCosts& costs, SegmentShape shape, std::size_t least, bool autocorrelated);

  /// Of one change or two, whichever tell more a change: twice the logarithm of the ratio of likelihoods beside none, a
  /// change, the numbers that were fitted taken off the points.
  double evidence() const;
  /// Where segments begin but the first: the one or two with the most evidence if that is above `critical`, and then
  /// one after the other as long as the next one's is (Bai 1997).
  std::vector<std::size_t> changes(double critical) const;
  NoiseLeft left(const std::vector<std::size_t>& begins) const;
  /// Of what is left, per number that was not fitted.
  double variance(const std::vector<std::size_t>& begins) const;

 private:
  struct Found {
    std::vector<std::size_t> begins;
    double squares = 0;
  };
  NoiseLeft noise(double squares, double neighbours, double ends) const noexcept;
  double free_numbers(std::size_t changes) const noexcept;
  double gain(double before, const Found& after) const noexcept;
  Found best_one() const;
  Found best_two() const;
  Found best_more(const std::vector<std::size_t>& begins) const;
  Found settled(std::vector<std::size_t> begins) const;

  const SegmentCosts& costs_;
  SegmentShape shape_;
  std::size_t least_;
  bool autocorrelated_;
  double none_;  ///< squares that are left without a change
};

/// The autocorrelation of what a level or a line leaves of a whole series.
double whole_alike(const SegmentCosts& costs) noexcept;

}  // namespace emptor::mine
