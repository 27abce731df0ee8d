#include "emptor/mine/factor_effects.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

double product(const std::vector<double>& factors) {
  return std::accumulate(factors.begin(), factors.end(), 1.0, [](double a, double b) { return a * b; });
}

}  // namespace

TEST_CASE("factor effects: [K6] two factors by hand, from the formula of Ang (2004)") {
  // 10 x 5 = 50 becomes 12 x 6 = 72: L = 22 / ln(72/50).
  const std::vector<double> effects = factor_effects({{10, 5}, {12, 6}});
  const double mean = 22 / std::log(72.0 / 50);
  CHECK(effects[0] == doctest::Approx(mean * std::log(1.2)).epsilon(1e-12));
  CHECK(effects[1] == doctest::Approx(mean * std::log(1.2)).epsilon(1e-12));
}

TEST_CASE("factor effects: they add up, turn around with time, and a factor that did not move has none") {
  Random random(8);
  for (int round = 0; round < 500; ++round) {
    FactorChange change;
    for (int i = 0; i < 5; ++i) {
      change.before.push_back(.1 + random.uniform() * 50);
      change.after.push_back(i == 2 ? change.before.back() : .1 + random.uniform() * 50);
    }
    const std::vector<double> there = factor_effects(change), back = factor_effects({change.after, change.before});
    const double by = product(change.after) - product(change.before);
    CHECK(std::accumulate(there.begin(), there.end(), 0.0) == doctest::Approx(by).epsilon(1e-9));
    CHECK(there[2] == 0);
    for (std::size_t i = 0; i < there.size(); ++i) CHECK(there[i] == doctest::Approx(-back[i]).epsilon(1e-9));
  }
}

TEST_CASE("factor effects: zeros are the limit of small numbers") {
  const std::vector<double> exact = factor_effects({{4, 0, 3}, {5, 2, 3}});
  const std::vector<double> near = factor_effects({{4, 1e-280, 3}, {5, 2, 3}});
  CHECK(exact == std::vector<double>{0, 30, 0});
  CHECK(near[1] == doctest::Approx(30).epsilon(.01));
  CHECK(factor_effects({{4, 2, 3}, {0, 0, 3}}) == std::vector<double>{-12, -12, 0});
  CHECK(factor_effects({{0, 2}, {3, 0}}) == std::vector<double>{0, 0});
}

TEST_CASE("factor effects: whole numbers add up to the total to the last one") {
  Random random(9);
  for (int round = 0; round < 2'000; ++round) {
    std::vector<double> effects;
    double sum = 0;
    for (std::uint64_t i = 0; i <= random.below(8); ++i) {
      effects.push_back(1e9 * random.normal());
      sum += effects.back();
    }
    const std::int64_t total = std::llround(sum) + static_cast<std::int64_t>(random.below(5)) - 2;
    const std::vector<std::int64_t> whole = whole_effects(effects, total);
    CHECK(std::accumulate(whole.begin(), whole.end(), std::int64_t{0}) == total);
    for (std::size_t i = 0; i < whole.size(); ++i) CHECK(std::abs(static_cast<double>(whole[i]) - effects[i]) < 4);
  }
}

TEST_CASE("factor effects: what is no factor is refused by name") {
  CHECK_THROWS_WITH_AS(factor_effects({{1, -2}, {1, 2}}), doctest::Contains("negative"), Error);
  CHECK_THROWS_WITH_AS(factor_effects({{1}, {1, 2}}), doctest::Contains("same factors"), Error);
}
