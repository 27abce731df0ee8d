#include "emptor/mine/gradient_boosting.hpp"

#include <doctest/doctest.h>

#include <hwy/targets.h>
#include <cmath>
#include <limits>

#include "emptor/core/error.hpp"
#include "mine/boosting_loss.hpp"
#include "support/made_rows.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::MadeTable;

namespace {

double mean_loss(const GradientBoosting& model, const MadeTable& table) {
  const std::vector<double> scores = raw_scores(model.ensemble, table.view());
  double sum = 0;
  for (std::size_t row = 0; row < table.y.size(); ++row)
    sum += loss_of(model.options.loss, table.y[row], scores[row], model.options.quantile);
  return sum / static_cast<double>(table.y.size());
}

MadeTable with_classes(std::size_t rows, std::size_t classes, std::uint64_t seed) {
  MadeTable table = test::made_table(rows, 4, seed, false);
  for (double& y : table.y)
    y = std::min(static_cast<double>(classes - 1), std::max(0.0, std::floor(y + static_cast<double>(classes) / 2)));
  return table;
}

Code code_of(const MadeTable& table, const GradientBoostingOptions& options) {
  try {
    (void)fit_gradient_boosting(table.rows(), options);
  } catch (const Error& error) {
    return error.code();
  }
  return Code::ok;
}

}  // namespace

// Chen and Guestrin (2016), equations 5-7, worked by hand: squared loss, mean 3, l2 1. Left {1, 2} has G = -3, H = 2,
// right {4, 5} has G = 3, H = 2: values -1 and 1, gain 9/3 + 9/3 - 0.
TEST_CASE("boosting: one tree of the squared loss has the values of the paper's formulae") {
  const MadeTable table{.columns = 1, .x = {1, 2, 3, 4}, .y = {1, 2, 4, 5}};
  const GradientBoosting model = fit_gradient_boosting(
      table.rows(), {.loss = BoostingLoss::squared, .rounds = 1, .learning_rate = 0.5, .max_depth = 1});
  const Tree& tree = model.ensemble.trees.front();
  CHECK(model.ensemble.base == std::vector<double>{3});
  REQUIRE(tree.nodes.size() == 3);
  CHECK(tree.nodes[0].threshold == 2.5);
  CHECK(tree.facts[0].gain == doctest::Approx(6));
  CHECK(tree.values[1] == doctest::Approx(-0.5));
  CHECK(tree.values[2] == doctest::Approx(0.5));
}

// -log-likelihood derivatives by central differences.
TEST_CASE("boosting: gradients are the derivatives of the losses") {
  for (const BoostingLoss loss : {BoostingLoss::squared, BoostingLoss::logistic, BoostingLoss::poisson}) {
    for (const double margin : {-35.0, -3.0, -0.4, 0.0, 1.5, 20.0}) {
      std::vector<double> y(16, 1.0), m(16, margin), g(16), h(16);
      const GradientBlock block{y.data(), m.data(), g.data(), h.data(), 1};
      if (loss == BoostingLoss::squared) squared_gradients(block);
      if (loss == BoostingLoss::logistic) logistic_gradients(block);
      if (loss == BoostingLoss::poisson) poisson_gradients(block);
      const double step = 1e-4, half = loss == BoostingLoss::squared ? 0.5 : 1;
      const auto at = [&](double x) { return half * loss_of(loss, 1, x, 0.5); };
      const double scale = std::max(1.0, std::abs(at(margin)));
      CHECK(std::abs(g[0] + (at(margin + step) - at(margin - step)) / (2 * step)) < 1e-6 * scale);
      CHECK(std::abs(h[0] - (at(margin + step) - 2 * at(margin) + at(margin - step)) / (step * step)) < 1e-5 * scale);
    }
  }
}

TEST_CASE("boosting: every loss falls from round to round") {
  for (const BoostingLoss loss :
       {BoostingLoss::squared, BoostingLoss::logistic, BoostingLoss::poisson, BoostingLoss::quantile}) {
    MadeTable table = test::made_table(2'000, 4, 5, loss == BoostingLoss::logistic);
    if (loss == BoostingLoss::poisson)
      for (double& y : table.y) y = std::floor(std::exp(std::min(y, 3.0)));
    double before = std::numeric_limits<double>::infinity();
    for (const std::size_t rounds : {1, 5, 20, 60}) {
      const double now =
          mean_loss(fit_gradient_boosting(table.rows(), {.loss = loss, .rounds = rounds, .quantile = 0.8}), table);
      CHECK(now < before);
      before = now;
    }
  }
}

TEST_CASE("boosting: the quantile loss leaves that share of the rows below") {
  const MadeTable table = test::made_table(4'000, 4, 6, false);
  for (const double share : {0.1, 0.5, 0.9}) {
    const GradientBoosting model =
        fit_gradient_boosting(table.rows(), {.loss = BoostingLoss::quantile, .rounds = 50, .quantile = share});
    const std::vector<double> found = predict(model.ensemble, table.view());
    double below = 0;
    for (std::size_t row = 0; row < found.size(); ++row) below += table.y[row] <= found[row];
    CHECK(below / 4'000 == doctest::Approx(share).epsilon(0.12));
  }
}

TEST_CASE("boosting: three classes are told apart, and their chances add up to 1") {
  const MadeTable table = with_classes(3'000, 3, 4);
  const GradientBoosting model = fit_gradient_boosting(table.rows(), {.loss = BoostingLoss::softmax, .rounds = 30});
  CHECK(model.classes == 3);
  CHECK(model.ensemble.trees.size() == 90);
  const std::vector<double> shares = predict(model.ensemble, table.view());
  std::size_t right = 0;
  for (std::size_t row = 0; row < 3'000; ++row) {
    const double* own = shares.data() + 3 * row;
    CHECK(own[0] + own[1] + own[2] == doctest::Approx(1));
    right += static_cast<double>(std::max_element(own, own + 3) - own) == table.y[row];
  }
  CHECK(right > 2'400);
}

TEST_CASE("boosting: the same bits for 1 to 8 threads, permuted rows, batches and processor levels") {
  const MadeTable table = test::made_table(30'000, 23, 3, true);
  const MadeTable shuffled = test::shuffled(table, 5);
  const GradientBoostingOptions options{
      .rounds = 6, .row_share = 0.7, .feature_share = 0.8, .validation_share = 0.2, .patience = 3};
  const std::string one = save(fit_gradient_boosting(table.rows(), options));
  for (const std::size_t threads : {2, 3, 8})
    CHECK(save(fit_gradient_boosting(shuffled.rows(), options, {.executor = thread_executor(threads)})) == one);
  std::size_t first = 0;
  const RowBatches batches{23, [&] { first = 0; },
                           [&](TrainingRows& batch) {
                             if (first == 30'000) return false;
                             const std::size_t count = std::min<std::size_t>(7'000, 30'000 - first);
                             batch = {shuffled.view().slice(first, count),
                                      std::span(shuffled.y).subspan(first, count),
                                      {},
                                      std::span(shuffled.ids).subspan(first, count)};
                             first += count;
                             return true;
                           }};
  CHECK(save(fit_gradient_boosting(bin_batches(batches), options)) == one);
  for (std::uint32_t targets = hwy::SupportedTargets(); targets != 0; targets &= targets - 1) {
    hwy::SetSupportedTargetsForTest(targets & (0 - targets));
    hwy::GetChosenTarget().DeInit();
    CHECK(save(fit_gradient_boosting(table.rows(), options)) == one);
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().DeInit();
}

TEST_CASE("boosting: other losses have the same bits for threads and permuted rows too") {
  for (const BoostingLoss loss : {BoostingLoss::squared, BoostingLoss::softmax, BoostingLoss::quantile}) {
    MadeTable table = loss == BoostingLoss::softmax ? with_classes(5'000, 4, 2) : test::made_table(5'000, 4, 2, false);
    if (loss == BoostingLoss::squared) table.y[77] = 1e9;  // an outlier: rows are no longer packed
    for (std::size_t row = 0; row < 5'000; ++row) table.weights.push_back(0.5 + static_cast<double>(row % 7));
    const MadeTable shuffled = test::shuffled(table, 8);
    const GradientBoostingOptions options{.loss = loss, .rounds = 4, .min_leaf = 3};
    CHECK(save(fit_gradient_boosting(table.rows(), options)) ==
          save(fit_gradient_boosting(shuffled.rows(), options, {.executor = thread_executor(2)})));
  }
}

TEST_CASE("boosting: leaves keep as many rows as asked, and trees as many leaves") {
  const MadeTable table = test::made_table(3'000, 4, 9, true);
  const GradientBoosting model =
      fit_gradient_boosting(table.rows(), {.rounds = 5, .max_depth = 10, .max_leaves = 7, .min_leaf = 100});
  for (const Tree& tree : model.ensemble.trees) {
    CHECK(tree.leaves() <= 7);
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) CHECK(tree.facts[i].rows >= 100);
  }
}

TEST_CASE("boosting: stops where held-out rows say so, and keeps the best round") {
  MadeTable table = test::made_table(800, 4, 10, true);
  Random random(3);
  for (double& y : table.y)
    if (random.below(3) == 0) y = 1 - y;
  const GradientBoosting model = fit_gradient_boosting(
      table.rows(), {.rounds = 500, .learning_rate = 0.3, .validation_share = 0.3, .patience = 10});
  const auto best = std::min_element(model.validation_loss.begin(), model.validation_loss.end());
  CHECK(model.validation_loss.size() < 500);
  CHECK(model.ensemble.trees.size() == static_cast<std::size_t>(best - model.validation_loss.begin()) + 1);
}

TEST_CASE("boosting: monotone features never fall") {
  const MadeTable table = test::made_table(3'000, 3, 4, false);
  const GradientBoosting model =
      fit_gradient_boosting(table.rows(), {.loss = BoostingLoss::squared, .rounds = 30, .monotone = {1, 0, 0}});
  for (std::size_t row = 0; row < 100; ++row) {
    double before = -1e300;
    for (double x = -3; x <= 3; x += 0.1) {
      const std::vector<double> at{x, table.at(row, 1), table.at(row, 2)};
      double now = 0;
      raw_scores_of_row(model.ensemble, at.data(), &now);
      CHECK(now >= before - 1e-12);
      before = now;
    }
  }
}

TEST_CASE("boosting: what is missing goes where it belongs") {
  MadeTable table = test::made_table(2'000, 2, 4, true);
  for (std::size_t row = 0; row < 2'000; ++row) {
    table.y[row] = table.at(row, 0) > 1 || row % 4 == 0 ? 1 : 0;
    if (row % 4 == 0) table.x[row * 2] = std::nan("");
  }
  const GradientBoosting model = fit_gradient_boosting(table.rows(), {.rounds = 30, .max_depth = 2});
  const std::vector<double> shares = predict(model.ensemble, table.view());
  std::size_t wrong = 0;
  for (std::size_t row = 0; row < 2'000; ++row) wrong += (shares[2 * row + 1] > 0.5) != (table.y[row] == 1);
  CHECK(wrong <= 8);  // those between the cuts of bins beside 1: a bin has 8 rows
}

TEST_CASE("boosting: what is loaded is what was saved") {
  const MadeTable table = with_classes(500, 3, 7);
  GradientBoosting model =
      fit_gradient_boosting(table.rows(), {.loss = BoostingLoss::softmax, .rounds = 3, .class_weights = {1, 2, 3}});
  model.data_version = "7";
  CHECK(load_gradient_boosting(save(model)) == model);
  CHECK_THROWS_AS((void)load_gradient_boosting("EMPTORMD"), Error);
}

TEST_CASE("boosting: the host can stop it, and hostile options are refused") {
  const MadeTable table = test::made_table(2'000, 4, 9, true);
  std::size_t asked = 0;
  try {
    (void)fit_gradient_boosting(
        table.rows(), {.rounds = 100'000},
        {.progress = [&](std::string_view, std::uint64_t, std::uint64_t) { return ++asked < 3; }});
    FAIL("it was not stopped");
  } catch (const Error& error) {
    CHECK(error.code() == Code::cancelled);
  }
  CHECK(code_of(table, {.rounds = 0}) == Code::invalid);
  CHECK(code_of(table, {.learning_rate = 0}) == Code::invalid);
  CHECK(code_of(table, {.max_depth = 0}) == Code::invalid);
  CHECK(code_of(table, {.patience = 3}) == Code::invalid);
  CHECK(code_of(table, {.loss = BoostingLoss::quantile, .quantile = 1}) == Code::invalid);
  CHECK(code_of(with_classes(50, 3, 1), {}) == Code::invalid);
  const MadeTable constant{.columns = 1, .x = {1, 1, 1}, .y = {1, 1, 1}};
  const GradientBoosting same = fit_gradient_boosting(constant.rows(), {.rounds = 2});
  CHECK(predict(same.ensemble, constant.view())[1] > 0.99);
}
