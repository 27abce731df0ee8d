#include "emptor/mine/lifetime_diagnostics.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/correlation.hpp"
#include "support/cdnow.hpp"

using namespace emptor;
using namespace emptor::mine;

TEST_CASE("lifetime diagnostics: expected counts are the sums of the chances of all customers") {
  Random random(4);
  std::vector<double> ages(3'000);
  for (double& age : ages) age = std::floor(1 + 200 * random.uniform()) / 7;
  const LifetimeModel truth = lifetime_of(LifetimeKind::pareto_nbd, std::vector<double>{.6, 9, .8, 15});
  const DrawnPurchases rows = simulate_lifetimes(truth, ages, 4);
  const CountFit fit = count_fit(truth, rows.view());
  REQUIRE(fit.expected.size() == 8);
  std::vector<double> expected(8), actual(8);
  double chi_square = 0;
  for (std::size_t i = 0; i < ages.size(); ++i) {
    double left = 1;
    for (std::uint64_t n = 0; n < 7; ++n) {
      const double chance = repeat_chance(truth, ages[i], n);
      expected[n] += chance;
      left -= chance;
    }
    expected[7] += left;
    actual[static_cast<std::size_t>(std::min(rows.frequency[i], 7.0))] += 1;
  }
  for (std::size_t n = 0; n < 8; ++n) {
    CHECK(fit.expected[n] == doctest::Approx(expected[n]).epsilon(1e-9));
    CHECK(fit.actual[n] == actual[n]);
    chi_square += std::pow(actual[n] - expected[n], 2) / expected[n];
  }
  CHECK(fit.chi_square == doctest::Approx(chi_square).epsilon(1e-9));
  CHECK(fit.degrees == 3);
  CHECK(fit.p_value > 1e-4);
  // Customers of nobody's model: all bought just twice.
  const std::vector<double> two(400, 2), tx(400, 8), age(400, 20);
  CHECK(count_fit(truth, {two, tx, age}).p_value < 1e-10);
  // Near ages together: thousands of distinct ones hardly change what is expected.
  std::vector<double> apart = ages;
  for (std::size_t i = 0; i < apart.size(); ++i) apart[i] += 1e-4 * static_cast<double>(i) / 3'000;
  const CountFit classes = count_fit(truth, {rows.frequency, rows.recency, apart});
  for (std::size_t n = 0; n < 8; ++n) CHECK(classes.expected[n] == doctest::Approx(fit.expected[n]).epsilon(1e-2));
}

TEST_CASE("lifetime diagnostics: groups of a model with covariates add up") {
  const std::vector<double> x{0, 1, 2, 0}, tx{0, 5, 7, 0}, age{10, 10, 20, 20}, mark{0, 1, 0, 1};
  const CovariateRows rows{{x, tx, age}, {mark.data(), 4, 1, 1, 1}, {}};
  const std::vector<double> parameters{.6, 9, .8, 1.5, .7};
  const CovariateLifetimeModel model = covariate_lifetime_of(LifetimeKind::bg_nbd, 1, 0, parameters);
  const CountFit fit = count_fit(model, rows, 2);
  double none = 0;
  for (std::size_t i = 0; i < 4; ++i)
    none += repeat_chance(lifetime_of(model, std::span(mark).subspan(i, 1), {}), age[i], 0);
  CHECK(fit.expected[0] == doctest::Approx(none).epsilon(1e-12));
  CHECK(fit.expected.size() == 2);  // hardly anybody is expected with more
  CHECK(fit.actual == std::vector<double>{2, 2});
}

TEST_CASE("lifetime diagnostics: forecast errors by hand") {
  const std::vector<double> predicted{1, 2, 4}, actual{2, 2, 3};
  const ForecastErrors errors = forecast_errors(predicted, actual);
  CHECK(errors.predicted == 7);
  CHECK(errors.actual == 7);
  CHECK(errors.mean_absolute == doctest::Approx(2.0 / 3));
  CHECK(errors.root_mean_square == doctest::Approx(std::sqrt(2.0 / 3)));
  CHECK(errors.correlation == doctest::Approx(5 / std::sqrt(28.0)));  // (7, 7 apart from means: 5/3 / sqrt(14/3 x 2/3))
  CHECK(std::isnan(forecast_errors(predicted, std::vector<double>{1, 1, 1}).correlation));
  CHECK_THROWS_AS(forecast_errors(predicted, std::span(actual).first(2)), Error);
}

TEST_CASE("lifetime diagnostics: Fisher's interval of a correlation") {
  // r = .5 of 28 rows: z = .5493, plus and minus 1.96 / 5.
  const CorrelationInterval interval = correlation_interval(CorrelationMethod::pearson, .5, 28);
  CHECK(interval.lower == doctest::Approx(std::tanh(std::atanh(.5) - 1.959963984540054 / 5)).epsilon(1e-12));
  CHECK(interval.upper == doctest::Approx(std::tanh(std::atanh(.5) + 1.959963984540054 / 5)).epsilon(1e-12));
  CHECK(correlation_interval(CorrelationMethod::spearman, .5, 28).lower < interval.lower);
  CHECK(correlation_interval(CorrelationMethod::pearson, .5, 3).lower == -1);
}
