#include "emptor/mine/isolation_forest.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/mine/judgement.hpp"
#include "support/same_bits.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::OwnedRows;

namespace {

/// A cloud with `odd` rows far out; y is 1 for them.
OwnedRows cloud(std::size_t count, std::size_t columns, std::size_t odd, std::uint64_t seed) {
  Random random(seed);
  OwnedRows rows{columns, {}, {}, {}, {}};
  for (std::size_t r = 0; r < count; ++r) {
    const bool out = r < odd;
    for (std::size_t c = 0; c < columns; ++c) rows.x.push_back(random.normal() * (out ? 4 : 1));
    rows.y.push_back(out ? 1 : 0);
    rows.ids.push_back(r * 5 + 2);
  }
  return rows;
}

double harmonic_path(double n) {
  if (n <= 1) return 0;
  if (n == 2) return 1;
  return 2 * (std::log(n - 1) + 0.57721566490153286061) - 2 * (n - 1) / n;
}

/// Equation 2 of Liu (2008), row by row and tree by tree.
double plain_score(const IsolationForest& forest, const NumberView& x, std::size_t row) {
  double sum = 0;
  for (const std::size_t root : forest.roots) {
    const IsolationNode* tree = forest.nodes.data() + root;
    std::size_t node = 0;
    double depth = 0;
    for (; tree[node].child != 0; ++depth) {
      node = tree[node].child + (static_cast<float>(x(row, tree[node].feature)) > tree[node].threshold ? 1 : 0);
    }
    sum += depth + harmonic_path(tree[node].rows);
  }
  return std::pow(2.0,
                  -sum / static_cast<double>(forest.roots.size()) / harmonic_path(static_cast<double>(forest.sample)));
}

}  // namespace

TEST_CASE("isolation forest: scores are those of the definition") {
  for (const std::size_t sample : {3, 40, 256, 20'000}) {  // heaps of several depths, and trees too deep for them
    const OwnedRows rows = cloud(sample == 20'000 ? 20'000 : 700, 5, 10, sample);
    const NumberView x = rows.view().x;
    const IsolationForest forest =
        fit_isolation_forest(x, rows.ids, {.trees = sample == 20'000 ? 5u : 50u, .sample = sample, .seed = 3});
    const std::vector<double> scores = score(forest, x);
    for (std::size_t r = 0; r < 700; ++r) CHECK(std::abs(scores[r] - plain_score(forest, x, r)) < 1e-6);
  }
}

TEST_CASE("isolation forest: every tree is grown as it should be") {
  const OwnedRows rows = cloud(1'000, 4, 0, 1);
  const IsolationForest forest = fit_isolation_forest(rows.view().x, {}, {.trees = 30, .sample = 128});
  for (std::size_t t = 0; t < forest.roots.size(); ++t) {
    const IsolationNode* tree = forest.nodes.data() + forest.roots[t];
    const std::size_t end = t + 1 < forest.roots.size() ? forest.roots[t + 1] : forest.nodes.size();
    CHECK(tree[0].rows == 128);
    std::vector<std::size_t> depth(end - forest.roots[t]);
    for (std::size_t i = 0; i < depth.size(); ++i) {
      CHECK(depth[i] <= 7);
      if (tree[i].child == 0) {
        CHECK((tree[i].rows == 1 || depth[i] == 7));
        continue;
      }
      CHECK(tree[tree[i].child].rows + tree[tree[i].child + 1].rows == tree[i].rows);
      CHECK(tree[tree[i].child].rows > 0);
      CHECK(tree[tree[i].child + 1].rows > 0);
      depth[tree[i].child] = depth[tree[i].child + 1] = depth[i] + 1;
    }
  }
}

TEST_CASE("isolation forest: what lies far out is found, over seeds") {
  // scikit-learn 1.9.1 gives a mean score of .4386 for a cloud of this kind (20 columns, 100 trees of 256).
  const OwnedRows rows = cloud(2'000, 20, 40, 12), usual = cloud(2'000, 20, 0, 12);
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const std::vector<double> scores = score(fit_isolation_forest(rows.view().x, {}, {.seed = seed}), rows.view().x);
    CHECK(auc(rows.y, scores) > 0.999);
    double sum = 0;
    for (const double value : score(fit_isolation_forest(usual.view().x, {}, {.seed = seed}), usual.view().x))
      sum += value;
    CHECK(std::abs(sum / 2'000 - 0.4386) < 0.01);
  }
}

TEST_CASE("isolation forest: threads, order of rows and kind of vector do not change a bit") {
  const OwnedRows rows = cloud(3'000, 6, 30, 5);
  const IsolationForestOptions options{.trees = 70, .contamination = 0.02, .seed = 8};
  const IsolationForest expected = fit_isolation_forest(rows.view().x, rows.ids, options);
  const std::vector<double> scores = score(expected, rows.view().x);
  const OwnedRows mixed = test::permuted(rows, 2);
  CHECK(save(fit_isolation_forest(mixed.view().x, mixed.ids, options, {thread_executor(4), {}})) == save(expected));
  CHECK(score(expected, rows.view().x, {thread_executor(8), {}}) == scores);
  test::on_every_target([&](const char* name) {
    CAPTURE(name);
    CHECK(score(expected, rows.view().x) == scores);
  });
}

TEST_CASE("isolation forest: the contamination is the share of rows above the threshold") {
  const OwnedRows rows = cloud(1'000, 3, 50, 5);
  const IsolationForest forest = fit_isolation_forest(rows.view().x, {}, {.contamination = 0.05});
  const std::vector<double> scores = score(forest, rows.view().x);
  CHECK(std::count_if(scores.begin(), scores.end(), [&](double s) { return s > forest.threshold; }) == 50);
  CHECK(fit_isolation_forest(rows.view().x).threshold == 0.5);
}

TEST_CASE("isolation forest: the column that sets a row apart is named") {
  OwnedRows rows = cloud(1'000, 4, 0, 6);
  rows.x[2] = 25;  // row 0, column 2
  const IsolationForest forest = fit_isolation_forest(rows.view().x, {}, {.sample = 1'000});
  const std::vector<double> shares = explain(forest, rows.view().x.slice(0, 1));
  CHECK(std::max_element(shares.begin(), shares.end()) - shares.begin() == 2);
}

TEST_CASE("isolation forest: constant columns are never cut, and equal rows end together") {
  std::vector<double> x;
  for (int i = 0; i < 64; ++i) x.insert(x.end(), {5, static_cast<double>(i % 4)});
  const NumberView view(x.data(), 64, 2, 2, 1);
  const IsolationForest forest = fit_isolation_forest(view, {}, {.trees = 20});
  for (const IsolationNode& node : forest.nodes) CHECK((node.child == 0 || node.feature == 1));
  const std::vector<double> same(20, 3.0);
  const NumberView all(same.data(), 10, 2, 2, 1);
  const std::vector<double> scores = score(fit_isolation_forest(all), all);
  CHECK(scores[0] == doctest::Approx(0.5));  // the path is that of the sample
  CHECK(score(fit_isolation_forest(all.slice(0, 1)), all)[0] == 0.5);
}

TEST_CASE("isolation forest: only the columns drawn for a tree are cut") {
  const OwnedRows rows = cloud(500, 6, 0, 2);
  const IsolationForest forest = fit_isolation_forest(rows.view().x, {}, {.trees = 40, .max_features = 1});
  std::vector<std::uint32_t> used;
  for (std::size_t t = 0; t < 40; ++t) {
    const std::size_t end = t + 1 < 40 ? forest.roots[t + 1] : forest.nodes.size();
    const std::uint32_t feature = forest.nodes[forest.roots[t]].feature;
    used.push_back(feature);
    for (std::size_t i = forest.roots[t]; i < end; ++i)
      CHECK((forest.nodes[i].child == 0 || forest.nodes[i].feature == feature));
  }
  std::sort(used.begin(), used.end());
  CHECK(std::unique(used.begin(), used.end()) - used.begin() == 6);
}

TEST_CASE("isolation forest: what was saved comes back, damage does not; wrong input is refused") {
  OwnedRows rows = cloud(300, 2, 0, 6);
  const NumberView x = rows.view().x;
  const IsolationForest forest = fit_isolation_forest(x, {}, {.trees = 5, .seed = 1});
  CHECK(load_isolation_forest(save(forest)) == forest);
  CHECK_THROWS_AS(load_isolation_forest(save(forest).substr(3)), Error);
  CHECK_THROWS_AS(fit_isolation_forest(x.slice(0, 0)), Error);
  CHECK_THROWS_AS(fit_isolation_forest(x, {}, {.trees = 0}), Error);
  CHECK_THROWS_AS(fit_isolation_forest(x, {}, {.sample = 0}), Error);
  CHECK_THROWS_AS(fit_isolation_forest(x, {}, {.contamination = 0.6}), Error);
  CHECK_THROWS_AS(fit_isolation_forest(x, std::span(rows.ids).first(3)), Error);
  CHECK_THROWS_AS(score(forest, NumberView(rows.x.data(), 10, 3, 3, 1)), Error);
  rows.x[11] = std::nan("");
  CHECK_THROWS_AS(fit_isolation_forest(rows.view().x, {}, {.sample = 300}), Error);
  CHECK(score(forest, rows.view().x)[5] > 0);
  rows.x[11] = 1e300;
  CHECK_THROWS_AS(fit_isolation_forest(rows.view().x, {}, {.sample = 300}), Error);
}
