// The bytes of a blend.
#include "emptor/mine/blended_boosting.hpp"
#include "mine/model_archive.hpp"

namespace emptor::mine {
namespace {

constexpr const char* algorithm = "blended_boosting";
constexpr std::uint64_t payload_version = 1;

void describe(auto& show, auto& options) {
  show("folds", options.folds);
  show("rounds", options.rounds);
  show("patience", options.patience);
  show("learning_rate", options.learning_rate);
  show("max_depth", options.max_depth);
  show("min_child_weight", options.min_child_weight);
  show("l2", options.l2);
  show("row_share", options.row_share);
  show("ridge", options.ridge);
  show("bins", options.bins);
  show("knots", options.knots);
  show("categorical", options.categorical);
  show("seed", options.seed);
}

void describe_term(auto& show, auto& term) {
  show("categorical", term.categorical);
  show("centre", term.centre);
  show("spread", term.spread);
  show("knots", term.knots);
  show("slopes", term.slopes);
  show("categories", term.categories);
  show("levels", term.levels);
  show("missing", term.missing);
  show("mean", term.mean);
}

void describe_rest(auto& show, auto& model) {
  show("constant", model.constant);
  show("tree_weight", model.tree_weight);
  show("linear_weight", model.linear_weight);
  show("intercept", model.intercept);
  show("folds", model.folds);
  show("rounds", model.rounds);
  show("trees_loss", model.losses.trees);
  show("linear_loss", model.losses.linear);
  show("blend_loss", model.losses.blend);
}

void expect(bool holds) {
  if (!holds) throw Error(Code::corrupt, "the parts of the model do not fit together");
}

void check_term(const BlendTerm& term) {
  expect(term.spread > 0 && term.levels.size() <= term.categories.size());
  expect(term.categorical ? term.levels.size() == term.categories.size() : term.slopes.size() == term.knots.size() + 1);
}

}  // namespace

std::string save(const BlendedBoosting& model) {
  JsonWriter json;
  describe(json, model.options);
  ByteWriter bytes;
  describe(bytes, model.options);
  describe_rest(bytes, model);
  bytes("terms", model.terms.size());
  for (const BlendTerm& term : model.terms) describe_term(bytes, term);
  append_ensemble(bytes.out, model.trees);
  return to_bytes({.algorithm = algorithm,
                   .payload_version = payload_version,
                   .options = json.text(),
                   .data_version = model.data_version,
                   .payload = std::move(bytes.out)});
}

BlendedBoosting load_blended_boosting(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  BlendedBoosting model;
  model.data_version = frame.data_version;
  ByteFiller in(frame.payload);
  describe(in, model.options);
  describe_rest(in, model);
  model.terms.resize(in.count());
  for (BlendTerm& term : model.terms) {
    describe_term(in, term);
    check_term(term);
  }
  model.trees = read_ensemble(in);
  in.done();
  expect(model.trees.features == model.terms.size() && model.trees.outputs == 1);
  return model;
}

}  // namespace emptor::mine
