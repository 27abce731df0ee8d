/// The chances of 0, 1, 2 ... purchases within a time by Pareto/NBD, one after the other.
#pragma once

#include <cstddef>
#include <vector>

#include "mine/count_chances.hpp"

namespace emptor::mine {

/// A customer who left at u has a negative binomial count of the time until then; what is integrated over u is the same
/// for every count but for a factor that each count gives to the next. So one set of points serves them all: 16 a
/// panel, panels as wide as the narrowest count is, growing with u. Within 1e-12 of the integral of each count alone,
/// up to thousands of purchases.
class ParetoCounts {
 public:
  /// Of a Pareto/NBD process within a time above 0.
  ParetoCounts(const CountProcess& process, double time);
  /// Of no purchase at first, then of one more each time.
  double next();

 private:
  /// One who left at a time u.
  struct Point {
    double ratio;       ///< u / (alpha + u)
    double log_weight;  ///< of how likely he left there
    double chance;      ///< of both the present count and that, where the point has begun
  };
  void add_panel(double low, double high);
  void add_point(double time, double log_weight);
  double log_chance(const Point& point) const noexcept;
  void begin_points();

  double r_, alpha_, s_, beta_;
  double n_ = 0;
  std::vector<Point> points_;  ///< by ascending time; the last is that he has not left
  std::size_t first_ = 0,
              begun_ = 0;  ///< points below first_ are past, those from begun_ on still far from their counts
};

}  // namespace emptor::mine
