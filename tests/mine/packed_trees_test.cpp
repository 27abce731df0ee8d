#include "emptor/mine/packed_trees.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "emptor/mine/algorithm.hpp"
#include "support/made_rows.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::MadeTable;

namespace {

std::vector<std::uint64_t> bits_of(std::span<const double> numbers) {
  std::vector<std::uint64_t> bits;
  for (const double number : numbers) bits.push_back(std::bit_cast<std::uint64_t>(number));
  return bits;
}

/// Numbers of the table, the thresholds that the trees ask by and their neighbours, and what is missing or has no end.
std::vector<std::vector<double>> awkward_rows(const TreeEnsemble& ensemble, const MadeTable& table) {
  std::vector<double> thresholds{0.0, -0.0, std::numeric_limits<double>::infinity(),
                                 -std::numeric_limits<double>::infinity(), std::nan("")};
  for (const Tree& tree : ensemble.trees)
    for (const TreeNode& node : tree.nodes)
      if (!node.leaf()) thresholds.push_back(node.threshold);
  Random random(5);
  std::vector<std::vector<double>> rows;
  for (std::size_t at = 0; at < 2'000; ++at) {
    std::vector<double>& row = rows.emplace_back();
    for (std::size_t c = 0; c < table.columns; ++c) {
      const double threshold = thresholds[random.below(thresholds.size())];
      const double choices[] = {table.at(random.below(table.y.size()), c), threshold, std::nextafter(threshold, 1e9),
                                std::nextafter(threshold, -1e9), std::nan("")};
      row.push_back(choices[random.below(5)]);
    }
  }
  return rows;
}

void check_same_bits(const TreeEnsemble& ensemble, std::size_t width, const MadeTable& table) {
  const std::optional<PackedTrees> packed = PackedTrees::of(ensemble);
  REQUIRE(packed.has_value());
  std::vector<double> expected(width), found(width);
  for (const std::vector<double>& row : awkward_rows(ensemble, table)) {
    raw_scores_of_row(ensemble, row.data(), expected.data());
    packed->raw_scores(row.data(), found.data());
    REQUIRE(bits_of(std::span(found).first(ensemble.outputs)) == bits_of(std::span(expected).first(ensemble.outputs)));
    predict_of_row(ensemble, row.data(), expected.data());
    packed->predict(row.data(), found.data());
    REQUIRE(bits_of(found) == bits_of(expected));
  }
}

/// Some numbers are missing, so that trees learn where to send them.
MadeTable with_gaps(MadeTable table) {
  for (std::size_t at = 0; at < table.x.size(); at += 7) table.x[at] = std::nan("");
  return table;
}

}  // namespace

TEST_CASE("packed trees: a row's answer has the bits of the trees as they were fitted, whatever they are made by") {
  const MadeTable classes = with_gaps(test::made_table(4'000, 6, 1, true));
  const MadeTable numbers = with_gaps(test::made_table(4'000, 6, 2, false));
  MadeTable three = classes;
  for (std::size_t row = 0; row < three.y.size(); row += 3) three.y[row] = 2;
  for (const MadeTable* table : std::initializer_list<const MadeTable*>{&classes, &three}) {
    const std::size_t width = table == &three ? 3 : 2;
    check_same_bits(fit_random_forest(table->rows(), {.trees = 150, .out_of_bag = false}).ensemble, width, *table);
    const BoostingLoss loss = width == 3 ? BoostingLoss::softmax : BoostingLoss::logistic;
    check_same_bits(fit_gradient_boosting(table->rows(), {.loss = loss, .rounds = 30}).ensemble, width, *table);
    check_same_bits(fit_decision_tree(table->rows(), {}).ensemble, width, *table);
  }
  check_same_bits(
      fit_random_forest(numbers.rows(), {.task = TreeTask::regress, .trees = 20, .out_of_bag = false}).ensemble, 1,
      numbers);
  check_same_bits(fit_gradient_boosting(numbers.rows(), {.loss = BoostingLoss::squared, .rounds = 30}).ensemble, 1,
                  numbers);
  check_same_bits(fit_decision_tree(classes.rows(), {.max_depth = 0}).ensemble, 2, classes);
}

TEST_CASE("packed trees: what they cannot hold is left to the trees themselves") {
  MadeTable table = test::made_table(500, 3, 1, true);
  for (std::size_t row = 0; row < 500; ++row) table.x[row * 3] = static_cast<double>(row % 5);
  const GradientBoosting model = fit_gradient_boosting(table.rows(), {.rounds = 5, .categorical = {0}});
  REQUIRE_FALSE(PackedTrees::of(model.ensemble).has_value());
  const AnyModel any = model;
  CHECK_FALSE(packed_trees(any).has_value());
  CHECK_FALSE(packed_trees(AnyModel(KmeansModel{})).has_value());
  TreeEnsemble broken = fit_decision_tree(table.rows(), {.max_depth = 2}).ensemble;
  broken.trees[0].nodes[0].threshold = std::nan("");
  CHECK_FALSE(PackedTrees::of(broken).has_value());
}

TEST_CASE("packed trees: no tree gives what the ensemble begins with") {
  const TreeEnsemble none{.features = 2, .outputs = 1, .base = {1.5}};
  const std::optional<PackedTrees> packed = PackedTrees::of(none);
  REQUIRE(packed.has_value());
  const double row[2] = {1, 2};
  double score = 0;
  packed->raw_scores(row, &score);
  CHECK(score == 1.5);
}

TEST_CASE("packed trees: one row asked by name is what a table of rows is told") {
  const MadeTable table = test::made_table(2'000, 4, 3, true);
  const AnyModel model = fit_random_forest(table.rows(), {.trees = 25, .out_of_bag = false});
  const std::optional<PackedTrees> packed = packed_trees(model);
  REQUIRE(packed.has_value());
  for (const Answer answer : {Answer::value, Answer::probabilities, Answer::scores}) {
    const std::size_t width = mine::width(model, answer);
    std::vector<double> all(width * 100), one(width);
    predict(model, table.view().slice(0, 100), answer, all);
    for (std::size_t row = 0; row < 100; ++row) {
      predict_row(model, table.view().slice(row, 1), answer, one, &*packed);
      REQUIRE(bits_of(one) == bits_of(std::span(all).subspan(row * width, width)));
    }
  }
}
