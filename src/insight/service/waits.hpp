/// Waits: how long things took, those that are not over being counted for as long as they last so far.
#pragma once

#include <boost/json.hpp>
#include <cstddef>
#include <vector>

#include "emptor/mine/survival.hpp"

namespace emptor {

/// Times in one unit; 1 where it ended, 0 where it still lasts.
struct Waits {
  std::vector<double> time, ended;

  void add(double length, bool over) {
    time.push_back(length);
    ended.push_back(over ? 1 : 0);
  }
  std::size_t size() const noexcept { return time.size(); }
};

/// By Kaplan and Meier, the intervals those of log(-log S); infinity where a share of so many is not over yet.
struct WaitFigures {
  std::size_t all = 0, open = 0;
  double median = mine::SurvivalCurve::never, lower = mine::SurvivalCurve::never, upper = mine::SurvivalCurve::never;
  double nine_in_ten = mine::SurvivalCurve::never;  ///< within this time nine of ten are over
};
WaitFigures wait_figures(const Waits& waits, double level);
/// all, open, median, lower, upper, nine_in_ten; null where it is not reached.
boost::json::object waits_json(const WaitFigures& waits);

}  // namespace emptor
