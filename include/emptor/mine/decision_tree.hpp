/// Decision tree: CART for classes and numbers, exact or on histograms, pruned by cost and complexity.
///
///     const DecisionTree tree = fit_decision_tree(rows, {.task = TreeTask::classify, .max_depth = 5});
///     const std::vector<double> shares = predict(tree.ensemble, rows.x);
///
/// Source: Breiman, Friedman, Olshen, Stone, Classification and Regression Trees (1984), chapters 2-4 and 8; categories
/// ordered by their means (ibid., 4.2.2); missing values by the direction that gains more (Chen and Guestrin,
/// 2016, 3.4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/bins.hpp"
#include "emptor/mine/numbers.hpp"
#include "emptor/mine/run.hpp"
#include "emptor/mine/tree.hpp"

namespace emptor::mine {

enum class TreeTask : std::uint8_t { classify, regress };
enum class TreeMethod : std::uint8_t {
  exact,      ///< every threshold between two values
  histogram,  ///< thresholds at the cuts of bins
};
enum class TreeCriterion : std::uint8_t { gini, entropy, squared };  ///< squared is for numbers, and for them alone

struct DecisionTreeOptions {
  TreeTask task = TreeTask::classify;
  TreeMethod method = TreeMethod::exact;
  TreeCriterion criterion = TreeCriterion::gini;  ///< regress always takes squared
  std::size_t max_depth = 0;                      ///< 0: none
  std::size_t max_leaves = 0;                     ///< 0: none; else the leaves with the largest gain are split first
  std::size_t min_split = 2;                      ///< rows that a node needs to be split
  std::size_t min_leaf = 1;                       ///< rows that both children must keep
  double min_leaf_share = 0;                      ///< of all weight, that both children must keep; up to .5
  double min_gain = 0;                        ///< decrease of impurity, as a share of all weight, that a split needs
  double alpha = 0;                           ///< cost of a leaf; the tree is pruned to it
  std::size_t bins = 255;                     ///< of the histogram method; the exact one only works with them
  std::vector<double> class_weights = {};     ///< one a class; all 1 if empty
  bool balanced = false;                      ///< classes weigh the same in all; times class_weights
  std::vector<int> monotone = {};             ///< by feature: 1 rising, -1 falling, 0 free; none if empty
  std::vector<std::size_t> categorical = {};  ///< columns whose numbers are names
  std::size_t max_features = 0;               ///< tried at each node, drawn by seed; 0: all
  std::uint64_t seed = 0;
  friend bool operator==(const DecisionTreeOptions&, const DecisionTreeOptions&) = default;
};

/// The ensemble has one tree. Classes: an output a class, the weighted shares in the leaf. Numbers: the mean.
struct DecisionTree {
  TreeEnsemble ensemble;
  std::size_t classes = 0;  ///< 0 for regression
  double impurity = 0;      ///< of the root, a share of all weight: Gini's, entropy in nats, or the mean square
  DecisionTreeOptions options;
  std::string data_version;  ///< of what it was fitted on; the caller's to set
  const Tree& tree() const noexcept { return ensemble.trees.front(); }
  friend bool operator==(const DecisionTree&, const DecisionTree&) = default;
};

/// y is 0, 1, 2 ... (classify) or finite numbers. x may have NaN. The same bits for any threads, order of rows and
/// batches. O(rows x features x depth). Throws Code::invalid (fields "x", "y", "weights", "ids", or that of the
/// option).
DecisionTree fit_decision_tree(const TrainingRows& rows, const DecisionTreeOptions& options = {}, const Run& run = {});
/// From bins that stand: the histogram method.
DecisionTree fit_decision_tree(const BinnedTable& table, const DecisionTreeOptions& options = {}, const Run& run = {});

/// One step of weakest-link pruning: from this cost of a leaf on, the best subtree has so many leaves.
struct PruningStep {
  double alpha = 0;
  double impurity = 0;  ///< of the leaves, as a share of all weight
  std::size_t leaves = 0;
  friend bool operator==(const PruningStep&, const PruningStep&) = default;
};

/// From the whole tree (alpha 0) to the root alone.
std::vector<PruningStep> pruning_path(const DecisionTree& tree);
/// The smallest subtree that is best at this cost of a leaf.
DecisionTree prune(const DecisionTree& tree, double alpha);

struct PruningChoice {
  DecisionTree tree;  ///< fitted on all rows, pruned at `alpha`
  double alpha = 0;
  std::vector<PruningStep> path;  ///< of the tree on all rows
  std::vector<double> loss;       ///< by step: mean loss out of fold (misclassified share, or squared error)
  std::vector<double> error;      ///< by step: standard error of the loss over folds
};

/// Chooses alpha by cross-validation: the least loss, or with one_error the smallest tree within one standard error of
/// it. Rows go to folds by hash_of(seed, id). Throws Code::invalid for folds < 2 or > rows.
PruningChoice fit_pruned_tree(const TrainingRows& rows, const DecisionTreeOptions& options, std::size_t folds = 10,
                              bool one_error = true, const Run& run = {});

std::string save(const DecisionTree& tree);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
DecisionTree load_decision_tree(std::string_view bytes);

}  // namespace emptor::mine
