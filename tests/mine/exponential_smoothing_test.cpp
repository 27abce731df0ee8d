#include "emptor/mine/exponential_smoothing.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "mine/monthly_series.hpp"
#include "mine/smoothing_errors.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

/// What statsmodels 0.15.0's ETSModel comes to by maximum likelihood: the squares that are left and the next points.
struct Expected {
  SmoothingForm form;
  double squares, next[3];
};
const Expected expected[] = {
    {{SmoothingTrend::none, false}, 11520.532941110276, {148.5891684008814, 148.5891684008814, 148.5891684008814}},
    {{SmoothingTrend::additive, false},
     11441.887769331031,
     {149.98448489489033, 151.15343398978257, 152.3223830846748}},
    {{SmoothingTrend::damped, false}, 11490.126590746195, {148.5979707262927, 148.5999751202221, 148.60157863536563}},
    {{SmoothingTrend::none, true}, 4223.610226922723, {141.51224358400404, 154.99075637433748, 126.00005851495831}},
    {{SmoothingTrend::additive, true},
     3610.5899711641127,
     {144.84619829166934, 158.99046096670378, 130.68308325351222}}};

double squares_of(const SmoothingModel& model) {
  double sum = 0;
  for (const double one : model.errors) sum += one * one;
  return sum;
}

/// A random walk with noise, whose best forecast is simple exponential smoothing.
std::vector<double> local_level(std::size_t n, double alpha, Random& random) {
  std::vector<double> y(n);
  double level = 100;
  for (double& one : y) {
    const double error = random.normal();
    one = level + error;
    level += alpha * error;
  }
  return y;
}

}  // namespace

TEST_CASE("exponential smoothing: [J13] no worse than another program's optimum, and the same forecasts") {
  for (const Expected& one : expected) {
    const SmoothingModel model = fit_smoothing(monthly_series, one.form, {.period = 12});
    INFO(name_of(one.form));
    CHECK(squares_of(model) < one.squares * 1.002);
    CHECK(squares_of(model) > one.squares * .97);
    const std::vector<Forecast> next = forecast(model, 3);
    for (std::size_t h = 0; h < 3; ++h) CHECK(next[h].value == doctest::Approx(one.next[h]).epsilon(.02));
  }
  const SmoothingModel chosen = fit_smoothing(monthly_series, {.period = 12});
  for (const Expected& one : expected)
    CHECK(chosen.criterion <= fit_smoothing(monthly_series, one.form, {.period = 12}).criterion);
}

TEST_CASE("exponential smoothing: the first state is the one of least squares, by search around it") {
  const SmoothingForm form{SmoothingTrend::damped, true};
  const SmoothingParameters parameters{.3, .05, .1, .9};
  const SmoothedSeries best = smooth_series(monthly_series, form, 12, parameters);
  const auto squares_from = [&](SmoothingState state) {
    double sum = 0;
    for (std::size_t i = 0; i < std::size(monthly_series); ++i) {
      const double error = monthly_series[i] - expected_next(state, i, parameters);
      sum += error * error;
      step(state, i, error, parameters);
    }
    return sum;
  };
  CHECK(squares_from(best.first) == doctest::Approx(best.squares));
  for (const double move : {-.5, .5}) {
    SmoothingState level = best.first, slope = best.first, season = best.first;
    level.level += move;
    slope.slope += move;
    season.season[3] += move;
    season.season[7] -= move;
    for (const SmoothingState& state : {level, slope, season}) CHECK(squares_from(state) > best.squares);
  }
}

TEST_CASE("exponential smoothing: prediction intervals are those of simulated futures") {
  for (const Expected& one : expected) {
    const SmoothingModel model = fit_smoothing(monthly_series, one.form, {.period = 12});
    const std::vector<Forecast> next = forecast(model, 14);
    std::vector<std::vector<double>> futures(14);
    for (std::uint64_t path = 0; path < 4'000; ++path) {
      Random random(path);
      SmoothingState state{model.level, model.slope, model.season};
      const SmoothingParameters parameters{model.alpha, model.beta, model.gamma, model.phi};
      for (std::size_t h = 0; h < futures.size(); ++h) {
        const double error = model.deviation * random.normal();
        futures[h].push_back(expected_next(state, h, parameters) + error);
        step(state, h, error, parameters);
      }
    }
    for (const std::size_t h : {std::size_t{0}, std::size_t{2}, std::size_t{13}}) {
      std::sort(futures[h].begin(), futures[h].end());
      const double wide = next[h].upper - next[h].lower;
      INFO(name_of(one.form) << ", step " << h + 1);
      CHECK(std::abs(futures[h][100] - next[h].lower) < .06 * wide);
      CHECK(std::abs(futures[h][3'899] - next[h].upper) < .06 * wide);
    }
  }
}

TEST_CASE(
    "exponential smoothing: judged from a rolling origin, it beats naive forecasts where there is something to "
    "smooth") {
  double error = 0, naive = 0, covered = 0;
  constexpr int series = 30;
  for (std::uint64_t seed = 0; seed < series; ++seed) {
    Random random(seed);
    const ForecastJudgement seen = judge_smoothing(local_level(60, .2, random));
    CHECK(seen.origins == 20);
    CHECK(std::isnan(seen.seasonal_naive));
    error += seen.error;
    naive += seen.naive;
    covered += seen.covered / series;
  }
  MESSAGE("error " << error / naive << " of the naive one's; covered " << covered);
  CHECK(error < .9 * naive);
  CHECK(covered > .88);
  CHECK(covered < .99);
}

TEST_CASE("exponential smoothing: a rolling origin knows nothing of what comes after it") {
  std::vector<double> y(monthly_series, monthly_series + std::size(monthly_series));
  const ForecastJudgement seen = judge_smoothing(y, {.period = 12});
  CHECK(seen.origins == 13);
  const auto known_at = [&](std::size_t at) {
    return std::vector<double>(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(at));
  };
  const SmoothingForm form = fit_smoothing(known_at(y.size() - seen.origins), {.period = 12}).form;
  double error = 0, seasonal = 0;
  for (std::size_t at = y.size() - seen.origins; at < y.size(); ++at) {
    error += std::abs(y[at] - forecast(fit_smoothing(known_at(at), form, {.period = 12}), 1)[0].value);
    seasonal += std::abs(y[at] - y[at - 12]);
  }
  CHECK(seen.error == doctest::Approx(error / 13));
  CHECK(seen.seasonal_naive == doctest::Approx(seasonal / 13));
  CHECK(judge_smoothing(std::vector<double>{1, 2, 3, 4, 5, 6}).origins == 0);
}

TEST_CASE("exponential smoothing: a long season is a sum of waves, and few of them do") {
  Random random(2);
  std::vector<double> y, noise;
  constexpr double turn = 2 * 3.141592653589793 / 52;
  for (int i = 0; i < 130; ++i) {
    noise.push_back(100 + random.normal());
    y.push_back(noise.back() + 6 * std::cos(turn * (i - 9)) + 3 * std::sin(2 * turn * i));
  }
  const SmoothingModel model = fit_smoothing(y, {.period = 52});
  CHECK(model.form.waves >= 2);
  CHECK(model.form.waves <= 3);
  CHECK(name_of(model.form).find("waves") != std::string::npos);
  const std::vector<Forecast> next = forecast(model, 52);
  for (int h = 0; h < 52; ++h)
    CHECK(next[static_cast<std::size_t>(h)].value ==
          doctest::Approx(100 + 6 * std::cos(turn * (130 + h - 9)) + 3 * std::sin(2 * turn * (130 + h))).epsilon(.015));
  const ForecastJudgement seen = judge_smoothing(y, {.period = 52}), plain = judge_smoothing(y, {.period = 1});
  CHECK(seen.origins == 24);
  CHECK(seen.beats_naive());
  CHECK(seen.error < .9 * plain.error);
  CHECK(fit_smoothing(noise, {.period = 52}).form.waves == 0);
  CHECK(judge_smoothing(std::vector<double>(y.begin(), y.begin() + 90), {.period = 52}).origins == 0);
}

TEST_CASE("exponential smoothing: what cannot be smoothed is refused by name") {
  CHECK_THROWS_WITH_AS(fit_smoothing(std::vector<double>{1, 2, 3}), doctest::Contains("six"), Error);
  CHECK_THROWS_WITH_AS(fit_smoothing(std::vector<double>(9, 1.0), {.period = 400}), doctest::Contains("366"), Error);
  CHECK_THROWS_WITH_AS(fit_smoothing(std::vector<double>(9, 1.0), {SmoothingTrend::none, true}, {.period = 12}),
                       doctest::Contains("too few"), Error);
  const std::vector<Forecast> flat = forecast(fit_smoothing(std::vector<double>(9, 4.0)), 2);
  CHECK(flat[1].value == doctest::Approx(4));
  CHECK(flat[1].upper - flat[1].lower < 1e-9);
}
