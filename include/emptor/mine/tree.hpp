/// Trees: the one form of every model that is made of them (decision tree, forest, boosting), and what can be asked
/// of all alike: predictions, leaves, importance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/numbers.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

/// A question with two answers, or a leaf. The right child follows the left one.
struct TreeNode {
  double threshold = 0;                ///< numeric: x <= threshold goes left
  std::uint32_t left = 0;              ///< the left child; 0 for a leaf
  std::uint32_t feature : 30 = 0;      ///< the column that is asked
  std::uint32_t missing_left : 1 = 0;  ///< where NaN goes, and a category that the fit did not meet
  std::uint32_t categorical : 1 = 0;   ///< the categories of sets[threshold] go to the other side than NaN

  bool leaf() const noexcept { return left == 0; }
  friend bool operator==(const TreeNode&, const TreeNode&) = default;
};

/// What the fit knew of a node.
struct TreeNodeFacts {
  double cover = 0;  ///< sum of weights (decision tree, forest) or of second derivatives (boosting)
  double gain = 0;   ///< by how much the split lowered the impurity or loss, weighted by rows; 0 for a leaf
  std::uint64_t rows = 0;
  friend bool operator==(const TreeNodeFacts&, const TreeNodeFacts&) = default;
};

/// One tree. Node 0 is the root; children come after their parents.
struct Tree {
  std::uint32_t first_output = 0;  ///< values are added to this output and those after it
  std::uint32_t outputs = 1;       ///< numbers a node
  std::vector<TreeNode> nodes;
  std::vector<double> values;                    ///< nodes x outputs; of inner nodes too, for pruning and explanation
  std::vector<TreeNodeFacts> facts;              ///< of each node
  std::vector<std::vector<std::uint32_t>> sets;  ///< of categories, ascending

  std::size_t leaves() const noexcept { return (nodes.size() + 1) / 2; }
  std::size_t depth() const;
  friend bool operator==(const Tree&, const Tree&) = default;
};

/// What makes a prediction of the sum of all trees.
enum class TreeLink : std::uint8_t {
  identity,     ///< the sum: a mean (regression) or shares of classes (tree, forest)
  logistic,     ///< one output, the log-odds of class 1
  softmax,      ///< an output a class
  exponential,  ///< one output, the logarithm of a rate
};

/// base + factor x the sum of the trees.
struct TreeEnsemble {
  std::size_t features = 0;
  std::size_t outputs = 1;
  TreeLink link = TreeLink::identity;
  double factor = 1;         ///< 1 / trees for a forest
  std::vector<double> base;  ///< `outputs` numbers
  std::vector<Tree> trees;
  friend bool operator==(const TreeEnsemble&, const TreeEnsemble&) = default;
};

/// Sums before the link: rows x outputs. Throws Code::invalid where the columns do not match.
std::vector<double> raw_scores(const TreeEnsemble& ensemble, NumberView x, const Run& run = {});
/// Predictions: of classifiers rows x classes, each row adding up to 1 (two classes for the logistic link);
/// otherwise rows x outputs.
std::vector<double> predict(const TreeEnsemble& ensemble, NumberView x, const Run& run = {});
/// One row's raw scores into `out` (outputs numbers), without an allocation. Requires features numbers and a whole
/// ensemble, which is not checked.
void raw_scores_of_row(const TreeEnsemble& ensemble, const double* row, double* out) noexcept;
/// The same for predictions: as many numbers as `predict` gives for a row.
void predict_of_row(const TreeEnsemble& ensemble, const double* row, double* out) noexcept;
/// The leaf that each row ends in: rows x trees.
std::vector<std::uint32_t> leaves_of(const TreeEnsemble& ensemble, NumberView x, const Run& run = {});

enum class TreeImportance : std::uint8_t { gain, splits, cover };
/// Of each feature, adding up to 1 (all 0 where no tree has a split).
std::vector<double> importance(const TreeEnsemble& ensemble, TreeImportance kind = TreeImportance::gain);

}  // namespace emptor::mine
