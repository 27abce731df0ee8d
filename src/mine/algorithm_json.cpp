#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <numeric>

#include "core/sort_stably.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/algorithm.hpp"
#include "mine/algorithm_options.hpp"
#include "mine/distributions.hpp"
#include "mine/keys_json.hpp"

namespace emptor::mine {
namespace {

namespace json = boost::json;

/// A number, or null for what JSON has no word for.
json::value number(double value) { return std::isfinite(value) ? json::value(value) : json::value(nullptr); }

json::array numbers(std::span<const double> values) {
  json::array all;
  for (const double value : values) all.push_back(number(value));
  return all;
}

json::array table(std::span<const double> values, std::size_t columns) {
  json::array rows;
  for (std::size_t at = 0; at + columns <= values.size() && columns > 0; at += columns)
    rows.push_back(numbers(values.subspan(at, columns)));
  return rows;
}

// ---- what each of them is

json::object of_trees(const TreeEnsemble& trees, std::size_t classes) {
  std::uint64_t leaves = 0;
  std::size_t depth = 0;
  for (const Tree& tree : trees.trees) {
    leaves += tree.leaves();
    depth = std::max(depth, tree.depth());
  }
  return {{"classes", classes}, {"trees", trees.trees.size()}, {"leaves", leaves},
          {"depth", depth},     {"base", numbers(trees.base)}, {"importance", numbers(importance(trees))}};
}

struct Told {
  std::string_view algorithm;
  json::object options, fitted;
};

Told tell(const KmeansModel& model) {
  return {"kmeans",
          kmeans_options().write({model.options}),
          {{"centres", table(model.centres, model.columns)},
           {"sizes", json::value_from(model.sizes)},
           {"inertia", number(model.inertia)},
           {"updates", model.updates},
           {"converged", model.converged}}};
}
Told tell(const DecisionTree& model) {
  return {"decision_tree", decision_tree_options().write({model.options}), of_trees(model.ensemble, model.classes)};
}
Told tell(const RandomForest& model) {
  Told told{"random_forest", random_forest_options().write(model.options), of_trees(model.ensemble, model.classes)};
  told.fitted.emplace("out_of_bag_error", number(model.out_of_bag_error));
  return told;
}
Told tell(const GradientBoosting& model) {
  Told told{"gradient_boosting", gradient_boosting_options().write(model.options),
            of_trees(model.ensemble, model.classes)};
  told.fitted.emplace("validation_loss", numbers(model.validation_loss));
  return told;
}

json::array terms_json(const LogisticModel& model) {
  json::array all;
  if (model.covariance.empty()) return all;
  for (const LogisticTerm& term : terms_of(model))
    all.push_back(json::object{{"output", term.output},
                               {"name", term.name},
                               {"estimate", number(term.estimate)},
                               {"standard_error", number(term.standard_error)},
                               {"z", number(term.z)},
                               {"p_value", number(term.p_value)},
                               {"lower", number(term.lower)},
                               {"upper", number(term.upper)},
                               {"aliased", term.aliased}});
  return all;
}
Told tell(const LogisticModel& model) {
  return {"logistic",
          logistic_options().write(model.options),
          {{"classes", model.classes},
           {"coefficients", table(model.coefficients, model.features)},
           {"intercepts", numbers(model.intercepts)},
           {"terms", terms_json(model)},
           {"log_likelihood", number(model.log_likelihood)},
           {"null_log_likelihood", number(model.null_log_likelihood)},
           {"gradient", number(model.gradient)},
           {"rounds", model.rounds},
           {"rows", model.rows},
           {"converged", model.converged}}};
}
Told tell(const NaiveBayes& model) {
  return {"naive_bayes",
          naive_bayes_options().write(model.options),
          {{"classes", model.classes},
           {"log_priors", numbers(model.log_priors)},
           {"weights", numbers(model.weights)},
           {"means", table(model.means, model.features)},
           {"variances", table(model.variances, model.features)},
           {"categories", json::value_from(model.categories)}}};
}
Told tell(const IsolationForest& model) {
  return {"isolation_forest",
          isolation_forest_options().write(model.options),
          {{"trees", model.roots.size()}, {"sample", model.sample}, {"threshold", number(model.threshold)}}};
}

json::object dependence_json(const MarkovCounts& counts) {
  const MarkovTest test = test_dependence(counts);
  const double p_value = test.degrees > 0 ? chi_square_above(test.statistic, test.degrees) : 1;
  return {{"statistic", number(test.statistic)}, {"degrees", test.degrees}, {"p_value", number(p_value)}};
}
Told tell(const StateChain& model) {
  const MarkovChain& chain = model.chain;
  const std::size_t states = chain.states();
  json::array steps;
  for (std::size_t from = 0; from < states; ++from)
    for (std::size_t to = 0; to < states; ++to)
      if (const std::uint64_t count = chain.counts.steps[from * states + to]; count > 0)
        steps.push_back(json::object{{"from", key_json(model.states, from)},
                                     {"to", key_json(model.states, to)},
                                     {"count", count},
                                     {"probability", chain.transitions[from * states + to]}});
  return {"markov_chain",
          {{"pseudo_count", chain.options.pseudo_count}},
          {{"states", keys_json(model.states)},
           {"histories", std::accumulate(chain.counts.first.begin(), chain.counts.first.end(), std::uint64_t{0})},
           {"initial", numbers(chain.initial)},
           {"steps", std::move(steps)},
           {"log_likelihood", number(chain.log_likelihood)},
           {"dependence", dependence_json(chain.counts)}}};
}
Told tell(const BasketRules& model) {
  constexpr std::string_view orders[] = {"confidence", "lift", "leverage"};
  return {"rule_server",
          {{"order", orders[static_cast<std::size_t>(model.order)]}},
          {{"rules", model.rules.size()},
           {"served", model.server.size()},
           {"items", model.items.size()},
           {"baskets", model.rules.summary.baskets}}};
}

Told tell(const Scaling& model) {
  return {"scaling",
          scaling_options().write(model.options),
          {{"centre", numbers(model.centre)}, {"spread", numbers(model.spread)}}};
}

json::object stability_json(const KmeansStability& stability) {
  return {{"mean_rand_index", number(stability.mean_rand_index)},
          {"least_rand_index", number(stability.least_rand_index)},
          {"cluster_overlap", numbers(stability.cluster_overlap)},
          {"rand_indices", numbers(stability.rand_indices)}};
}
Told tell(const ChosenKmeans& model) {
  json::array candidates;
  for (const KmeansCandidate& one : model.choice.candidates)
    candidates.push_back(
        json::object{{"k", one.k}, {"inertia", number(one.inertia)}, {"silhouette", number(one.silhouette)}});
  Told told{"kmeans_choice", kmeans_choice_options().write(model.options), tell(model.model).fitted};
  told.fitted.emplace("k", model.model.k());
  told.fitted.emplace("candidates", std::move(candidates));
  told.fitted.emplace("by_silhouette", model.choice.by_silhouette);
  told.fitted.emplace("by_elbow", model.choice.by_elbow);
  told.fitted.emplace("sample", model.choice.sample);
  if (model.options.stability_rounds > 0) told.fitted.emplace("stability", stability_json(model.stability));
  return told;
}

json::object column_json(const Scorecard& model, std::size_t place) {
  const ColumnBinning& binning = model.binning.columns[place];
  const ScorecardColumn& column = model.columns[place];
  json::array bins;
  for (std::size_t b = 0; b < binning.bins.size(); ++b)
    bins.push_back(json::object{{"events", number(binning.bins[b].events)},
                                {"others", number(binning.bins[b].others)},
                                {"woe", number(binning.bins[b].woe)},
                                {"information", number(binning.bins[b].value)},
                                {"points", number(column.points[b])}});
  return {{"use", name_of(column.use)},
          {"coefficient", number(column.coefficient)},
          {"standard_error", number(column.standard_error)},
          {"information_value", number(binning.information_value)},
          {"gap", number(binning.gap)},
          {"shape", name_of(binning.shape)},
          {"cuts", numbers(binning.cuts)},
          {"categories", numbers(binning.categories)},
          {"groups", json::value_from(binning.groups)},
          {"special", numbers(binning.special)},
          {"bins", std::move(bins)}};
}
Told tell(const Scorecard& model) {
  json::array columns;
  for (std::size_t c = 0; c < model.columns.size(); ++c) columns.push_back(column_json(model, c));
  return {"scorecard",
          scorecard_options().write(model.options),
          {{"intercept", number(model.intercept)},
           {"log_likelihood", number(model.log_likelihood)},
           {"score_cuts", numbers(model.score_cuts)},
           {"score_shares", numbers(model.score_shares)},
           {"columns", std::move(columns)}}};
}

json::object term_json(const BlendTerm& term) {
  return {{"categorical", term.categorical}, {"centre", number(term.centre)},  {"spread", number(term.spread)},
          {"knots", numbers(term.knots)},    {"slopes", numbers(term.slopes)}, {"categories", numbers(term.categories)},
          {"levels", numbers(term.levels)},  {"missing", number(term.missing)}};
}
Told tell(const BlendedBoosting& model) {
  json::array terms;
  for (const BlendTerm& term : model.terms) terms.push_back(term_json(term));
  json::object fitted = of_trees(model.trees, 2);
  fitted.emplace("folds", model.folds);
  fitted.emplace("rounds", model.rounds);
  fitted.emplace("tree_weight", number(model.tree_weight));
  fitted.emplace("linear_weight", number(model.linear_weight));
  fitted.emplace("intercept", number(model.intercept));
  fitted.emplace("constant", number(model.constant));
  fitted.emplace("terms", std::move(terms));
  fitted.emplace("losses", json::object{{"trees", number(model.losses.trees)},
                                        {"linear", number(model.losses.linear)},
                                        {"blend", number(model.losses.blend)}});
  return {"blended_boosting", blended_boosting_options().write(model.options), std::move(fitted)};
}

// ---- why one row is what it is

struct Reason {
  std::size_t feature = 0;
  double value = 0, contribution = 0;
};

json::array reasons_json(std::vector<Reason> reasons) {
  sort_stably(reasons,
              [](const Reason& a, const Reason& b) { return std::abs(a.contribution) > std::abs(b.contribution); });
  json::array all;
  for (const Reason& reason : reasons)
    all.push_back(json::object{
        {"feature", reason.feature}, {"value", number(reason.value)}, {"contribution", number(reason.contribution)}});
  return all;
}

std::vector<Reason> reasons_of(std::span<const double> row, std::span<const double> contributions) {
  std::vector<Reason> all;
  for (std::size_t feature = 0; feature < row.size(); ++feature)
    all.push_back({feature, row[feature], contributions[feature]});
  return all;
}

json::object explain_cluster(const KmeansModel& model, std::span<const double> row) {
  const KmeansExplanation why = explain_kmeans(model, row);
  std::vector<Reason> reasons;
  for (const KmeansReason& one : why.reasons) reasons.push_back({one.column, one.value, one.contribution});
  return {{"value", why.cluster},
          {"second", why.second},
          {"squared_distance", number(why.squared_distance)},
          {"second_squared_distance", number(why.second_squared_distance)},
          {"sum", "by how much the squared distance to the second cluster is larger"},
          {"reasons", reasons_json(std::move(reasons))}};
}

json::object explain_outlier(const IsolationForest& model, std::span<const double> row) {
  const NumberView x(row.data(), 1, row.size(), row.size(), 1);
  return {{"value", number(score(model, x).front())},
          {"sum", "how often the row's path was cut at a feature, weighted with what each cut saved"},
          {"reasons", reasons_json(reasons_of(row, explain(model, x)))}};
}

/// Of a model whose contributions add up to scores: the score of the output that the value stands for.
json::object explain_score(const AnyModel& model, std::span<const double> row) {
  const NumberView x(row.data(), 1, row.size(), row.size(), 1);
  std::vector<double> value(width(model, Answer::value)), all(width(model, Answer::contributions));
  predict(model, x, Answer::value, value);
  predict(model, x, Answer::contributions, all);
  const std::size_t outputs = all.size() / (row.size() + 1);
  const std::size_t output = outputs > 1 ? static_cast<std::size_t>(value.front()) : 0;
  const auto of_output = std::span<const double>(all).subspan(output * (row.size() + 1), row.size() + 1);
  return {{"value", number(value.front())},
          {"output", output},
          {"base", number(of_output.back())},
          {"score", number(std::accumulate(of_output.begin(), of_output.end(), 0.0))},
          {"sum", "the output's score; the base is what is expected of a row of which nothing is known"},
          {"reasons", reasons_json(reasons_of(row, of_output.first(row.size())))}};
}

}  // namespace

std::string describe(const AnyModel& model) {
  Told told = std::visit([](const auto& one) { return tell(one); }, model);
  json::object answers;
  for (const Answer answer :
       {Answer::value, Answer::probabilities, Answer::scores, Answer::contributions, Answer::leaves, Answer::originals})
    if (const std::size_t each = width(model, answer); each > 0) answers.emplace(name_of(answer), each);
  json::object all{{"algorithm", told.algorithm},
                   {"options", std::move(told.options)},
                   {"data_version", std::visit([](const auto& one) { return one.data_version; }, model)},
                   {"features", features(model)},
                   {"answers", std::move(answers)}};
  for (auto& [name, value] : told.fitted) all.emplace(name, std::move(value));
  return json::serialize(all);
}

std::string explain(const AnyModel& model, std::span<const double> row) {
  if (row.size() != features(model))
    throw Error(Problem{.code = Code::invalid,
                        .message = "the row has " + std::to_string(row.size()) + " numbers, the model has " +
                                   std::to_string(features(model)) + " features",
                        .field = "x"});
  if (const auto* clusters = std::get_if<KmeansModel>(&model)) return json::serialize(explain_cluster(*clusters, row));
  if (const auto* chosen = std::get_if<ChosenKmeans>(&model))
    return json::serialize(explain_cluster(chosen->model, row));
  if (const auto* forest = std::get_if<IsolationForest>(&model)) return json::serialize(explain_outlier(*forest, row));
  if (width(model, Answer::contributions) == 0) throw Error(Code::unsupported, "the model gives no reasons");
  return json::serialize(explain_score(model, row));
}

}  // namespace emptor::mine
