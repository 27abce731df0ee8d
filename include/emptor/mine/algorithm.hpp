/// The table of algorithms: every model that is fitted to rows and columns, by name, with its options described once.
///
///     const AnyModel model = fit("random_forest", R"({"trees":50,"seed":7})", rows);
///     std::vector<double> shares(x.rows() * width(model, Answer::probabilities));
///     predict(model, x, Answer::probabilities, shares);
///
/// What programs in other languages stand on: the C API, Python and the command line reach models through it. Miners of
/// baskets and sequences give tables, not models; see itemsets.hpp, rules.hpp and sequences.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "emptor/mine/basket_rules.hpp"
#include "emptor/mine/blended_boosting.hpp"
#include "emptor/mine/decision_tree.hpp"
#include "emptor/mine/gradient_boosting.hpp"
#include "emptor/mine/isolation_forest.hpp"
#include "emptor/mine/kmeans.hpp"
#include "emptor/mine/kmeans_choice.hpp"
#include "emptor/mine/logistic.hpp"
#include "emptor/mine/naive_bayes.hpp"
#include "emptor/mine/numbers.hpp"
#include "emptor/mine/packed_trees.hpp"
#include "emptor/mine/random_forest.hpp"
#include "emptor/mine/row_batches.hpp"
#include "emptor/mine/run.hpp"
#include "emptor/mine/scaling.hpp"
#include "emptor/mine/scorecard.hpp"
#include "emptor/mine/state_chain.hpp"

namespace emptor::mine {

/// A fitted model of any algorithm of the table, or (StateChain, BasketRules) of a table with keys.
using AnyModel =
    std::variant<KmeansModel, DecisionTree, RandomForest, GradientBoosting, LogisticModel, NaiveBayes, IsolationForest,
                 StateChain, BasketRules, Scaling, ChosenKmeans, Scorecard, BlendedBoosting>;

/// What a row's target is to an algorithm.
enum class Target : std::uint8_t {
  none,     ///< it is not looked at
  classes,  ///< 0, 1, 2 ...
  numbers,  ///< finite numbers
  either,   ///< as an option says ("task", "loss")
};

/// "none", "classes" ...
std::string_view name_of(Target target) noexcept;

/// One line of the table.
struct AlgorithmEntry {
  std::string_view name;     ///< "random_forest"
  std::string_view doc;      ///< one sentence
  std::string_view options;  ///< JSON Schema of its options
  Target target = Target::none;
  bool batches = false;  ///< whether rows may come in batches
};

/// All of them, in one order for ever; new ones come last.
std::span<const AlgorithmEntry> algorithms();
/// Throws Code::not_found (the hint lists the known names).
const AlgorithmEntry& algorithm(std::string_view name);

/// Fits by name. Options are a JSON object (an empty text: the defaults) that the algorithm's schema allows. Throws
/// Code::not_found for the name, Code::invalid with every fault of the options (field: the option), and what the
/// algorithm's own fit throws.
AnyModel fit(std::string_view name, std::string_view options, const TrainingRows& rows, const Run& run = {});

/// The same from rows that come in batches, in memory of a batch and what the algorithm's own fit from batches says.
/// Throws Code::unsupported where an algorithm takes none (AlgorithmEntry::batches).
AnyModel fit(std::string_view name, std::string_view options, const RowBatches& batches, const Run& run = {});

/// What can be asked of a model about a row.
enum class Answer : std::uint8_t {
  value,  ///< one number: the class that is most likely (the lowest of equals), the expected number, the cluster,
          ///< the anomaly score; of a scaling the scaled row, of a scorecard its points
  probabilities,  ///< a number a class; they add up to 1
  scores,  ///< before the link: a number an output (log-odds, log-rates); of k-means the distances to the centres
  contributions,  ///< what each feature adds to each score, and last the expected score: outputs x (features + 1)
  leaves,         ///< a number a tree: the leaf that the row ends in
  originals,      ///< of a scaling: what a scaled row was
};
/// "value", "probabilities" ...
std::string_view name_of(Answer answer) noexcept;

/// Numbers a row; 0 where the model cannot answer that.
std::size_t width(const AnyModel& model, Answer answer) noexcept;
/// Columns that a row must have.
std::size_t features(const AnyModel& model) noexcept;

/// Answers for each row of x into `out`, rows x width, row by row. Throws Code::unsupported for what the model
/// cannot answer, Code::invalid for another number of columns, a place of another size, and values that the model does
/// not take. The model may be asked by any number of threads at once.
void predict(const AnyModel& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run = {});

/// The same for x of one row, at once: no thread, no question to a host, and for value, probabilities and scores of
/// trees no allocation (up to 1,024 columns). `packed`: the model's own trees, laid out for this, if there is such a
/// layout; the answer is the same.
void predict_row(const AnyModel& model, const NumberView& x, Answer answer, std::span<double> out,
                 const PackedTrees* packed = nullptr);
/// Of a tree, forest or boosting that PackedTrees can lay out.
std::optional<PackedTrees> packed_trees(const AnyModel& model);

/// Why the model says what it says of one row, as JSON: {"value", "reasons": [{"feature", "value", "contribution"}]},
/// reasons by falling absolute contribution; what the contributions add up to is the model's own and named in "sum".
/// Throws as predict does, and Code::unsupported where a model gives no reasons.
std::string explain(const AnyModel& model, std::span<const double> row);

/// The answer to a question that is no row, both JSON objects. Of a chain of states one of {"state", "steps"},
/// {"history"}, {"until"} and {"stationary"}; of rules {"basket", "count"} (docs/algorithms.md). Throws
/// Code::unsupported for other models, Code::invalid for what cannot be asked and states that are none, Code::budget
/// for questions of thousands of states that would take long.
std::string ask(const AnyModel& model, std::string_view question);

/// What the model is, as JSON: {"algorithm", "options", "data_version", "features", "answers": {"value": 1, ...}, and
/// what was fitted} (docs/algorithms.md).
std::string describe(const AnyModel& model);

/// The model for others to read (tree_text.hpp): "words", "sql", "dot" or "onnx" (whose text is bytes). Options are a
/// JSON object: "features" and "outputs" (a name for each, or none), and "tree" (of dot, from 0). Throws
/// Code::unsupported for a model that is not made of trees, Code::invalid for an unknown format (field "format") and
/// for the options, and what the writers throw.
std::string text_of(const AnyModel& model, std::string_view format, std::string_view options = {});

/// The model's bytes: what `save` of its algorithm gives.
std::string save(const AnyModel& model);
/// A model of whatever algorithm. Throws Code::corrupt, Code::newer, Code::unsupported.
AnyModel load_model(std::string_view bytes);

}  // namespace emptor::mine
