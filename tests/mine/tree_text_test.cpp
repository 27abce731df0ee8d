#include "emptor/mine/tree_text.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/mine/decision_tree.hpp"
#include "support/made_rows.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::MadeTable;

namespace {

/// age <= 30 -> 1, missing too; above, channel 2 parts from 0 and 1.
TreeEnsemble by_hand() {
  TreeEnsemble ensemble{.features = 2, .outputs = 1, .base = {0.5}};
  Tree tree;
  tree.nodes = {{30, 1, 0, 1, 0}, {}, {0, 3, 1, 0, 1}, {}, {}};
  tree.values = {0, 1, 0, -2.5, 4};
  tree.facts = {{10, 3, 10}, {4, 0, 4}, {6, 2, 6}, {1, 0, 1}, {5, 0, 5}};
  tree.sets = {{2, 7}};
  ensemble.trees = {tree};
  return ensemble;
}

const std::vector<std::string> features{"age", "the \"channel\""};

}  // namespace

// What these say was read against the tree above; tests/peers/tree_oracle.py runs SQL and ONNX elsewhere.
TEST_CASE("tree text: rules in words") {
  CHECK(to_words(by_hand(), {.features = features}) ==
        "if age <= 30 (or missing) then 1 (4 rows)\n"
        "if age > 30 and the \"channel\" in 2, 7 then -2.5 (1 rows)\n"
        "if age > 30 and the \"channel\" not in 2, 7 (or missing) then 4 (5 rows)\n");
}

TEST_CASE("tree text: SQL with quoted names, NULL going where missing values go") {
  CHECK(to_sql(by_hand(), {.features = features}) ==
        "0.5 + CASE WHEN \"age\" > 30 THEN CASE WHEN \"the \"\"channel\"\"\" IN (2, 7) THEN -2.5 ELSE 4 END ELSE 1 "
        "END\n");
}

TEST_CASE("tree text: DOT") {
  const std::string dot = to_dot(by_hand(), {.features = features});
  CHECK(dot.starts_with("digraph tree {"));
  CHECK(dot.find(R"(n0 [label="age <= 30 or missing\n10 rows"];)") != dot.npos);
  CHECK(dot.find(R"(n2 [label="the \"channel\" in 2, 7\n6 rows"];)") != dot.npos);
  CHECK(dot.find(R"(n2 -> n3 [label="yes"];)") != dot.npos);
  CHECK_THROWS_AS((void)to_dot(by_hand(), {}, 1), Error);
}

TEST_CASE("tree text: a split by what is missing says so") {
  const double none = std::nan("");
  const MadeTable table{.columns = 1, .x = {none, none, 1, 1}, .y = {1, 1, 0, 0}};
  const DecisionTree tree = fit_decision_tree(table.rows());
  CHECK(to_words(tree.ensemble) ==
        "if x0 is known then 0: 1, 1: 0 (2 rows)\nif x0 is missing then 0: 0, 1: 1 (2 rows)\n");
  CHECK(to_sql(tree.ensemble).starts_with("CASE WHEN \"x0\" IS NULL THEN 0 ELSE 1 END\n"));
}

TEST_CASE("tree text: a name with a NUL and a set too large for ONNX are refused") {
  const std::vector<std::string> bad{std::string("a\0b", 3)};
  CHECK_THROWS_AS((void)to_sql(by_hand(), {.features = bad}), Error);
  TreeEnsemble large = by_hand();
  for (std::uint32_t i = 8; i < 100; ++i) large.trees[0].sets[0].push_back(i);
  CHECK_THROWS_AS((void)to_onnx(large, false), Error);
}
