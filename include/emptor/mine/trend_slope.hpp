/// The slope of a series with an interval that allows for what neighbouring points have in common.
///
///     const TrendSlope slope = fit_trend_slope(deseasonalised, {.period = 12});   // a season of twelve was taken out
///
/// Noise may hang together from point to point, and a short series does not tell how much. So the slope is taken at
/// every autocorrelation of order one, by generalised least squares with Student's t (Prais and Winsten 1954), and
/// these are averaged, each weighed by its restricted likelihood: Zellner and Tiao, JASA 59 (1964), 763; of restricted
/// likelihoods Cheang and Reinsel, JASA 95 (2000), 1173. An interval from one estimate of the autocorrelation takes
/// that for known, and covers less than it says. docs/seasonal_decomposition.md has figures.
#pragma once

#include <cstddef>

#include "emptor/mine/judgement.hpp"

namespace emptor::mine {

struct TrendSlopeOptions {
  double level = 0.95;     ///< of the interval
  std::size_t period = 1;  ///< of a season that was taken out of the values, all cycles alike; 1: none
};

struct TrendSlope {
  double level = 0;                                            ///< the line in the middle of the series
  double slope = 0, standard_error = 0, lower = 0, upper = 0;  ///< a point
  double p_value = 1;                                          ///< of no slope
  double autocorrelation = 0;                                  ///< of the noise, the mean of what may be
};

/// Throws Code::invalid (fields "values", with the row, "level" and "period") for fewer than 5 points more than the
/// season has, numbers that are not finite and a level outside (0, 1). O(n).
TrendSlope fit_trend_slope(Numbers values, const TrendSlopeOptions& options = {});

}  // namespace emptor::mine
