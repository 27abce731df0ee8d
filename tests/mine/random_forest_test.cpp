#include "emptor/mine/random_forest.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "emptor/core/error.hpp"
#include "support/made_rows.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::MadeTable;

namespace {

double error_of(const RandomForest& forest, const MadeTable& table) {
  const std::vector<double> found = predict(forest.ensemble, table.view());
  const std::size_t outputs = forest.ensemble.outputs;
  double sum = 0;
  for (std::size_t row = 0; row < table.y.size(); ++row) {
    const double* own = found.data() + row * outputs;
    sum += forest.classes == 0
               ? (own[0] - table.y[row]) * (own[0] - table.y[row])
               : (static_cast<double>(std::max_element(own, own + outputs) - own) == table.y[row] ? 0 : 1);
  }
  return sum / static_cast<double>(table.y.size());
}

}  // namespace

TEST_CASE("forest: the out-of-bag error is that of rows it has not seen") {
  for (const bool classes : {true, false}) {
    const MadeTable table = test::made_table(3'000, 5, 1, classes), other = test::made_table(3'000, 5, 2, classes);
    const TreeTask task = classes ? TreeTask::classify : TreeTask::regress;
    OutOfBag bag;
    const RandomForest forest =
        fit_random_forest(table.rows(), {.task = task, .trees = 60, .max_features = 3}, {}, &bag);
    CHECK(forest.out_of_bag_error == doctest::Approx(error_of(forest, other)).epsilon(0.15));
    CHECK(error_of(forest, table) < forest.out_of_bag_error / 2);
    CHECK(bag.predictions.size() == 3'000 * forest.ensemble.outputs);
  }
}

TEST_CASE("forest: a tree draws rows as Poisson says") {
  const MadeTable table = test::made_table(20'000, 2, 1, true);
  const RandomForest forest = fit_random_forest(table.rows(), {.trees = 3, .max_depth = 1, .out_of_bag = false});
  for (const Tree& tree : forest.ensemble.trees) {
    CHECK(std::abs(tree.facts[0].cover - 20'000) < 4 * std::sqrt(20'000.0));
    CHECK(tree.facts[0].rows == static_cast<std::uint64_t>(tree.facts[0].cover));
  }
  CHECK(std::isnan(forest.out_of_bag_error));
  const RandomForest all = fit_random_forest(table.rows(), {.trees = 2, .max_depth = 1, .bootstrap = false});
  CHECK(all.ensemble.trees[0].facts[0].cover == 20'000);
}

TEST_CASE("forest: the same bits for 1 to 8 threads and permuted rows, for each kind of target") {
  for (const std::size_t kind : {0, 1, 2, 3}) {
    MadeTable table = test::made_table(2'000, 5, 3, kind == 1 || kind == 2);
    if (kind == 2)
      for (std::size_t row = 0; row < 2'000; ++row) table.weights.push_back(1 + static_cast<double>(row % 3) / 4);
    if (kind == 3)
      for (double& y : table.y) y = y < -0.7 ? 0 : y < 0.7 ? 1 : 2;
    const MadeTable shuffled = test::shuffled(table, 5);
    const RandomForestOptions options{
        .task = kind == 0 ? TreeTask::regress : TreeTask::classify, .trees = 8, .seed = 4};
    const std::string one = save(fit_random_forest(table.rows(), options));
    for (const std::size_t threads : {2, 3, 8})
      CHECK(save(fit_random_forest(shuffled.rows(), options, {.executor = thread_executor(threads)})) == one);
    CHECK(save(fit_random_forest(table.rows(), {.task = options.task, .trees = 8, .seed = 5})) != one);
  }
}

TEST_CASE("forest: features that matter matter, by gain and by permutation") {
  const MadeTable table = test::made_table(2'000, 6, 3, true);
  const RandomForest forest = fit_random_forest(table.rows(), {.trees = 30});
  const std::vector<double> gain = importance(forest.ensemble);
  const PermutedImportance shuffled =
      permutation_importance(forest.ensemble, TreeTask::classify, table.rows(), 3, 1, {.executor = thread_executor(2)});
  double sum = 0;
  for (std::size_t f = 0; f < 6; ++f) sum += gain[f];
  CHECK(sum == doctest::Approx(1));
  for (std::size_t f = 3; f < 6; ++f) {
    CHECK(gain[f] < gain[1]);
    CHECK(shuffled.mean[f] < shuffled.mean[1] / 3);
  }
  const MadeTable other = test::shuffled(table, 2);
  const PermutedImportance again = permutation_importance(forest.ensemble, TreeTask::classify, other.rows(), 3, 1);
  CHECK(again.mean == shuffled.mean);
  CHECK(again.deviation == shuffled.deviation);
}

TEST_CASE("forest: what is loaded is what was saved, and hostile options are refused") {
  const MadeTable table = test::made_table(300, 3, 3, true);
  const RandomForest forest = fit_random_forest(table.rows(), {.trees = 4, .balanced = true});
  CHECK(load_random_forest(save(forest)) == forest);
  CHECK_THROWS_AS((void)fit_random_forest(table.rows(), {.trees = 0}), Error);
  CHECK_THROWS_AS((void)fit_random_forest(table.rows(), {.max_features = 4}), Error);
  CHECK_THROWS_AS((void)fit_random_forest(table.rows(), {.sample = 0}), Error);
  const MadeTable one{.columns = 1, .x = {1}, .y = {1}};
  CHECK(predict(fit_random_forest(one.rows(), {.trees = 3}).ensemble, one.view()) == std::vector<double>{0, 1});
}
