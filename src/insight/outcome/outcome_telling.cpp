#include <algorithm>
#include <cmath>

#include "core/options.hpp"
#include "insight/insight_runs.hpp"
#include "insight/outcome/outcome_words.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view protected_texts[] = {"by_answer", "use", "leave_out"};
constexpr std::size_t most_drivers = 12, most_candidates = 12, top_rows = 20, table_reasons = 3;

std::vector<std::string> texts_of(const json::object& options, const char* name) {
  std::vector<std::string> texts;
  if (const json::value* list = options.if_contains(name))
    for (const json::value& one : list->as_array()) texts.emplace_back(one.as_string());
  return texts;
}

std::string text_of(const json::object& options, const char* name) {
  const json::value* value = options.if_contains(name);
  if (value == nullptr || value->is_null()) return {};
  return value->is_string() ? std::string(value->as_string()) : json::serialize(*value);
}

json::array evidence_json(const AnswerCandidate& one) {
  json::array told;
  if (one.name != AnswerName::none) told.emplace_back("name");
  if (one.by_values) told.emplace_back("values");
  if (one.last) told.emplace_back("last");
  return told;
}

json::object candidate_json(const AnswerTable& table, const AnswerCandidate& one) {
  const AnswerColumn& column = table.columns[one.column];
  json::object values;
  for (const AnswerValue& value : one.values) values[value.text] = value.rows;
  return {{"field", column.cells.name},
          {"title", column.title},
          {"positive", one.positive ? json::value(one.values[*one.positive].text) : json::value()},
          {"values", std::move(values)},
          {"evidence", evidence_json(one)}};
}

json::array candidates_json(const AnswerTable& table, const OutcomeResult& result) {
  json::array told;
  for (const AnswerCandidate& one : result.candidates)
    if (told.size() < most_candidates) told.push_back(candidate_json(table, one));
  return told;
}

json::array unused_json(const AnswerTable& table, const OutcomeResult& result) {
  json::array told;
  for (const UnusedColumn& one : result.unused)
    told.push_back(json::object{{"field", table.columns[one.column].cells.name}, {"why", one.why}});
  return told;
}

json::array suspects_json(const AnswerTable& table, const OutcomeResult& result) {
  json::array told;
  for (const TooKnowing& one : result.suspects)
    told.push_back(json::object{{"field", table.columns[one.column].cells.name},
                                {"auc", one.auc},
                                {"rest_auc", one.certain ? json::value() : json::value(one.rest_auc)},
                                {"reason", one.certain ? "certain" : "more_than_the_others"},
                                {"used", one.used}});
  return told;
}

json::value quality_json(const std::optional<OutcomeQuality>& quality) {
  if (!quality) return nullptr;
  json::array bins;
  for (const mine::CalibrationBin& bin : quality->calibration.bins)
    bins.push_back(json::object{{"rows", bin.weight}, {"mean_chance", bin.mean_chance}, {"share", bin.share}});
  return json::object{{"folds", quality->folds.auc.size()},
                      {"auc", quality->folds.means[0]},
                      {"auc_deviation", quality->folds.deviations[0]},
                      {"auc_of_rate", 0.5},
                      {"ks", quality->folds.means[1]},
                      {"top_decile_lift", quality->top_decile_lift},
                      {"brier", quality->brier},
                      {"brier_of_rate", quality->brier_of_rate},
                      {"log_loss", quality->log_loss},
                      {"log_loss_of_rate", quality->log_loss_of_rate},
                      {"calibration_slope", quality->slope},
                      {"calibration_intercept", quality->intercept},
                      {"calibration_error", quality->calibration.expected_error},
                      {"calibration", std::move(bins)}};
}

json::array drivers_json(const AnswerTable& table, const OutcomeResult& result, Language language) {
  json::array told;
  for (const OutcomeDriver& one : result.drivers) {
    if (told.size() == most_drivers) break;
    told.push_back(json::object{{"field", table.columns[result.features[one.feature]].cells.name},
                                {"weight", one.weight},
                                {"text", outcome_driver(table, result, one, language)}});
  }
  return told;
}

json::array groups_json(const AnswerTable& table, const OutcomeResult& result, Language language) {
  json::array told;
  for (const OutcomeGroup& group : result.groups) {
    json::array reasons;
    for (const auto& [feature, mean] : group.reasons)
      reasons.push_back(json::object{{"field", table.columns[result.features[feature]].cells.name},
                                     {"mean", mean},
                                     {"text", outcome_group_reason(table, result, feature, mean, language)}});
    const double answered = static_cast<double>(group.answered);
    told.push_back(json::object{
        {"name", group.name},
        {"rows", group.rows},
        {"mean_chance", group.mean_chance},
        {"share", group.answered == 0 ? json::value() : json::value(static_cast<double>(group.events) / answered)},
        {"reasons", std::move(reasons)}});
  }
  return told;
}

json::array top_json(const AnswerTable& table, const OutcomeRequest& request, const OutcomeResult& result) {
  json::array told;
  for (const std::size_t row : outcome_next(table, result, top_rows)) {
    json::array reasons;
    for (const std::size_t feature : outcome_reasons(result, row))
      reasons.emplace_back(outcome_reason(table, result, row, feature, request.language));
    told.push_back(json::object{
        {"id", std::to_string(table.id[row])}, {"chance", result.chance[row]}, {"reasons", std::move(reasons)}});
  }
  return told;
}

}  // namespace

OutcomeRequest outcome_request(const json::object& options) {
  OutcomeRequest request;
  request.of = text_of(options, "of");
  request.answer = text_of(options, "answer");
  request.positive = text_of(options, "positive");
  request.fields = texts_of(options, "fields");
  request.keep = texts_of(options, "keep");
  request.groups = text_of(options, "groups");
  request.protected_use = choice_option<ProtectedUse>(options, "protected", protected_texts);
  if (const json::value* folds = options.if_contains("folds")) request.folds = folds->to_number<std::uint32_t>();
  if (const json::value* seed = options.if_contains("seed")) request.seed = seed->to_number<std::uint64_t>();
  request.language = language_option(options);
  return request;
}

json::object outcome_options_json(const OutcomeRequest& request) {
  json::object told = {{"folds", request.folds},
                       {"seed", request.seed},
                       {"protected", protected_texts[static_cast<std::size_t>(request.protected_use)]},
                       {"language", code_of(request.language)}};
  for (const auto& [name, text] : {std::pair{"of", &request.of}, std::pair{"answer", &request.answer},
                                   std::pair{"positive", &request.positive}, std::pair{"groups", &request.groups}})
    if (!text->empty()) told[name] = *text;
  if (!request.fields.empty()) told["fields"] = json::value_from(request.fields);
  if (!request.keep.empty()) told["keep"] = json::value_from(request.keep);
  return told;
}

json::object outcome_json(const AnswerTable& table, const OutcomeRequest& request, const OutcomeResult& result) {
  json::object told = {{"of", table.entity},
                       {"until", nullptr},
                       {"rows", table.rows()},
                       {"verdict", result.verdict},
                       {"answer", result.answer ? json::value(candidate_json(table, *result.answer)) : json::value()},
                       {"candidates", candidates_json(table, result)},
                       {"answered", result.answered},
                       {"events", result.events},
                       {"rate", result.answered == 0 ? json::value() : json::value(result.rate())},
                       {"unused", unused_json(table, result)},
                       {"suspects", suspects_json(table, result)},
                       {"quality", quality_json(result.quality)},
                       {"options", outcome_options_json(request)}};
  if (result.chance.empty()) return told;
  json::array fields;
  for (const std::size_t column : result.features) fields.emplace_back(table.columns[column].cells.name);
  told["fields"] = std::move(fields);
  told["drivers"] = drivers_json(table, result, request.language);
  told["groups"] = groups_json(table, result, request.language);
  told["top"] = top_json(table, request, result);
  return told;
}

NamedTable outcome_table(const AnswerTable& table, const OutcomeRequest& request, const OutcomeResult& result) {
  NamedTable out;
  out.add(table.entity, Type::id) = id_column(table.id);
  if (result.chance.empty()) return out;
  if (table.entity != "customer") out.add("customer", Type::id) = id_column(table.customer);
  out.add("answer", Type::real) = real_column(result.y);
  out.add("chance", Type::real) = real_column(result.chance);
  Column& level = out.add("level", Type::text);
  for (const double chance : result.chance) level.append(Value(outcome_level(chance, result.rate())));
  std::vector<std::vector<std::size_t>> reasons;
  for (std::size_t row = 0; row < table.rows(); ++row) reasons.push_back(outcome_reasons(result, row));
  for (std::size_t i = 0; i < table_reasons; ++i) {
    Column& column = out.add("reason_" + std::to_string(i + 1), Type::text);
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const std::string text = i < reasons[row].size()
                                   ? outcome_reason(table, result, row, reasons[row][i], request.language)
                                   : std::string();
      column.append(text.empty() ? Value() : Value(std::string_view(text)));
    }
  }
  return out;
}

}  // namespace emptor
