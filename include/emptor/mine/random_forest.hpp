/// Random forest: the mean of trees, each grown on a draw of the rows and of the features at every node.
///
///     const RandomForest forest = fit_random_forest(rows, {.trees = 100, .seed = 1});
///
/// How often a tree takes a row is Poisson with mean `sample`, drawn by (seed, tree, id): a bootstrap that does not
/// depend on the order of rows. Source: Breiman, Random Forests (2001); Oza and Russell (2001) for the draw.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/bins.hpp"
#include "emptor/mine/decision_tree.hpp"
#include "emptor/mine/numbers.hpp"
#include "emptor/mine/run.hpp"
#include "emptor/mine/tree.hpp"

namespace emptor::mine {

struct RandomForestOptions {
  TreeTask task = TreeTask::classify;
  std::size_t trees = 100;
  std::size_t max_depth = 0;     ///< 0: none
  std::size_t min_split = 2;     ///< rows drawn that a node needs to be split
  std::size_t min_leaf = 1;      ///< rows drawn that both children must keep
  double min_leaf_share = 0;     ///< of all weight, that both children must keep; up to .5
  std::size_t max_features = 0;  ///< tried at each node; 0: the root of their number (classes), a third (numbers)
  bool bootstrap = true;         ///< false: every tree has every row once
  double sample = 1;             ///< mean number of times that a row is drawn; above 0, at most 1
  std::size_t bins = 255;
  std::vector<double> class_weights = {};
  bool balanced = false;
  std::vector<std::size_t> categorical = {};
  bool out_of_bag = true;  ///< predict each row by the trees that did not draw it
  std::uint64_t seed = 0;
  friend bool operator==(const RandomForestOptions&, const RandomForestOptions&) = default;
};

struct RandomForest {
  TreeEnsemble ensemble;
  std::size_t classes = 0;  ///< 0 for regression
  RandomForestOptions options;
  double out_of_bag_error = 0;  ///< misclassified share or mean squared error; NaN where not asked for
  std::string data_version;
  friend bool operator==(const RandomForest&, const RandomForest&) = default;
};

/// Rows x outputs by the trees that did not draw the row; NaN where all did. Filled by the fit if a place is given.
struct OutOfBag {
  std::vector<double> predictions;
};

/// Throws as fit_decision_tree does. O(trees x rows x max_features x depth).
RandomForest fit_random_forest(const TrainingRows& rows, const RandomForestOptions& options = {}, const Run& run = {},
                               OutOfBag* out_of_bag = nullptr);
RandomForest fit_random_forest(const BinnedTable& table, const RandomForestOptions& options = {}, const Run& run = {},
                               OutOfBag* out_of_bag = nullptr);

struct PermutedImportance {
  std::vector<double> mean;       ///< by feature: by how much the loss rises when its values are shuffled
  std::vector<double> deviation;  ///< over the repetitions (sample standard deviation)
};

/// Of any ensemble on rows with targets: misclassified share for classes, squared error for numbers. Values are
/// shuffled among rows by hash_of(seed, id), so the order of rows does not matter.
PermutedImportance permutation_importance(const TreeEnsemble& ensemble, TreeTask task, const TrainingRows& rows,
                                          std::size_t repetitions = 5, std::uint64_t seed = 0, const Run& run = {});

std::string save(const RandomForest& forest);
RandomForest load_random_forest(std::string_view bytes);

}  // namespace emptor::mine
