/// The slope of a series with an interval that allows for what neighbouring points have in common.
///
///     const TrendSlope slope = fit_trend_slope(deseasonalised, .95);
///
/// Least squares on the places 0, 1, 2 ...; its variance by Newey and West (Econometrica 55 (1987), 703) on scores that
/// were prewhitened by an autoregression of order one (Andrews and Monahan, Econometrica 60 (1992), 953), with the lag
/// 4 (n / 100)^(2/9) and Student's t of n - 2 degrees. On short series with strong autocorrelation it still covers less
/// than it says: docs/seasonal_decomposition.md has figures.
#pragma once

#include <cstddef>

#include "emptor/mine/judgement.hpp"

namespace emptor::mine {

struct TrendSlope {
  double level = 0;                                            ///< the line in the middle of the series
  double slope = 0, standard_error = 0, lower = 0, upper = 0;  ///< a point
  double p_value = 1;                                          ///< of no slope
};

/// Throws Code::invalid (fields "values", with the row, and "level") for fewer than 6 points, numbers that are not
/// finite and a level outside (0, 1). O(n log n).
TrendSlope fit_trend_slope(Numbers values, double level = 0.95);

}  // namespace emptor::mine
