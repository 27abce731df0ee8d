#include "mine/smoothing_errors.hpp"

#include <cmath>
#include <optional>
#include <span>

namespace emptor::mine {
namespace {

/// Sine and cosine of the angle x, |x| <= pi / 4, by their series.
double small_sine(double x) {
  double sum = 0;
  for (const double divisor : {210.0, 156.0, 110.0, 72.0, 42.0, 20.0, 6.0}) sum = (1 - sum) * x * x / divisor;
  return x * (1 - sum);
}
double small_cosine(double x) {
  double sum = 0;
  for (const double divisor : {240.0, 182.0, 132.0, 90.0, 56.0, 30.0, 12.0, 2.0}) sum = (1 - sum) * x * x / divisor;
  return 1 - sum;
}

/// cos(2 pi at / of) for at < of, the same bits on every machine: so many quarters of a turn, and the rest.
double cosine_of_turn(std::size_t at, std::size_t of) {
  const std::size_t quarters = (4 * at + of / 2) / of;
  const double rest = 2 * 3.14159265358979323846 * (4 * static_cast<double>(at) - static_cast<double>(quarters * of)) /
                      (4 * static_cast<double>(of));
  switch (quarters % 4) {
    case 0:
      return small_cosine(rest);
    case 1:
      return -small_sine(rest);
    case 2:
      return -small_cosine(rest);
    default:
      return small_sine(rest);
  }
}

/// The which-th wave of a season: cosine and sine of one turn a cycle, of two ... A sine is a cosine a quarter later.
double wave(std::size_t which, std::size_t period, std::size_t place) {
  const std::size_t quarter = which % 2 == 0 ? 0 : 3 * period;
  return cosine_of_turn((4 * (which / 2 + 1) * place + quarter) % (4 * period), 4 * period);
}

/// A state without anything but its i-th free number, which is 1.
SmoothingState unit_state(const SmoothingForm& form, std::size_t period, std::optional<std::size_t> which) {
  SmoothingState state;
  if (form.season) state.season.assign(period, 0);
  if (!which) return state;
  const std::size_t seasons = form.trend == SmoothingTrend::none ? 1 : 2;
  if (*which == 0) {
    state.level = 1;
  } else if (*which < seasons) {
    state.slope = 1;
  } else if (form.waves > 0) {
    for (std::size_t place = 0; place < period; ++place) state.season[place] = wave(*which - seasons, period, place);
  } else {
    state.season[*which - seasons] = 1;
    state.season[period - 1] = -1;
  }
  return state;
}

/// Of these points, or of zeros without any.
std::vector<double> errors_from(SmoothingState& state, std::span<const double> values, std::size_t n,
                                const SmoothingParameters& parameters) {
  std::vector<double> errors(n);
  for (std::size_t i = 0; i < n; ++i) {
    errors[i] = (values.empty() ? 0 : values[i]) - expected_next(state, i, parameters);
    step(state, i, errors[i], parameters);
  }
  return errors;
}

double product(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// Solves a symmetric system in place by Cholesky's method; a direction that others span already is left at 0.
std::vector<double> solve(std::vector<std::vector<double>> a, std::vector<double> b) {
  const std::size_t k = b.size();
  std::vector<double> own(k);
  for (std::size_t j = 0; j < k; ++j) {
    own[j] = a[j][j];
    for (std::size_t i = 0; i < j; ++i) a[j][j] -= a[j][i] * a[j][i];
    const bool free = a[j][j] > 1e-11 * own[j];
    a[j][j] = free ? std::sqrt(a[j][j]) : 0;
    for (std::size_t r = j + 1; r < k; ++r) {
      for (std::size_t i = 0; i < j; ++i) a[r][j] -= a[r][i] * a[j][i];
      a[r][j] = free ? a[r][j] / a[j][j] : 0;
    }
  }
  for (std::size_t j = 0; j < k; ++j) {
    for (std::size_t i = 0; i < j; ++i) b[j] -= a[j][i] * b[i];
    b[j] = a[j][j] > 0 ? b[j] / a[j][j] : 0;
  }
  for (std::size_t j = k; j-- > 0;) {
    for (std::size_t r = j + 1; r < k; ++r) b[j] -= a[r][j] * b[r];
    b[j] = a[j][j] > 0 ? b[j] / a[j][j] : 0;
  }
  return b;
}

}  // namespace

double expected_next(const SmoothingState& state, std::size_t place, const SmoothingParameters& parameters) {
  const double season = state.season.empty() ? 0 : state.season[place % state.season.size()];
  return state.level + parameters.phi * state.slope + season;
}

void step(SmoothingState& state, std::size_t place, double error, const SmoothingParameters& parameters) {
  state.level += parameters.phi * state.slope + parameters.alpha * error;
  state.slope = parameters.phi * state.slope + parameters.beta * error;
  if (!state.season.empty()) state.season[place % state.season.size()] += parameters.gamma * error;
}

std::size_t free_states(const SmoothingForm& form, std::size_t period) {
  const std::size_t of_season = form.waves > 0 ? 2 * form.waves : period - 1;
  return (form.trend == SmoothingTrend::none ? 1 : 2) + (form.season ? of_season : 0);
}

SmoothedSeries smooth_series(Numbers values, const SmoothingForm& form, std::size_t period,
                             const SmoothingParameters& parameters) {
  const std::size_t n = values.size(), k = free_states(form, period);
  SmoothingState none = unit_state(form, period, std::nullopt);
  const std::vector<double> rest = errors_from(none, values, n, parameters);
  std::vector<std::vector<double>> columns, squares(k, std::vector<double>(k));
  std::vector<double> right(k);
  for (std::size_t j = 0; j < k; ++j) {
    SmoothingState unit = unit_state(form, period, j);
    columns.push_back(errors_from(unit, {}, n, parameters));
    for (std::size_t i = 0; i <= j; ++i) squares[j][i] = squares[i][j] = product(columns[j], columns[i]);
    right[j] = -product(columns[j], rest);
  }
  const std::vector<double> free = solve(std::move(squares), std::move(right));
  SmoothedSeries out{unit_state(form, period, std::nullopt), {}, {}};
  for (std::size_t j = 0; j < k; ++j) {
    const SmoothingState unit = unit_state(form, period, j);
    out.first.level += free[j] * unit.level;
    out.first.slope += free[j] * unit.slope;
    for (std::size_t s = 0; s < unit.season.size(); ++s) out.first.season[s] += free[j] * unit.season[s];
  }
  out.last = out.first;
  out.errors = errors_from(out.last, values, n, parameters);
  out.squares = product(out.errors, out.errors);
  return out;
}

}  // namespace emptor::mine
