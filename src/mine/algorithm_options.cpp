#include "mine/algorithm_options.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view seed_doc = "of every draw; the same seed, the same model";
constexpr std::string_view class_weights_doc = "one a class; all 1 without it";
constexpr std::string_view balanced_doc = "classes weigh the same in all";
constexpr std::string_view categorical_doc = "columns whose numbers are names";
constexpr std::string_view monotone_doc = "by feature: 1 rising, -1 falling, 0 free";
constexpr std::string_view max_depth_doc = "0: no limit";
constexpr std::string_view bins_doc = "of each feature";

/// Those of k-means that hold for any k, after what `table` has already.
OptionTable<KmeansOptions> with_kmeans(OptionTable<KmeansOptions> table) {
  using Options = KmeansOptions;
  return table.add("seed", &Options::seed, seed_doc)
      .choice("start", &Options::start, {"plus_plus", "parallel", "random", "given"}, "where the centres begin")
      .add("restarts", &Options::restarts, Bounds{1}, "fits from different starts; the best is kept")
      .add("updates", &Options::updates, "moves of the centres at most")
      .add("tolerance", &Options::tolerance, Bounds{0}, "stop when the centres move less; 0: when no row moves")
      .add("trials", &Options::trials, "draws for each centre of plus_plus; 0: 2 + ln k")
      .add("oversampling", &Options::oversampling, Bounds{0}, "draws of a round of parallel, in units of k")
      .add("rounds", &Options::rounds, Bounds{1}, "of parallel")
      .choice("bounds", &Options::bounds, {"automatic", "none", "hamerly", "elkan"},
              "how distances are spared; the result is the same")
      .add("memory_bytes", &Options::memory_bytes, "beyond the rows; 0: no limit");
}

}  // namespace

const OptionTable<StartedKmeansOptions>& kmeans_options() {
  static const auto own = with_kmeans(OptionTable<KmeansOptions>().add("k", &KmeansOptions::k, Bounds{1}, "clusters"));
  static const auto table =
      OptionTable<StartedKmeansOptions>()
          .all_of(&StartedKmeansOptions::own, own)
          .add("starts", &StartedKmeansOptions::starts, "centres to begin with, k x columns, row by row");
  return table;
}

const OptionTable<MiniBatchOptions>& mini_batch_options() {
  using Options = KmeansStreamOptions;
  static const auto stream =
      OptionTable<Options>()
          .add("k", &Options::k, Bounds{1}, "clusters")
          .add("seed", &Options::seed, seed_doc)
          .add("memory", &Options::memory, Bounds{0, 1}, "what a cluster's weight is multiplied by before each batch")
          .choice("start", &Options::start, {"plus_plus", "parallel", "random"}, "where the centres begin")
          .add("first_rows", &Options::first_rows, "rows that are kept for the start; 0: 10 k");
  static const auto table =
      OptionTable<MiniBatchOptions>()
          .all_of(&MiniBatchOptions::stream, stream)
          .add("batch", &MiniBatchOptions::batch, Bounds{1}, "rows that are taken at a time, in their order");
  return table;
}

const OptionTable<PrunedTreeOptions>& decision_tree_options() {
  using Options = DecisionTreeOptions;
  static const auto tree =
      OptionTable<Options>()
          .choice("task", &Options::task, {"classify", "regress"}, "whether targets are classes or numbers")
          .choice("method", &Options::method, {"exact", "histogram"}, "every threshold, or those between bins")
          .choice("criterion", &Options::criterion, {"gini", "entropy", "squared"}, "the impurity of a node")
          .add("max_depth", &Options::max_depth, max_depth_doc)
          .add("max_leaves", &Options::max_leaves, "0: no limit; else the largest gain is split first")
          .add("min_split", &Options::min_split, "rows that a node needs to be split")
          .add("min_leaf", &Options::min_leaf, "rows that both children keep")
          .add("min_leaf_share", &Options::min_leaf_share, Bounds{0, 0.5}, "of all weight, that both children keep")
          .add("min_gain", &Options::min_gain, Bounds{0}, "decrease of impurity that a split needs")
          .add("alpha", &Options::alpha, Bounds{0}, "cost of a leaf; the tree is pruned to it")
          .add("bins", &Options::bins, Bounds{2, 255}, bins_doc)
          .add("class_weights", &Options::class_weights, Bounds{0}, class_weights_doc)
          .add("balanced", &Options::balanced, balanced_doc)
          .add("monotone", &Options::monotone, Bounds{-1, 1}, monotone_doc)
          .add("categorical", &Options::categorical, categorical_doc)
          .add("max_features", &Options::max_features, "tried at each node; 0: all")
          .add("seed", &Options::seed, seed_doc);
  static const auto table =
      OptionTable<PrunedTreeOptions>()
          .all_of(&PrunedTreeOptions::tree, tree)
          .add("prune_folds", &PrunedTreeOptions::prune_folds, "alpha is chosen by so many folds; 0: as given")
          .add("one_error", &PrunedTreeOptions::one_error, "the smallest tree within one standard error of the best");
  return table;
}

const OptionTable<RandomForestOptions>& random_forest_options() {
  using Options = RandomForestOptions;
  static const auto table =
      OptionTable<Options>()
          .choice("task", &Options::task, {"classify", "regress"}, "whether targets are classes or numbers")
          .add("trees", &Options::trees, Bounds{1}, "how many")
          .add("max_depth", &Options::max_depth, max_depth_doc)
          .add("min_split", &Options::min_split, "rows drawn that a node needs to be split")
          .add("min_leaf", &Options::min_leaf, "rows drawn that both children keep")
          .add("min_leaf_share", &Options::min_leaf_share, Bounds{0, 0.5}, "of all weight, that both children keep")
          .add("max_features", &Options::max_features, "tried at each node; 0: the root of their number, or a third")
          .add("bootstrap", &Options::bootstrap, "false: every tree has every row once")
          .add("sample", &Options::sample, Bounds{0, 1}, "mean number of times that a row is drawn")
          .add("bins", &Options::bins, Bounds{2, 255}, bins_doc)
          .add("class_weights", &Options::class_weights, Bounds{0}, class_weights_doc)
          .add("balanced", &Options::balanced, balanced_doc)
          .add("categorical", &Options::categorical, categorical_doc)
          .add("out_of_bag", &Options::out_of_bag, "the error on rows that a tree did not draw")
          .add("seed", &Options::seed, seed_doc);
  return table;
}

const OptionTable<GradientBoostingOptions>& gradient_boosting_options() {
  using Options = GradientBoostingOptions;
  static const auto table =
      OptionTable<Options>()
          .choice("loss", &Options::loss, {"squared", "logistic", "softmax", "poisson", "quantile"},
                  "what is made small; logistic is for two classes, softmax for more")
          .add("rounds", &Options::rounds, Bounds{1}, "trees, or trees a class")
          .add("learning_rate", &Options::learning_rate, Bounds{0}, "share of each tree that is added")
          .add("max_depth", &Options::max_depth, Bounds{1, 32}, "of each tree")
          .add("max_leaves", &Options::max_leaves, "0: no limit; else the largest gain is split first")
          .add("min_child_weight", &Options::min_child_weight, Bounds{0}, "second derivatives that children keep")
          .add("min_leaf", &Options::min_leaf, "rows that both children keep")
          .add("l2", &Options::l2, Bounds{0}, "on the values of leaves")
          .add("min_gain", &Options::min_gain, Bounds{0}, "that a split needs")
          .add("row_share", &Options::row_share, Bounds{0, 1}, "of the rows, drawn for each round")
          .add("feature_share", &Options::feature_share, Bounds{0, 1}, "of the features, drawn for each tree")
          .add("quantile", &Options::quantile, Bounds{0, 1}, "of the quantile loss")
          .add("bins", &Options::bins, Bounds{2, 255}, bins_doc)
          .add("class_weights", &Options::class_weights, Bounds{0}, class_weights_doc)
          .add("monotone", &Options::monotone, Bounds{-1, 1}, monotone_doc)
          .add("categorical", &Options::categorical, categorical_doc)
          .add("validation_share", &Options::validation_share, Bounds{0, 1}, "of the rows, held out to stop early")
          .add("patience", &Options::patience, "rounds without a better held-out loss before it stops; 0: never")
          .add("seed", &Options::seed, seed_doc);
  return table;
}

const OptionTable<LogisticOptions>& logistic_options() {
  using Options = LogisticOptions;
  static const auto table = OptionTable<Options>()
                                .add("ridge", &Options::ridge, Bounds{0}, "penalty on squared coefficients")
                                .add("lasso", &Options::lasso, Bounds{0}, "penalty on absolute coefficients")
                                .add("intercept", &Options::intercept, "a free constant for each class")
                                .add("tolerance", &Options::tolerance, Bounds{0}, "of the gradient of the mean loss")
                                .add("rounds", &Options::rounds, Bounds{1}, "passes over the rows at most")
                                .add("inference", &Options::inference, "likelihoods and standard errors")
                                .add("memory_bytes", &Options::memory_bytes, "for the sums of one thread")
                                .add("features", &Options::features, "names of the columns");
  return table;
}

const OptionTable<NaiveBayesOptions>& naive_bayes_options() {
  using Options = NaiveBayesOptions;
  static const auto table =
      OptionTable<Options>()
          .choice("kind", &Options::kind, {"gaussian", "multinomial", "categorical"}, "what the numbers are")
          .add("smoothing", &Options::smoothing, Bounds{0}, "added to each count")
          .add("variance_floor", &Options::variance_floor, Bounds{0}, "share of the largest variance added to all")
          .add("priors", &Options::priors, Bounds{0, 1}, "of the classes; their shares without it");
  return table;
}

const OptionTable<IsolationForestOptions>& isolation_forest_options() {
  using Options = IsolationForestOptions;
  static const auto table =
      OptionTable<Options>()
          .add("trees", &Options::trees, Bounds{1, 100'000}, "how many")
          .add("sample", &Options::sample, Bounds{1, 1 << 20}, "rows a tree; all, if there are fewer")
          .add("max_features", &Options::max_features, "columns a tree may cut at; 0: all")
          .add("contamination", &Options::contamination, Bounds{0, 0.5}, "share of the rows to be called unusual")
          .add("seed", &Options::seed, seed_doc);
  return table;
}

const OptionTable<ScalingOptions>& scaling_options() {
  using Options = ScalingOptions;
  static const auto table =
      OptionTable<Options>()
          .choice("method", &Options::method, {"none", "zscore", "min_max", "robust"}, "what centre and spread are")
          .choice("constant", &Options::constant, {"refuse", "keep"}, "what becomes of a column whose spread is 0");
  return table;
}

const OptionTable<ChosenKmeansOptions>& kmeans_choice_options() {
  using Choice = KmeansChoiceOptions;
  using Options = ChosenKmeansOptions;
  static const auto fit = with_kmeans({});
  static const auto choice = OptionTable<Choice>()
                                 .add("least_k", &Choice::least_k, Bounds{1}, "the smallest number of clusters")
                                 .add("greatest_k", &Choice::greatest_k, Bounds{1}, "and the greatest")
                                 .add("sample", &Choice::sample, Bounds{1}, "rows for the silhouette")
                                 .all_of(&Choice::fit, fit);
  static const auto table =
      OptionTable<Options>()
          .choice("by", &Options::by, {"silhouette", "elbow"}, "which figure chooses k")
          .all_of(&Options::choice, choice)
          .add("stability_rounds", &Options::stability_rounds, "parts of the rows that are fitted anew; 0: none")
          .add("stability_share", &Options::stability_share, Bounds{0, 1}, "of the rows in each part");
  return table;
}

const OptionTable<ScorecardOptions>& scorecard_options() {
  using Bins = BinningOptions;
  using Options = ScorecardOptions;
  static const auto binning =
      OptionTable<Bins>()
          .choice("shape", &Bins::shape, {"none", "ascending", "descending", "monotone", "peak", "valley"},
                  "how the share of events goes from bin to bin")
          .add("least_share", &Bins::least_share, Bounds{0, 0.5}, "of all weight, in each bin")
          .add("least_events", &Bins::least_events, Bounds{0}, "weight of events, and of others, in each bin")
          .add("most_bins", &Bins::most_bins, "of a column, without special and missing; 0: no limit")
          .add("exact_values", &Bins::exact_values, Bounds{2, 20'000}, "places to cut at that are searched one by one")
          .add("pre_bins", &Bins::pre_bins, Bounds{2, 20'000}, "bins of equal weight, searched where there are more")
          .add("special", &Bins::special, "codes that are no quantity, a bin each")
          .add("categorical", &Bins::categorical, categorical_doc)
          .add("features", &Bins::features, "names of the columns");
  static const auto table = OptionTable<Options>()
                                .all_of(&Options::binning, binning)
                                .add("base_points", &Options::base_points, "where the others are base_odds to 1 event")
                                .add("base_odds", &Options::base_odds, Bounds{0}, "of others to events")
                                .add("points_to_double", &Options::points_to_double, Bounds{0}, "the odds")
                                .add("whole_points", &Options::whole_points, "points of bins are rounded")
                                .add("least_information", &Options::least_information, Bounds{0},
                                     "columns of less information value are left out")
                                .add("ridge", &Options::ridge, Bounds{0}, "penalty on squared coefficients")
                                .add("drop_contrary", &Options::drop_contrary,
                                     "columns that turn their weight of evidence around are left out")
                                .add("protected_columns", &Options::protected_columns, "names that may not decide")
                                .add("allow_protected", &Options::allow_protected, "they may all the same");
  return table;
}

const OptionTable<BlendedBoostingOptions>& blended_boosting_options() {
  using Options = BlendedBoostingOptions;
  static const auto table =
      OptionTable<Options>()
          .add("folds", &Options::folds, "of the rows; 0: five, and three from 20,000 rows on")
          .add("rounds", &Options::rounds, Bounds{1}, "trees of each fold at most")
          .add("patience", &Options::patience, Bounds{1}, "rounds without a better loss on unseen rows before it stops")
          .add("learning_rate", &Options::learning_rate, Bounds{0},
               "share of each tree that is added; 0: .25, and .2 from 20,000 rows on")
          .add("max_depth", &Options::max_depth, Bounds{0, 32}, "of each tree; 0: four, and five from 20,000 rows on")
          .add("min_child_weight", &Options::min_child_weight, Bounds{0}, "second derivatives that children keep")
          .add("l2", &Options::l2, Bounds{0}, "on the values of leaves")
          .add("row_share", &Options::row_share, Bounds{0, 1}, "of the rows, drawn for each round")
          .add("ridge", &Options::ridge, Bounds{0}, "penalty on squared coefficients of the regression")
          .add("bins", &Options::bins, Bounds{0, 255}, "of each number; 0: 32, and 64 from 20,000 rows on")
          .add("knots", &Options::knots, Bounds{0, 32}, "where the regression bends a number's slope")
          .add("categorical", &Options::categorical, categorical_doc)
          .add("seed", &Options::seed, seed_doc);
  return table;
}

}  // namespace emptor::mine
