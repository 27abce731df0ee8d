#include "emptor/mine/retention.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "emptor/core/error.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

/// Customers lost in each period of those that were there, and who is left.
struct Cohort {
  std::vector<double> periods, weights;
  std::vector<std::uint8_t> lost;
  Cohort(double begin, std::initializer_list<double> survivors) {
    double before = begin, t = 0;
    for (const double now : survivors) {
      add(++t, 1, before - now);
      before = now;
    }
    add(t, 0, before);
  }
  void add(double t, std::uint8_t gone, double count) {
    periods.push_back(t);
    lost.push_back(gone);
    weights.push_back(count);
  }
  Contracts view() const { return {periods, lost, weights}; }
};

RetentionModel of(std::vector<double> parameters) { return retention_of(parameters); }

}  // namespace

TEST_CASE("retention: the two cohorts of Fader and Hardie") {
  // The survivors of both cohorts are the paper's (2007); the maxima by mpmath with 40 digits.
  const RetentionModel high = fit_retention(Cohort(1'000, {869, 743, 653, 593, 551, 517, 491}).view());
  CHECK(high.end == FitEnd::certified);
  CHECK(std::abs(high.parameters[0] - .668088351106) < 1e-8);
  CHECK(std::abs(high.parameters[1] - 3.80609496406) < 1e-7);
  CHECK(std::abs(high.log_likelihood + 1611.15814739116) < 1e-9);
  CHECK(std::abs(survival(high, 12) - .37800) < 1e-5);
  const RetentionModel regular = fit_retention(Cohort(1'000, {631, 468, 382, 326, 289, 262, 241}).view());
  CHECK(std::abs(regular.parameters[0] - .704077298474) < 1e-8);
  CHECK(std::abs(regular.parameters[1] - 1.18204302621) < 1e-7);
  CHECK(std::abs(regular.log_likelihood + 1680.26518846329) < 1e-9);
  CHECK(std::abs(survival(regular, 12) - .17004) < 1e-5);
}

TEST_CASE("retention: survival by the definition, a product of chances") {
  const RetentionModel model = of({.7, 2.5});
  double product = 1;
  for (int t = 1; t <= 30; ++t) {
    const double rate = (2.5 + t - 1) / (.7 + 2.5 + t - 1);
    product *= rate;
    CHECK(survival(model, t) == doctest::Approx(product).epsilon(1e-13));
    CHECK(retention_rate(model, t) == doctest::Approx(rate).epsilon(1e-13));
  }
  // With an exponent: Gamma functions of the C library.
  const double k = std::pow(7, 1.3);
  const double expected = std::exp(std::lgamma(2.5 + k) - std::lgamma(2.5) - std::lgamma(3.2 + k) + std::lgamma(3.2));
  CHECK(survival(of({.7, 2.5, 1.3}), 7) == doctest::Approx(expected).epsilon(1e-12));
}

TEST_CASE("retention: the exponent is found again, and adds likelihood") {
  const std::vector<double> times = simulate_retention(of({.8, 3, 1.4}), 200'000, 15, 4);
  std::vector<double> periods;
  std::vector<std::uint8_t> lost;
  for (const double time : times) {
    periods.push_back(std::min(time, 15.0));
    lost.push_back(time <= 15 ? 1 : 0);
  }
  const RetentionModel with = fit_retention({periods, lost}, {.duration = true}),
                       without = fit_retention({periods, lost});
  CHECK(with.end == FitEnd::certified);
  CHECK(with.log_likelihood > without.log_likelihood + 50);
  CHECK(with.rows == 16);
  const double truth[] = {.8, 3, 1.4};
  const std::size_t places[] = {0, 2, 5};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(std::abs(with.parameters[i] - truth[i]) < 4 * std::sqrt(with.covariance[places[i]]));
  }
  std::reverse(periods.begin(), periods.end());
  std::reverse(lost.begin(), lost.end());
  CHECK(save(fit_retention({periods, lost}, {.duration = true})) == save(with));
}

TEST_CASE("retention: what is to come, as sums and in closed form") {
  const double endless = std::numeric_limits<double>::infinity();
  const RetentionModel model = of({1.7, 2.5});
  double sum = 0;
  for (int k = 1; k <= 3'000; ++k) sum += survival(model, 4 + k) / survival(model, 4) * std::pow(1.1, -k);
  CHECK(residual_periods(model, 4, .1, endless) == doctest::Approx(sum).epsilon(1e-12));
  CHECK(residual_periods(model, 4, 0, endless) == doctest::Approx(6.5 / .7).epsilon(1e-13));
  CHECK(residual_periods(model, 4, 0, 1) == doctest::Approx(retention_rate(model, 5)).epsilon(1e-13));
  CHECK_THROWS_AS(residual_periods(of({.9, 2.5}), 4, 0, endless), Error);
}

TEST_CASE("retention: nobody lost and nobody left are boundaries, not estimates") {
  CHECK(fit_retention(Cohort(100, {100, 100, 100}).view()).end != FitEnd::certified);
  CHECK(fit_retention(Cohort(100, {0}).view()).end != FitEnd::certified);
}

TEST_CASE("retention: a model is what was saved; wrong input is refused") {
  const RetentionModel model = fit_retention(Cohort(1'000, {869, 743, 653}).view(), {.duration = true});
  const std::string bytes = save(model);
  CHECK(load_retention(bytes) == model);
  for (std::size_t i = 0; i < bytes.size(); i += 5) CHECK_THROWS_AS(load_retention(bytes.substr(0, i)), Error);
  const std::vector<double> periods{1, 2}, half{1, 1.5}, none{1, 0}, negative{1, -1};
  const std::vector<std::uint8_t> lost{1, 1}, bad{1, 2};
  CHECK_THROWS_AS(fit_retention({half, lost}), Error);
  CHECK_THROWS_AS(fit_retention({none, lost}), Error);
  CHECK_THROWS_AS(fit_retention({periods, bad}), Error);
  CHECK_THROWS_AS(fit_retention({periods, lost, negative}), Error);
  CHECK_THROWS_AS(fit_retention({}), Error);
  CHECK_THROWS_AS(survival(model, -1), Error);
}
