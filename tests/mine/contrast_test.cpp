#include "emptor/mine/contrast.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

/// Cliff's formulae (1993, equations 9 and 12) over all pairs, and the interval of Feng and Cliff.
Effect brute_delta(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size()), m = static_cast<double>(y.size());
  const auto sign = [](double a, double b) { return a > b ? 1.0 : a < b ? -1.0 : 0.0; };
  double sum = 0;
  for (const double a : x)
    for (const double b : y) sum += sign(a, b);
  const double delta = sum / (n * m);
  double rows = 0, columns = 0, pairs = 0;
  for (const double a : x) {
    double own = 0;
    for (const double b : y) own += sign(a, b), pairs += (sign(a, b) - delta) * (sign(a, b) - delta);
    rows += (own / m - delta) * (own / m - delta);
  }
  for (const double b : y) {
    double own = 0;
    for (const double a : x) own += sign(a, b);
    columns += (own / n - delta) * (own / n - delta);
  }
  const double variance = std::max((m * m * rows + n * n * columns - pairs) / (n * m * (n - 1) * (m - 1)),
                                   (1 - delta * delta) / (n * m - 1));
  const double z = 1.959963984540054, rest = 1 - delta * delta;
  const double reach = z * std::sqrt(variance) * std::sqrt(rest * rest + z * z * variance);
  return {delta, (delta * rest - reach) / (rest + z * z * variance),
          (delta * rest + reach) / (rest + z * z * variance)};
}

}  // namespace

TEST_CASE("contrast: delta and its interval are those of all pairs") {
  Random random(5);
  for (int round = 0; round < 30; ++round) {
    std::vector<double> x, y;
    for (std::size_t i = 0; i < 3 + random.below(20); ++i) x.push_back(static_cast<double>(random.below(9)));
    for (std::size_t i = 0; i < 3 + random.below(20); ++i) y.push_back(static_cast<double>(random.below(12)));
    const Effect own = contrast_numbers(x, y).delta, expected = brute_delta(x, y);
    if (std::abs(expected.value) == 1) continue;
    CHECK(own.value == doctest::Approx(expected.value).epsilon(1e-12));
    CHECK(own.lower == doctest::Approx(expected.lower).epsilon(1e-9));
    CHECK(own.upper == doctest::Approx(expected.upper).epsilon(1e-9));
  }
}

TEST_CASE("contrast: Cohen's d by hand") {
  // Means 4 and 2, both variances 2.5: d = 2 / sqrt(2.5).
  const NumberContrast of = contrast_numbers(std::vector<double>{2, 3, 4, 5, 6}, std::vector<double>{0, 1, 2, 3, 4});
  CHECK(of.median_within == 4);
  CHECK(of.mean_outside == 2);
  CHECK(of.d.value == doctest::Approx(2 / std::sqrt(2.5)));
  const double error = std::sqrt(10.0 / 25 + of.d.value * of.d.value / 20);
  CHECK(of.d.upper - of.d.value == doctest::Approx(1.959963984540054 * error));
  CHECK(of.p_value > .05);
}

TEST_CASE("contrast: groups that do not overlap have a bound all the same") {
  const std::vector<double> low{1, 2, 3, 4, 5, 6, 7, 8}, high{11, 12, 13, 14, 15, 16, 17, 18};
  const Effect up = contrast_numbers(high, low).delta, down = contrast_numbers(low, high).delta;
  CHECK(up.value == 1);
  CHECK(up.upper == 1);
  CHECK(up.lower > 0);
  CHECK(down.upper == -up.lower);
}

TEST_CASE("contrast: the interval of delta holds the truth about as often as it says") {
  // P(x > y) - P(x < y) for normals a standard deviation apart is 2 Phi(1 / sqrt(2)) - 1 = .5205.
  Random random(6);
  int held = 0;
  constexpr int rounds = 1'000;
  for (int round = 0; round < rounds; ++round) {
    std::vector<double> x, y;
    for (int i = 0; i < 25; ++i) x.push_back(1 + random.normal());
    for (int i = 0; i < 40; ++i) y.push_back(random.normal());
    const Effect own = contrast_numbers(x, y).delta;
    held += own.lower <= .5204998778 && own.upper >= .5204998778;
  }
  CHECK(held > rounds * .925);
  CHECK(held < rounds * .975);
}

TEST_CASE("contrast: shares, by hand") {
  // 10 of 20 against 10 of 80: lift 4; phi = (10 x 80 - 10 x 20) / sqrt(20 x 80 x 20 x 80).
  const ShareContrast of = contrast_shares({10, 20}, {10, 80});
  CHECK(of.log_lift.value == doctest::Approx(std::log(4.0)));
  CHECK(of.log_lift.upper - of.log_lift.value ==
        doctest::Approx(1.959963984540054 * std::sqrt(.1 - .05 + .1 - 1.0 / 80)));
  CHECK(of.phi == doctest::Approx(600.0 / 1600));
  // Twice the sum over k from 10 to 20 of C(20, k) C(80, 20 - k) / C(100, 20).
  CHECK(of.p_value == doctest::Approx(0.00129503688).epsilon(1e-6));
  // Fisher's tea: 3 of 4 against 1 of 4, one-sided 17/70, twice.
  CHECK(contrast_shares({3, 4}, {1, 4}).p_value == doctest::Approx(34.0 / 70).epsilon(1e-6));
  CHECK(contrast_shares({1, 4}, {3, 4}).p_value == doctest::Approx(34.0 / 70).epsilon(1e-6));
  const ShareContrast none = contrast_shares({0, 10}, {5, 100});
  CHECK(std::isfinite(none.log_lift.lower));
  CHECK(none.log_lift.value < 0);
  CHECK(contrast_shares({5, 5}, {7, 7}).phi == 0);
  CHECK(contrast_shares({5, 5}, {7, 7}).p_value == 1);
}

TEST_CASE("contrast: what is refused") {
  const std::vector<double> one{1}, two{1, 2};
  CHECK_THROWS_AS(contrast_numbers(one, two), Error);
  CHECK_THROWS_AS(contrast_numbers(two, one), Error);
  CHECK_THROWS_AS(contrast_numbers(two, two, 1), Error);
  CHECK_THROWS_AS(contrast_shares({0, 0}, {1, 2}), Error);
  CHECK_THROWS_AS(contrast_shares({3, 2}, {1, 2}), Error);
}
