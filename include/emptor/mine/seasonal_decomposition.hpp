/// Seasonal decomposition: a series as trend + season + remainder, by local regression (STL).
///
///     const SeasonalDecomposition parts = decompose_season(sales_by_month, {.period = 12});
///     parts.trend[i] + parts.season[i] + parts.remainder[i];   // sales_by_month[i]
///
/// Source: Cleveland, Cleveland, McRae and Terpenning, Journal of Official Statistics 6 (1990), 3; every point is
/// smoothed (their jumps are 1). The strengths are those of Wang, Smith and Hyndman, Data Mining and Knowledge
/// Discovery 13 (2006), 335: max(0, 1 - Var(remainder) / Var(remainder + part)).
#pragma once

#include <cstddef>
#include <vector>

#include "emptor/mine/judgement.hpp"

namespace emptor::mine {

struct SeasonalOptions {
  std::size_t period = 12;          ///< points a cycle; 1: there is no season
  std::size_t seasonal_window = 7;  ///< points of a cycle's place that are smoothed together, odd; 0: all alike
  std::size_t trend_window = 0;     ///< odd; 0: the least odd number above 1.5 p / (1 - 1.5 / seasonal_window), or 13
  std::size_t inner = 2;            ///< rounds of season and trend
  std::size_t robust = 0;           ///< rounds of weights that take from outliers; 15 make sure of convergence
  friend bool operator==(const SeasonalOptions&, const SeasonalOptions&) noexcept = default;
};

/// The parts add up to the series, up to the last rounding.
struct SeasonalDecomposition {
  std::vector<double> trend, season, remainder;
  std::vector<double> weights;                       ///< of each point, 0 to 1: how far it was taken for no outlier
  double seasonal_strength = 0, trend_strength = 0;  ///< 0 to 1
};

/// Throws Code::invalid (fields "values", with the row, "period", "seasonal_window", "trend_window", "inner") for
/// numbers that are not finite, fewer than two cycles, fewer than 4 points, and windows that are even. O(rounds x n x
/// window).
SeasonalDecomposition decompose_season(Numbers values, const SeasonalOptions& options = {});

}  // namespace emptor::mine
