// Save and load of the models that are made of trees.
#include "emptor/mine/decision_tree.hpp"
#include "emptor/mine/gradient_boosting.hpp"
#include "emptor/mine/random_forest.hpp"
#include "mine/model_archive.hpp"

namespace emptor::mine {
namespace {

template <class Show, class Options>
requires std::is_same_v<std::remove_const_t<Options>, DecisionTreeOptions>
void describe(Show& show, Options& options) {
  show("task", options.task);
  show("method", options.method);
  show("criterion", options.criterion);
  show("max_depth", options.max_depth);
  show("max_leaves", options.max_leaves);
  show("min_split", options.min_split);
  show("min_leaf", options.min_leaf);
  show("min_leaf_share", options.min_leaf_share);
  show("min_gain", options.min_gain);
  show("alpha", options.alpha);
  show("bins", options.bins);
  show("class_weights", options.class_weights);
  show("balanced", options.balanced);
  show("monotone", options.monotone);
  show("categorical", options.categorical);
  show("max_features", options.max_features);
  show("seed", options.seed);
}

template <class Show, class Options>
requires std::is_same_v<std::remove_const_t<Options>, RandomForestOptions>
void describe(Show& show, Options& options) {
  show("task", options.task);
  show("trees", options.trees);
  show("max_depth", options.max_depth);
  show("min_split", options.min_split);
  show("min_leaf", options.min_leaf);
  show("min_leaf_share", options.min_leaf_share);
  show("max_features", options.max_features);
  show("bootstrap", options.bootstrap);
  show("sample", options.sample);
  show("bins", options.bins);
  show("class_weights", options.class_weights);
  show("balanced", options.balanced);
  show("categorical", options.categorical);
  show("out_of_bag", options.out_of_bag);
  show("seed", options.seed);
}

template <class Show, class Options>
requires std::is_same_v<std::remove_const_t<Options>, GradientBoostingOptions>
void describe(Show& show, Options& options) {
  show("loss", options.loss);
  show("rounds", options.rounds);
  show("learning_rate", options.learning_rate);
  show("max_depth", options.max_depth);
  show("max_leaves", options.max_leaves);
  show("min_child_weight", options.min_child_weight);
  show("min_leaf", options.min_leaf);
  show("l2", options.l2);
  show("min_gain", options.min_gain);
  show("row_share", options.row_share);
  show("feature_share", options.feature_share);
  show("quantile", options.quantile);
  show("bins", options.bins);
  show("class_weights", options.class_weights);
  show("monotone", options.monotone);
  show("categorical", options.categorical);
  show("validation_share", options.validation_share);
  show("patience", options.patience);
  show("seed", options.seed);
}

/// What a model keeps beside its options and its trees.
void describe_rest(auto& show, const DecisionTree& tree) { show("impurity", tree.impurity); }
void describe_rest(auto& show, const RandomForest& forest) { show("out_of_bag_error", forest.out_of_bag_error); }
void describe_rest(auto& show, const GradientBoosting& model) { show("validation_loss", model.validation_loss); }
void fill_rest(ByteFiller& in, DecisionTree& tree) { in("impurity", tree.impurity); }
void fill_rest(ByteFiller& in, RandomForest& forest) { in("out_of_bag_error", forest.out_of_bag_error); }
void fill_rest(ByteFiller& in, GradientBoosting& model) { in("validation_loss", model.validation_loss); }

template <class Model>
std::string saved(const Model& model, const char* algorithm) {
  JsonWriter json;
  describe(json, model.options);
  ByteWriter bytes;
  describe(bytes, model.options);
  bytes("classes", model.classes);
  describe_rest(bytes, model);
  append_ensemble(bytes.out, model.ensemble);
  return to_bytes({.algorithm = algorithm,
                   .payload_version = 1,
                   .options = json.text(),
                   .data_version = model.data_version,
                   .payload = std::move(bytes.out)});
}

template <class Model>
Model loaded(std::string_view bytes, const char* algorithm) {
  const ModelFrame frame = frame_of(bytes, algorithm, 1);
  Model model;
  model.data_version = frame.data_version;
  ByteFiller in(frame.payload);
  describe(in, model.options);
  in("classes", model.classes);
  fill_rest(in, model);
  model.ensemble = read_ensemble(in);
  in.done();
  return model;
}

}  // namespace

std::string save(const DecisionTree& tree) { return saved(tree, "decision_tree"); }
std::string save(const RandomForest& forest) { return saved(forest, "random_forest"); }
std::string save(const GradientBoosting& model) { return saved(model, "gradient_boosting"); }

DecisionTree load_decision_tree(std::string_view bytes) {
  DecisionTree tree = loaded<DecisionTree>(bytes, "decision_tree");
  if (tree.ensemble.trees.size() != 1) throw Error(Code::corrupt, "a decision tree has one tree");
  return tree;
}
RandomForest load_random_forest(std::string_view bytes) { return loaded<RandomForest>(bytes, "random_forest"); }
GradientBoosting load_gradient_boosting(std::string_view bytes) {
  return loaded<GradientBoosting>(bytes, "gradient_boosting");
}

}  // namespace emptor::mine
