#include "emptor/mine/exponential_smoothing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "mine/distributions.hpp"
#include "mine/refusal.hpp"
#include "mine/simplex_search.hpp"
#include "mine/smoothing_errors.hpp"

namespace emptor::mine {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t most_states = 24;  // of a season; a longer one is of waves
constexpr std::size_t most_period = 366;
constexpr std::size_t most_waves = 8;
constexpr std::size_t waves_without_gain = 2;  // after which no more are tried
constexpr std::size_t most_origins = 24;
constexpr std::size_t least_points = 6;

using Place = SimplexPoint<4>;

/// A number between two others for any number.
double between(double low, double high, double x) {
  return low + (high - low) / (1 + elementary::exp(-std::clamp(x, -30.0, 30.0)));
}

/// 0 < beta < alpha < 1, 0 < gamma < 1 - alpha, .8 < phi < .98 (Hyndman and others 2008, 2.6).
SmoothingParameters parameters_at(const Place& at, const SmoothingForm& form) {
  SmoothingParameters parameters;
  parameters.alpha = between(1e-4, 0.9999, at[0]);
  if (form.trend != SmoothingTrend::none) parameters.beta = between(0, parameters.alpha, at[1]);
  if (form.season && form.waves == 0) parameters.gamma = between(0, 1 - parameters.alpha, at[2]);
  if (form.trend == SmoothingTrend::damped) parameters.phi = between(0.8, 0.98, at[3]);
  return parameters;
}

std::size_t parameters_of(const SmoothingForm& form) {
  constexpr std::size_t of_trend[] = {0, 1, 2};
  return 1 + of_trend[static_cast<std::size_t>(form.trend)] + (form.season && form.waves == 0 ? 1 : 0);
}

/// Parameters, first state and the variance.
std::size_t estimated(const SmoothingForm& form, std::size_t period) {
  return parameters_of(form) + free_states(form, period) + 1;
}

/// Points that a season needs.
std::size_t least_cycles(std::size_t period) { return period > most_states ? period + period / 2 : 2 * period; }

bool has_points(std::size_t n, const SmoothingForm& form, std::size_t period) {
  if (form.season && (period < 2 || n < least_cycles(period))) return false;
  if (form.season && (form.waves > 0) != (period > most_states)) return false;
  return n > estimated(form, period) + 1;
}

void check(Numbers values, const SmoothingOptions& options) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i])) refuse_row("a number of the series is not finite", "values", i);
  if (values.size() < least_points) refuse_row("a series to be smoothed has six points or more", "values");
  if (options.period == 0 || options.period > most_period)
    refuse_row("a season has 1 to 366 points", "period", {}, "1 is none");
  if (!(options.level > 0 && options.level < 1)) refuse_row("a level lies between 0 and 1", "level");
}

double criterion_of(double squares, std::size_t n, std::size_t numbers) {
  const double rows = static_cast<double>(n), k = static_cast<double>(numbers);
  const double fit = squares > 0 ? rows * elementary::log(squares / rows) : -infinity;
  return fit + 2 * k + 2 * k * (k + 1) / (rows - k - 1);
}

/// What an error now adds to the point `step` later.
double weight_of_error(const SmoothingModel& model, std::size_t step) {
  double weight = model.alpha, damped = model.phi;
  for (std::size_t i = 1; i <= step && model.form.trend != SmoothingTrend::none; ++i) {
    weight += model.beta * damped;
    damped *= model.phi;
  }
  if (model.form.season && step % model.season.size() == 0) weight += model.gamma;
  return weight;
}

}  // namespace

std::string name_of(const SmoothingForm& form) {
  constexpr std::string_view trends[] = {"N", "A", "Ad"};
  const bool states = form.season && form.waves == 0;
  std::string name = "ETS(A," + std::string(trends[static_cast<std::size_t>(form.trend)]) + (states ? ",A)" : ",N)");
  if (form.waves > 0) name += " and " + std::to_string(form.waves) + (form.waves == 1 ? " wave" : " waves");
  return name;
}

SmoothingModel fit_smoothing(Numbers values, const SmoothingForm& form, const SmoothingOptions& options) {
  check(values, options);
  if (!has_points(values.size(), form, options.period))
    refuse_row("there are too few points for " + name_of(form), "values");
  beat("smooth");
  const auto squares = [&](const Place& at) {
    return smooth_series(values, form, options.period, parameters_at(at, form)).squares;
  };
  // Near .3, .03, .05 and .95; what a form lacks moves nothing.
  const Place best = simplex_minimum<4>({-0.8, -2, -2.5, 1.6}, squares, 1e-7, 80 + 60 * parameters_of(form));
  const SmoothingParameters parameters = parameters_at(best, form);
  SmoothedSeries series = smooth_series(values, form, options.period, parameters);
  SmoothingModel model{.form = form,
                       .alpha = parameters.alpha,
                       .beta = parameters.beta,
                       .gamma = parameters.gamma,
                       .phi = parameters.phi,
                       .level = series.last.level,
                       .slope = series.last.slope};
  const std::size_t n = values.size(), cycle = series.last.season.size();
  for (std::size_t s = 0; s < cycle; ++s) model.season.push_back(series.last.season[(n + s) % cycle]);
  const std::size_t numbers = estimated(form, options.period);
  model.deviation = std::sqrt(series.squares / static_cast<double>(n - numbers + 1));
  model.criterion = criterion_of(series.squares, n, numbers);
  model.errors = std::move(series.errors);
  model.interval = options.level;
  return model;
}

namespace {

/// The best of all trends with this season, or the one before where that is better.
void try_trends(Numbers values, SmoothingForm form, const SmoothingOptions& options,
                std::optional<SmoothingModel>& best) {
  for (const SmoothingTrend trend : {SmoothingTrend::none, SmoothingTrend::additive, SmoothingTrend::damped}) {
    form.trend = trend;
    if (!has_points(values.size(), form, options.period)) continue;
    SmoothingModel model = fit_smoothing(values, form, options);
    if (!best || model.criterion < best->criterion) best = std::move(model);
  }
}

/// How many waves do best beside a level alone; 0 where none does better than no season.
std::size_t best_waves(Numbers values, const SmoothingOptions& options) {
  double least = fit_smoothing(values, SmoothingForm{}, options).criterion;
  std::size_t best = 0;
  for (std::size_t waves = 1; waves <= std::min(most_waves, best + waves_without_gain); ++waves) {
    const SmoothingForm form{SmoothingTrend::none, true, waves};
    if (!has_points(values.size(), form, options.period)) break;
    const double criterion = fit_smoothing(values, form, options).criterion;
    if (criterion >= least) continue;
    least = criterion;
    best = waves;
  }
  return best;
}

}  // namespace

SmoothingModel fit_smoothing(Numbers values, const SmoothingOptions& options) {
  check(values, options);
  std::optional<SmoothingModel> best;
  try_trends(values, {}, options, best);
  const std::size_t waves = options.period > most_states ? best_waves(values, options) : 0;
  if (options.period <= most_states || waves > 0)
    try_trends(values, {SmoothingTrend::none, true, waves}, options, best);
  return *best;
}

std::vector<Forecast> forecast(const SmoothingModel& model, std::size_t steps) {
  std::vector<Forecast> out;
  SmoothingState state{model.level, model.slope, model.season};
  const SmoothingParameters parameters{model.alpha, model.beta, model.gamma, model.phi};
  const double bound = normal_bound(model.interval);
  double variance = 1;
  for (std::size_t h = 0; h < steps; ++h) {
    if (h > 0) variance += weight_of_error(model, h) * weight_of_error(model, h);
    const double value = expected_next(state, h, parameters), wide = bound * model.deviation * std::sqrt(variance);
    out.push_back({value, value - wide, value + wide});
    step(state, h, 0, parameters);
  }
  return out;
}

ForecastJudgement judge_smoothing(Numbers values, const SmoothingOptions& options) {
  check(values, options);
  ForecastJudgement out;
  const std::size_t n = values.size(), cycle = options.period;
  const std::size_t held = std::min(n / 3, most_origins), first = n - held;
  if (first < std::max(cycle > 1 ? least_cycles(cycle) : 2, least_points) || held == 0) return out;
  out.origins = held;
  const double share = 1 / static_cast<double>(held);
  const SmoothingForm form = fit_smoothing(values.first(first), options).form;
  for (std::size_t at = first; at < n; ++at) {
    const Forecast next = forecast(fit_smoothing(values.first(at), form, options), 1).front();
    out.error += share * std::abs(values[at] - next.value);
    out.naive += share * std::abs(values[at] - values[at - 1]);
    out.seasonal_naive += cycle > 1 ? share * std::abs(values[at] - values[at - cycle]) : 0;
    out.covered += values[at] >= next.lower && values[at] <= next.upper ? share : 0;
  }
  if (cycle == 1) out.seasonal_naive = std::numeric_limits<double>::quiet_NaN();
  return out;
}

}  // namespace emptor::mine
