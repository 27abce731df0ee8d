#include "emptor/mine/lifetime_intervals.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/count_chances.hpp"
#include "mine/covariate_groups.hpp"
#include "mine/distributions.hpp"
#include "mine/pareto_counts.hpp"
#include "mine/row_blocks.hpp"
#include "mine/symmetric.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

void check_level(double level) {
  if (!(level > 0 && level <= 0.9999)) refuse_input("a level lies between 0 and .9999", "level");
}

void check_ends(std::size_t rows, std::span<double> lower, std::span<double> upper) {
  check_output(rows, lower.size());
  check_output(rows, upper.size());
}

/// What is expected of each row, by all parameters.
using Forecast = std::function<void(const std::vector<double>&, std::span<double>)>;

/// The derivatives of the logarithm of each row's expectation by the parameters' own scale: by logarithms of the first
/// `positive` ones, by the others themselves. A step of 1e-4 to both sides is off by 1e-8 of them.
std::vector<std::vector<double>> slopes_of(const Forecast& forecast, const std::vector<double>& parameters,
                                           std::size_t positive, const std::vector<double>& errors, std::size_t rows) {
  std::vector<double> above(rows), below(rows);
  std::vector<std::vector<double>> slopes;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    std::vector<double> beside = parameters;
    const double step = i < positive ? 1e-4 : 1e-4 * std::max(errors[i], 1e-300);
    beside[i] = i < positive ? parameters[i] * elementary::exp(step) : parameters[i] + step;
    forecast(beside, above);
    beside[i] = i < positive ? parameters[i] * elementary::exp(-step) : parameters[i] - step;
    forecast(beside, below);
    std::vector<double> slope(rows, 0.0);
    for (std::size_t row = 0; row < rows; ++row)
      if (above[row] > 0 && below[row] > 0) slope[row] = elementary::log(above[row] / below[row]) / (2 * step);
    slopes.push_back(std::move(slope));
  }
  return slopes;
}

void delta_interval(const Forecast& forecast, const std::vector<double>& parameters,
                    const std::vector<double>& covariance, std::size_t positive, double level, std::span<double> lower,
                    std::span<double> upper) {
  check_level(level);
  if (covariance.empty()) throw Error(Code::misuse, "the model holds no covariance");
  const std::size_t n = parameters.size(), rows = lower.size();
  std::vector<double> errors(n);
  for (std::size_t i = 0; i < n; ++i) errors[i] = std::sqrt(std::max(covariance[triangle_index(i, i)], 0.0));
  const auto slopes = slopes_of(forecast, parameters, positive, errors, rows);
  const auto scale = [&](std::size_t i) { return i < positive ? parameters[i] : 1.0; };
  std::vector<double> centre(rows);
  forecast(parameters, centre);
  const double bound = normal_bound(level);
  for (std::size_t row = 0; row < rows; ++row) {
    double variance = 0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j)
        variance += slopes[i][row] * slopes[j][row] * covariance[triangle_index(std::max(i, j), std::min(i, j))] /
                    (scale(i) * scale(j));
    }
    const double factor = elementary::exp(std::min(bound * std::sqrt(std::max(variance, 0.0)), 700.0));
    lower[row] = centre[row] / factor;
    upper[row] = centre[row] * factor;
  }
}

struct Ends {
  double lower, upper;
};

/// Quantiles of the count: 0 for those who have left, else by the chances of 0, 1, 2 ... in turn.
template <class Next>
Ends ends_of(Next&& next, double alive, double level) {
  const double low = (1 - level) / 2, high = (1 + level) / 2;
  Ends out{-1, 0};
  double below = 1 - alive;
  for (double n = 0;; n += 1) {
    below += alive * next(n);
    if (out.lower < 0 && below >= low) out.lower = n;
    out.upper = n;
    if (below >= high || n >= 1e7) return out;
  }
}

Ends ends_of(const CountProcess& there, double alive, double until, double level) {
  if (there.kind != LifetimeKind::pareto_nbd)
    return ends_of([&](double n) { return there.chance(until, n); }, alive, level);
  ParetoCounts counts(there, until);
  return ends_of([&](double) { return counts.next(); }, alive, level);
}

}  // namespace

void expected_interval(const LifetimeModel& model, const Purchases& rows, double until, double level,
                       std::span<double> lower, std::span<double> upper, const Run& run) {
  const LongCall call(run.progress);
  check_ends(rows.size(), lower, upper);
  const Forecast forecast = [&](const std::vector<double>& parameters, std::span<double> out) {
    expected_purchases(lifetime_of(model.options.kind, parameters), rows, 0, until, out, run);
  };
  delta_interval(forecast, model.parameters, model.covariance, model.parameters.size(), level, lower, upper);
}

void expected_interval(const CovariateLifetimeModel& model, const CovariateRows& rows, double until, double level,
                       std::span<double> lower, std::span<double> upper, const Run& run) {
  const LongCall call(run.progress);
  check_ends(rows.purchases.size(), lower, upper);
  const Forecast forecast = [&](const std::vector<double>& parameters, std::span<double> out) {
    expected_purchases(covariate_lifetime_of(model.options.kind, model.rate, model.leaving, parameters), rows, 0, until,
                       out, run);
  };
  delta_interval(forecast, model.parameters, model.covariance, parameters_of(model.options.kind), level, lower, upper);
}

void purchase_chances(const LifetimeModel& model, const Purchases& rows, double until, std::uint64_t n,
                      std::span<double> out, const Run& run) {
  const LongCall call(run.progress);
  if (!(until > 0 && until <= 1e12)) refuse_input("a time from now lies above 0, up to 1e12", "until");
  if (n > 1'000'000'000) refuse_input("a number of purchases is at most 1e9", "n");
  chance_alive(model, rows, 0, out, run);
  const CountProcess process(model);
  in_blocks(rows.size(), 64, run, "chances", [&](std::size_t first, std::size_t end) {
    for (; first < end; ++first) {
      const double alive = out[first];
      const double there = process.after(rows.frequency[first], rows.age[first]).chance(until, static_cast<double>(n));
      out[first] = alive * there + (n == 0 ? 1 - alive : 0);
    }
  });
}

void purchase_interval(const LifetimeModel& model, const Purchases& rows, double until, double level,
                       std::span<double> lower, std::span<double> upper, const Run& run) {
  const LongCall call(run.progress);
  check_level(level);
  check_ends(rows.size(), lower, upper);
  if (!(until > 0 && until <= 1e12)) refuse_input("a time from now lies above 0, up to 1e12", "until");
  chance_alive(model, rows, 0, lower, run);
  const CountProcess process(model);
  in_blocks(rows.size(), 16, run, "chances", [&](std::size_t first, std::size_t end) {
    for (; first < end; ++first) {
      const CountProcess there = process.after(rows.frequency[first], rows.age[first]);
      const Ends ends = ends_of(there, lower[first], until, level);
      lower[first] = ends.lower;
      upper[first] = ends.upper;
    }
  });
}

void purchase_interval(const CovariateLifetimeModel& model, const CovariateRows& rows, double until, double level,
                       std::span<double> lower, std::span<double> upper, const Run& run) {
  const LongCall call(run.progress);
  check_ends(rows.purchases.size(), lower, upper);
  each_group_of(
      model, rows, run,
      [&](const LifetimeModel& one, const Purchases& part, std::span<const std::size_t> places, const Run& own) {
        std::vector<double> low(places.size()), high(places.size());
        purchase_interval(one, part, until, level, low, high, own);
        for (std::size_t i = 0; i < places.size(); ++i) lower[places[i]] = low[i], upper[places[i]] = high[i];
      });
}

}  // namespace emptor::mine
