#include "mine/algorithm_answers.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <limits>

#include "core/elementary.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/tree_shap.hpp"

namespace emptor::mine {
namespace {

template <class Numbers>
void copy(const Numbers& from, std::span<double> to) {
  std::copy(from.begin(), from.end(), to.begin());
}

// ---- everything that is made of trees

std::size_t width_of_trees(const TreeEnsemble& trees, std::size_t classes, Answer answer) noexcept {
  switch (answer) {
    case Answer::value:
      return classes > 0 ? 1 : trees.outputs;
    case Answer::probabilities:
      return classes;
    case Answer::scores:
      return trees.outputs;
    case Answer::contributions:
      return trees.outputs * (trees.features + 1);
    case Answer::leaves:
      return trees.trees.size();
    case Answer::originals:
      break;
  }
  return 0;
}

void answer_of_trees(const TreeEnsemble& trees, std::size_t classes, const NumberView& x, Answer answer,
                     std::span<double> out, const Run& run) {
  switch (answer) {
    case Answer::value:
      if (classes > 0) return likeliest(predict(trees, x, run), classes, out);
      return copy(predict(trees, x, run), out);
    case Answer::probabilities:
      return copy(predict(trees, x, run), out);
    case Answer::scores:
      return copy(raw_scores(trees, x, run), out);
    case Answer::contributions:
      return copy(tree_shap(trees, x, run), out);
    case Answer::leaves:
      return copy(leaves_of(trees, x, run), out);
    case Answer::originals:
      break;
  }
}

/// Contributions of a model that counts them from one row: behind each output's comes its score there.
void with_base(std::span<const double> contributions, std::span<const double> base, std::size_t features,
               std::span<double> out) {
  for (std::size_t block = 0; block * features < contributions.size(); ++block) {
    const auto from = contributions.subspan(block * features, features);
    std::copy(from.begin(), from.end(), out.begin() + static_cast<std::ptrdiff_t>(block * (features + 1)));
    out[block * (features + 1) + features] = base[block % base.size()];
  }
}

}  // namespace

void likeliest(std::span<const double> chances, std::size_t classes, std::span<double> out) noexcept {
  for (std::size_t row = 0; row < out.size(); ++row) {
    const auto of_row = chances.subspan(row * classes, classes);
    out[row] = static_cast<double>(std::max_element(of_row.begin(), of_row.end()) - of_row.begin());
  }
}

std::size_t width_of(const KmeansModel& model, Answer answer) noexcept {
  if (answer == Answer::value) return 1;
  return answer == Answer::scores ? model.k() : 0;
}
void answer_of(const KmeansModel& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run) {
  if (answer == Answer::scores) return distances_kmeans(model, x, out, run);
  copy(predict_kmeans(model, x, run), out);
}

std::size_t width_of(const DecisionTree& model, Answer answer) noexcept {
  return width_of_trees(model.ensemble, model.classes, answer);
}
void answer_of(const DecisionTree& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run) {
  answer_of_trees(model.ensemble, model.classes, x, answer, out, run);
}

std::size_t width_of(const RandomForest& model, Answer answer) noexcept {
  return width_of_trees(model.ensemble, model.classes, answer);
}
void answer_of(const RandomForest& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run) {
  answer_of_trees(model.ensemble, model.classes, x, answer, out, run);
}

std::size_t width_of(const GradientBoosting& model, Answer answer) noexcept {
  return width_of_trees(model.ensemble, model.classes, answer);
}
void answer_of(const GradientBoosting& model, const NumberView& x, Answer answer, std::span<double> out,
               const Run& run) {
  answer_of_trees(model.ensemble, model.classes, x, answer, out, run);
}

std::size_t width_of(const LogisticModel& model, Answer answer) noexcept {
  switch (answer) {
    case Answer::value:
      return 1;
    case Answer::probabilities:
      return model.classes;
    case Answer::scores:
      return model.outputs();
    case Answer::contributions:
      return model.outputs() * (model.features + 1);
    case Answer::leaves:
    case Answer::originals:
      break;
  }
  return 0;
}
void answer_of(const LogisticModel& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run) {
  if (answer == Answer::value) return likeliest(predict(model, x, run), model.classes, out);
  if (answer == Answer::probabilities) return copy(predict(model, x, run), out);
  if (answer == Answer::scores) return copy(decision(model, x, run), out);
  const NumberView centre(model.centre.data(), 1, model.features, model.features, 1);
  with_base(explain(model, x, run), decision(model, centre), model.features, out);
}

std::size_t width_of(const NaiveBayes& model, Answer answer) noexcept {
  switch (answer) {
    case Answer::value:
      return 1;
    case Answer::probabilities:
      return model.classes;
    case Answer::contributions:
      return model.classes * (model.features + 1);
    case Answer::scores:
    case Answer::leaves:
    case Answer::originals:
      break;
  }
  return 0;
}
void answer_of(const NaiveBayes& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run) {
  if (answer == Answer::value) return likeliest(predict(model, x, run), model.classes, out);
  if (answer == Answer::probabilities) return copy(predict(model, x, run), out);
  with_base(explain(model, x, run), model.log_priors, model.features, out);
}

std::size_t width_of(const IsolationForest&, Answer answer) noexcept { return answer == Answer::value ? 1 : 0; }
void answer_of(const IsolationForest& model, const NumberView& x, Answer, std::span<double> out, const Run& run) {
  copy(score(model, x, run), out);
}

/// A row is the number of a state; what is asked is the next one.
std::size_t width_of(const StateChain& model, Answer answer) noexcept {
  if (answer == Answer::value) return 1;
  return answer == Answer::probabilities ? model.chain.states() : 0;
}
void answer_of(const StateChain& model, const NumberView& x, Answer answer, std::span<double> out, const Run&) {
  const std::size_t states = model.chain.states();
  for (std::size_t row = 0; row < x.rows(); ++row) {
    const double state = x(row, 0);
    if (!(state >= 0 && state < static_cast<double>(states)) || state != std::floor(state))
      throw Error(Problem{.code = Code::invalid,
                          .message = "a row is not the number of a state",
                          .field = "x",
                          .row = static_cast<std::int64_t>(row) + 1,
                          .hint = "the states are numbered 0, 1, 2 ... as the model's description lists them"});
    const auto next = std::span(model.chain.transitions).subspan(static_cast<std::size_t>(state) * states, states);
    if (answer == Answer::probabilities) {
      copy(next, out.subspan(row * states, states));
      continue;
    }
    likeliest(next, states, out.subspan(row, 1));
    // After a state that was never left nothing is likely.
    if (next[static_cast<std::size_t>(out[row])] == 0) out[row] = std::numeric_limits<double>::quiet_NaN();
  }
}

std::size_t width_of(const BasketRules&, Answer) noexcept { return 0; }
void answer_of(const BasketRules&, const NumberView&, Answer, std::span<double>, const Run&) {}

std::size_t width_of(const Scaling& model, Answer answer) noexcept {
  return answer == Answer::value || answer == Answer::originals ? model.centre.size() : 0;
}
void answer_of(const Scaling& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run) {
  if (answer == Answer::originals) return undo(model, x, out, run);
  apply(model, x, out, run);
}

std::size_t width_of(const ChosenKmeans& model, Answer answer) noexcept { return width_of(model.model, answer); }
void answer_of(const ChosenKmeans& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run) {
  answer_of(model.model, x, answer, out, run);
}

// ---- any of them

std::string_view name_of(Answer answer) noexcept {
  constexpr std::string_view names[] = {"value", "probabilities", "scores", "contributions", "leaves", "originals"};
  return names[static_cast<std::size_t>(answer)];
}

std::size_t width(const AnyModel& model, Answer answer) noexcept {
  return std::visit([&](const auto& one) { return width_of(one, answer); }, model);
}

std::size_t features(const AnyModel& model) noexcept {
  return std::visit(
      [](const auto& one) -> std::size_t {
        if constexpr (requires { one.ensemble; }) return one.ensemble.features;
        if constexpr (requires {
                        { one.columns } -> std::convertible_to<std::size_t>;
                      })
          return one.columns;
        if constexpr (requires { one.binning; }) return one.columns.size();
        if constexpr (requires { one.terms; }) return one.terms.size();
        if constexpr (requires { one.features; }) return one.features;
        if constexpr (requires { one.model; }) return one.model.columns;
        if constexpr (requires { one.spread; }) return one.spread.size();
        if constexpr (requires { one.chain; }) return 1;
        return 0;
      },
      model);
}

namespace {

/// Throws where the question does not fit the model.
void check(const AnyModel& model, const NumberView& x, Answer answer, std::span<const double> out) {
  const std::size_t each = width(model, answer);
  if (each == 0)
    throw Error(Code::unsupported, "the model has no " + std::string(name_of(answer)) + " to tell",
                "its description lists what it answers");
  if (x.columns() != features(model))
    throw Error(Problem{.code = Code::invalid,
                        .message = "the rows have " + std::to_string(x.columns()) + " columns, the model has " +
                                   std::to_string(features(model)),
                        .field = "x"});
  if (out.size() / each != x.rows() || out.size() % each != 0)
    throw Error(Problem{.code = Code::invalid,
                        .message = "the place for the answers has another size than they",
                        .field = "out",
                        .hint = std::to_string(each) + " numbers a row"});
}

}  // namespace

void predict(const AnyModel& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run) {
  check(model, x, answer, out);
  if (x.rows() == 0) return;
  std::visit([&](const auto& one) { answer_of(one, x, answer, out, run); }, model);
}

namespace {

constexpr std::size_t most_columns = 1024, most_classes = 64;

/// Of a model that is made of trees, without an allocation; false where that cannot be.
/// One row's scores or predictions.
void answer_row(const TreeEnsemble& trees, const PackedTrees* packed, bool scores, const double* row, double* out) {
  if (packed != nullptr) return scores ? packed->raw_scores(row, out) : packed->predict(row, out);
  scores ? raw_scores_of_row(trees, row, out) : predict_of_row(trees, row, out);
}

template <class Model>
bool answer_row(const Model& model, const PackedTrees* packed, const NumberView& x, Answer answer,
                std::span<double> out) {
  if constexpr (requires { model.ensemble; }) {
    if (answer > Answer::scores || x.columns() > most_columns || model.classes > most_classes) return false;
    double row[most_columns], chances[most_classes];
    for (std::size_t i = 0; i < x.columns(); ++i) row[i] = x(0, i);
    if (answer == Answer::value && model.classes > 0) {
      answer_row(model.ensemble, packed, false, row, chances);
      likeliest({chances, model.classes}, model.classes, out);
    } else {
      answer_row(model.ensemble, packed, answer == Answer::scores, row, out.data());
    }
    return true;
  }
  return false;
}

bool answer_row(const BlendedBoosting& model, const PackedTrees*, const NumberView& x, Answer answer,
                std::span<double> out) {
  if (answer > Answer::scores || x.columns() > most_columns) return false;
  double row[most_columns];
  for (std::size_t i = 0; i < x.columns(); ++i) row[i] = x(0, i);
  const double score = log_odds_of_row(model, row);
  if (answer == Answer::probabilities) {
    out[1] = 1 / (1 + elementary::exp(-score));
    out[0] = 1 - out[1];
  } else {
    out[0] = answer == Answer::scores ? score : score > 0 ? 1 : 0;
  }
  return true;
}

}  // namespace

std::optional<PackedTrees> packed_trees(const AnyModel& model) {
  return std::visit(
      [](const auto& one) -> std::optional<PackedTrees> {
        if constexpr (requires { one.ensemble; }) return PackedTrees::of(one.ensemble);
        return std::nullopt;
      },
      model);
}

void predict_row(const AnyModel& model, const NumberView& x, Answer answer, std::span<double> out,
                 const PackedTrees* packed) {
  check(model, x, answer, out);
  if (std::visit([&](const auto& one) { return answer_row(one, packed, x, answer, out); }, model)) return;
  static const Run here;
  predict(model, x, answer, out, here);
}

}  // namespace emptor::mine
