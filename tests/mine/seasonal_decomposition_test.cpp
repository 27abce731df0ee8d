#include "emptor/mine/seasonal_decomposition.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/trend_slope.hpp"
#include "mine/monthly_series.hpp"

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

/// Noise of this autocorrelation around a line.
std::vector<double> around_a_line(std::size_t n, double slope, double alike, Random& random) {
  std::vector<double> y(n);
  double now = random.normal() / std::sqrt(1 - alike * alike);
  for (std::size_t i = 0; i < n; ++i) {
    y[i] = slope * static_cast<double>(i) + now;
    now = alike * now + random.normal();
  }
  return y;
}

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

TEST_CASE("trend slope: [J13] least squares, and an interval that covers nearly as often as it says") {
  const TrendSlope exact = fit_trend_slope(std::vector<double>{1, 3, 5, 7, 9, 11});
  CHECK(exact.slope == doctest::Approx(2));
  CHECK(exact.level == doctest::Approx(6));
  CHECK(exact.p_value == 0);
  constexpr int series = 2'000;
  // What is asked for each is what was seen, less three standard errors; docs/seasonal_decomposition.md quotes it.
  constexpr struct {
    std::size_t n;
    double alike, least;
  } cases[] = {{36, 0, .85}, {36, .5, .8}, {120, 0, .9}, {120, .5, .89}};
  for (const auto& one : cases) {
    int covered = 0;
    for (int s = 0; s < series; ++s) {
      Random random(hash_of(one.n, static_cast<std::uint64_t>(s)));
      const TrendSlope slope = fit_trend_slope(around_a_line(one.n, .1, one.alike, random));
      covered += slope.lower <= .1 && .1 <= slope.upper;
    }
    MESSAGE(one.n << " points, autocorrelation " << one.alike << ": covered " << covered << " of " << series);
    CHECK(covered > one.least * series);
  }
}
