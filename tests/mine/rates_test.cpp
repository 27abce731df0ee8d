#include "emptor/mine/rates.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"

using namespace emptor;
using namespace emptor::mine;

TEST_CASE("rates: Wilson's interval as statsmodels gives it") {
  // statsmodels.stats.proportion.proportion_confint(30, 120, method="wilson"): (.1810, .3344), to four digits by hand:
  // (2 n p + z^2 -+ z sqrt(z^2 + 4 n p (1 - p))) / (2 (n + z^2)) with z = 1.959964.
  const RateInterval share = share_interval(30, 120);
  CHECK(share.value == .25);
  const double z = 1.959963984540054, square = z * z, root = z * std::sqrt(square + 4 * 30 * .75);
  CHECK(share.lower == doctest::Approx((60 + square - root) / (2 * (120 + square))).epsilon(1e-12));
  CHECK(share.upper == doctest::Approx((60 + square + root) / (2 * (120 + square))).epsilon(1e-12));
  CHECK(share_interval(0, 10).lower == 0);
  CHECK(share_interval(10, 10).upper == 1);
  CHECK(share_interval(0, 10).upper == doctest::Approx(square / (10 + square)).epsilon(1e-12));
}

TEST_CASE("rates: intervals of a ratio hold the truth as often as they say") {
  Random random(11);
  int held = 0;
  constexpr int trials = 2'000;
  for (int trial = 0; trial < trials; ++trial) {
    double a = 0, b = 0;
    for (int i = 0; i < 150; ++i) a += random.uniform() < .2;
    for (int i = 0; i < 600; ++i) b += random.uniform() < .05;
    const RateInterval ratio = ratio_interval(a, 150, b, 600, 0.9);
    held += ratio.lower <= 4 && 4 <= ratio.upper;
  }
  // Three binomial standard errors of .9 are .02.
  CHECK(std::abs(held / double(trials) - .9) < .02);
}

TEST_CASE("rates: a ratio has an interval where nobody was counted, and turns round with its sides") {
  const RateInterval none = ratio_interval(0, 50, 0, 80);
  CHECK(none.lower < 1);
  CHECK(none.upper > 1);
  const RateInterval one = ratio_interval(7, 50, 3, 80), other = ratio_interval(3, 80, 7, 50);
  CHECK(one.lower * other.upper == doctest::Approx(1).epsilon(1e-12));
  CHECK_THROWS_AS(share_interval(3, 2), Error);
  CHECK_THROWS_AS(share_interval(0, 0), Error);
  CHECK_THROWS_AS(ratio_interval(1, 2, 1, 2, 1), Error);
}

TEST_CASE("rates: the interval of a count is Garwood's") {
  // Garwood (1936), table: 0, 1 and 10 events have 95 % limits 0 to 3.6889, .0253 to 5.5716, 4.7954 to 18.3904.
  CHECK(event_rate(0, 1).lower == 0);
  CHECK(event_rate(0, 1).upper == doctest::Approx(-std::log(.025)).epsilon(1e-9));
  CHECK(event_rate(1, 1).lower == doctest::Approx(-std::log(.975)).epsilon(1e-9));
  CHECK(event_rate(1, 1).upper == doctest::Approx(5.5716).epsilon(1e-4));
  const RateInterval rate = event_rate(10, 400);
  CHECK(rate.value == .025);
  CHECK(rate.lower == doctest::Approx(4.7954 / 400).epsilon(1e-4));
  CHECK(rate.upper == doctest::Approx(18.3904 / 400).epsilon(1e-4));
  CHECK(event_rate(300, 100).value == 3);
  CHECK_THROWS_AS(event_rate(1, 0), Error);
  CHECK_THROWS_AS(event_rate(-1, 1), Error);
}
