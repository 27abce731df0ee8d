/// Series without a change that hang together as one which is asked whether it has any.
///
/// How strongly noise hangs together is not known, and a test for changes at any one guess of it alarms too often or
/// too seldom. But given what a level or a line leaves of a series without a change - its squares and the products of
/// neighbours - how else that series looks does not depend on its autocorrelation (they are sufficient, but for the
/// ends). So the series is compared with such alone whose autocorrelation, measured alike, comes out the same: a
/// similar test, as in Lehmann and Romano, Testing Statistical Hypotheses (2005), chapter 4. Each draw of noise is
/// given the autocorrelation at which it does.
#pragma once

#include <cstddef>
#include <vector>

#include "emptor/core/random.hpp"
#include "emptor/mine/change_points.hpp"

namespace emptor::mine {

class MatchedNoise {
 public:
  /// Of n points, less what a season of `period` points takes with it.
  MatchedNoise(std::size_t n, SegmentShape shape, std::size_t period);
  /// A series of which `whole_alike` is that number, or as near to it as the draw can come.
  std::vector<double> draw(double alike, Random& random) const;
  /// Without autocorrelation.
  std::vector<double> independent(Random& random) const;

 private:
  std::vector<double> series(const std::vector<double>& fresh, double alike) const;

  std::size_t n_;
  SegmentShape shape_;
  std::vector<double> season_;  ///< n x n: what the season takes is linear; empty without one
};

}  // namespace emptor::mine
