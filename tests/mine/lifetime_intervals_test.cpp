#include "emptor/mine/lifetime_intervals.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "mine/count_chances.hpp"
#include "mine/pareto_counts.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

LifetimeModel model_of(LifetimeKind kind, std::vector<double> parameters) { return lifetime_of(kind, parameters); }

const LifetimeModel models[] = {model_of(LifetimeKind::nbd, {.6, 9}), model_of(LifetimeKind::bg_nbd, {.4, 6, .7, 1.5}),
                                model_of(LifetimeKind::mbg_nbd, {.4, 6, .7, 1.5}),
                                model_of(LifetimeKind::pareto_nbd, {.6, 9, .8, 15})};

DrawnPurchases drawn(const LifetimeModel& model, std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> ages(count);
  for (double& age : ages) age = 10 + 40 * random.uniform();
  return simulate_lifetimes(model, ages, seed);
}

}  // namespace

TEST_CASE("lifetime intervals: chances of the count add up to 1 and to the expectation") {
  const std::vector<double> x{0, 1, 4, 30}, tx{0, 3, 25, 38}, age{12, 40, 40, 40};
  const Purchases rows{x, tx, age};
  for (const LifetimeModel& model : models) {
    CAPTURE(name_of(model.options.kind));
    std::vector<double> chance(4), sum(4), mean(4), expected(4);
    for (std::uint64_t n = 0; n < 400; ++n) {
      purchase_chances(model, rows, 20, n, chance);
      for (std::size_t i = 0; i < 4; ++i) sum[i] += chance[i], mean[i] += static_cast<double>(n) * chance[i];
    }
    expected_purchases(model, rows, 0, 20, expected);
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK(sum[i] == doctest::Approx(1).epsilon(1e-9));
      CHECK(mean[i] == doctest::Approx(expected[i]).epsilon(1e-7));
    }
  }
}

TEST_CASE("lifetime intervals: those of prediction are quantiles of the count, by adding up chances") {
  const std::vector<double> x{0, 2, 9}, tx{0, 20, 30}, age{12, 40, 31};
  const Purchases rows{x, tx, age};
  for (const LifetimeModel& model : models) {
    std::vector<double> lower(3), upper(3), chance(3);
    purchase_interval(model, rows, 26, .9, lower, upper);
    for (std::size_t i = 0; i < 3; ++i) {
      double below = 0;
      for (std::uint64_t n = 0;; ++n) {
        purchase_chances(model, rows, 26, n, chance);
        const double before = below;
        below += chance[i];
        if (static_cast<double>(n) == lower[i]) CHECK((before < .05 && below >= .05));
        if (static_cast<double>(n) == upper[i]) {
          CHECK((before < .95 && below >= .95));
          break;
        }
        REQUIRE(n < 1'000);
      }
    }
  }
}

TEST_CASE("lifetime intervals: nine customers in ten buy as many as the interval of 90 % says") {
  // The same seed draws the same customers, so that those seen 8 longer tell what came. Whole numbers cannot hold just
  // 90 %: those held are as many as their chances say.
  for (const LifetimeModel& truth : models) {
    CAPTURE(name_of(truth.options.kind));
    constexpr std::size_t count = 400;
    const DrawnPurchases seen = drawn(truth, count, 5);
    std::vector<double> longer = seen.age, lower(count), upper(count), chance(count), due(count);
    for (double& age : longer) age += 8;
    const DrawnPurchases whole = simulate_lifetimes(truth, longer, 5);
    purchase_interval(truth, seen.view(), 8, .9, lower, upper);
    const double most = *std::max_element(upper.begin(), upper.end());
    for (std::uint64_t n = 0; static_cast<double>(n) <= most; ++n) {
      purchase_chances(truth, seen.view(), 8, n, chance);
      for (std::size_t i = 0; i < count; ++i)
        due[i] += static_cast<double>(n) >= lower[i] && static_cast<double>(n) <= upper[i] ? chance[i] : 0;
    }
    double held = 0, expected = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double bought = whole.frequency[i] - seen.frequency[i];
      held += bought >= lower[i] && bought <= upper[i] ? 1 : 0;
      expected += due[i];
      CHECK(due[i] >= .9 - 1e-9);
    }
    CHECK(std::abs(held - expected) < 4 * std::sqrt(expected * (1 - expected / count)));
  }
}

TEST_CASE(
    "lifetime intervals: those of the expectation are the delta method's, by hand for NBD, and shrink with rows") {
  const DrawnPurchases rows = drawn(models[0], 500, 3);
  const LifetimeModel model = fit_lifetime(rows.view(), {.kind = LifetimeKind::nbd});
  const double x = 3, tx = 20, age = 30, t = 13;
  double low = 0, high = 0;
  expected_interval(model, {{&x, 1}, {&tx, 1}, {&age, 1}}, t, .95, {&low, 1}, {&high, 1});
  const double r = model.parameters[0], alpha = model.parameters[1], mean = (r + x) / (alpha + age) * t;
  const double by_r = 1 / (r + x), by_alpha = -1 / (alpha + age);  // of the logarithm
  const double variance = by_r * by_r * model.covariance[0] + 2 * by_r * by_alpha * model.covariance[1] +
                          by_alpha * by_alpha * model.covariance[2];
  CHECK(high == doctest::Approx(mean * std::exp(1.959963984540054 * std::sqrt(variance))).epsilon(1e-7));
  CHECK(low == doctest::Approx(mean * std::exp(-1.959963984540054 * std::sqrt(variance))).epsilon(1e-7));
  for (const LifetimeModel& truth : models) {
    const DrawnPurchases some = drawn(truth, 4'000, 9);
    const std::vector<double> hundred(4'000, 100);
    const LifetimeOptions options{.kind = truth.options.kind};
    const LifetimeModel one = fit_lifetime(some.view(), options),
                        many = fit_lifetime({some.frequency, some.recency, some.age, hundred}, options);
    double few_low = 0, few_high = 0, many_low = 0, many_high = 0;
    expected_interval(one, {{&x, 1}, {&tx, 1}, {&age, 1}}, t, .9, {&few_low, 1}, {&few_high, 1});
    expected_interval(many, {{&x, 1}, {&tx, 1}, {&age, 1}}, t, .9, {&many_low, 1}, {&many_high, 1});
    CHECK(std::log(few_high / few_low) == doctest::Approx(10 * std::log(many_high / many_low)).epsilon(1e-3));
  }
}

TEST_CASE("lifetime intervals: what cannot be is refused") {
  const double x = 3, tx = 20, age = 30;
  const Purchases row{{&x, 1}, {&tx, 1}, {&age, 1}};
  double low = 0, high = 0;
  CHECK_THROWS_AS(expected_interval(models[1], row, 5, .9, {&low, 1}, {&high, 1}), Error);  // no covariance
  CHECK_THROWS_AS(purchase_interval(models[1], row, 5, 1, {&low, 1}, {&high, 1}), Error);
  CHECK_THROWS_AS(purchase_interval(models[1], row, 0, .9, {&low, 1}, {&high, 1}), Error);
  CHECK_THROWS_AS(purchase_interval(models[1], row, 5, .9, {&low, 0}, {&high, 1}), Error);
}

TEST_CASE("lifetime intervals: the chances of Pareto/NBD counts in turn are the integrals of each count alone") {
  // The integrals are the library's own of one count, which the golden values hold.
  const struct {
    double r, alpha, s, beta, time;
  } processes[] = {{.6, 9, .8, 15, 26},      {.55, 10.6, .6, 11.7, 400}, {40.6, 320, .8, 300, 90},
                   {900, 400, 2, 500, 300},  {.05, 300, 30, .01, 1e4},   {3, .001, .2, 4'000, 5},
                   {25, 50, 1e-3, 1e-3, 2e3}};
  for (const auto& [r, alpha, s, beta, time] : processes) {
    CountProcess process(model_of(LifetimeKind::pareto_nbd, {1, 1, 1, 1}));
    process.r = r, process.alpha = alpha, process.s = s, process.beta = beta;
    ParetoCounts counts(process, time);
    double sum = 0;
    for (double n = 0; n < 1'500; n += 1) {
      const double chance = counts.next();
      sum += chance;
      if (n < 20 || std::fmod(n, 50) == 0) CHECK(std::abs(chance - process.chance(time, n)) < 1e-11);
    }
    CHECK(sum <= 1 + 1e-10);
  }
}
