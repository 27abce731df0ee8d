#include "insight/survival/survival_work.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/elementary.hpp"
#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "insight/insight_runs.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view interval_texts[] = {"log", "log_log", "plain"};
constexpr mine::SurvivalInterval intervals[] = {mine::SurvivalInterval::log, mine::SurvivalInterval::log_log,
                                                mine::SurvivalInterval::plain};
constexpr std::string_view tie_texts[] = {"efron", "breslow"};
constexpr double events_a_term = 10;  // Peduzzi and others, Journal of Clinical Epidemiology 48 (1995)

/// Rows that have every covariate.
std::vector<std::size_t> whole_rows(const SurvivalRows& rows) {
  std::vector<std::size_t> whole;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const bool lacks = std::any_of(rows.covariates.begin(), rows.covariates.end(), [&](const mine::TableColumn& one) {
      return one.is_number() ? std::isnan(one.numbers[row]) : one.codes[row] < 0;
    });
    if (!lacks) whole.push_back(row);
  }
  return whole;
}

template <class T>
std::vector<T> those(const std::vector<T>& all, const std::vector<std::size_t>& rows) {
  std::vector<T> out;
  for (const std::size_t row : rows) out.push_back(all[row]);
  return out;
}

std::string told_error(const Error& error) {
  std::string text = error.first().message;
  for (const Problem& problem : error.problems())
    if (!problem.field.empty()) text += "; " + problem.field;
  return text;
}

void fit_risks(const SurvivalRows& rows, const SurvivalRequest& request, const mine::Run& run, SurvivalOutcome& out) {
  if (rows.covariates.empty()) return;
  const std::vector<std::size_t> whole = whole_rows(rows);
  out.left_out = rows.size() - whole.size();
  try {
    out.design = mine::fit_design_matrix(rows.covariates, whole, {.drop_first = true});
    const std::vector<double> x = mine::matrix_of(*out.design, rows.covariates, whole);
    const std::size_t columns = out.design->names.size();
    const std::vector<double> duration = those(rows.duration, whole), event = those(rows.event, whole);
    if (columns == 0) throw Error(Code::invalid, "no covariate differs between rows");
    out.cox = mine::fit_cox({{x.data(), whole.size(), columns, columns, 1}, {duration, event, {}, {}}},
                            {.ties = request.ties, .ridge = request.ridge, .features = out.design->names}, run);
  } catch (const Error& error) {
    if (error.code() != Code::invalid) throw;
    out.cox_refused = told_error(error);
  }
}

std::string verdict_of(const SurvivalRows& rows, const SurvivalOutcome& outcome) {
  if (rows.size() == 0) return "insufficient: there are no rows";
  const double events = std::accumulate(rows.event.begin(), rows.event.end(), 0.0);
  if (events == 0) return "insufficient: nothing ended";
  if (!outcome.cox_refused.empty()) return "no model of risks: " + outcome.cox_refused;
  if (outcome.cox && outcome.cox->events < events_a_term * static_cast<double>(outcome.cox->features()))
    return "few ends for so many covariates: intervals are wide, and hazard ratios too large";
  return "sufficient";
}

json::value time_json(double time) { return number_json(time); }

json::object curve_json(const mine::SurvivalCurve& curve, json::value group) {
  return {{"group", std::move(group)},
          {"rows", curve.rows},
          {"events", curve.events},
          {"median", time_json(curve.median)},
          {"median_interval", {time_json(curve.median_lower), time_json(curve.median_upper)}},
          {"last_survival", curve.points.empty() ? 1.0 : curve.points.back().survival}};
}

json::array curves_json(const SurvivalRows& rows, const SurvivalOutcome& outcome) {
  json::array told;
  if (outcome.all) told.push_back(curve_json(outcome.all->curves.front(), nullptr));
  if (outcome.by_group)
    for (const mine::SurvivalCurve& curve : outcome.by_group->curves)
      told.push_back(curve_json(curve, json::value(rows.group_names[curve.group])));
  return told;
}

json::object log_rank_json(const SurvivalRows& rows, const mine::LogRank& test) {
  json::array groups;
  for (const mine::LogRankGroup& group : test.groups)
    groups.push_back({{"group", rows.group_names[group.group]},
                      {"rows", group.rows},
                      {"observed", group.observed},
                      {"expected", group.expected}});
  return {{"statistic", test.statistic},
          {"degrees", test.degrees},
          {"p_value", test.p_value},
          {"groups", std::move(groups)}};
}

json::object cox_json(const SurvivalOutcome& outcome, const SurvivalRequest& request) {
  json::array terms;
  for (const mine::CoxTerm& term : terms_of(*outcome.cox, request.curves.level)) {
    terms.push_back({{"name", term.name},
                     {"estimate", term.estimate},
                     {"standard_error", term.standard_error},
                     {"z", term.z},
                     {"p_value", term.p_value},
                     {"hazard_ratio", term.hazard_ratio},
                     {"interval", {number_json(elementary::exp(term.lower)), number_json(elementary::exp(term.upper))}},
                     {"aliased", term.aliased}});
  }
  return {{"terms", std::move(terms)},
          {"log_likelihood", outcome.cox->log_likelihood},
          {"null_log_likelihood", outcome.cox->null_log_likelihood},
          {"concordance", outcome.cox->concordance},
          {"rows", outcome.cox->rows},
          {"events", outcome.cox->events},
          {"left_out", outcome.left_out},
          {"converged", outcome.cox->converged}};
}

}  // namespace

const std::string_view survival_properties =
    R"("interval":{"type":"string","enum":["log","log_log","plain"],"description":"how curves get their intervals; log without it"},
"level":{"type":"number","minimum":0.01,"maximum":0.9999,"description":"of intervals; 0.95 without it"},
"ties":{"type":"string","enum":["efron","breslow"],"description":"how Cox's model takes ends at one time"},
"ridge":{"type":"number","minimum":0,"maximum":1000000,"description":"penalty of Cox's model; 0 without it"},
"language":{"type":"string","enum":["en","zh"],"description":"of the verdict"})";

SurvivalRequest survival_request(const json::object& options) {
  SurvivalRequest request;
  const auto place = choice_option<std::size_t>(options, "interval", interval_texts);
  request.curves.interval = intervals[place];
  request.language = language_option(options);
  request.ties = choice_option<mine::CoxTies>(options, "ties", tie_texts);
  if (const json::value* level = options.if_contains("level")) request.curves.level = level->to_number<double>();
  if (const json::value* ridge = options.if_contains("ridge")) request.ridge = ridge->to_number<double>();
  return request;
}

json::object survival_options_json(const SurvivalRequest& request) {
  const auto place = std::find(std::begin(intervals), std::end(intervals), request.curves.interval);
  json::object told = {{"interval", interval_texts[place - std::begin(intervals)]},
                       {"level", request.curves.level},
                       {"ties", tie_texts[static_cast<std::size_t>(request.ties)]},
                       {"ridge", request.ridge}};
  if (request.language != Language::english) told["language"] = code_of(request.language);
  return told;
}

mine::TableColumn words_column(std::string name, const std::vector<std::string>& words) {
  std::map<std::string_view, std::int32_t> codes;
  for (const std::string& word : words)
    if (!word.empty()) codes.try_emplace(word);
  mine::TableColumn column{.name = std::move(name), .numbers = {}, .codes = {}, .words = {}};
  for (auto& [word, code] : codes) {
    code = static_cast<std::int32_t>(column.words.size());
    column.words.emplace_back(word);
  }
  for (const std::string& word : words) column.codes.push_back(word.empty() ? -1 : codes.at(word));
  return column;
}

SurvivalOutcome fit_survival(const SurvivalRows& rows, const SurvivalRequest& request, const mine::Run& run) {
  SurvivalOutcome out;
  if (rows.size() > 0) {
    out.all = mine::fit_kaplan_meier({rows.duration, rows.event, {}, {}}, request.curves, run);
    if (!rows.group.empty() && rows.group_names.size() > 1) {
      const mine::Lifetimes grouped{rows.duration, rows.event, {}, rows.group};
      out.by_group = mine::fit_kaplan_meier(grouped, request.curves, run);
      out.log_rank = mine::log_rank(grouped, {}, run);
    }
    fit_risks(rows, request, run, out);
  }
  out.verdict = verdict_of(rows, out);
  return out;
}

json::object survival_json(const SurvivalRows& rows, const SurvivalRequest& request, const SurvivalOutcome& outcome) {
  const double events = std::accumulate(rows.event.begin(), rows.event.end(), 0.0);
  json::object told = {{"kept", rows.size()},
                       {"events", events},
                       {"censored", static_cast<double>(rows.size()) - events},
                       {"verdict", outcome.verdict},
                       {"curves", curves_json(rows, outcome)},
                       {"log_rank", nullptr},
                       {"cox", nullptr},
                       {"options", survival_options_json(request)}};
  if (outcome.log_rank) told["log_rank"] = log_rank_json(rows, *outcome.log_rank);
  if (outcome.cox) told["cox"] = cox_json(outcome, request);
  return told;
}

NamedTable survival_table(const SurvivalRows& rows, const SurvivalOutcome& outcome) {
  Column group{.type = Type::text};
  std::vector<double> columns[8];
  const auto add = [&](const mine::SurvivalCurve& curve, std::string_view name) {
    for (const mine::SurvivalPoint& point : curve.points) {
      group.append(name.empty() ? Value() : Value(name));
      const double numbers[] = {point.time,     point.at_risk,        point.events, point.censored,
                                point.survival, point.standard_error, point.lower,  point.upper};
      for (std::size_t i = 0; i < std::size(numbers); ++i) columns[i].push_back(numbers[i]);
    }
  };
  if (outcome.all) add(outcome.all->curves.front(), {});
  if (outcome.by_group)
    for (const mine::SurvivalCurve& curve : outcome.by_group->curves) add(curve, rows.group_names[curve.group]);
  constexpr std::string_view names[] = {"time",     "at_risk",        "events", "censored",
                                        "survival", "standard_error", "lower",  "upper"};
  NamedTable table;
  table.add("group", Type::text) = std::move(group);
  for (std::size_t i = 0; i < std::size(names); ++i) table.add(names[i], Type::real) = real_column(columns[i]);
  return table;
}

}  // namespace emptor
