#include "emptor/mine/blended_boosting.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "emptor/core/error.hpp"
#include "emptor/mine/algorithm.hpp"
#include "emptor/mine/judgement.hpp"
#include "emptor/mine/splits.hpp"
#include "mine/cross_logistic.hpp"
#include "support/made_rows.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::MadeTable;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// Out-of-fold log-odds of every row by blends that have not seen its fold.
std::vector<double> judged(const MadeTable& table, const BlendedBoostingOptions& options, std::uint32_t folds = 4) {
  const std::vector<std::uint32_t> fold = stratified_folds(table.y, {folds, 7});
  const LearnAndScore learn = [&](const Split& split, std::uint32_t) {
    MadeTable own{.columns = table.columns}, other{.columns = table.columns};
    for (const std::size_t row : split.train) {
      for (std::size_t c = 0; c < table.columns; ++c) own.x.push_back(table.at(row, c));
      own.y.push_back(table.y[row]);
    }
    for (const std::size_t row : split.test)
      for (std::size_t c = 0; c < table.columns; ++c) other.x.push_back(table.at(row, c));
    return log_odds(fit_blended_boosting(own.rows(), options), other.view());
  };
  return cross_validate(fold, table.y, learn).scores;
}

double slope_of(const MadeTable& table, const std::vector<double>& scores) {
  const NumberView x(scores.data(), scores.size(), 1, 1, 1);
  return fit_logistic({x, table.y}, {.ridge = 1e-6, .inference = false}).coefficients[0];
}

/// Log-odds of one feature's straight line, or of the product of two signs, beside one that tells nothing.
MadeTable with_truth(std::size_t rows, std::uint64_t seed, bool straight) {
  Random random(seed);
  MadeTable table{.columns = 3};
  for (std::size_t row = 0; row < rows; ++row) {
    const double a = random.normal(), b = random.normal();
    for (const double x : {a, b, random.normal()}) table.x.push_back(x);
    const double score = straight ? 1.5 * a - b : (a > 0) == (b > 0) ? 1.5 : -1.5;
    table.y.push_back(random.uniform() < 1 / (1 + std::exp(-score)) ? 1 : 0);
  }
  return table;
}

Code code_of(const MadeTable& table, const BlendedBoostingOptions& options) {
  try {
    (void)fit_blended_boosting(table.rows(), options);
  } catch (const Error& error) {
    return error.code();
  }
  return Code::ok;
}

}  // namespace

TEST_CASE("blended boosting: the same bits for any threads and any order of the rows") {
  MadeTable table = test::made_table(700, 4, 3, true);
  for (std::size_t row = 0; row < 700; row += 9) table.x[row * 4 + 1] = missing;
  const BlendedBoosting model = fit_blended_boosting(table.rows(), {.seed = 5});
  CHECK(fit_blended_boosting(table.rows(), {.seed = 5}, {thread_executor(3)}) == model);
  CHECK(fit_blended_boosting(test::shuffled(table, 8).rows(), {.seed = 5}) == model);
  CHECK_FALSE(fit_blended_boosting(table.rows(), {.seed = 6}) == model);
}

TEST_CASE("blended boosting: what nothing tells about is judged by chance: AUC .5 on rows that were not seen") {
  MadeTable table = test::made_table(4'000, 6, 1, true);
  Random random(99);
  for (std::size_t i = table.y.size(); i > 1; --i) std::swap(table.y[i - 1], table.y[random.below(i)]);
  CHECK(std::abs(auc(table.y, judged(table, {})) - 0.5) < 0.03);
}

TEST_CASE("blended boosting: chances are as spread as they should be on rows that were not seen") {
  for (const bool straight : {true, false}) {
    const MadeTable table = with_truth(3'000, 4, straight);
    const double slope = slope_of(table, judged(table, {}));
    CHECK(slope > 0.9);
    CHECK(slope < 1.1);
  }
}

// With a straight truth nothing beats the regression; of a product of signs it can tell nothing at all.
TEST_CASE("blended boosting: each part weighs what it tells") {
  const BlendedBoosting line = fit_blended_boosting(with_truth(2'000, 1, true).rows());
  CHECK(line.linear_weight > line.tree_weight);
  CHECK(line.losses.blend <= line.losses.linear + 1e-3);
  const BlendedBoosting product = fit_blended_boosting(with_truth(2'000, 2, false).rows());
  CHECK(product.tree_weight > 0.8);
  CHECK(product.losses.trees < product.losses.linear - 0.1);
  CHECK(product.losses.linear == doctest::Approx(std::log(2.0)).epsilon(0.01));
}

TEST_CASE("blended boosting: contributions add up to the log-odds, and chances are theirs") {
  MadeTable table = test::made_table(500, 3, 2, true);
  table.x[4] = missing;
  const BlendedBoosting model = fit_blended_boosting(table.rows());
  const std::vector<double> scores = log_odds(model, table.view()), chances = predict(model, table.view());
  const std::vector<double> shares = explain(model, table.view(), {thread_executor(2)});
  double mean = 0;
  for (std::size_t row = 0; row < 500; ++row) {
    double sum = 0;
    for (std::size_t c = 0; c < 4; ++c) sum += shares[row * 4 + c];
    CHECK(sum == doctest::Approx(scores[row]).epsilon(1e-10));
    CHECK(log_odds_of_row(model, table.x.data() + row * 3) == doctest::Approx(scores[row]).epsilon(1e-12));
    CHECK(chances[2 * row + 1] == doctest::Approx(1 / (1 + std::exp(-scores[row]))).epsilon(1e-12));
    mean += scores[row] / 500;
  }
  // What is expected of anybody is the mean, but that trees count covers by second derivatives.
  CHECK(std::abs(shares[3] - mean) < 0.3);
}

// 1,500 rows of 200 names by chance: their best order gains much on the rows learnt from, and nothing on others.
TEST_CASE("blended boosting: many names that tell nothing do little harm") {
  MadeTable table = with_truth(1'500, 6, true), noisy{.columns = 4, .y = table.y};
  Random random(3);
  for (std::size_t row = 0; row < 1'500; ++row) {
    for (std::size_t c = 0; c < 3; ++c) noisy.x.push_back(table.at(row, c));
    noisy.x.push_back(static_cast<double>(random.below(200)));
  }
  const double without = auc(table.y, judged(table, {})), with = auc(noisy.y, judged(noisy, {.categorical = {3}}));
  CHECK(with > without - 0.01);
}

TEST_CASE("blended boosting: names that tell are learnt, and names that were not met are nobody's") {
  Random random(12);
  MadeTable table{.columns = 1};
  const double chance[] = {0.1, 0.5, 0.9};
  for (std::size_t row = 0; row < 900; ++row) {
    const std::size_t name = random.below(3);
    table.x.push_back(static_cast<double>(2 * name));
    table.y.push_back(random.uniform() < chance[name] ? 1 : 0);
  }
  const BlendedBoosting model = fit_blended_boosting(table.rows(), {.categorical = {0}});
  const std::vector<double> asked = {0, 2, 4, 7, missing};
  const std::vector<double> told = predict(model, {asked.data(), 5, 1, 1, 1});
  for (std::size_t name = 0; name < 3; ++name) CHECK(std::abs(told[2 * name + 1] - chance[name]) < 0.07);
  CHECK(told[7] == told[9]);
  CHECK(told[7] > 0);
  CHECK(told[7] < 1);
}

TEST_CASE("blended boosting: that a number is missing may tell, too") {
  Random random(4);
  MadeTable table{.columns = 2};
  for (std::size_t row = 0; row < 800; ++row) {
    const bool gone = random.uniform() < 0.3;
    table.x.push_back(gone ? missing : random.normal());
    table.x.push_back(random.normal());
    table.y.push_back(random.uniform() < (gone ? 0.85 : 0.2) ? 1 : 0);
  }
  const BlendedBoosting model = fit_blended_boosting(table.rows());
  const std::vector<double> asked = {missing, 0, 0, 0};
  const std::vector<double> told = predict(model, {asked.data(), 2, 2, 2, 1});
  CHECK(told[1] > 0.7);
  CHECK(told[3] < 0.3);
}

// Every row twice, under one customer: by folds of rows the twins tell each other's outcome, by folds of customers not.
TEST_CASE("blended boosting: folds of the caller keep what belongs together on one side") {
  MadeTable table = test::made_table(400, 3, 21, true);
  Random random(5);
  for (double& y : table.y) y = random.uniform() < 0.5 ? 1 : 0;
  MadeTable twice{.columns = 3};
  std::vector<std::uint64_t> customer;
  for (std::size_t row = 0; row < 800; ++row) {
    for (std::size_t c = 0; c < 3; ++c) twice.x.push_back(table.at(row / 2, c));
    twice.y.push_back(table.y[row / 2]);
    customer.push_back(row / 2);
  }
  const std::vector<std::uint32_t> folds = grouped_folds(customer, {5, 1});
  const BlendedBoosting apart = fit_blended_boosting(twice.rows()),
                        together = fit_blended_boosting(twice.rows(), folds);
  CHECK(together.folds == 5);
  CHECK(together.losses.trees > apart.losses.trees);
  CHECK(together.losses.blend > std::log(2.0) - 0.02);  // three numbers are fitted to chance
  CHECK(apart.losses.blend < together.losses.blend - 0.1);
}

TEST_CASE("blended boosting: a saved model says the same") {
  MadeTable table = test::made_table(300, 3, 9, true);
  for (std::size_t row = 0; row < 300; ++row) table.x[row * 3 + 2] = static_cast<double>(row % 4);
  BlendedBoosting model = fit_blended_boosting(table.rows(), {.rounds = 20, .categorical = {2}});
  model.data_version = "of today";
  const std::string bytes = save(model);
  CHECK(load_blended_boosting(bytes) == model);
  CHECK(save(load_model(bytes)) == bytes);
  for (std::size_t size = 0; size < bytes.size(); size += 97)
    CHECK_THROWS_AS((void)load_blended_boosting(bytes.substr(0, size)), Error);
}

TEST_CASE("blended boosting: what cannot be learnt from is refused") {
  const MadeTable table = test::made_table(60, 2, 1, true);
  CHECK(code_of(table, {}) == Code::ok);
  CHECK(code_of(table, {.folds = 1}) == Code::invalid);
  CHECK(code_of(table, {.folds = 61}) == Code::invalid);
  CHECK(code_of(table, {.rounds = 0}) == Code::invalid);
  CHECK(code_of(table, {.learning_rate = 0}) == Code::invalid);
  CHECK(code_of(table, {.ridge = 0}) == Code::invalid);
  CHECK(code_of(table, {.knots = 33}) == Code::invalid);
  CHECK(code_of(table, {.categorical = {5}}) == Code::invalid);
  MadeTable one = table;
  for (double& y : one.y) y = 1;
  CHECK(code_of(one, {}) == Code::invalid);
  MadeTable three = table;
  three.y[0] = 2;
  CHECK(code_of(three, {}) == Code::invalid);
  MadeTable rare = table;
  for (double& y : rare.y) y = 0;
  rare.y[3] = 1;
  CHECK(code_of(rare, {}) == Code::invalid);
}

TEST_CASE("blended boosting: rows that weigh nothing teach nothing") {
  MadeTable table = test::made_table(400, 3, 17, true);
  table.ids.clear();
  MadeTable more = table;
  more.weights.assign(400, 1.0);
  for (std::size_t row = 0; row < 50; ++row) {
    for (std::size_t c = 0; c < 3; ++c) more.x.push_back(100);
    more.y.push_back(1);
    more.weights.push_back(0);
  }
  std::vector<std::uint32_t> folds = stratified_folds(table.y, {5, 0});
  const BlendedBoosting plain = fit_blended_boosting(table.rows(), folds);
  folds.resize(450);
  const BlendedBoosting weighed = fit_blended_boosting(more.rows(), folds);
  const std::vector<double> a = log_odds(plain, table.view()), b = log_odds(weighed, table.view());
  for (std::size_t row = 0; row < 400; ++row) CHECK(a[row] == doctest::Approx(b[row]).epsilon(1e-6));
}

// The oracle is a fit of its own without each fold.
TEST_CASE("cross-fitted logistic regression: a Newton step says what a fit without the fold would") {
  const MadeTable table = test::made_table(1'000, 4, 30, true);
  const std::vector<std::size_t> ends = {200, 400, 600, 800, 1'000};
  const CrossLogistic fitted = cross_fit_logistic({table.view(), table.y}, ends, {.ridge = 1}, {});
  const LogisticModel whole = fit_logistic({table.view(), table.y}, {.ridge = 1});
  CHECK(fitted.coefficients == whole.coefficients);
  CHECK(fitted.intercept == whole.intercepts[0]);
  double most = 0, apart = 0;
  const std::vector<double> seen = decision(whole, table.view());
  for (std::size_t k = 0; k < 5; ++k) {
    MadeTable others{.columns = 4};
    for (std::size_t row = 0; row < 1'000; ++row) {
      if (row / 200 == k) continue;
      for (std::size_t c = 0; c < 4; ++c) others.x.push_back(table.at(row, c));
      others.y.push_back(table.y[row]);
    }
    const LogisticModel without = fit_logistic({others.view(), others.y}, {.ridge = 1});
    const std::vector<double> truth = decision(without, table.view());
    for (std::size_t row = 200 * k; row < 200 * (k + 1); ++row) {
      most = std::max(most, std::abs(fitted.held_out[row] - truth[row]));
      apart = std::max(apart, std::abs(seen[row] - truth[row]));
    }
  }
  CHECK(most < 0.05);
  CHECK(most < apart / 5);
}
