#include "emptor/mine/lifetime.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "support/cdnow.hpp"
#include "support/same_bits.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

/// One customer.
struct One {
  std::vector<double> x, tx, age;
  One(double frequency, double recency, double now) : x{frequency}, tx{recency}, age{now} {}
  operator Purchases() const { return {x, tx, age}; }
};

LifetimeModel bg(double r, double alpha, double a, double b) {
  return lifetime_of(LifetimeKind::bg_nbd, std::vector<double>{r, alpha, a, b});
}
LifetimeModel mbg(double r, double alpha, double a, double b) {
  return lifetime_of(LifetimeKind::mbg_nbd, std::vector<double>{r, alpha, a, b});
}
LifetimeModel pareto(double r, double alpha, double s, double beta) {
  return lifetime_of(LifetimeKind::pareto_nbd, std::vector<double>{r, alpha, s, beta});
}

double next(const LifetimeModel& model, const Purchases& one, double until, double from = 0) {
  double out = 0;
  expected_purchases(model, one, from, until, {&out, 1});
  return out;
}
double alive(const LifetimeModel& model, const Purchases& one, double ahead = 0) {
  double out = 0;
  chance_alive(model, one, ahead, {&out, 1});
  return out;
}
double log_likelihood(const LifetimeModel& model, const Purchases& one) {
  double out = 0;
  log_likelihoods(model, one, {&out, 1});
  return out;
}
double discounted(const LifetimeModel& model, const Purchases& one, double rate, double horizon) {
  double out = 0;
  discounted_purchases(model, one, rate, horizon, {&out, 1});
  return out;
}

bool near(double found, double expected, double within) {
  if (std::abs(found - expected) <= within * std::abs(expected)) return true;
  MESSAGE("found " << found << " expected " << expected);
  return false;
}

void check_fit(const LifetimeModel& model, double likelihood, std::initializer_list<double> estimates,
               std::initializer_list<double> errors) {
  CHECK(model.end == FitEnd::certified);
  CHECK(model.certificate < 1e-6);
  CHECK(std::abs(model.log_likelihood - likelihood) < 2e-8);
  const std::vector<LifetimeTerm> terms = terms_of(model);
  REQUIRE(terms.size() == estimates.size());
  std::size_t i = 0;
  for (const double estimate : estimates) CHECK(near(terms[i++].estimate, estimate, 1e-8));
  i = 0;
  for (const double error : errors) CHECK(near(terms[i++].standard_error, error, 1e-6));
}

DrawnPurchases drawn(const LifetimeModel& model, std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> ages(count);
  for (double& age : ages) age = std::floor(1 + 300 * random.uniform()) / 7;
  return simulate_lifetimes(model, ages, seed);
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

TEST_CASE("lifetime: the CDNOW sample gives the maxima and errors of 30-digit arithmetic") {
  // Independent optimisation with mpmath; BG/NBD and Pareto/NBD agree with CLVTools, lifetimes and the papers.
  const auto cdnow = test::cdnow_customers();
  if (!cdnow) return;
  REQUIRE(cdnow->frequency.size() == 2'357);
  CHECK(std::accumulate(cdnow->frequency.begin(), cdnow->frequency.end(), 0.0) == 2'457);
  const auto fit = [&](LifetimeKind kind) { return fit_lifetime(cdnow->view(), {.kind = kind}); };
  check_fit(fit(LifetimeKind::bg_nbd), -9582.429206674, {.2425945224, 4.413602019, .7929220172, 2.425906777},
            {.012557378, .37822406, .18573382, .70541426});
  check_fit(fit(LifetimeKind::mbg_nbd), -9582.135715554, {.5248431591, 6.183085280, .8913593907, 1.614002240},
            {.083268206, .69562064, .15478993, .53749480});
  check_fit(fit(LifetimeKind::pareto_nbd), -9594.976178940, {.5532770469, 10.57768346, .6062399891, 11.66873529},
            {.047627923, .84272251, .18728131, 6.2111125});
  check_fit(fit(LifetimeKind::nbd), -9763.657614673, {.3847661358, 12.07202285}, {.020985376, .80872318});
}

TEST_CASE("lifetime: the unit of time changes the likelihood by its logarithm times the purchases, nothing else") {
  const auto cdnow = test::cdnow_customers();
  if (!cdnow) return;
  std::vector<double> recency = cdnow->recency, age = cdnow->age;
  for (double& value : recency) value = std::round(value * 7);
  for (double& value : age) value = std::round(value * 7);
  const LifetimeModel model = fit_lifetime({cdnow->frequency, recency, age}, {});
  CHECK(std::abs(model.log_likelihood - (-9582.429206674 - 4781.1012)) < 1e-4);
  CHECK(near(model.parameters[1], 7 * 4.413602019, 1e-8));
  CHECK(near(model.parameters[2], .7929220172, 1e-7));
}

TEST_CASE("lifetime: the whole CDNOW sample 39 weeks ahead") {
  const auto cdnow = test::cdnow_customers();
  if (!cdnow) return;
  const std::size_t size = cdnow->frequency.size();
  // Sum, mean absolute error, root of the mean square, mean chance to be alive.
  const auto check = [&](LifetimeKind kind, double total, double absolute, double root, double chance) {
    const LifetimeModel model = fit_lifetime(cdnow->view(), {.kind = kind});
    std::vector<double> expected(size), chances(size);
    expected_purchases(model, cdnow->view(), 0, 39, expected);
    chance_alive(model, cdnow->view(), 0, chances);
    double sum = 0, off = 0, square = 0, alive = 0;
    for (std::size_t i = 0; i < size; ++i) {
      sum += expected[i];
      alive += chances[i];
      off += std::abs(expected[i] - cdnow->later[i]);
      square += std::pow(expected[i] - cdnow->later[i], 2);
    }
    CHECK(std::abs(sum - total) < 1e-4);
    CHECK(std::abs(off / static_cast<double>(size) - absolute) < 1e-6);
    CHECK(std::abs(std::sqrt(square / static_cast<double>(size)) - root) < 1e-6);
    CHECK(std::abs(alive / static_cast<double>(size) - chance) < 1e-7);
    return model;
  };
  CHECK(std::accumulate(cdnow->later.begin(), cdnow->later.end(), 0.0) == 1'882);
  check(LifetimeKind::bg_nbd, 1653.4087, .785454, 1.607982, .8134398);
  const LifetimeModel model = check(LifetimeKind::pareto_nbd, 1665.5131, .754523, 1.602848, .4462771);
  std::vector<double> value(size);
  discounted_purchases(model, cdnow->view(), std::log(1.15) / 52, std::numeric_limits<double>::infinity(), value);
  CHECK(std::abs(std::accumulate(value.begin(), value.end(), 0.0) - 7205.54809) < 1e-4);
}

TEST_CASE("lifetime: figures of BG/NBD at given parameters") {
  const LifetimeModel model = bg(.243, 4.414, .793, 2.426);
  CHECK(near(next(model, One(2, 30.43, 38.86), 39), 1.22602817476714, 1e-13));
  CHECK(near(alive(model, One(2, 30.43, 38.86)), .726578570, 1e-9));
  const double until[] = {.1429, 1, 3, 31.8571, 32, 78};
  const double repeats[] = {.00782835, .05326789, .15086523, 1.0419961, 1.0452433, 1.8605191};
  for (int i = 0; i < 6; ++i) CHECK(near(expected_repeats(model, until[i]), repeats[i], 1e-6));
  CHECK(near(repeat_chance(model, 2, 10), 1.07869e-7, 1e-5));
  CHECK(near(repeat_chance(model, 39, 0), .5737864, 1e-7));
  const LifetimeModel best = bg(.2425945224, 4.413602019, .7929220172, 2.425906777);
  CHECK(near(expected_repeats(best, 78), 1.8579584, 1e-7));
  CHECK(near(alive(best, One(2, 213.0 / 7, 272.0 / 7)), .726620312, 1e-9));
}

TEST_CASE("lifetime: figures of Pareto/NBD at given parameters") {
  const LifetimeModel model = pareto(.5534, 10.5802, .6061, 11.6562);
  CHECK(near(next(model, One(26, 30.86, 31), 52), 25.4549135114997, 1e-13));
  CHECK(near(alive(model, One(26, 30.86, 31)), .997917766551907, 1e-13));
  CHECK(near(alive(model, One(0, 0, 39)), .294142240, 1e-8));
  CHECK(near(expected_repeats(model, 1), .0510045340, 1e-8));
  CHECK(near(expected_repeats(model, 2), .0996208810, 1e-8));
  CHECK(near(expected_repeats(model, 3), .1461242722, 1e-8));
}

TEST_CASE("lifetime: values at which other tools give NaN, infinity or nonsense") {
  // Truths by 30 to 80 digits.
  CHECK(near(next(bg(.11, 2.24, .31, .5), One(0, 0, 1), 30), .564588615532785, 1e-13));             // a + b < 1
  CHECK(near(next(bg(.243, 4.414, 1, 2.426), One(2, 30.43, 38.86), 39), 1.10213678603996, 1e-13));  // a = 1
  CHECK(near(next(pareto(.55, 10, 1, 11), One(5, 30, 31), 52), 4.46356252311699, 1e-13));           // s = 1
  CHECK(near(alive(pareto(.55, 10, 1, 11), One(5, 30, 31)), .974518712154911, 1e-13));
  const LifetimeModel heavy = pareto(.5143, 2.8845, .2856, 14.1087);
  CHECK(near(alive(heavy, One(221, 103.42857, 103.57143)), .999596052317938, 1e-12));
  CHECK(near(alive(heavy, One(161, 94.71429, 98)), .749487752258105, 1e-12));
  double out = 0;
  log_alive(pareto(.55, 10.58, .61, 11.67), One(10'000, 1, 1'000), {&out, 1});
  CHECK(out / std::log(10.0) < -19'000);
  CHECK(out / std::log(10.0) > -20'000);
  // Huge a and b: who leaves with a chance of a / (a + b) = 1e-9 a purchase has all but the likelihood of NBD.
  const One row(3, 20, 30);
  const LifetimeModel plain = lifetime_of(LifetimeKind::nbd, std::vector<double>{.5, 10});
  CHECK(std::abs(log_likelihood(bg(.5, 10, 1, 1e9), row) - log_likelihood(plain, row)) < 1e-6);
  CHECK(near(log_likelihood(bg(.5, 10, 1e9, 1e9), row),
             log_likelihood(plain, row) + 3 * std::log(.5) + std::log1p(std::pow(40.0 / 30, 3.5)), 1e-6));
}

TEST_CASE("lifetime: forecasts are sums of themselves, and limits of one another") {
  const One row(4, 25, 40);
  for (const LifetimeModel& model : {bg(.4, 6, .7, 1.5), mbg(.4, 6, .7, 1.5), pareto(.6, 9, .8, 15)}) {
    CAPTURE(name_of(model.options.kind));
    CHECK(near(next(model, row, 10) + next(model, row, 50, 10), next(model, row, 50), 1e-12));
    CHECK(near(next(model, row, 10 + 1e-6, 10) / 1e-6, next(model, row, 10 + 1e-5, 10) / 1e-5, 1e-5));
    CHECK(near(discounted(model, row, 0, 30), next(model, row, 30), 1e-12));
    CHECK(near(discounted(model, row, 1e-12, 30), next(model, row, 30), 1e-9));
    CHECK(alive(model, row, 10) < alive(model, row));
    double sum = 0, mean = 0;
    for (std::uint64_t n = 0; n < 400; ++n) {
      sum += repeat_chance(model, 20, n);
      mean += static_cast<double>(n) * repeat_chance(model, 20, n);
    }
    CHECK(std::abs(sum - 1) < 1e-9);
    CHECK(near(mean, expected_repeats(model, 20), 1e-7));
    // What is discounted week by week, by the sum of 3,000 forecasts.
    double discrete = 0;
    for (int week = 0; week < 3'000; ++week) {
      discrete += std::exp(-.01 * (week + .5)) * next(model, row, week + 1, week);
    }
    CHECK(near(discounted(model, row, .01, std::numeric_limits<double>::infinity()), discrete, 3e-5));
  }
}

TEST_CASE("lifetime: infinite means are errors") {
  const double endless = std::numeric_limits<double>::infinity();
  const One row(2, 5, 9);
  CHECK(code_of([&] { discounted(bg(.4, 6, .7, 1.5), row, 0, endless); }) == Code::invalid);
  CHECK(code_of([&] { discounted(pareto(.4, 6, 1, 15), row, 0, endless); }) == Code::invalid);
  CHECK(near(discounted(pareto(.4, 6, 1.5, 15), row, 0, endless), discounted(pareto(.4, 6, 1.5, 15), row, 0, 1e12),
             1e-4));
  CHECK(near(discounted(bg(.4, 6, 2, 1.5), row, 0, endless), next(bg(.4, 6, 2, 1.5), row, 1e9), 1e-5));
}

TEST_CASE("lifetime: threads, order of rows, merged rows and kind of vector do not change a bit") {
  for (const LifetimeKind kind :
       {LifetimeKind::nbd, LifetimeKind::bg_nbd, LifetimeKind::mbg_nbd, LifetimeKind::pareto_nbd}) {
    const DrawnPurchases rows = drawn(pareto(.6, 9, .8, 15), 70'000, 3);
    const std::string expected = save(fit_lifetime(rows.view(), {.kind = kind}));
    for (const std::size_t threads : {2, 5}) {
      CHECK(save(fit_lifetime(rows.view(), {.kind = kind}, {thread_executor(threads), {}})) == expected);
    }
    DrawnPurchases turned = rows;
    for (auto* list : {&turned.frequency, &turned.recency, &turned.age}) std::reverse(list->begin(), list->end());
    CHECK(save(fit_lifetime(turned.view(), {.kind = kind})) == expected);
    std::vector<double> weights(rows.frequency.size(), 2);
    DrawnPurchases twice = rows;
    for (auto* list : {&twice.frequency, &twice.recency, &twice.age})
      list->insert(list->end(), list->begin(), list->begin() + 70'000);
    CHECK(save(fit_lifetime(twice.view(), {.kind = kind})) ==
          save(fit_lifetime({rows.frequency, rows.recency, rows.age, weights}, {.kind = kind})));
    std::vector<double> plain(rows.frequency.size()), other(plain.size());
    const LifetimeModel model = load_lifetime(expected);
    expected_purchases(model, rows.view(), 0, 20, plain);
    test::on_every_target([&](const char* name) {
      CAPTURE(name);
      CHECK(save(fit_lifetime(rows.view(), {.kind = kind})) == expected);
      expected_purchases(model, rows.view(), 0, 20, other);
      CHECK(other == plain);
    });
    const Purchases part{std::span(rows.frequency).subspan(7, 11), std::span(rows.recency).subspan(7, 11),
                         std::span(rows.age).subspan(7, 11)};
    std::vector<double> few(11);
    expected_purchases(model, part, 0, 20, few);
    for (std::size_t i = 0; i < 11; ++i) CHECK(few[i] == plain[7 + i]);
  }
}

TEST_CASE("lifetime: the likelihood of a tile is that of its rows, and its slope that of differences") {
  const DrawnPurchases rows = drawn(pareto(.6, 9, .8, 15), 400, 5);
  for (const LifetimeKind kind :
       {LifetimeKind::nbd, LifetimeKind::bg_nbd, LifetimeKind::mbg_nbd, LifetimeKind::pareto_nbd}) {
    const LifetimeModel model = fit_lifetime(rows.view(), {.kind = kind});
    std::vector<double> values(400);
    log_likelihoods(model, rows.view(), values);
    const double best = std::accumulate(values.begin(), values.end(), 0.0);
    CHECK(near(best, model.log_likelihood, 1e-12));
    for (std::size_t i = 0; i < model.parameters.size(); ++i) {  // no step to either side is better
      for (const double factor : {.99, 1.01}) {
        LifetimeModel beside = model;
        beside.parameters[i] *= factor;
        log_likelihoods(beside, rows.view(), values);
        CHECK(std::accumulate(values.begin(), values.end(), 0.0) < best);
      }
    }
  }
}

TEST_CASE("lifetime: parameters are found again from customers drawn by them") {
  for (const LifetimeModel& model : {bg(.4, 6, .7, 1.5), mbg(.4, 6, .7, 1.5), pareto(.6, 9, .8, 15),
                                     lifetime_of(LifetimeKind::nbd, std::vector<double>{.6, 9})}) {
    const LifetimeModel found = fit_lifetime(drawn(model, 60'000, 11).view(), {.kind = model.options.kind});
    CHECK(found.end == FitEnd::certified);
    const std::vector<LifetimeTerm> terms = terms_of(found);
    for (std::size_t i = 0; i < terms.size(); ++i) {
      CHECK(std::abs(terms[i].estimate - model.parameters[i]) < 4 * terms[i].standard_error);
    }
  }
}

TEST_CASE("lifetime: too few data and boundaries are told, not hidden") {
  const DrawnPurchases few = drawn(pareto(.6, 9, .8, 15), 12, 2);
  CHECK(fit_lifetime(few.view(), {.kind = LifetimeKind::pareto_nbd}).end != FitEnd::certified);
  // Nobody leaves in rows of NBD: b grows without end, or a vanishes.
  const DrawnPurchases stay = drawn(lifetime_of(LifetimeKind::nbd, std::vector<double>{2, 5}), 5'000, 4);
  const LifetimeModel model = fit_lifetime(stay.view(), {.kind = LifetimeKind::bg_nbd});
  CAPTURE(name_of(model.end));
  CHECK((model.end == FitEnd::boundary || model.end == FitEnd::unidentified || model.end == FitEnd::vague));
}

TEST_CASE("lifetime: small absurd sets end with a reason, not with the limit of rounds") {
  std::size_t fits = 0, boundaries = 0;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    Random random(seed);
    DrawnPurchases rows;
    for (std::size_t left = 2 + random.below(12); left > 0; --left) {
      const double age = std::floor(1 + 60 * random.uniform()), x = static_cast<double>(random.below(5));
      rows.age.push_back(age);
      rows.frequency.push_back(x);
      rows.recency.push_back(x > 0 ? std::max(1.0, std::floor(age * random.uniform())) : 0);
    }
    if (std::all_of(rows.frequency.begin(), rows.frequency.end(), [](double x) { return x == 0; })) continue;
    const LifetimeModel model = fit_lifetime(rows.view(), {.kind = LifetimeKind::pareto_nbd});
    CAPTURE(seed);
    CHECK(model.end != FitEnd::rounds);
    ++fits;
    boundaries += model.end == FitEnd::boundary ? 1 : 0;
  }
  CHECK(fits > 550);
  CHECK(boundaries > 100);
  // Where the limit is what ends a fit, that is what is told.
  const DrawnPurchases many = drawn(pareto(.6, 9, .8, 15), 2'000, 2);
  CHECK(fit_lifetime(many.view(), {.kind = LifetimeKind::pareto_nbd, .rounds = 2}).end == FitEnd::rounds);
}

TEST_CASE("lifetime: a model is what was saved; damage is refused") {
  LifetimeModel model = fit_lifetime(drawn(bg(.4, 6, .7, 1.5), 500, 3).view());
  model.data_version = "feed 3";
  const std::string bytes = save(model);
  CHECK(load_lifetime(bytes) == model);
  for (std::size_t i = 0; i < bytes.size(); i += 7) {
    std::string bad = bytes;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    CHECK_THROWS_AS(load_lifetime(bad), Error);
    CHECK_THROWS_AS(load_lifetime(bytes.substr(0, i)), Error);
  }
}

TEST_CASE("lifetime: wrong input is refused by field and row") {
  const auto refused = [](std::vector<double> x, std::vector<double> tx, std::vector<double> age,
                          std::vector<double> weights = {}) {
    try {
      fit_lifetime({x, tx, age, weights});
    } catch (const Error& error) {
      CHECK(error.code() == Code::invalid);
      return error.first().field + " " + std::to_string(error.first().row.value_or(-1));
    }
    return std::string("taken");
  };
  const double nan = std::nan(""), infinite = std::numeric_limits<double>::infinity();
  CHECK(refused({1, 2}, {1, 3}, {5, 6}) != "frequency 0");
  CHECK(refused({1, 1.5}, {1, 3}, {5, 6}) == "frequency 1");
  CHECK(refused({1, -1}, {1, 3}, {5, 6}) == "frequency 1");
  CHECK(refused({nan, 1}, {1, 3}, {5, 6}) == "frequency 0");
  CHECK(refused({1, 1}, {1, 7}, {5, 6}) == "recency 1");
  CHECK(refused({1, 0}, {1, 3}, {5, 6}) == "recency 1");
  CHECK(refused({1, 1}, {1, nan}, {5, 6}) == "recency 1");
  CHECK(refused({1, 1}, {0, 3}, {5, 6}) == "recency 0");
  CHECK(refused({1, 1}, {1, 3}, {5, infinite}) == "age 1");
  CHECK(refused({1, 1}, {1, 3}, {5, -6}) == "age 1");
  CHECK(refused({1, 1}, {1, 3}, {5, 6}, {1, -1}) == "weights 1");
  CHECK(refused({1, 1}, {1, 3}, {5, 6}, {1}) == "weights -1");
  CHECK(refused({1, 1}, {1}, {5, 6}) == "recency -1");
  CHECK(refused({}, {}, {}) == "frequency -1");
  CHECK(refused({0, 0}, {0, 0}, {5, 6}) == "frequency -1");
  const One row(2, 5, 9);
  double out = 0;
  CHECK(code_of([&] { next(bg(.4, 6, .7, 1.5), row, 1, 2); }) == Code::invalid);
  CHECK(code_of([&] { next(bg(.4, 6, .7, 1.5), row, nan); }) == Code::invalid);
  CHECK(code_of([&] { bg(-1, 6, .7, 1.5); }) == Code::invalid);
  CHECK(code_of([&] { log_alive(bg(.4, 6, .7, 1.5), row, {&out, 0}); }) == Code::misuse);
}

TEST_CASE("lifetime: the host is asked, and stops the fit") {
  const DrawnPurchases rows = drawn(bg(.4, 6, .7, 1.5), 20'000, 3);
  CHECK(code_of([&] {
          fit_lifetime(rows.view(), {}, {serial_executor(), [](auto, auto, auto) { return false; }});
        }) == Code::cancelled);
}
