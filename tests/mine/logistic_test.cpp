#include "emptor/mine/logistic.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/elementary.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/logistic_rounds.hpp"
#include "support/made_numbers.hpp"
#include "support/same_bits.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::MadeNumbers;
using emptor::test::OwnedRows;

namespace {

NumberView view_of(const std::vector<double>& x, std::size_t columns) {
  return NumberView(x.data(), x.size() / columns, columns, columns, 1);
}
TrainingRows made_rows(const MadeNumbers& made) { return {view_of(made.x, 3), made.y, {}, {}}; }

void check_near(const std::vector<double>& found, std::initializer_list<double> expected, double within = 1e-9) {
  REQUIRE(found.size() == expected.size());
  std::size_t i = 0;
  for (const double value : expected) CHECK(std::abs(found[i++] - value) < within);
}

/// Rows whose classes follow a logistic law.
OwnedRows drawn(std::size_t count, std::size_t columns, std::size_t classes, std::uint64_t seed, bool weighted) {
  Random random(seed);
  OwnedRows rows{columns, {}, {}, {}, {}};
  for (std::size_t r = 0; r < count; ++r) {
    double sum = 0.3;
    for (std::size_t c = 0; c < columns; ++c) {
      rows.x.push_back(random.normal() * static_cast<double>(1 + c % 3) + static_cast<double>(c));
      sum += (rows.x.back() - static_cast<double>(c)) * (c % 2 == 0 ? 0.7 : -0.4) / static_cast<double>(1 + c % 3);
    }
    const double place = sum + 2 * random.normal();
    rows.y.push_back(
        std::clamp(std::floor(place + static_cast<double>(classes) / 2), 0.0, static_cast<double>(classes - 1)));
    if (weighted) rows.weights.push_back(static_cast<double>(random.below(4)) / 2);
    rows.ids.push_back(1000 + 7 * r);
  }
  return rows;
}

Code code_of(const TrainingRows& rows, const LogisticOptions& options = {}) {
  try {
    fit_logistic(rows, options);
  } catch (const Error& error) {
    return error.code();
  }
  return Code::ok;
}

/// Gradient and second derivatives of two classes in plain doubles; solved by Gauss. The 30 lines that a fit must meet.
std::vector<double> plain_newton(const TrainingRows& rows, double ridge) {
  const std::size_t p = rows.x.columns() + 1;
  std::vector<double> beta(p, 0.0);
  for (int round = 0; round < 60; ++round) {
    std::vector<double> a(p * (p + 1), 0.0);
    const auto at = [&](std::size_t r, std::size_t c) { return c < p - 1 ? rows.x(r, c) : 1.0; };
    for (std::size_t r = 0; r < rows.x.rows(); ++r) {
      double sum = 0;
      for (std::size_t c = 0; c < p; ++c) sum += beta[c] * at(r, c);
      const double chance = 1 / (1 + std::exp(-sum)), weight = rows.weight(r);
      for (std::size_t i = 0; i < p; ++i) {
        for (std::size_t j = 0; j < p; ++j) a[i * (p + 1) + j] += weight * chance * (1 - chance) * at(r, i) * at(r, j);
        a[i * (p + 1) + p] += weight * (rows.y[r] - chance) * at(r, i);
      }
    }
    for (std::size_t c = 0; c + 1 < p; ++c) {
      a[c * (p + 1) + c] += ridge;
      a[c * (p + 1) + p] -= ridge * beta[c];
    }
    for (std::size_t i = 0; i < p; ++i) {
      for (std::size_t r = 0; r < p; ++r) {
        if (r == i) continue;
        const double factor = a[r * (p + 1) + i] / a[i * (p + 1) + i];
        for (std::size_t c = i; c <= p; ++c) a[r * (p + 1) + c] -= factor * a[i * (p + 1) + c];
      }
    }
    for (std::size_t i = 0; i < p; ++i) beta[i] += a[i * (p + 1) + p] / a[i * (p + 1) + i];
  }
  return beta;
}

}  // namespace

TEST_CASE("logistic: the maximum of the likelihood and its errors are those of scikit-learn and NumPy") {
  // scikit-learn 1.9.1, C = inf, newton-cholesky, tol 1e-14; errors and likelihood by NumPy 2.4.6.
  const MadeNumbers made;
  const LogisticModel model = fit_logistic(made_rows(made), {.ridge = 0, .features = {"a", "b", "c"}});
  CHECK(model.converged);
  CHECK(model.gradient < 1e-10);
  check_near(model.coefficients, {0.528644565606, -0.080520171185, 0.102009801877});
  check_near(model.intercepts, {-1.478451172947});
  CHECK(std::abs(model.log_likelihood + 56.503619108616085) < 1e-7);
  const double share = 34.0 / 90;
  CHECK(std::abs(model.null_log_likelihood - 90 * (share * std::log(share) + (1 - share) * std::log(1 - share))) <
        1e-9);
  const std::vector<LogisticTerm> terms = terms_of(model);
  REQUIRE(terms.size() == 4);
  CHECK(terms[0].name == "(intercept)");
  CHECK(std::abs(terms[0].standard_error - 0.765918055558) < 1e-9);
  CHECK(terms[1].name == "a");
  CHECK(std::abs(terms[1].standard_error - 0.236511045968) < 1e-9);
  CHECK(std::abs(terms[1].z - 0.528644565606 / 0.236511045968) < 1e-8);
  CHECK(std::abs(terms[1].p_value - std::erfc(terms[1].z / std::sqrt(2.0))) < 1e-13);
  CHECK(std::abs(terms[1].upper - (0.528644565606 + 1.959963984540054 * 0.236511045968)) < 1e-8);
}

TEST_CASE("logistic: ridge, weights, lasso and several classes give scikit-learn's coefficients") {
  const MadeNumbers made;
  const LogisticModel ridge = fit_logistic({view_of(made.x, 3), made.y, made.weights, {}}, {.ridge = 2});  // C = .5
  check_near(ridge.coefficients, {0.531316274938, -0.069535830956, 0.126580802696});
  check_near(ridge.intercepts, {-1.586789899248});
  const LogisticModel lasso = fit_logistic(made_rows(made), {.ridge = 0, .lasso = 3});  // saga, tol 1e-14
  check_near(lasso.coefficients, {0.376310225928, 0, 0}, 1e-7);
  CHECK(lasso.coefficients[1] == 0.0);
  check_near(lasso.intercepts, {-1.175810434924}, 1e-7);
  CHECK(lasso.covariance.empty());
  const LogisticModel several = fit_logistic({view_of(made.x, 3), made.y3, {}, {}}, {.ridge = 1});
  check_near(several.coefficients, {-0.310451813753, -0.138254044142, 0.008141910494, -0.049068397311, -0.288392430636,
                                    -0.080917705878, 0.359520211064, 0.426646474778, 0.072775795384});
  const std::vector<double> chances = predict(several, view_of(made.x, 3).slice(0, 2));
  check_near(chances, {0.561146316002, 0.234932645229, 0.203921038769, 0.397658920184, 0.443106328566, 0.159234751251});
}

TEST_CASE("logistic: without a ridge class 0 is the reference of several classes") {
  const MadeNumbers made;
  const LogisticModel model = fit_logistic({view_of(made.x, 3), made.y3, {}, {}}, {.ridge = 0});
  CHECK(model.converged);
  for (std::size_t i = 0; i < 4; ++i) CHECK(model.aliased[i] == 1);
  CHECK(std::count(model.aliased.begin(), model.aliased.end(), 1) == 4);
  CHECK(model.coefficients[0] == 0.0);
}

TEST_CASE("logistic: 10,000 random inputs meet Newton's method in plain doubles") {
  std::size_t compared = 0;
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    Random random(seed);
    const OwnedRows rows = drawn(20 + random.below(30), 1 + random.below(4), 2, seed, seed % 3 == 0);
    if (std::count(rows.y.begin(), rows.y.end(), 1.0) < 2) continue;
    const double ridge = seed % 2 == 0 ? 0.5 : 3;
    TrainingRows view = rows.view();
    double ones = 0, zeros = 0;
    for (std::size_t r = 0; r < rows.size(); ++r) (rows.y[r] == 1 ? ones : zeros) += view.weight(r);
    if (ones == 0 || zeros == 0) continue;
    const LogisticModel model = fit_logistic(view, {.ridge = ridge, .inference = false});
    const std::vector<double> expected = plain_newton(view, ridge);
    REQUIRE(model.converged);
    for (std::size_t c = 0; c < rows.columns; ++c) CHECK(std::abs(model.coefficients[c] - expected[c]) < 1e-6);
    CHECK(std::abs(model.intercepts[0] - expected.back()) < 1e-5);
    ++compared;
  }
  CHECK(compared > 9'500);
}

TEST_CASE("logistic: threads, order of rows, batches and kind of vector do not change a bit") {
  for (const std::size_t classes : {2, 4}) {
    // More rows than the sample, so that the start is part of what must not change; quick information for two classes.
    const OwnedRows rows = drawn(classes == 2 ? 34'000 : 1'000, classes == 2 ? 11 : 5, classes, 5, true);
    const std::string expected = save(fit_logistic(rows.view()));
    for (const std::size_t threads : {2, 3, 8}) {
      CHECK(save(fit_logistic(rows.view(), {}, {thread_executor(threads), {}})) == expected);
    }
    const OwnedRows mixed = permuted(rows, 9);
    CHECK(save(fit_logistic(mixed.view())) == expected);
    CHECK(save(fit_logistic(test::in_batches(mixed, 17, 4))) == expected);
    test::on_every_target([&](const char* name) {
      CAPTURE(name);
      CHECK(save(fit_logistic(rows.view())) == expected);
    });
  }
}

TEST_CASE("logistic: rows without ids, fewer than the sample takes, give one model in any order") {
  const auto without_ids = [](const OwnedRows& rows) {
    TrainingRows view = rows.view();
    view.ids = {};
    return save(fit_logistic(view));
  };
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const OwnedRows rows = drawn(150, 4, 2 + seed % 2, seed, true);
    CHECK(without_ids(permuted(rows, seed)) == without_ids(rows));
  }
}

TEST_CASE("logistic: 32-bit numbers and tables by column are taken as they lie") {
  const MadeNumbers made;  // quarters, which both types hold
  std::vector<float> by_column(made.x.size());
  for (std::size_t r = 0; r < made.rows; ++r) {
    for (std::size_t c = 0; c < 3; ++c) by_column[c * made.rows + r] = static_cast<float>(made.x[r * 3 + c]);
  }
  const TrainingRows rows{NumberView(by_column.data(), made.rows, 3, 1, made.rows), made.y, {}, {}};
  CHECK(fit_logistic(rows) == fit_logistic(made_rows(made)));
}

TEST_CASE("logistic: rounds on parts that were summed apart end as one fit") {
  const OwnedRows rows = drawn(500, 3, 2, 8, true);
  LogisticSurvey survey = survey_logistic(rows.view(0, 120));
  merge(survey, survey_logistic(rows.view(120, 380)));
  LogisticPlan plan(survey, {});
  while (!plan.done()) {
    LogisticSums sums = partial_logistic(rows.view(120, 380), plan);
    merge(sums, partial_logistic(rows.view(0, 120), plan));
    plan.step(sums);
  }
  CHECK(plan.model() == fit_logistic(rows.view()));
  LogisticPlan other(survey, {});
  CHECK_THROWS_AS(other.step(partial_logistic(rows.view(0, 120), other)), Error);  // not all rows
}

TEST_CASE("logistic: separated classes are refused by the names of the features, and found beside a ridge") {
  const MadeNumbers made;
  std::vector<double> x, y = made.y;
  for (std::size_t r = 0; r < made.rows; ++r) {  // b is 1 for ten rows of class 1 only; c separates nothing
    const bool only = made.y[r] == 1 && r % 2 == 0;
    for (const double value : {made.x[r * 3], only ? 1.0 : 0.0, made.x[r * 3 + 2]}) x.push_back(value);
  }
  const TrainingRows rows{view_of(x, 3), y, {}, {}};
  try {
    fit_logistic(rows, {.ridge = 0, .features = {"a", "only", "c"}});
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == Code::invalid);
    REQUIRE(error.problems().size() == 1);
    CHECK(error.first().field == "only");
    CHECK(error.first().hint.find("ridge") != std::string::npos);
  }
  CHECK(find_separation(rows) == std::vector<std::size_t>{1});
  CHECK(fit_logistic(rows, {.ridge = 0.1}).converged);
  CHECK(find_separation(made_rows(made)).empty());
}

TEST_CASE("logistic: wholly separated and several separated classes are found too") {
  std::vector<double> x, y, y3;
  for (int i = 0; i < 40; ++i) {
    x.insert(x.end(), {static_cast<double>(i), static_cast<double>(i * i % 7)});
    y.push_back(i < 21 ? 0 : 1);
    y3.push_back(i < 10 ? 0 : i < 30 ? 1 : 2);
  }
  CHECK(find_separation({view_of(x, 2), y, {}, {}}).front() == 0);
  CHECK(find_separation({view_of(x, 2), y3, {}, {}}).front() == 0);
}

TEST_CASE("logistic: what other features explain wholly is aliased, and what is constant") {
  const MadeNumbers made;
  std::vector<double> x;
  for (std::size_t r = 0; r < made.rows; ++r) {
    const double a = made.x[r * 3], b = made.x[r * 3 + 1];
    x.insert(x.end(), {a, b, a - 2 * b + 1, 5});
  }
  const LogisticModel model = fit_logistic({view_of(x, 4), made.y, {}, {}}, {.ridge = 0});
  CHECK(model.aliased == std::vector<std::uint8_t>{0, 0, 1, 1, 0});
  CHECK(model.coefficients[2] == 0.0);
  CHECK(model.coefficients[3] == 0.0);
  CHECK(terms_of(model)[3].aliased);
}

TEST_CASE("logistic: a column that reaches much further than the sample shows is measured anew") {
  OwnedRows rows = drawn(40'000, 3, 2, 3, false);
  rows.x[3 * 39'999] = 1e7;
  const LogisticModel model = fit_logistic(rows.view(), {.ridge = 0, .inference = false});
  CHECK(model.converged);
  // The same rows as their own sample: all of them within reach from the beginning.
  const std::vector<double> plain = plain_newton(rows.view(), 0);
  CHECK(std::abs(model.coefficients[1] - plain[1]) < 1e-7);
}

TEST_CASE("logistic: predictions, decisions and explanations belong together") {
  const MadeNumbers made;
  const LogisticModel model = fit_logistic(made_rows(made));
  const NumberView x = view_of(made.x, 3);
  const std::vector<double> chances = predict(model, x), sums = decision(model, x), parts = explain(model, x);
  double base = model.intercepts[0];
  for (std::size_t c = 0; c < 3; ++c) base += model.coefficients[c] * model.centre[c];
  for (std::size_t r = 0; r < made.rows; ++r) {
    CHECK(chances[2 * r + 1] == 1 / (1 + elementary::exp(-sums[r])));
    CHECK(chances[2 * r] + chances[2 * r + 1] == doctest::Approx(1));
    CHECK(base + parts[3 * r] + parts[3 * r + 1] + parts[3 * r + 2] == doctest::Approx(sums[r]));
  }
  const std::vector<double> missing{std::nan(""), 1, 1};
  CHECK(std::isnan(predict(model, view_of(missing, 3))[1]));
  CHECK_THROWS_AS(predict(model, view_of(made.x, 2)), Error);
}

TEST_CASE("logistic: a model is what was saved; damage and other models are refused") {
  const MadeNumbers made;
  LogisticModel model = fit_logistic(made_rows(made), {.features = {"a", "b", "c"}});
  model.data_version = "feed 3";
  const std::string bytes = save(model);
  CHECK(load_logistic(bytes) == model);
  for (std::size_t i = 0; i < bytes.size(); i += 11) {
    std::string bad = bytes;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    CHECK_THROWS_AS(load_logistic(bad), Error);
    CHECK_THROWS_AS(load_logistic(bytes.substr(0, i)), Error);
  }
}

TEST_CASE("logistic: wrong input is refused by field") {
  const MadeNumbers made;
  std::vector<double> x = made.x, y = made.y;
  CHECK(code_of({view_of(x, 3), std::span(y).first(10), {}, {}}) == Code::invalid);
  CHECK(code_of({view_of(x, 3).slice(0, 0), {}, {}, {}}) == Code::invalid);
  CHECK(code_of(made_rows(made), {.ridge = -1}) == Code::invalid);
  CHECK(code_of(made_rows(made), {.memory_bytes = 100}) == Code::budget);
  x[31] = std::nan("");
  CHECK(code_of({view_of(x, 3), y, {}, {}}) == Code::invalid);
  x[31] = INFINITY;
  CHECK(code_of({view_of(x, 3), y, {}, {}}) == Code::invalid);
  x[31] = 1e300;
  CHECK(code_of({view_of(x, 3), y, {}, {}}) == Code::invalid);
  x[31] = 0;
  y[4] = 0.5;
  CHECK(code_of({view_of(x, 3), y, {}, {}}) == Code::invalid);
  y.assign(y.size(), 1);
  CHECK(code_of({view_of(x, 3), y, {}, {}}) == Code::invalid);  // class 0 has no rows
  y.assign(y.size(), 0);
  CHECK(code_of({view_of(x, 3), y, {}, {}}) == Code::invalid);
}

TEST_CASE("logistic: the host is asked, and stops the fit") {
  const OwnedRows rows = drawn(40'000, 10, 2, 3, false);
  std::size_t asked = 0;
  fit_logistic(rows.view(), {}, {serial_executor(), [&](auto, auto, auto) { return ++asked, true; }});
  CHECK(asked > 0);
  try {
    fit_logistic(rows.view(), {}, {serial_executor(), [](auto, auto, auto) { return false; }});
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == Code::cancelled);
  }
}
