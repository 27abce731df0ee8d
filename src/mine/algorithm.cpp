#include "emptor/mine/algorithm.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <type_traits>

#include "emptor/core/error.hpp"
#include "mine/algorithm_options.hpp"
#include "mine/model_frame.hpp"

namespace emptor::mine {
namespace {

/// An algorithm's own options, and what each of them is told besides.
template <class Options>
struct Told {
  Options own;
  std::string data_version;
};

struct Line {
  AlgorithmEntry entry;
  std::function<AnyModel(std::string_view, const TrainingRows&, const Run&)> fit;
  std::function<AnyModel(std::string_view, const RowBatches&, const Run&)> fit_batches = {};
};

/// What a schema is kept in, as long as the program runs.
std::string_view kept(std::string text) {
  static std::deque<std::string> all;
  return all.emplace_back(std::move(text));
}

/// A line whose algorithm is fit(rows, options, run); of one that takes batches, too, the rows may be those.
template <class Options, class Fit>
Line line(std::string_view name, std::string_view doc, Target target, const OptionTable<Options>& options, Fit fit) {
  const auto table = OptionTable<Told<Options>>()
                         .all_of(&Told<Options>::own, options)
                         .add("data_version", &Told<Options>::data_version, "of the rows, kept in the model");
  const auto told_fit = [table, fit](std::string_view json, const auto& rows, const Run& run) -> AnyModel {
    const Told<Options> told = table.read(json);
    auto model = fit(rows, told.own, run);
    model.data_version = told.data_version;
    return model;
  };
  constexpr bool batches = std::is_invocable_v<Fit, const RowBatches&, const Options&, const Run&>;
  Line made{{name, doc, kept(table.schema()), target, batches}, told_fit};
  if constexpr (batches) made.fit_batches = told_fit;
  return made;
}

std::size_t columns_of(const TrainingRows& rows) { return rows.x.columns(); }
std::size_t columns_of(const RowBatches& batches) { return batches.columns; }

template <class Rows>
KmeansModel fit_clusters(const Rows& rows, const StartedKmeansOptions& options, const Run& run) {
  KmeansOptions own = options.own;
  if (!options.starts.empty()) {
    const std::size_t columns = columns_of(rows);
    if (options.starts.size() / own.k != columns || options.starts.size() % own.k != 0)
      throw Error(Problem{
          .code = Code::invalid,
          .message = "there are " + std::to_string(options.starts.size()) + " numbers to begin with, not k x columns",
          .field = "starts"});
    own.start = KmeansStart::given;
    own.starts = NumberView(options.starts.data(), own.k, columns, columns, 1);
  }
  return fit_kmeans(rows, own, run).model;
}

void add_in_parts(KmeansStream& stream, const TrainingRows& rows, std::size_t batch, const Run& run) {
  for (std::size_t at = 0; at < rows.x.rows(); at += batch) {
    const std::size_t count = std::min(batch, rows.x.rows() - at);
    const auto part = [&](auto all) { return all.empty() ? all : all.subspan(at, count); };
    stream.add({rows.x.slice(at, count), {}, part(rows.weights), part(rows.ids)}, run);
  }
}

KmeansModel fit_mini_batches(const TrainingRows& rows, const MiniBatchOptions& options, const Run& run) {
  KmeansStreamOptions own = options.stream;
  // All rows are there: what they lack will not come.
  if (own.first_rows == 0) own.first_rows = std::max(own.k, std::min(10 * own.k, rows.x.rows()));
  KmeansStream stream(own);
  add_in_parts(stream, rows, options.batch, run);
  return stream.model();
}
KmeansModel fit_mini_batches(const RowBatches& batches, const MiniBatchOptions& options, const Run& run) {
  KmeansStream stream(options.stream);
  TrainingRows batch;
  batches.rewind();
  while (batches.next(batch)) add_in_parts(stream, batch, options.batch, run);
  return stream.model();
}

DecisionTree fit_tree(const TrainingRows& rows, const PrunedTreeOptions& options, const Run& run) {
  if (options.prune_folds == 0) return fit_decision_tree(rows, options.tree, run);
  return fit_pruned_tree(rows, options.tree, options.prune_folds, options.one_error, run).tree;
}

std::vector<Line> all_lines() {
  std::vector<Line> all;
  all.push_back(line("kmeans", "the partition of rows into k clusters around their means", Target::none,
                     kmeans_options(), [](const auto& rows, const StartedKmeansOptions& options, const Run& run) {
                       return fit_clusters(rows, options, run);
                     }));
  all.push_back(line("mini_batch_kmeans", "clusters that follow a stream of rows which is seen once", Target::none,
                     mini_batch_options(), [](const auto& rows, const MiniBatchOptions& options, const Run& run) {
                       return fit_mini_batches(rows, options, run);
                     }));
  all.push_back(line("decision_tree", "one tree of questions, for classes or numbers", Target::either,
                     decision_tree_options(), fit_tree));
  all.push_back(line("random_forest", "the mean of trees, each grown on a draw of rows and features", Target::either,
                     random_forest_options(),
                     [](const TrainingRows& rows, const RandomForestOptions& options, const Run& run) {
                       return fit_random_forest(rows, options, run);
                     }));
  all.push_back(line("gradient_boosting", "trees fitted one after the other to what those before them left",
                     Target::either, gradient_boosting_options(),
                     [](const TrainingRows& rows, const GradientBoostingOptions& options, const Run& run) {
                       return fit_gradient_boosting(rows, options, run);
                     }));
  all.push_back(line("logistic", "the chances of classes as a function of weighted sums", Target::classes,
                     logistic_options(), [](const auto& rows, const LogisticOptions& options, const Run& run) {
                       return fit_logistic(rows, options, run);
                     }));
  all.push_back(line("naive_bayes", "classes by the features' distributions within each", Target::classes,
                     naive_bayes_options(), [](const auto& rows, const NaiveBayesOptions& options, const Run& run) {
                       return fit_naive_bayes(rows, options, run);
                     }));
  all.push_back(line("isolation_forest", "how unusual each row is, by how few cuts set it apart", Target::none,
                     isolation_forest_options(),
                     [](const TrainingRows& rows, const IsolationForestOptions& options, const Run& run) {
                       return fit_isolation_forest(rows.x, rows.ids, options, run);
                     }));
  all.push_back(line("scaling", "columns brought to a common scale, and back", Target::none, scaling_options(),
                     [](const TrainingRows& rows, const ScalingOptions& options, const Run& run) {
                       return fit_scaling(rows.x, options, run);
                     }));
  all.push_back(line("kmeans_choice", "k-means of the number of clusters that a range's figures speak for",
                     Target::none, kmeans_choice_options(),
                     [](const TrainingRows& rows, const ChosenKmeansOptions& options, const Run& run) {
                       return fit_chosen_kmeans(rows, options, run);
                     }));
  all.push_back(line("scorecard", "the chance of an event (class 1) as points that add up, a few a column",
                     Target::classes, scorecard_options(),
                     [](const TrainingRows& rows, const ScorecardOptions& options, const Run& run) {
                       return fit_scorecard(rows, options, run);
                     }));
  all.push_back(line("blended_boosting", "boosted trees and a regression together, tuned on rows they have not seen",
                     Target::classes, blended_boosting_options(),
                     [](const TrainingRows& rows, const BlendedBoostingOptions& options, const Run& run) {
                       return fit_blended_boosting(rows, options, run);
                     }));
  return all;
}

const std::vector<Line>& lines() {
  static const std::vector<Line> all = all_lines();
  return all;
}

const Line& line_of(std::string_view name) {
  std::string known;
  for (const Line& one : lines()) {
    if (one.entry.name == name) return one;
    known += (known.empty() ? "" : ", ") + std::string(one.entry.name);
  }
  throw Error(Code::not_found, "there is no algorithm of this name", "known are " + known);
}

}  // namespace

std::string_view name_of(Target target) noexcept {
  constexpr std::string_view names[] = {"none", "classes", "numbers", "either"};
  return names[static_cast<std::size_t>(target)];
}

std::span<const AlgorithmEntry> algorithms() {
  static const std::vector<AlgorithmEntry> entries = [] {
    std::vector<AlgorithmEntry> all;
    for (const Line& one : lines()) all.push_back(one.entry);
    return all;
  }();
  return entries;
}

const AlgorithmEntry& algorithm(std::string_view name) { return line_of(name).entry; }

AnyModel fit(std::string_view name, std::string_view options, const TrainingRows& rows, const Run& run) {
  return line_of(name).fit(options, rows, run);
}

AnyModel fit(std::string_view name, std::string_view options, const RowBatches& batches, const Run& run) {
  const Line& line = line_of(name);
  if (!line.fit_batches)
    throw Error(Code::unsupported, "'" + std::string(name) + "' takes no batches",
                "emptor_operations tells which algorithms do");
  return line.fit_batches(options, batches, run);
}

std::string save(const AnyModel& model) {
  return std::visit([](const auto& one) { return save(one); }, model);
}

AnyModel load_model(std::string_view bytes) {
  using Loader = AnyModel (*)(std::string_view);
  static constexpr std::pair<std::string_view, Loader> loaders[] = {
      {"kmeans", [](std::string_view from) -> AnyModel { return load_kmeans(from); }},
      {"decision_tree", [](std::string_view from) -> AnyModel { return load_decision_tree(from); }},
      {"random_forest", [](std::string_view from) -> AnyModel { return load_random_forest(from); }},
      {"gradient_boosting", [](std::string_view from) -> AnyModel { return load_gradient_boosting(from); }},
      {"logistic", [](std::string_view from) -> AnyModel { return load_logistic(from); }},
      {"naive_bayes", [](std::string_view from) -> AnyModel { return load_naive_bayes(from); }},
      {"isolation_forest", [](std::string_view from) -> AnyModel { return load_isolation_forest(from); }},
      {"scaling", [](std::string_view from) -> AnyModel { return load_scaling(from); }},
      {"kmeans_choice", [](std::string_view from) -> AnyModel { return load_chosen_kmeans(from); }},
      {"scorecard", [](std::string_view from) -> AnyModel { return load_scorecard(from); }},
      {"blended_boosting", [](std::string_view from) -> AnyModel { return load_blended_boosting(from); }},
      {"markov_chain", [](std::string_view from) -> AnyModel { return load_state_chain(from); }},
      {"state_chain", [](std::string_view from) -> AnyModel { return load_state_chain(from); }},
      {"rule_server", [](std::string_view from) -> AnyModel { return load_basket_rules(from); }},
  };
  const std::string name = algorithm_of(bytes);
  for (const auto& [algorithm, load] : loaders)
    if (name == algorithm) return load(bytes);
  throw Error(Code::unsupported, "these are the bytes of '" + name + "', which is no model of rows and columns");
}

}  // namespace emptor::mine
