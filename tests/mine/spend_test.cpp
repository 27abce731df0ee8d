#include "emptor/mine/spend.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/lifetime.hpp"
#include "support/cdnow.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

struct Drawn {
  std::vector<double> frequency, mean;
  Spending view() const { return {frequency, mean}; }
};

Drawn drawn(double p, double q, double gamma, std::size_t count, std::uint64_t seed) {
  Random random(seed);
  Drawn out;
  for (std::size_t i = 0; i < count; ++i) {
    const double rate = random.gamma(q) / gamma;
    const double x = static_cast<double>(random.below(6));
    double total = 0;
    for (double k = 0; k < x; k += 1) total += random.gamma(p) / rate;
    out.frequency.push_back(x);
    out.mean.push_back(x > 0 ? total / x : 0);
  }
  return out;
}

double spend(const SpendModel& model, double x, double mean) {
  double out = 0;
  expected_spend(model, {{&x, 1}, {&mean, 1}}, {&out, 1});
  return out;
}

}  // namespace

TEST_CASE("spend: the CDNOW repeat buyers give the maximum and errors of 30-digit arithmetic") {
  // Independent optimisation with mpmath; R and lifetimes print the same to their digits.
  const auto cdnow = test::cdnow_customers();
  if (!cdnow) return;
  const SpendModel model = fit_spend({cdnow->frequency, cdnow->spend});
  CHECK(model.end == FitEnd::certified);
  CHECK(model.customers == 946);
  CHECK(std::abs(model.log_likelihood + 4055.917694802) < 1e-8);
  CHECK(model.p == doctest::Approx(6.249572271).epsilon(1e-8));
  CHECK(model.q == doctest::Approx(3.744224667).epsilon(1e-8));
  CHECK(model.gamma == doctest::Approx(15.44352096).epsilon(1e-8));
  CHECK(std::sqrt(model.covariance[0]) == doctest::Approx(1.1900553).epsilon(1e-6));
  CHECK(std::sqrt(model.covariance[2]) == doctest::Approx(.29013306).epsilon(1e-6));
  CHECK(std::sqrt(model.covariance[5]) == doctest::Approx(4.1594227).epsilon(1e-6));
  CHECK(spend(model, 1, 50) == doctest::Approx(45.475123).epsilon(1e-7));
  CHECK(spend(model, 5, 100) == doctest::Approx(94.766222).epsilon(1e-7));
  CHECK(spend(model, 10, 20) == doctest::Approx(20.638120).epsilon(1e-7));
  std::vector<double> each(cdnow->spend.size());
  expected_spend(model, {cdnow->frequency, cdnow->spend}, each);
  const double first[] = {24.6539, 18.9100, 35.1704, 35.1704, 35.1704, 71.4647, 18.9100, 35.1704, 27.2819, 35.1704};
  for (std::size_t i = 0; i < 10; ++i) CHECK(std::abs(each[i] - first[i]) < 1e-4);
  CHECK(population_spend(model) == each[2]);
}

TEST_CASE("spend: the value of the CDNOW sample") {
  // CLVTools' figure, from the maxima themselves.
  const auto cdnow = test::cdnow_customers();
  if (!cdnow) return;
  const LifetimeModel model = fit_lifetime(cdnow->view(), {.kind = LifetimeKind::pareto_nbd});
  std::vector<double> purchases(cdnow->spend.size()), each(purchases), value(purchases);
  discounted_purchases(model, cdnow->view(), std::log(1.15) / 52, std::numeric_limits<double>::infinity(), purchases);
  expected_spend(fit_spend({cdnow->frequency, cdnow->spend}), {cdnow->frequency, cdnow->spend}, each);
  customer_value(purchases, each, 1, value);
  CHECK(std::abs(std::accumulate(value.begin(), value.end(), 0.0) - 261'531.671) < 5e-3);
}

TEST_CASE("spend: parameters are found again, in any unit, order and number of threads") {
  const Drawn rows = drawn(6, 4, 15, 20'000, 3);
  const SpendModel model = fit_spend(rows.view());
  CHECK(model.end == FitEnd::certified);
  CHECK(std::abs(model.p - 6) < 4 * std::sqrt(model.covariance[0]));
  CHECK(std::abs(model.q - 4) < 4 * std::sqrt(model.covariance[2]));
  CHECK(std::abs(model.gamma - 15) < 4 * std::sqrt(model.covariance[5]));
  Drawn turned = rows;
  std::reverse(turned.frequency.begin(), turned.frequency.end());
  std::reverse(turned.mean.begin(), turned.mean.end());
  CHECK(save(fit_spend(turned.view(), {}, {thread_executor(3), {}})) == save(model));
  for (double& mean : turned.mean) mean *= 1e6;
  const SpendModel micros = fit_spend(turned.view());
  CHECK(micros.p == doctest::Approx(model.p).epsilon(1e-6));
  CHECK(micros.gamma == doctest::Approx(1e6 * model.gamma).epsilon(1e-6));
  std::vector<double> values(rows.mean.size());
  log_likelihoods(model, rows.view(), values);
  CHECK(std::accumulate(values.begin(), values.end(), 0.0) == doctest::Approx(model.log_likelihood).epsilon(1e-12));
}

TEST_CASE("spend: infinite means are errors with the row") {
  const SpendModel model = spend_of(.2, .5, 10);
  CHECK(spend(model, 3, 10) == doctest::Approx(.2 * 40 / .1));
  try {
    spend(model, 2, 10);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.first().row == 0);
  }
  CHECK_THROWS_AS(population_spend(model), Error);
}

TEST_CASE("spend: who buys more often and spends more is told") {
  const std::vector<double> x{1, 2, 3, 0, 4}, up{10, 20, 30, 0, 40}, down{4, 3, 2, 0, 1}, flat{5, 5, 5, 0, 5};
  CHECK(frequency_spend_correlation({x, up}) == doctest::Approx(1));
  CHECK(frequency_spend_correlation({x, down}) == doctest::Approx(-1));
  CHECK(std::isnan(frequency_spend_correlation({x, flat})));
}

TEST_CASE("spend: rows that do not vary have no estimate, and wrong ones are refused") {
  const std::vector<double> x(50, 2.0), same(50, 10.0), bad{1, -2}, one{1, 1};
  CHECK(fit_spend({x, same}).end != FitEnd::certified);
  for (const double wrong : {-2.0, 0.0, std::nan(""), 1e200}) {
    const std::vector<double> mean{1, wrong};
    try {
      fit_spend({one, mean});
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.first().field == "mean");
      CHECK(error.first().row == 1);
    }
  }
  CHECK_THROWS_AS(fit_spend({bad, one}), Error);
  CHECK_THROWS_AS(fit_spend({}), Error);
  CHECK_THROWS_AS(spend_of(0, 1, 1), Error);
}

TEST_CASE("spend: a model is what was saved; damage is refused") {
  SpendModel model = fit_spend(drawn(6, 4, 15, 300, 3).view());
  model.data_version = "feed 3";
  const std::string bytes = save(model);
  CHECK(load_spend(bytes) == model);
  for (std::size_t i = 0; i < bytes.size(); i += 7) {
    std::string bad = bytes;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    CHECK_THROWS_AS(load_spend(bad), Error);
    CHECK_THROWS_AS(load_spend(bytes.substr(0, i)), Error);
  }
}
