#include "core/options.hpp"
#include "insight/fraud/fraud_telling.hpp"
#include "insight/fraud/fraud_words.hpp"
#include "insight/insight_runs.hpp"
#include "insight/writing/alert_writing.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::int32_t quiet_days = 30;

Id write_fraud(Session& session, const FraudRequest& request, const FraudOutcome& outcome, const json::object& told,
               const std::vector<std::int64_t>& customers, std::int64_t data_version) {
  json::object state = {{"verdict", outcome.verdict}, {"judgement", told.at("judgement")}};
  for (const char* name : {"threshold", "rules", "expected_false_alarms"})
    if (const json::value* value = told.if_contains(name)) state[name] = *value;
  const InsightRun run{.name = "fraud",
                       .algorithm = "fraud/1 conformal isolation_forest",
                       .options = json::serialize(told.at("options")),
                       .state = json::serialize(state),
                       .as_of = outcome.until.value_or(Date{}),
                       .data_version = data_version,
                       .scores = {"fraud.p_value"}};
  const Id model = write_back(session, run, customers, [&](std::size_t i, GivenResult& result) {
    result.scores.push_back({"fraud.p_value", outcome.p_value[i]});
  });
  std::vector<GivenAlert> alerts;
  for (const FraudAlert& one : outcome.alerts)
    alerts.push_back({customers[one.row], "fraud", one.severity, fraud_words(outcome, one, request.language)});
  write_alerts(session, run, model, alerts, quiet_days);
  return model;
}

}  // namespace

const std::string_view fraud_schema = R"({"type":"object","properties":{
"false_alarms":{"type":"number","minimum":0.0001,"maximum":0.2,"description":"share of honest customers, of those active in the window, that may be alerted on average; .005 without it"},
"window_days":{"type":"integer","minimum":1,"maximum":365,"description":"days that are looked at; 30 without it"},
"history_days":{"type":"integer","minimum":1,"maximum":3650,"description":"days before the window, for what is usual; 180 without it"},
"label_days":{"type":"integer","minimum":0,"maximum":3650,"description":"days until fraud is known, as a rule; 60 without it"},
"label_tag":{"type":"string","description":"tag of customers known for fraud, beside blocks and payments charged back; 'fraud' without it"},
"most_alerts":{"type":"integer","minimum":1,"maximum":1000000,"description":"the rarest first; 1,000 without it"},
"language":{"type":"string","enum":["en","zh"],"description":"of reasons and verdict"}}})";

InsightResult run_fraud(Session& session, const InsightOptions& options) {
  const FraudRequest request = fraud_request(checked_options(fraud_schema, options.json), options.as_of);
  const Facts facts = read_facts(session);
  const CustomerActivity activity = read_activity(session.view(), facts, request.label_tag);
  const FraudOutcome outcome = find_fraud(activity, request, {session.options().executor, session.options().progress});
  json::object summary = fraud_json(request, outcome);
  std::vector<std::int64_t> customers;
  for (const std::size_t place : outcome.rows.customer) customers.push_back(activity.customer[place]);
  tell_run(summary, "fraud", activity.data_version, customers.size());
  if (options.write_back)
    summary["model_id"] =
        std::to_string(write_fraud(session, request, outcome, summary, customers, activity.data_version).value);
  InsightResult result{summary_text(summary), activity.data_version, customers.size()};
  if (options.table) result.table = fraud_table(request, outcome, id_column(customers));
  return result;
}

}  // namespace emptor
