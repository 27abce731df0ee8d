// Weakest-link pruning (Breiman et al. 1984, 3.3 and 3.4.1) and the choice of its cost by cross-validation.
#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>

#include "core/long_call.hpp"
#include "emptor/core/exact_sum.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/decision_tree.hpp"
#include "mine/tree_shape.hpp"
#include "mine/tree_walk.hpp"

namespace emptor::mine {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();
constexpr double same_alpha = 1e-12;  // relative: links that are as weak go together

/// At which cost of a leaf each node becomes one.
struct Collapse {
  std::vector<double> at;  ///< of each node; infinity for leaves of the whole tree
  std::vector<PruningStep> path;
};

class Pruner {
 public:
  explicit Pruner(const DecisionTree& model) : model_(model), tree_(model.tree()) {
    const std::size_t size = tree_.nodes.size();
    parent_.assign(size, 0);
    gain_.assign(size, 0.0);
    leaves_.assign(size, 1);
    gone_.assign(size, 0);
    out_.at.assign(size, never);
    for (std::size_t i = size; i-- > 0;) {
      const std::uint32_t left = tree_.nodes[i].left;
      if (left == 0) continue;
      parent_[left] = parent_[left + 1] = static_cast<std::uint32_t>(i);
      gain_[i] = tree_.facts[i].gain + gain_[left] + gain_[left + 1];
      leaves_[i] = leaves_[left] + leaves_[left + 1];
      queue_.push({strength(i), static_cast<std::uint32_t>(i)});
    }
  }

  Collapse run() {
    double alpha = 0;
    step(alpha);
    while (!queue_.empty()) {
      const Link link = queue_.top();
      queue_.pop();
      if (gone_[link.node] || link.alpha != strength(link.node)) continue;  // it has changed since
      if (link.alpha > alpha * (1 + same_alpha) && link.alpha > 0) {
        alpha = link.alpha;
        step(alpha);
      }
      cut(link.node, alpha);
      out_.path.back() = now(alpha);
    }
    return std::move(out_);
  }

 private:
  struct Link {
    double alpha;
    std::uint32_t node;
    bool operator<(const Link& other) const noexcept {  // of a max-heap: the weakest, then the deepest, first
      return alpha != other.alpha ? alpha > other.alpha : node < other.node;
    }
  };

  double strength(std::size_t node) const {
    return gain_[node] / tree_.facts[0].cover / static_cast<double>(leaves_[node] - 1);
  }
  PruningStep now(double alpha) const {
    return {alpha, std::max(0.0, model_.impurity - gain_[0] / tree_.facts[0].cover), leaves_[0]};
  }
  void step(double alpha) { out_.path.push_back(now(alpha)); }

  void cut(std::uint32_t node, double alpha) {
    mark_gone(node);
    out_.at[node] = alpha;
    const double gain = gain_[node];
    const std::size_t leaves = leaves_[node] - 1;
    for (std::uint32_t at = node;; at = parent_[at]) {
      gain_[at] -= gain;
      leaves_[at] -= leaves;
      if (at != node) queue_.push({strength(at), at});
      if (at == 0) break;
    }
    gain_[node] = 0;
  }

  void mark_gone(std::uint32_t node) {
    std::vector<std::uint32_t> open{node};
    while (!open.empty()) {
      const std::uint32_t at = open.back();
      open.pop_back();
      if (gone_[at] || tree_.nodes[at].leaf()) continue;
      gone_[at] = 1;
      open.push_back(tree_.nodes[at].left);
      open.push_back(tree_.nodes[at].left + 1);
    }
  }

  const DecisionTree& model_;
  const Tree& tree_;
  std::vector<std::uint32_t> parent_;
  std::vector<double> gain_;  ///< of the splits at and below each node that still stand
  std::vector<std::size_t> leaves_;
  std::vector<char> gone_;
  std::priority_queue<Link> queue_;
  Collapse out_;
};

/// The tree without what is below nodes that are leaves at this cost.
Tree cut_at(const Tree& tree, const Collapse& collapse, double alpha) {
  Tree out;
  out.first_output = tree.first_output;
  out.outputs = tree.outputs;
  std::vector<std::uint32_t> from{0};
  const auto add = [&](std::uint32_t node) {
    out.nodes.emplace_back();
    out.facts.push_back(tree.facts[node]);
    const auto values = tree.values.begin() + static_cast<std::ptrdiff_t>(std::size_t{node} * tree.outputs);
    out.values.insert(out.values.end(), values, values + tree.outputs);
  };
  add(0);
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::uint32_t node = from[i];
    if (tree.nodes[node].leaf() || collapse.at[node] <= alpha) {
      out.facts[i].gain = 0;
      continue;
    }
    TreeNode kept = tree.nodes[node];
    if (kept.categorical != 0) {
      out.sets.push_back(tree.sets[static_cast<std::size_t>(kept.threshold)]);
      kept.threshold = static_cast<double>(out.sets.size() - 1);
    }
    kept.left = static_cast<std::uint32_t>(out.nodes.size());
    out.nodes[i] = kept;
    for (const std::uint32_t child : {tree.nodes[node].left, tree.nodes[node].left + 1}) {
      from.push_back(child);
      add(child);
    }
  }
  return out;
}

/// Costs between two steps, at which the subtree of the first is best.
std::vector<double> costs_between(const std::vector<PruningStep>& path) {
  std::vector<double> out;
  for (std::size_t k = 0; k + 1 < path.size(); ++k) out.push_back(std::sqrt(path[k].alpha * path[k + 1].alpha));
  out.push_back(std::numeric_limits<double>::max());
  return out;
}

struct FoldLoss {
  std::vector<DoubleSum> loss;  ///< by cost
  DoubleSum weight;
};

/// Adds one held-out row's loss at every cost: as costs rise, the leaf moves up its path.
void add_row(const DecisionTree& model, const Collapse& collapse, std::span<const double> costs,
             const TrainingRows& rows, std::size_t row, FoldLoss& to) {
  const Tree& tree = model.tree();
  std::vector<std::uint32_t> path{0};
  while (!tree.nodes[path.back()].leaf()) {
    const TreeNode& node = tree.nodes[path.back()];
    path.push_back(node.left + (goes_left(tree, node, rows.x(row, node.feature)) ? 0 : 1));
  }
  for (std::size_t k = 0; k < costs.size(); ++k) {
    const auto leaf =
        std::find_if(path.begin(), path.end() - 1, [&](std::uint32_t node) { return collapse.at[node] <= costs[k]; });
    const std::span<const double> value(tree.values.data() + std::size_t{*leaf} * tree.outputs, tree.outputs);
    to.loss[k].add(rows.weight(row) * loss_of_prediction(value, model.classes, rows.y[row]));
  }
  to.weight.add(rows.weight(row));
}

std::size_t fold_of(const TrainingRows& rows, std::size_t row, std::uint64_t seed, std::size_t folds) {
  return static_cast<std::size_t>(hash_of(seed, rows.id(row)) % folds);
}

FoldLoss fold_loss(const TrainingRows& rows, const DecisionTreeOptions& options, std::size_t fold, std::size_t folds,
                   std::span<const double> costs, const Run& run) {
  std::vector<double> weights(rows.x.rows());
  for (std::size_t row = 0; row < weights.size(); ++row)
    weights[row] = fold_of(rows, row, options.seed, folds) == fold ? 0 : rows.weight(row);
  TrainingRows train = rows;
  train.weights = weights;
  FoldLoss out{std::vector<DoubleSum>(costs.size()), {}};
  if (std::all_of(weights.begin(), weights.end(), [](double w) { return w == 0; })) return out;
  const DecisionTree model = fit_decision_tree(train, options, run);
  const Collapse collapse = Pruner(model).run();
  for (std::size_t row = 0; row < weights.size(); ++row) {
    if (fold_of(rows, row, options.seed, folds) != fold) continue;
    // A class that the fold did not learn is a miss, not a place in its predictions.
    add_row(model, collapse, costs, rows, row, out);
  }
  return out;
}

}  // namespace

std::vector<PruningStep> pruning_path(const DecisionTree& tree) { return Pruner(tree).run().path; }

DecisionTree prune(const DecisionTree& tree, double alpha) {
  if (!(alpha >= 0)) refuse_field("a cost of at least 0 is needed", "alpha");
  DecisionTree out = tree;
  out.ensemble.trees[0] = cut_at(tree.tree(), Pruner(tree).run(), alpha);
  out.options.alpha = std::max(alpha, tree.options.alpha);
  return out;
}

PruningChoice fit_pruned_tree(const TrainingRows& rows, const DecisionTreeOptions& options, std::size_t folds,
                              bool one_error, const Run& run) {
  const LongCall call(run.progress);
  if (folds < 2 || folds > rows.x.rows()) refuse_field("2 folds to as many as rows are possible", "folds");
  DecisionTreeOptions whole = options;
  whole.alpha = 0;
  PruningChoice out;
  out.tree = fit_decision_tree(rows, whole, run);
  out.path = pruning_path(out.tree);
  const std::vector<double> costs = costs_between(out.path);
  std::vector<FoldLoss> losses;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    losses.push_back(fold_loss(rows, whole, fold, folds, costs, run));
    if (losses.back().weight.value() == 0) losses.pop_back();  // a fold of few rows may be empty
  }
  if (losses.empty()) refuse_field("too few rows for folds", "folds");
  std::size_t best = 0;
  for (std::size_t k = 0; k < costs.size(); ++k) {
    DoubleSum loss, weight;
    for (const FoldLoss& fold : losses) loss.add(fold.loss[k]), weight.add(fold.weight);
    out.loss.push_back(loss.value() / weight.value());
    double squares = 0;
    for (const FoldLoss& fold : losses) {
      const double apart = fold.loss[k].value() / fold.weight.value() - out.loss[k];
      squares += apart * apart;
    }
    const auto count = static_cast<double>(losses.size());
    out.error.push_back(count > 1 ? std::sqrt(squares / (count - 1) / count) : 0);
    if (out.loss[k] <= out.loss[best]) best = k;
  }
  if (one_error) {
    const double bound = out.loss[best] + out.error[best];
    for (std::size_t k = best; k < costs.size(); ++k)
      if (out.loss[k] <= bound) best = k;
  }
  out.alpha = out.path[best].alpha;
  out.tree = prune(out.tree, out.alpha);
  return out;
}

}  // namespace emptor::mine
