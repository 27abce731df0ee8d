#include "emptor/mine/decision_tree.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "mine/tree_walk.hpp"
#include "support/made_rows.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::MadeTable;

namespace {

using Rows = std::vector<std::size_t>;

double impurity_of(const MadeTable& table, const Rows& rows, TreeCriterion criterion) {
  double weight = 0, sum = 0, squares = 0;
  std::vector<double> by_class(8);
  for (const std::size_t row : rows) {
    const double w = table.weights.empty() ? 1 : table.weights[row];
    weight += w;
    sum += w * table.y[row];
    squares += w * table.y[row] * table.y[row];
    if (criterion != TreeCriterion::squared) by_class[static_cast<std::size_t>(table.y[row])] += w;
  }
  if (weight == 0) return 0;
  if (criterion == TreeCriterion::squared) return squares - sum * sum / weight;
  double out = 0;
  for (const double own : by_class) {
    const double share = own / weight;
    if (criterion == TreeCriterion::gini) out += own * (1 - share);
    if (criterion == TreeCriterion::entropy && own > 0) out -= own * std::log(share);
  }
  return out;
}

/// The largest decrease that any cut between two values, with what is missing on either side, makes.
double brute_gain(const MadeTable& table, const Rows& rows, TreeCriterion criterion, std::size_t min_leaf) {
  double best = 0;
  const double whole = impurity_of(table, rows, criterion);
  for (std::size_t f = 0; f < table.columns; ++f)
    for (const std::size_t at : rows)
      for (const bool missing_left : {false, true}) {
        Rows left, right;
        for (const std::size_t row : rows) {
          const double x = table.at(row, f);
          (std::isnan(x) ? missing_left : x <= table.at(at, f) || std::isnan(table.at(at, f))) ? left.push_back(row)
                                                                                               : right.push_back(row);
        }
        if (left.size() < min_leaf || right.size() < min_leaf) continue;
        best = std::max(best, whole - impurity_of(table, left, criterion) - impurity_of(table, right, criterion));
      }
  return best;
}

/// Every node has the best split there is, or is a leaf because there is none.
void check_greedy(const MadeTable& table, const DecisionTree& model, const DecisionTreeOptions& options) {
  const Tree& tree = model.tree();
  const TreeCriterion criterion = options.task == TreeTask::regress ? TreeCriterion::squared : options.criterion;
  std::vector<Rows> rows(tree.nodes.size());
  std::vector<std::size_t> depth(tree.nodes.size());
  for (std::size_t row = 0; row < table.y.size(); ++row)
    if (table.weights.empty() || table.weights[row] > 0) rows[0].push_back(row);
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const TreeNode& node = tree.nodes[i];
    REQUIRE(tree.facts[i].rows == rows[i].size());
    const bool may = options.max_depth == 0 || depth[i] < options.max_depth;
    const double best = may ? brute_gain(table, rows[i], criterion, options.min_leaf) : 0;
    REQUIRE(tree.facts[i].gain == doctest::Approx(best < 1e-9 ? 0 : best).epsilon(1e-9));
    if (node.leaf()) continue;
    depth[node.left] = depth[node.left + 1] = depth[i] + 1;
    for (const std::size_t row : rows[i])
      rows[node.left + (goes_left(tree, node, table.at(row, node.feature)) ? 0 : 1)].push_back(row);
  }
}

MadeTable small_table(Random& random, std::size_t classes) {
  MadeTable table;
  table.columns = 1 + random.below(4);
  const std::size_t rows = 1 + random.below(40), values = 1 + random.below(30);
  const bool missing = random.below(2) == 0, weighted = random.below(3) == 0;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t c = 0; c < table.columns; ++c)
      table.x.push_back(missing && random.below(6) == 0 ? std::numeric_limits<double>::quiet_NaN()
                                                        : static_cast<double>(random.below(values)) * 0.7 - 3);
    table.y.push_back(classes > 0 ? static_cast<double>(random.below(classes)) : std::floor(random.normal() * 100) / 8);
    if (weighted) table.weights.push_back(static_cast<double>(random.below(4)) / 2);
  }
  if (weighted) table.weights[0] = 1;
  return table;
}

std::size_t check_many(TreeTask task, TreeCriterion criterion, std::size_t classes, std::size_t inputs) {
  Random random(classes * 7 + static_cast<std::size_t>(criterion));
  std::size_t nodes = 0;
  for (std::size_t i = 0; i < inputs; ++i) {
    const MadeTable table = small_table(random, classes);
    DecisionTreeOptions options{.task = task, .criterion = criterion};
    options.max_depth = random.below(5);
    options.min_leaf = 1 + random.below(4);
    options.bins = 2 + random.below(12);  // few, so that the exact search must look into them
    const DecisionTree tree = fit_decision_tree(table.rows(), options);
    check_greedy(table, tree, options);
    nodes += tree.tree().nodes.size();
  }
  return nodes;
}

Code code_of(const MadeTable& table, const DecisionTreeOptions& options) {
  try {
    (void)fit_decision_tree(table.rows(), options);
  } catch (const Error& error) {
    return error.code();
  }
  return Code::ok;
}

}  // namespace

// The expected values of the next four are a brute force over every cut of every node.
TEST_CASE("decision tree: two classes, 2,500 inputs, every node has the best Gini split there is") {
  MESSAGE("nodes: " << check_many(TreeTask::classify, TreeCriterion::gini, 2, 2'500));
}
TEST_CASE("decision tree: two classes, 2,500 inputs, every node has the best entropy split there is") {
  MESSAGE("nodes: " << check_many(TreeTask::classify, TreeCriterion::entropy, 2, 2'500));
}
TEST_CASE("decision tree: four classes, 2,500 inputs, every node has the best split there is") {
  MESSAGE("nodes: " << check_many(TreeTask::classify, TreeCriterion::gini, 4, 2'500));
}
TEST_CASE("decision tree: numbers, 2,500 inputs, every node has the best split there is") {
  MESSAGE("nodes: " << check_many(TreeTask::regress, TreeCriterion::gini, 0, 2'500));
}

TEST_CASE("decision tree: thresholds lie half-way between the values of the node") {
  const MadeTable table{.columns = 1, .x = {1, 2, 10, 11}, .y = {0, 0, 1, 1}};
  const Tree tree = fit_decision_tree(table.rows()).tree();
  REQUIRE(tree.nodes.size() == 3);
  CHECK(tree.nodes[0].threshold == 6);
  CHECK(tree.values == std::vector<double>{0.5, 0.5, 1, 0, 0, 1});
}

TEST_CASE("decision tree: ties go to the lowest feature and the lowest cut") {
  const MadeTable table{.columns = 2, .x = {1, 1, 2, 2, 3, 3}, .y = {0, 1, 0}};
  const Tree tree = fit_decision_tree(table.rows(), {.max_depth = 1}).tree();
  CHECK(tree.nodes[0].feature == 0);
  CHECK(tree.nodes[0].threshold == 1.5);
}

TEST_CASE("decision tree: the same bits for 1 to 8 threads and permuted rows") {
  for (const TreeTask task : {TreeTask::classify, TreeTask::regress}) {
    const MadeTable table = test::made_table(20'000, 6, 3, task == TreeTask::classify);
    const MadeTable shuffled = test::shuffled(table, 5);
    for (const TreeMethod method : {TreeMethod::exact, TreeMethod::histogram}) {
      DecisionTreeOptions options{.task = task, .method = method, .max_depth = 8};
      const std::string one = save(fit_decision_tree(table.rows(), options));
      for (const std::size_t threads : {2, 3, 8})
        CHECK(save(fit_decision_tree(shuffled.rows(), options, {.executor = thread_executor(threads)})) == one);
      options.max_depth = 0;
      options.min_leaf = 20;
      CHECK(save(fit_decision_tree(table.rows(), options)) ==
            save(fit_decision_tree(shuffled.rows(), options, {.executor = thread_executor(2)})));
    }
  }
}

TEST_CASE("decision tree: small nodes are finished as the large ones are") {
  const MadeTable table = test::made_table(6'000, 4, 9, true);
  DecisionTreeOptions options{.method = TreeMethod::exact, .min_leaf = 5};
  const DecisionTree open = fit_decision_tree(table.rows(), options);
  options.max_depth = 18;  // few enough nodes that none is left to the other way
  const DecisionTree bounded = fit_decision_tree(table.rows(), options);
  REQUIRE(open.tree().depth() <= 18);
  CHECK(raw_scores(open.ensemble, table.view()) == raw_scores(bounded.ensemble, table.view()));
  CHECK(open.tree().leaves() == bounded.tree().leaves());
}

TEST_CASE("decision tree: categories split into the best two sets") {
  MadeTable table{.columns = 1};
  for (const double category : {0.0, 1.0, 2.0, 3.0, 4.0})
    for (int i = 0; i < 10; ++i) {
      table.x.push_back(category);
      table.y.push_back(category == 1 || category == 4 ? 1 : 0);
    }
  const Tree tree = fit_decision_tree(table.rows(), {.categorical = {0}}).tree();
  REQUIRE(tree.nodes.size() == 3);
  REQUIRE(tree.sets.size() == 1);
  // What is missing goes with the heavier side; the set names the other one.
  CHECK(tree.nodes[0].missing_left == 1);
  CHECK(tree.sets[0] == std::vector<std::uint32_t>{1, 4});
  CHECK(tree.values == std::vector<double>{0.6, 0.4, 1, 0, 0, 1});
}

TEST_CASE("decision tree: monotone features never fall") {
  MadeTable table = test::made_table(3'000, 3, 4, false);
  const DecisionTree tree =
      fit_decision_tree(table.rows(), {.task = TreeTask::regress, .max_depth = 7, .monotone = {1, -1, 0}});
  CHECK(tree.tree().leaves() > 20);
  for (std::size_t row = 0; row < 200; ++row) {
    double low = -1e300, high = 1e300;
    for (double x = -3; x <= 3; x += 0.1) {
      std::vector<double> up{x, table.at(row, 1), table.at(row, 2)}, down{table.at(row, 0), x, table.at(row, 2)};
      double rising = 0, falling = 0;
      raw_scores_of_row(tree.ensemble, up.data(), &rising);
      raw_scores_of_row(tree.ensemble, down.data(), &falling);
      CHECK(rising >= low);
      CHECK(falling <= high);
      low = rising;
      high = falling;
    }
  }
}

TEST_CASE("decision tree: a weight of two is the row twice, a weight of zero no row") {
  const MadeTable table = test::made_table(400, 3, 8, true);
  MadeTable weighted = table, repeated{.columns = 3};
  for (std::size_t row = 0; row < 400; ++row) {
    weighted.weights.push_back(static_cast<double>(row % 3));
    for (std::size_t k = 0; k < row % 3; ++k) {
      for (std::size_t c = 0; c < 3; ++c) repeated.x.push_back(table.at(row, c));
      repeated.y.push_back(table.y[row]);
    }
  }
  const DecisionTree a = fit_decision_tree(weighted.rows(), {.max_depth = 6});
  const DecisionTree b = fit_decision_tree(repeated.rows(), {.max_depth = 6});
  CHECK(raw_scores(a.ensemble, table.view()) == raw_scores(b.ensemble, table.view()));
}

// Breiman et al. (1984), 3.3: the subtree at alpha minimises impurity + alpha x leaves over all subtrees.
TEST_CASE("pruning: no subtree costs less than the one that is kept") {
  Random random(3);
  for (int i = 0; i < 200; ++i) {
    const MadeTable table = small_table(random, 2);
    const DecisionTree tree = fit_decision_tree(table.rows(), {.max_depth = 4});
    const std::vector<PruningStep> path = pruning_path(tree);
    CHECK(path.front().leaves == tree.tree().leaves());
    CHECK(path.back().leaves == 1);
    for (const double alpha : {0.0, 0.001, 0.01, 0.03, 0.1}) {
      const DecisionTree kept = prune(tree, alpha);
      // Least cost below each node, from the leaves up.
      std::vector<double> least(tree.tree().nodes.size());
      const double weight = tree.tree().facts[0].cover;
      for (std::size_t n = least.size(); n-- > 0;) {
        const std::uint32_t left = tree.tree().nodes[n].left;
        if (left != 0)
          least[n] = std::min(0.0, alpha - tree.tree().facts[n].gain / weight + least[left] + least[left + 1]);
      }
      double cost = 0;
      for (std::size_t n = 0; n < kept.tree().nodes.size(); ++n)
        if (!kept.tree().nodes[n].leaf()) cost += alpha - kept.tree().facts[n].gain / weight;
      CHECK(cost == doctest::Approx(least[0]).epsilon(1e-9));
    }
  }
}

TEST_CASE("pruning: cross-validation cuts a tree of noise to its root and keeps one that learns") {
  MadeTable noise = test::made_table(600, 3, 12, true);
  Random random(5);
  for (double& y : noise.y) y = static_cast<double>(random.below(2));
  CHECK(fit_pruned_tree(noise.rows(), {.max_depth = 6}, 5).tree.tree().leaves() <= 3);
  const MadeTable clear = test::made_table(600, 3, 12, true);
  const PruningChoice choice = fit_pruned_tree(clear.rows(), {.max_depth = 6}, 5);
  CHECK(choice.tree.tree().leaves() > 2);
  CHECK(choice.tree.tree().leaves() < choice.path.front().leaves);
  CHECK(choice.loss.size() == choice.path.size());
}

TEST_CASE("decision tree: what is loaded is what was saved, and damage is refused") {
  const MadeTable table = test::made_table(500, 3, 2, true);
  DecisionTree tree = fit_decision_tree(table.rows(), {.max_depth = 4, .class_weights = {1, 2}, .categorical = {}});
  tree.data_version = "feed 12";
  const std::string bytes = save(tree);
  CHECK(load_decision_tree(bytes) == tree);
  for (std::size_t i = 0; i < bytes.size(); i += 7) {
    std::string bad = bytes;
    bad[i] = static_cast<char>(bad[i] ^ 4);
    CHECK_THROWS_AS((void)load_decision_tree(bad), Error);
  }
}

TEST_CASE("decision tree: hostile input is refused by name, harmless oddities are not") {
  MadeTable table{.columns = 1, .x = {1, 2, 3}, .y = {0, 1, 0}};
  table.y[1] = std::numeric_limits<double>::quiet_NaN();
  CHECK(code_of(table, {}) == Code::invalid);
  table.y[1] = 0.5;
  CHECK(code_of(table, {}) == Code::invalid);
  table.y[1] = 1;
  table.x[0] = std::numeric_limits<double>::infinity();
  CHECK(code_of(table, {}) == Code::invalid);
  table.x[0] = 1;
  table.weights = {0, 0, 0};
  CHECK(code_of(table, {}) == Code::invalid);
  table.weights.clear();
  CHECK(code_of(table, {.monotone = {1, 1}}) == Code::invalid);
  CHECK(code_of(MadeTable{.columns = 1}, {}) == Code::invalid);
  const MadeTable constant{.columns = 2, .x = {1, 1, 1, 1, 1, 1}, .y = {0, 1, 0}};
  CHECK(fit_decision_tree(constant.rows()).tree().nodes.size() == 1);
  const double none = std::numeric_limits<double>::quiet_NaN();
  const MadeTable missing{.columns = 1, .x = {none, none, none}, .y = {0, 1, 0}};
  CHECK(fit_decision_tree(missing.rows()).tree().nodes.size() == 1);
}
