/// What can be asked of each algorithm, described once.
#pragma once

#include "emptor/mine/algorithm.hpp"
#include "emptor/mine/kmeans_stream.hpp"
#include "mine/option_table.hpp"

namespace emptor::mine {

/// k-means, perhaps from given centres (k x columns, row by row).
struct StartedKmeansOptions {
  KmeansOptions own;
  std::vector<double> starts = {};
};
/// k-means over one stream of batches, cut from the rows.
struct MiniBatchOptions {
  KmeansStreamOptions stream;
  std::size_t batch = 1024;
};
/// A tree, perhaps pruned by cross-validation.
struct PrunedTreeOptions {
  DecisionTreeOptions tree;
  std::size_t prune_folds = 0;
  bool one_error = true;
};

const OptionTable<StartedKmeansOptions>& kmeans_options();
const OptionTable<MiniBatchOptions>& mini_batch_options();
const OptionTable<PrunedTreeOptions>& decision_tree_options();
const OptionTable<RandomForestOptions>& random_forest_options();
const OptionTable<GradientBoostingOptions>& gradient_boosting_options();
const OptionTable<LogisticOptions>& logistic_options();
const OptionTable<NaiveBayesOptions>& naive_bayes_options();
const OptionTable<IsolationForestOptions>& isolation_forest_options();
const OptionTable<ScalingOptions>& scaling_options();
const OptionTable<ChosenKmeansOptions>& kmeans_choice_options();
const OptionTable<ScorecardOptions>& scorecard_options();
const OptionTable<BlendedBoostingOptions>& blended_boosting_options();

}  // namespace emptor::mine
