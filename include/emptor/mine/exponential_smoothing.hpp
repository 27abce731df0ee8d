/// Exponential smoothing in its state space form: forecasts with prediction intervals, and how they would have done.
///
///     const SmoothingModel model = fit_smoothing(by_month, {.period = 12});
///     const std::vector<Forecast> next = forecast(model, 3);          // value, lower, upper of the next three points
///     const ForecastJudgement seen = judge_smoothing(by_month, {.period = 12});   // beside naive forecasts
///
/// Additive errors; trend none, additive or damped, season none or additive, chosen by the corrected criterion of
/// Akaike: Hyndman, Koehler, Snyder and Grose, International Journal of Forecasting 18 (2002), 439, and Hyndman,
/// Koehler, Ord and Snyder, Forecasting with Exponential Smoothing (2008), chapters 2, 5 and 6. For given smoothing
/// parameters the errors are linear in the first state, so that it is found by least squares, and only the parameters
/// are searched. A season of more than 24 points has too many states to tell each from a few cycles: it is a sum of few
/// waves, the same in every cycle, and joins the first state (Young, Pedregal and Tych, Journal of Forecasting 18
/// (1999), 369).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "emptor/mine/judgement.hpp"

namespace emptor::mine {

enum class SmoothingTrend : std::uint8_t { none, additive, damped };

struct SmoothingForm {
  SmoothingTrend trend = SmoothingTrend::none;
  bool season = false;
  std::size_t waves = 0;  ///< that a season is the sum of, a cosine and a sine each; 0: it is a state a point
  friend bool operator==(const SmoothingForm&, const SmoothingForm&) noexcept = default;
};
/// "ETS(A,N,N)", "ETS(A,Ad,A)", "ETS(A,N,N) and 3 waves" ...
std::string name_of(const SmoothingForm& form);

struct SmoothingOptions {
  std::size_t period = 1;  ///< of the season; 1: none, at most 366; of waves above 24
  double level = 0.95;     ///< of prediction intervals
  friend bool operator==(const SmoothingOptions&, const SmoothingOptions&) noexcept = default;
};

/// What was fitted, and the state after the last point.
struct SmoothingModel {
  SmoothingForm form;
  double alpha = 0, beta = 0, gamma = 0, phi = 1;
  double level = 0, slope = 0;
  std::vector<double> season;  ///< of the next points, a cycle
  std::vector<double> errors;  ///< one step ahead, of each point
  double deviation = 0;        ///< of an error
  double criterion = 0;        ///< Akaike's, corrected: the lower the better among forms of one series
  double interval = 0.95;      ///< level of prediction intervals
};

struct Forecast {
  double value = 0, lower = 0, upper = 0;
};

/// The form of the lowest criterion among those for which there are points enough. Throws Code::invalid (fields
/// "values", with the row, "period", "level") for fewer than 6 points and numbers that are not finite.
SmoothingModel fit_smoothing(Numbers values, const SmoothingOptions& options = {});
/// The same of one form.
SmoothingModel fit_smoothing(Numbers values, const SmoothingForm& form, const SmoothingOptions& options);
std::vector<Forecast> forecast(const SmoothingModel& model, std::size_t steps);

/// One step ahead from a rolling origin: at each of the last points a model knew only what was before.
struct ForecastJudgement {
  std::size_t origins = 0;    ///< 0: the series is too short to hold any back, and nothing else is told
  double error = 0;           ///< mean absolute error
  double naive = 0;           ///< the same of: as the last point
  double seasonal_naive = 0;  ///< the same of: as a cycle ago; NaN without a season
  double covered = 0;         ///< share of the points within their interval
  bool beats_naive() const noexcept { return origins > 0 && error < naive && !(error >= seasonal_naive); }
};
/// The last third of the points, at most 24, if two cycles (of waves one and a half) and six points are before them.
/// The form is the one that the first origin would have chosen; its parameters are fitted anew at each.
ForecastJudgement judge_smoothing(Numbers values, const SmoothingOptions& options = {});

}  // namespace emptor::mine
