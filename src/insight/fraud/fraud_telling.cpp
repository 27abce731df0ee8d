#include "insight/fraud/fraud_telling.hpp"

#include "insight/fraud/fraud_words.hpp"
#include "insight/insight_runs.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t reasons_told = 3;

json::value day_of(const std::optional<Date>& day) { return day ? json::value(to_string(*day)) : json::value(); }

json::array rules_json(const FraudOutcome& outcome) {
  json::array rules;
  for (std::size_t f = 0; f < fraud_feature_count; ++f) {
    std::size_t alerts = 0;
    for (const auto& rarity : outcome.rarity) alerts += rarity[f] > outcome.threshold ? 1U : 0U;
    rules.push_back(json::object{{"name", fraud_feature_names[f]},
                                 {"above", number_json(outcome.rules[f].above(outcome.threshold))},
                                 {"usual", number_json(outcome.rules[f].quantile(0.99))},
                                 {"alerts", alerts}});
  }
  std::size_t alerts = 0;
  for (const double rarity : outcome.forest) alerts += rarity > outcome.threshold ? 1U : 0U;
  rules.push_back(
      json::object{{"name", "isolation_forest"}, {"above", nullptr}, {"usual", nullptr}, {"alerts", alerts}});
  return rules;
}

/// Whether there are more alerts than honest customers alone would give.
std::string_view meaning_of(const FraudRequest& request, const FraudOutcome& outcome) {
  if (outcome.alert_share.lower > request.false_alarms) return "more_than_false_alarms";
  return "no_more_than_false_alarms";
}

json::object judgement_json(const FraudJudgement& judgement) {
  json::object told = {{"verdict", judgement.verdict},
                       {"until", day_of(judgement.until)},
                       {"customers", judgement.customers},
                       {"labelled", judgement.labelled},
                       {"alerted", judgement.alerted},
                       {"found", judgement.found},
                       {"k", judgement.k}};
  json::array models;
  for (const FraudQuality& one : judgement.qualities)
    models.push_back(json::object{{"name", one.name},
                                  {"auc", one.auc},
                                  {"precision_at_k", one.precision},
                                  {"interval", {one.interval.lower, one.interval.upper}}});
  told["models"] = std::move(models);
  return told;
}

}  // namespace

json::object fraud_json(const FraudRequest& request, const FraudOutcome& outcome) {
  json::object told = {{"until", day_of(outcome.until)},
                       {"verdict", outcome.verdict},
                       {"customers", outcome.rows.size()},
                       {"learnt_rows", outcome.learnt},
                       {"calibrated_rows", outcome.calibrated},
                       {"alerts", outcome.alerts.size()},
                       {"judgement", judgement_json(outcome.judgement)},
                       {"options",
                        {{"false_alarms", request.false_alarms},
                         {"window_days", request.window_days},
                         {"history_days", request.history_days},
                         {"label_days", request.label_days},
                         {"most_alerts", request.most_alerts},
                         {"label_tag", request.label_tag},
                         {"language", code_of(request.language)}}}};
  if (outcome.verdict != "sufficient") return told;
  told["above_threshold"] = outcome.alerted;
  told["expected_false_alarms"] = outcome.expected_false_alarms(request);
  told["alert_share"] = {
      {"value", outcome.alert_share.value}, {"lower", outcome.alert_share.lower}, {"upper", outcome.alert_share.upper}};
  told["meaning"] = outcome.rows.size() == 0 ? json::value() : json::value(meaning_of(request, outcome));
  told["threshold"] = outcome.threshold;
  told["rules"] = rules_json(outcome);
  return told;
}

NamedTable fraud_table(const FraudRequest& request, const FraudOutcome& outcome, Column customers) {
  NamedTable table;
  table.add("customer", customers.type) = std::move(customers);
  table.add("p_value", Type::real) = real_column(outcome.p_value);
  table.add("rarity", Type::real) = real_column(outcome.score);
  std::vector<const FraudAlert*> alerts(outcome.rows.size());
  for (const FraudAlert& one : outcome.alerts) alerts[one.row] = &one;
  Column& alerted = table.add("alert", Type::boolean);
  for (const FraudAlert* one : alerts) alerted.append(Value(one != nullptr));
  for (std::size_t k = 0; k < reasons_told; ++k) {
    Column& reason = table.add("reason_" + std::to_string(k + 1), Type::text);
    for (const FraudAlert* one : alerts) {
      const bool told = one != nullptr && k < one->reasons.size();
      const std::string text =
          told ? fraud_reason(outcome, one->row, one->reasons[k], request.language) : std::string();
      reason.append(told ? Value(std::string_view(text)) : Value());
    }
  }
  for (std::size_t f = 0; f < fraud_feature_count; ++f) {
    std::vector<double> values;
    for (const auto& row : outcome.rows.value) values.push_back(row[f]);
    table.add(std::string(fraud_feature_names[f]), Type::real) = real_column(values);
  }
  return table;
}

}  // namespace emptor
