/// Change points: where a series changed its level, or its level and slope, at a chosen rate of false alarms.
///
///     const ChangePoints found = find_change_points(by_month, {.shape = SegmentShape::level, .period = 12});
///     for (const ChangePoint& one : found.changes) use(one.at, one.jump);
///
/// Noise may hang together from point to point. A segmentation is as good as it leaves little of what is new in each
/// point, at the autocorrelation that leaves least; one change after the other is taken as long as it tells enough
/// (Bai, Econometric Theory 13 (1997), 315). Enough is what `false_alarms` of simulated series without a change come to
/// that hang together as this one does (src/mine/matched_noise.hpp says why that holds for any autocorrelation).
///
/// With a `penalty` of the caller's the segmentation of least cost is found at once, by PELT: Killick, Fearnhead and
/// Eckley, JASA 107 (2012), 1590; the autocorrelation is estimated from usual steps of one and two points, which few
/// changes do not move (Chakar, Lebarbier, Levy-Leduc and Robin, Bernoulli 23 (2017), 1408).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "emptor/mine/judgement.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

enum class SegmentShape : std::uint8_t {
  level,  ///< between changes the series is flat
  line,   ///< between changes it follows a line
};

struct ChangePointOptions {
  SegmentShape shape = SegmentShape::level;
  std::size_t period = 1;         ///< of a season that is taken out first, all cycles alike; 1: none
  std::size_t least_length = 0;   ///< points between changes; 0: 3, and 6 of lines
  bool autocorrelated = true;     ///< false: noise is independent from point to point
  double false_alarms = 0.05;     ///< share of series without a change
  std::size_t simulations = 499;  ///< of such series
  std::uint64_t seed = 1;         ///< of every draw; the same seed, the same penalty
  double penalty = 0;             ///< of a change, in variances of the noise; 0: each is tested
  friend bool operator==(const ChangePointOptions&, const ChangePointOptions&) noexcept = default;
};

struct ChangePoint {
  std::size_t at = 0;  ///< the first point after it
  double jump = 0;     ///< level after it less level before it, both at `at`
  double bend = 0;     ///< slope after it less slope before it, a point; 0 of levels
};

struct ChangePoints {
  std::vector<ChangePoint> changes;  ///< ascending
  std::vector<double> fitted;        ///< level or line at each point, without the season
  double autocorrelation = 0;        ///< of the noise, that was taken out
  double noise = 0;                  ///< standard deviation of what is new in a point
  double penalty = 0;                ///< what a change had to tell, in variances of the noise
};

/// Throws Code::invalid (fields "values", with the row, "false_alarms", "simulations", "least_length", "period") for
/// numbers that are not finite, fewer points than two lengths and two, and Code::budget for more than 500 points
/// without a penalty. O(simulations x n^2); with a penalty O(n) where changes are many, O(n^2) at worst.
ChangePoints find_change_points(Numbers values, const ChangePointOptions& options = {}, const Run& run = {});

}  // namespace emptor::mine
