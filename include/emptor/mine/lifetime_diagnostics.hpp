/// Whether a lifetime model suits the customers it was fitted to, and whether its forecasts held.
///
///     const CountFit fit = count_fit(model, rows);              // customers by number of repeat purchases
///     const ForecastErrors off = forecast_errors(expected, bought);
///
/// Source: Fader, Hardie, Lee, Marketing Science 24 (2005), section 4.
#pragma once

#include "emptor/mine/lifetime_covariates.hpp"

namespace emptor::mine {

/// Customers with 0, 1, 2 ... repeat purchases; the last stands for so many or more.
struct CountFit {
  std::vector<double> actual, expected;
  double chi_square = 0;  ///< sum of (actual - expected)^2 / expected
  double degrees = 0;     ///< one less than there are counts, and one for each parameter less; 0: too few to tell
  double p_value = 1;     ///< about; too small rather than too large, as the parameters were not fitted to these counts

  friend bool operator==(const CountFit&, const CountFit&) = default;
};
/// Counts from 0 to `most`, fewer where less than 5 customers are expected in the last. Ages are taken in at most 256
/// classes of near ones. Throws as fit_lifetime.
CountFit count_fit(const LifetimeModel& model, const Purchases& rows, std::size_t most = 7, const Run& run = {});
CountFit count_fit(const CovariateLifetimeModel& model, const CovariateRows& rows, std::size_t most = 7,
                   const Run& run = {});

/// How far forecasts were off.
struct ForecastErrors {
  double predicted = 0, actual = 0;  ///< sums
  double mean_absolute = 0, root_mean_square = 0;
  double correlation = 0;  ///< Pearson's; NaN where one of both does not vary

  friend bool operator==(const ForecastErrors&, const ForecastErrors&) = default;
};
/// Throws Code::misuse where both differ in length, Code::invalid for none.
ForecastErrors forecast_errors(std::span<const double> predicted, std::span<const double> actual);

}  // namespace emptor::mine
