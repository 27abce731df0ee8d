#include "emptor/mine/tree_shap.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/quadrature.hpp"
#include "mine/shares.hpp"
#include "mine/tree_rows.hpp"
#include "mine/tree_walk.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t block_rows = 2048;
constexpr std::size_t most_tabled = 8;    // features on a path whose patterns of answers are all tabulated
constexpr std::size_t most_on_path = 63;  // patterns are 64 bits

/// One feature on the way to a leaf, and the share of cover that keeps to the way where it is not known.
struct PathFeature {
  std::uint32_t feature;
  double share;
};

/// What a leaf gives to each feature on its path: for a pattern of answers (bit i: the row keeps to the path at all
/// questions about feature i) value x (answer - share) x the integral of the product of the others' t x answer +
/// (1 - t) x share over t from 0 to 1. The integrand is a polynomial, so that the quadrature is exact; as all its
/// factors are positive, nothing cancels.
struct Leaf {
  std::uint32_t node;
  std::vector<PathFeature> path;
  std::vector<double> table;  ///< pattern x path; empty for long paths
  const Quadrature* rule;

  void contributions(std::uint64_t pattern, double* out) const noexcept {
    std::fill_n(out, path.size(), 0.0);
    double factor[most_on_path + 1];
    for (std::size_t q = 0; q < rule->at.size(); ++q) {
      const double t = rule->at[q];
      double product = rule->weight[q];
      for (std::size_t i = 0; i < path.size(); ++i) {
        factor[i] = (1 - t) * path[i].share + ((pattern >> i & 1) != 0 ? t : 0);
        product *= factor[i];
      }
      for (std::size_t i = 0; i < path.size(); ++i) out[i] += product / factor[i];
    }
    for (std::size_t i = 0; i < path.size(); ++i) out[i] *= ((pattern >> i & 1) != 0 ? 1 : 0) - path[i].share;
  }

  void tabulate() {
    if (path.size() > most_tabled) return;
    table.resize(path.size() << path.size());
    for (std::uint64_t pattern = 0; pattern >> path.size() == 0; ++pattern)
      contributions(pattern, table.data() + pattern * path.size());
  }
};

/// How a node's pattern comes from its parent's.
struct Step {
  std::uint32_t parent = 0;
  bool left = false;
  bool again = false;  ///< the feature was asked before on this path
  std::uint8_t bit = 0;
};

class TreeExplainer {
 public:
  TreeExplainer(const Tree& tree, QuadratureRules& rules) : tree_(tree), steps_(tree.nodes.size()) {
    std::vector<std::vector<PathFeature>> paths(tree.nodes.size());
    std::vector<double> reach(tree.nodes.size(), 1.0);
    expected_.assign(tree.outputs, 0.0);
    for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
      if (!tree.nodes[i].leaf()) {
        for (const bool left : {true, false}) step_to(i, left, paths, reach);
        paths[i].clear();
        continue;
      }
      for (std::size_t k = 0; k < tree.outputs; ++k) expected_[k] += reach[i] * tree.values[i * tree.outputs + k];
      if (paths[i].empty()) continue;
      leaves_.push_back({i, std::move(paths[i]), {}, nullptr});
      leaves_.back().rule = &rules.of_degree(leaves_.back().path.size() - 1);
    }
  }
  const std::vector<double>& expected() const noexcept { return expected_; }
  void tabulate() {
    for (Leaf& leaf : leaves_) leaf.tabulate();
  }

  struct Scratch {
    std::vector<std::uint64_t> patterns;
    std::vector<double> own = std::vector<double>(most_on_path + 1);
  };

  /// Adds one row's contributions; `out` has a stretch of `width` numbers an output.
  void add(const double* row, double factor, std::size_t width, double* out, Scratch& scratch) const {
    find_patterns(row, scratch);
    for (const Leaf& leaf : leaves_) {
      const std::uint64_t pattern = scratch.patterns[leaf.node];
      const double* own = scratch.own.data();
      if (leaf.table.empty()) {
        leaf.contributions(pattern, scratch.own.data());
      } else {
        own = leaf.table.data() + pattern * leaf.path.size();
      }
      for (std::size_t k = 0; k < tree_.outputs; ++k) {
        const double value = factor * tree_.values[leaf.node * tree_.outputs + k];
        double* to = out + (tree_.first_output + k) * width;
        for (std::size_t i = 0; i < leaf.path.size(); ++i) to[leaf.path[i].feature] += value * own[i];
      }
    }
  }

 private:
  void step_to(std::uint32_t parent, bool left, std::vector<std::vector<PathFeature>>& paths,
               std::vector<double>& reach) {
    const TreeNode& node = tree_.nodes[parent];
    const std::uint32_t child = node.left + (left ? 0 : 1);
    const double share = tree_.facts[child].cover / (tree_.facts[node.left].cover + tree_.facts[node.left + 1].cover);
    reach[child] = reach[parent] * share;
    std::vector<PathFeature>& path = paths[child] = paths[parent];
    const auto met =
        std::find_if(path.begin(), path.end(), [&](const PathFeature& each) { return each.feature == node.feature; });
    steps_[child] = {parent, left, met != path.end(), static_cast<std::uint8_t>(met - path.begin())};
    if (met != path.end()) {
      met->share *= share;
      return;
    }
    if (path.size() == most_on_path)
      throw Error(Code::unsupported, "a path asks about more than 63 features", "bound the depth of the trees");
    path.push_back({node.feature, share});
  }

  /// Of every node, from the root on: which features on its path the row answers so as to come here.
  void find_patterns(const double* row, Scratch& scratch) const {
    scratch.patterns.resize(tree_.nodes.size());
    scratch.patterns[0] = 0;
    for (std::size_t left = 1; left < tree_.nodes.size(); left += 2) {
      const Step& step = steps_[left];
      const TreeNode& node = tree_.nodes[step.parent];
      const std::uint64_t to_left = goes_left(tree_, node, row[node.feature]) ? 1 : 0;
      const std::uint64_t before = scratch.patterns[step.parent];
      const std::uint64_t bit = std::uint64_t{1} << step.bit;
      const std::uint64_t stays = step.again ? before & bit : bit;
      const std::uint64_t others = before & ~bit;
      scratch.patterns[left] = others | (stays & (0 - to_left));
      scratch.patterns[left + 1] = others | (stays & (to_left - 1));
    }
  }

  const Tree& tree_;
  std::vector<Step> steps_;
  std::vector<Leaf> leaves_;
  std::vector<double> expected_;
};

}  // namespace

std::vector<double> tree_shap(const TreeEnsemble& ensemble, NumberView x, const Run& run) {
  const LongCall call(run.progress);
  if (x.columns() != ensemble.features && x.rows() > 0) refuse_field("the model was fitted on other columns", "x");
  const std::size_t width = ensemble.features + 1, per_row = ensemble.outputs * width;
  QuadratureRules rules;
  std::vector<TreeExplainer> trees;
  for (const Tree& tree : ensemble.trees) trees.emplace_back(tree, rules);
  std::vector<double> expected = ensemble.base;
  for (std::size_t t = 0; t < trees.size(); ++t)
    for (std::size_t k = 0; k < ensemble.trees[t].outputs; ++k)
      expected[ensemble.trees[t].first_output + k] += ensemble.factor * trees[t].expected()[k];
  std::vector<double> out(x.rows() * per_row);
  for (std::size_t row = 0; row < x.rows(); ++row)
    for (std::size_t k = 0; k < ensemble.outputs; ++k) out[row * per_row + k * width + ensemble.features] = expected[k];
  // A tree's tables serve many rows while they are in the cache, and are dropped before the next tree's are made.
  std::vector<TreeExplainer::Scratch> scratch(workers_of(run));
  const std::size_t blocks = (x.rows() + block_rows - 1) / block_rows;
  run_workers(run, blocks, "explain", [&](std::size_t block, std::size_t worker) {
    const std::size_t first = block * block_rows, end = std::min(x.rows(), first + block_rows);
    std::vector<double> rows((end - first) * ensemble.features);
    for (std::size_t f = 0; f < ensemble.features; ++f)
      x.visit(f, [&](auto column) {
        for (std::size_t row = first; row < end; ++row) rows[(row - first) * ensemble.features + f] = column[row];
      });
    for (const TreeExplainer& shared : trees) {
      beat("explain", block, blocks);
      TreeExplainer tree = shared;
      if (end - first >= 64) tree.tabulate();
      for (std::size_t row = first; row < end; ++row)
        tree.add(rows.data() + (row - first) * ensemble.features, ensemble.factor, width, out.data() + row * per_row,
                 scratch[worker]);
    }
  });
  return out;
}

}  // namespace emptor::mine
