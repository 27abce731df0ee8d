#include "emptor/mine/lagged_correlation.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

std::vector<double> wandering(std::size_t n, double alike, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> y(n);
  double now = 0;
  for (double& one : y) one = now = alike * now + random.normal();
  return y;
}

double lag_one(const std::vector<double>& y) {
  double own = 0, next = 0;
  for (std::size_t i = 1; i < y.size(); ++i) own += y[i] * y[i], next += y[i] * y[i - 1];
  return next / own;
}

}  // namespace

TEST_CASE("lagged correlation: [J13] whitening takes out what a series' own past tells") {
  const std::vector<double> y = wandering(400, .8, 3);
  CHECK(lag_one(y) > .7);
  CHECK(std::abs(lag_one(whiten(y))) < .1);
}

TEST_CASE("lagged correlation: the coefficient is that of the whitened series, by definition") {
  const std::vector<std::vector<double>> series = {wandering(60, .5, 1), wandering(60, .2, 2)};
  const LaggedCorrelations all = correlate_lags(series, {.most_lag = 2, .false_discoveries = .999999});
  CHECK(all.tests == 4);
  for (const LaggedLink& one : all.links) {
    const std::vector<double> a = whiten(series[one.leader]), b = whiten(series[one.follower]);
    double both = 0, first = 0, second = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (i >= one.lag) both += a[i - one.lag] * b[i];
      first += a[i] * a[i];
      second += b[i] * b[i];
    }
    CHECK(one.correlation == doctest::Approx(both / std::sqrt(first * second)).epsilon(1e-12));
  }
}

TEST_CASE("lagged correlation: a planted leader is found at its lag, and only it") {
  const std::vector<double> leader = wandering(72, .4, 5), other = wandering(72, .4, 6);
  Random random(7);
  std::vector<double> follower(72);
  for (std::size_t i = 0; i < follower.size(); ++i) follower[i] = (i >= 2 ? leader[i - 2] : 0) + .5 * random.normal();
  const LaggedCorrelations found = correlate_lags(std::vector{leader, other, follower});
  REQUIRE_FALSE(found.links.empty());
  CHECK(found.links[0].leader == 0);
  CHECK(found.links[0].follower == 2);
  CHECK(found.links[0].lag == 2);
  CHECK(found.links[0].correlation > .5);
  CHECK(found.links.size() == 1);
}

TEST_CASE("lagged correlation: of independent series links are told no more often than was asked") {
  constexpr int rounds = 400;
  int alarms = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    std::vector<std::vector<double>> series;
    for (std::uint64_t s = 0; s < 6; ++s) series.push_back(wandering(40, .6, hash_of(round, s)));
    alarms += !correlate_lags(series).links.empty();
  }
  MESSAGE(alarms << " of " << rounds << " sets of independent series had a link");
  CHECK(alarms <= .05 * rounds + 3 * std::sqrt(.05 * .95 * rounds));
}

TEST_CASE("lagged correlation: what cannot be compared is refused by name") {
  CHECK_THROWS_WITH_AS(correlate_lags(std::vector{wandering(30, 0, 1), wandering(31, 0, 1)}),
                       doctest::Contains("length"), Error);
  CHECK_THROWS_WITH_AS(correlate_lags(std::vector<std::vector<double>>(2, wandering(12, 0, 1))),
                       doctest::Contains("short"), Error);
  CHECK_THROWS_AS(correlate_lags(std::vector<std::vector<double>>(2, wandering(30, 0, 1)), {.most_lag = 0}), Error);
}
