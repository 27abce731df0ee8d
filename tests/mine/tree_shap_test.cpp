#include "emptor/mine/tree_shap.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/mine/decision_tree.hpp"
#include "emptor/mine/gradient_boosting.hpp"
#include "emptor/mine/random_forest.hpp"
#include "mine/quadrature.hpp"
#include "mine/tree_walk.hpp"
#include "support/made_rows.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::MadeTable;

namespace {

/// The expectation where only the features of `known` are: both branches by their covers at all other questions.
double expected(const Tree& tree, std::uint32_t at, const double* row, unsigned known, std::size_t output) {
  const TreeNode& node = tree.nodes[at];
  if (node.leaf()) return tree.values[at * tree.outputs + output];
  if ((known >> node.feature & 1) != 0)
    return expected(tree, node.left + (goes_left(tree, node, row[node.feature]) ? 0 : 1), row, known, output);
  const double left = tree.facts[node.left].cover, right = tree.facts[node.left + 1].cover;
  return (left * expected(tree, node.left, row, known, output) +
          right * expected(tree, node.left + 1, row, known, output)) /
         (left + right);
}

double factorial(std::size_t n) { return n < 2 ? 1 : static_cast<double>(n) * factorial(n - 1); }

/// Shapley's definition: over all subsets of the other features.
double shapley(const TreeEnsemble& ensemble, const double* row, std::size_t feature, std::size_t output) {
  const std::size_t count = ensemble.features;
  double sum = 0;
  for (unsigned subset = 0; subset < 1U << count; ++subset) {
    if ((subset >> feature & 1) != 0) continue;
    const auto size = static_cast<std::size_t>(std::popcount(subset));
    const double weight = factorial(size) * factorial(count - size - 1) / factorial(count);
    for (const Tree& tree : ensemble.trees) {
      if (output < tree.first_output || output >= tree.first_output + tree.outputs) continue;
      const std::size_t k = output - tree.first_output;
      sum += weight * (expected(tree, 0, row, subset | 1U << feature, k) - expected(tree, 0, row, subset, k));
    }
  }
  return sum * ensemble.factor;
}

void check_all(const TreeEnsemble& ensemble, const MadeTable& table, std::size_t rows) {
  const std::size_t width = ensemble.features + 1;
  const NumberView some = table.view().slice(0, rows);
  const std::vector<double> found = tree_shap(ensemble, some);
  const std::vector<double> scores = raw_scores(ensemble, some);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t k = 0; k < ensemble.outputs; ++k) {
      const double* own = found.data() + (row * ensemble.outputs + k) * width;
      double sum = 0;
      for (std::size_t f = 0; f < width; ++f) sum += own[f];
      REQUIRE(sum == doctest::Approx(scores[row * ensemble.outputs + k]).epsilon(1e-9));
      if (row % 8 != 0) continue;
      for (std::size_t f = 0; f + 1 < width; ++f)
        REQUIRE(std::abs(own[f] - shapley(ensemble, table.x.data() + row * table.columns, f, k)) < 1e-10);
    }
}

}  // namespace

// Expected values: Shapley's definition over all subsets of features, by brute force.
TEST_CASE("TreeSHAP: boosted trees, with missing values, equal Shapley's definition") {
  MadeTable table = test::made_table(600, 5, 1, true);
  for (std::size_t i = 0; i < table.x.size(); i += 9) table.x[i] = std::nan("");
  check_all(fit_gradient_boosting(table.rows(), {.rounds = 8, .max_depth = 5}).ensemble, table, 100);
}

TEST_CASE("TreeSHAP: a forest of two classes equals Shapley's definition, row by row and in blocks") {
  const MadeTable table = test::made_table(300, 4, 2, true);
  const TreeEnsemble forest = fit_random_forest(table.rows(), {.trees = 5}).ensemble;
  check_all(forest, table, 80);
  check_all(forest, table, 9);  // too few for tables
}

TEST_CASE("TreeSHAP: paths that are too long for tables") {
  const MadeTable table = test::made_table(2'000, 11, 3, false);
  check_all(fit_decision_tree(table.rows(), {.task = TreeTask::regress, .max_depth = 14}).ensemble, table, 70);
}

TEST_CASE("TreeSHAP: a tree that asks nothing gives everything to the expectation") {
  const MadeTable table{.columns = 2, .x = {1, 2, 1, 2}, .y = {3, 5}};
  const TreeEnsemble stump = fit_decision_tree(table.rows(), {.task = TreeTask::regress}).ensemble;
  CHECK(tree_shap(stump, table.view()) == std::vector<double>{0, 0, 4, 0, 0, 4});
}

TEST_CASE("TreeSHAP: the same bits for any number of threads") {
  const MadeTable table = test::made_table(5'000, 5, 4, true);
  const TreeEnsemble model = fit_gradient_boosting(table.rows(), {.rounds = 5}).ensemble;
  CHECK(tree_shap(model, table.view()) == tree_shap(model, table.view(), {.executor = thread_executor(3)}));
  CHECK_THROWS_AS((void)tree_shap(model, test::made_table(5, 4, 1, true).view()), Error);
}

// The integral of t^k from 0 to 1 is 1 / (k + 1).
TEST_CASE("quadrature: rules are exact up to their degree") {
  QuadratureRules rules;
  for (std::size_t degree = 0; degree <= 62; ++degree) {
    const Quadrature& rule = rules.of_degree(degree);
    double sum = 0;
    for (std::size_t q = 0; q < rule.at.size(); ++q) {
      double power = rule.weight[q];
      for (std::size_t k = 0; k < degree; ++k) power *= rule.at[q];
      sum += power;
    }
    CHECK(sum == doctest::Approx(1.0 / static_cast<double>(degree + 1)).epsilon(1e-12));
  }
}
