#include "emptor/mine/lifetime_covariates.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "support/cdnow.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

constexpr LifetimeKind leaving_kinds[] = {LifetimeKind::bg_nbd, LifetimeKind::mbg_nbd, LifetimeKind::pareto_nbd};

/// Customers with a mark (0 or 1) and a number, drawn from a model whose rate goes by both, and leaving by the mark.
struct Shop {
  std::vector<double> frequency, recency, age, rate, mark;
  CovariateRows rows() const {
    return {{frequency, recency, age}, {rate.data(), age.size(), 2, 2, 1}, {mark.data(), age.size(), 1, 1, 1}};
  }
};

std::vector<double> truth_of(LifetimeKind kind) {
  if (kind == LifetimeKind::pareto_nbd) return {.6, 9, .8, 15, .5, .3, -.6};
  return {.5, 6, .8, 1.6, .5, .3, -.6};
}

Shop drawn(const CovariateLifetimeModel& model, std::size_t count, std::uint64_t seed) {
  Random random(seed);
  Shop out;
  for (std::size_t i = 0; i < count; ++i) {
    const double mark = static_cast<double>(random.below(2)), number = static_cast<double>(random.below(7)) - 3;
    const double both[] = {mark, number}, age[] = {std::floor(30 + 300 * random.uniform()) / 7};
    const DrawnPurchases one =
        simulate_lifetimes(lifetime_of(model, both, std::span(both).first(1)), age, hash_of(seed, i));
    out.frequency.push_back(one.frequency[0]);
    out.recency.push_back(one.recency[0]);
    out.age.push_back(age[0]);
    out.rate.insert(out.rate.end(), {mark, number});
    out.mark.push_back(mark);
  }
  return out;
}

Shop shop_of(LifetimeKind kind, std::size_t count, std::uint64_t seed) {
  return drawn(covariate_lifetime_of(kind, 2, 1, truth_of(kind)), count, seed);
}

double total(const CovariateLifetimeModel& model, const std::vector<double>& parameters, const CovariateRows& rows) {
  std::vector<double> each(rows.purchases.size());
  log_likelihoods(covariate_lifetime_of(model.options.kind, model.rate, model.leaving, parameters), rows, each);
  return std::accumulate(each.begin(), each.end(), 0.0);
}

Code code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return Code::ok;
}

}  // namespace

TEST_CASE("lifetime covariates: what made the customers is found again, and told to matter") {
  for (const LifetimeKind kind : leaving_kinds) {
    CAPTURE(name_of(kind));
    const Shop shop = shop_of(kind, 12'000, 7);
    const CovariateLifetimeModel model = fit_covariate_lifetime(shop.rows(), {.kind = kind});
    CHECK(model.end == FitEnd::certified);
    CHECK(model.certificate < 1e-6);
    CHECK(model.groups == 14);
    CHECK(covariates_p_value(model) < 1e-10);
    const std::vector<LifetimeTerm> terms = terms_of(model, .9);
    REQUIRE(terms.size() == 7);
    CHECK(terms[4].name == "rate 1");
    CHECK(terms[6].name == "leaving 1");
    for (std::size_t i = 0; i < terms.size(); ++i)
      CHECK(std::abs(terms[i].estimate - truth_of(kind)[i]) < 4 * terms[i].standard_error);
  }
}

TEST_CASE("lifetime covariates: errors are those of second differences of the likelihood, and no step aside is better") {
  for (const LifetimeKind kind : leaving_kinds) {
    CAPTURE(name_of(kind));
    const Shop shop = shop_of(kind, 1'500, 11);
    const CovariateRows rows = shop.rows();
    const CovariateLifetimeModel model = fit_covariate_lifetime(rows, {.kind = kind});
    const std::size_t n = model.parameters.size();
    const double best = total(model, model.parameters, rows);
    CHECK(std::abs(best - model.log_likelihood) < 1e-8);
    const auto stepped = [&](std::size_t i, double by, std::size_t j, double also) {
      std::vector<double> beside = model.parameters;
      const std::vector<LifetimeTerm> terms = terms_of(model);
      beside[i] += by * terms[i].standard_error;
      beside[j] += also * terms[j].standard_error;
      return total(model, beside, rows);
    };
    std::vector<double> against(n * n), errors;
    for (const LifetimeTerm& term : terms_of(model)) errors.push_back(term.standard_error);
    constexpr double h = 2e-3;
    for (std::size_t i = 0; i < n; ++i) {
      CHECK(stepped(i, h, i, 0) < best);
      CHECK(stepped(i, -h, i, 0) < best);
      for (std::size_t j = 0; j < n; ++j) {
        const double second =
            (stepped(i, h, j, h) - stepped(i, h, j, -h) - stepped(i, -h, j, h) + stepped(i, -h, j, -h)) / (4 * h * h);
        against[i * n + j] = -second / (errors[i] * errors[j]);
      }
    }
    // The negative second derivatives times the covariance are the identity.
    const auto covariance = [&](std::size_t i, std::size_t j) {
      return model.covariance[std::max(i, j) * (std::max(i, j) + 1) / 2 + std::min(i, j)];
    };
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        double sum = 0;
        for (std::size_t k = 0; k < n; ++k) sum += against[i * n + k] * covariance(k, j);
        CHECK(std::abs(sum * errors[i] / errors[j] - (i == j ? 1 : 0)) < 2e-2);
      }
    }
  }
}

TEST_CASE("lifetime covariates: a model with covariates never fits worse than the one within it") {
  std::size_t fits = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    for (const LifetimeKind kind : leaving_kinds) {
      Random random(seed);
      Shop shop = shop_of(kind, 20 + random.below(400), seed);
      for (double& value : shop.rate) value = std::floor(3 * random.uniform());  // noise
      if (std::all_of(shop.frequency.begin(), shop.frequency.end(), [](double x) { return x == 0; })) continue;
      const CovariateLifetimeModel model = fit_covariate_lifetime(shop.rows(), {.kind = kind});
      CAPTURE(seed);
      CHECK(model.log_likelihood >= model.plain_log_likelihood - 1e-6);
      ++fits;
    }
  }
  CHECK(fits > 100);
  const auto cdnow = test::cdnow_customers();
  if (!cdnow) return;
  std::vector<double> week(cdnow->age);  // of the first purchase: the cohort
  for (double& value : week) value = std::floor(value);
  for (const LifetimeKind kind : leaving_kinds) {
    const NumberView column(week.data(), week.size(), 1, 1, 1);
    const CovariateLifetimeModel model = fit_covariate_lifetime({cdnow->view(), column, column}, {.kind = kind});
    CHECK(model.log_likelihood >= model.plain_log_likelihood - 1e-6);
    CHECK(model.certificate < 1e-6);
  }
}

TEST_CASE("lifetime covariates: without effect on a row they are the plain model, and forecasts are those of its group") {
  const Shop shop = shop_of(LifetimeKind::pareto_nbd, 600, 3);
  const CovariateRows rows = shop.rows();
  const CovariateLifetimeModel model = fit_covariate_lifetime(rows, {.kind = LifetimeKind::pareto_nbd});
  std::vector<double> alive(600), next(600), worth(600), later(600), log_there(600);
  chance_alive(model, rows, 5, alive);
  log_alive(model, rows, log_there);
  expected_purchases(model, rows, 2, 39, next);
  discounted_purchases(model, rows, .002, 104, worth);
  for (std::size_t i = 0; i < 600; i += 7) {
    const LifetimeModel own = lifetime_of(model, std::span(shop.rate).subspan(2 * i, 2), std::span(shop.mark).subspan(i, 1));
    // By the definition: alpha exp(-g'z), beta exp(-d'w).
    const double z = model.parameters[4] * shop.rate[2 * i] + model.parameters[5] * shop.rate[2 * i + 1];
    CHECK(own.parameters[1] == doctest::Approx(model.parameters[1] * std::exp(-z)).epsilon(1e-13));
    CHECK(own.parameters[3] ==
          doctest::Approx(model.parameters[3] * std::exp(-model.parameters[6] * shop.mark[i])).epsilon(1e-13));
    const Purchases row{{&shop.frequency[i], 1}, {&shop.recency[i], 1}, {&shop.age[i], 1}};
    double one = 0;
    chance_alive(own, row, 5, {&one, 1});
    CHECK(one == alive[i]);
    log_alive(own, row, {&one, 1});
    CHECK(one == log_there[i]);
    expected_purchases(own, row, 2, 39, {&one, 1});
    CHECK(one == next[i]);
    discounted_purchases(own, row, .002, 104, {&one, 1});
    CHECK(one == worth[i]);
  }
  CovariateRows none = rows;
  none.rate = none.leaving = {};
  const CovariateLifetimeModel plain = fit_covariate_lifetime(none, {.kind = LifetimeKind::pareto_nbd});
  CHECK(plain.log_likelihood == doctest::Approx(plain.plain_log_likelihood).epsilon(1e-11));
  CHECK(covariates_p_value(plain) == 1);
}

TEST_CASE("lifetime covariates: the unit of a covariate, and where it begins, change its coefficient and nothing else") {
  Shop shop = shop_of(LifetimeKind::pareto_nbd, 1'000, 5);
  const CovariateLifetimeModel model = fit_covariate_lifetime(shop.rows(), {.kind = LifetimeKind::pareto_nbd});
  for (std::size_t i = 0; i < 1'000; ++i) shop.rate[2 * i + 1] = 1'960 + 10 * shop.rate[2 * i + 1];
  const CovariateLifetimeModel moved = fit_covariate_lifetime(shop.rows(), {.kind = LifetimeKind::pareto_nbd});
  CHECK(moved.log_likelihood == doctest::Approx(model.log_likelihood).epsilon(1e-13));
  CHECK(moved.parameters[5] * 10 == doctest::Approx(model.parameters[5]).epsilon(1e-7));
  CHECK(terms_of(moved)[5].standard_error * 10 == doctest::Approx(terms_of(model)[5].standard_error).epsilon(1e-6));
  CHECK(moved.parameters[0] == doctest::Approx(model.parameters[0]).epsilon(1e-7));
}

TEST_CASE("lifetime covariates: threads, order of rows and weights do not change a bit") {
  for (const LifetimeKind kind : leaving_kinds) {
    Shop shop = shop_of(kind, 3'000, 9);
    for (std::size_t i = 0; i < 3'000; ++i) shop.rate[2 * i + 1] += static_cast<double>(i % 97) / 97;  // many groups
    const std::string expected = save(fit_covariate_lifetime(shop.rows(), {.kind = kind}));
    CHECK(save(load_covariate_lifetime(expected)) == expected);
    for (const std::size_t threads : {2, 5})
      CHECK(save(fit_covariate_lifetime(shop.rows(), {.kind = kind}, {thread_executor(threads), {}})) == expected);
    Shop turned = shop;
    for (auto* list : {&turned.frequency, &turned.recency, &turned.age, &turned.mark})
      std::reverse(list->begin(), list->end());
    for (std::size_t i = 0; i < 3'000; ++i)
      std::copy_n(shop.rate.begin() + static_cast<std::ptrdiff_t>(2 * i), 2,
                  turned.rate.begin() + static_cast<std::ptrdiff_t>(2 * (2'999 - i)));
    CHECK(save(fit_covariate_lifetime(turned.rows(), {.kind = kind})) == expected);
  }
}

TEST_CASE("lifetime covariates: wrong input is refused by field") {
  const Shop shop = shop_of(LifetimeKind::bg_nbd, 200, 2);
  const auto refused = [&](const CovariateRows& rows, LifetimeKind kind = LifetimeKind::bg_nbd) {
    try {
      fit_covariate_lifetime(rows, {.kind = kind});
    } catch (const Error& error) {
      CHECK(error.code() == Code::invalid);
      return error.first().field + " " + std::to_string(error.first().row.value_or(-1));
    }
    return std::string("taken");
  };
  const std::vector<double> same(200, 3.0);
  std::vector<double> broken = shop.mark;
  broken[17] = std::nan("");
  CovariateRows rows = shop.rows();
  CHECK(refused(rows, LifetimeKind::nbd) == "leaving -1");
  rows.leaving = {same.data(), 200, 1, 1, 1};
  CHECK(refused(rows) == "leaving -1");
  rows.leaving = {broken.data(), 200, 1, 1, 1};
  CHECK(refused(rows) == "leaving 17");
  rows.leaving = {shop.mark.data(), 199, 1, 1, 1};
  CHECK(refused(rows) == "leaving -1");
  const CovariateLifetimeModel model = fit_covariate_lifetime(shop.rows());
  std::vector<double> out(200);
  rows = shop.rows();
  rows.rate = rows.leaving;
  CHECK(code_of([&] { expected_purchases(model, rows, 0, 5, out); }) == Code::invalid);
  CHECK(code_of([&] { expected_purchases(model, shop.rows(), 0, 5, std::span(out).first(9)); }) == Code::misuse);
  const double far[] = {0, 1e6};
  CHECK(code_of([&] { lifetime_of(model, far, std::span(far).first(1)); }) == Code::invalid);
  const std::string bytes = save(model);
  for (std::size_t i = 0; i < bytes.size(); i += 11) {
    std::string bad = bytes;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    CHECK_THROWS_AS(load_covariate_lifetime(bad), Error);
  }
}
