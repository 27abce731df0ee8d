#include "emptor/mine/seasonal_decomposition.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/trend_slope.hpp"
#include "mine/distributions.hpp"
#include "mine/monthly_series.hpp"
#include "mine/noise_series.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

/// What statsmodels 0.15.0's STL (the authors' own program, translated) says at the points 0, 7, 17, 25 and 39.
struct Expected {
  std::size_t robust;
  double trend[5], season[5], weights[5];
};
constexpr std::size_t places[] = {0, 7, 17, 25, 39};
constexpr Expected expected[] = {
    {0,
     {95.18439760512855, 104.93041002036261, 118.58255682252432, 119.1063632595481, 125.92604714510564},
     {2.1900814800228763, -12.37793971023356, 30.487620827427726, 7.442854075201399, 24.083557725673124},
     {1, 1, 1, 1, 1}},
    {5,
     {93.4793405392965, 105.99106167610081, 119.05593434032687, 120.68961018061215, 124.4487127957394},
     {9.235130182521296, -12.90086330044062, 67.789973578476, 6.869456233742557, 25.027612223901553},
     {0.9887955921765484, 0.9873938721240225, 0.0, 0.9977054461788623, 0.9811056152676083}}};

}  // namespace

TEST_CASE("seasonal decomposition: [J13] as the authors' program, with and without robust weights") {
  for (const Expected& one : expected) {
    const SeasonalDecomposition parts = decompose_season(
        monthly_series, {.period = 12, .seasonal_window = 7, .trend_window = 23, .robust = one.robust});
    for (std::size_t k = 0; k < std::size(places); ++k) {
      CHECK(parts.trend[places[k]] == doctest::Approx(one.trend[k]).epsilon(1e-9));
      CHECK(parts.season[places[k]] == doctest::Approx(one.season[k]).epsilon(1e-9));
      if (one.robust > 0) CHECK(parts.weights[places[k]] == doctest::Approx(one.weights[k]).epsilon(1e-9));
    }
    for (std::size_t i = 0; i < std::size(monthly_series); ++i)
      CHECK(parts.trend[i] + parts.season[i] + parts.remainder[i] == doctest::Approx(monthly_series[i]).epsilon(1e-14));
  }
}

TEST_CASE("seasonal decomposition: a line and a season without noise come back, and the strengths say so") {
  std::vector<double> y;
  constexpr double season[] = {5, -2, -3, 0};
  for (std::size_t i = 0; i < 24; ++i) y.push_back(10 + 2.0 * static_cast<double>(i) + season[i % 4]);
  const SeasonalDecomposition parts = decompose_season(y, {.period = 4, .seasonal_window = 0, .robust = 2});
  for (std::size_t i = 0; i < y.size(); ++i) {
    CHECK(parts.season[i] == doctest::Approx(season[i % 4]).epsilon(.02).scale(5));
    CHECK(parts.season[i] == parts.season[i % 4]);
  }
  CHECK(parts.seasonal_strength > .999);
  CHECK(parts.trend_strength > .999);
}

TEST_CASE("seasonal decomposition: without a season there is a trend only, and noise has no strong season") {
  Random random(4);
  std::vector<double> noise;
  for (int i = 0; i < 120; ++i) noise.push_back(random.normal());
  const SeasonalDecomposition plain = decompose_season(noise, {.period = 1});
  for (const double one : plain.season) CHECK(one == 0);
  CHECK(plain.seasonal_strength == 0);
  CHECK(decompose_season(noise, {.period = 12, .seasonal_window = 0}).seasonal_strength < .3);
}

TEST_CASE("seasonal decomposition: what is no series is refused by name") {
  const std::vector<double> y(20, 1.0);
  const auto field = [](const auto& values, const SeasonalOptions& options) {
    try {
      decompose_season(values, options);
      return std::string();
    } catch (const Error& error) {
      return error.first().field;
    }
  };
  CHECK(field(y, {.period = 12}) == "period");
  CHECK(field(y, {.period = 4, .seasonal_window = 8}) == "seasonal_window");
  CHECK(field(y, {.period = 4, .trend_window = 2}) == "trend_window");
  CHECK(field(std::vector<double>{1, 2, NAN, 4}, {.period = 1}) == "values");
  CHECK(field(y, {.period = 4}).empty());
}

TEST_CASE("trend slope: an exact line, and what is no slope") {
  const TrendSlope exact = fit_trend_slope(std::vector<double>{1, 3, 5, 7, 9, 11});
  CHECK(exact.slope == doctest::Approx(2));
  CHECK(exact.level == doctest::Approx(6));
  CHECK(exact.lower == exact.upper);
  CHECK(exact.p_value == 0);
  const TrendSlope flat = fit_trend_slope(std::vector<double>(20, 0.1));
  CHECK(flat.slope == 0);
  CHECK(flat.p_value == 1);
}

/// The mean over autocorrelations of Student's t around generalised least squares, from the definitions: each matrix
/// inverted, each integral a sum.
TEST_CASE("trend slope: level, slope and interval by whitened rows, one autocorrelation after the other") {
  Random random(6);
  std::vector<double> y = test::autocorrelated(18, .5, random);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += 3 + .2 * static_cast<double>(i);
  double all = 0, mean = 0, alike = 0, below = 0;
  const TrendSlope told = fit_trend_slope(y, {.level = .9});
  for (int step = -48; step <= 48; ++step) {
    const double r = .02 * step;
    double s00 = 0, s01 = 0, s11 = 0, b0 = 0, b1 = 0, yy = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      const auto white = [&](double now, double before) {
        return i == 0 ? std::sqrt(1 - r * r) * now : now - r * before;
      };
      const double place = static_cast<double>(i) - 8.5;
      const double one = white(1, 1), x = white(place, place - 1), z = white(y[i], i == 0 ? 0 : y[i - 1]);
      s00 += one * one, s01 += one * x, s11 += x * x, b0 += one * z, b1 += x * z, yy += z * z;
    }
    const double det = s00 * s11 - s01 * s01, level = (s11 * b0 - s01 * b1) / det, slope = (s00 * b1 - s01 * b0) / det;
    const double squares = yy - level * b0 - slope * b1;
    const double weight = std::sqrt((1 - r * r) / det) * std::pow(squares, -8);
    all += weight, mean += weight * slope, alike += weight * r;
    const double off = (told.lower - slope) / std::sqrt(squares / 16 * s00 / det),
                 tail = student_two_sided(off, 16) / 2;
    below += weight * (off < 0 ? tail : 1 - tail);
  }
  CHECK(told.slope == doctest::Approx(mean / all).epsilon(1e-7));
  CHECK(told.autocorrelation == doctest::Approx(alike / all).epsilon(1e-6));
  CHECK(below / all == doctest::Approx(.05).epsilon(1e-6));
}

TEST_CASE("trend slope: numbers that a season took count as fitted") {
  Random random(7);
  const std::vector<double> y = test::autocorrelated(36, 0, random);
  const TrendSlope plain = fit_trend_slope(y), seasonal = fit_trend_slope(y, {.period = 12});
  CHECK(seasonal.upper - seasonal.lower > 1.15 * (plain.upper - plain.lower));
  CHECK_THROWS_AS((void)fit_trend_slope(std::vector<double>(12, 1.0), {.period = 12}), Error);
  CHECK_THROWS_AS((void)fit_trend_slope(y, {.level = 1}), Error);
}
