#include <algorithm>

#include "core/options.hpp"
#include "insight/churn/churn_work.hpp"
#include "insight/insight_runs.hpp"
#include "insight/writing/alert_writing.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

std::string state_of(const json::object& told) {
  json::object state = {{"models", told.at("models")}, {"verdict", told.at("verdict")}};
  if (const json::value* alerts = told.if_contains("alerts")) state["alerts"] = *alerts;
  return json::serialize(state);
}

Id write_churn(Session& session, const ChurnRequest& request, const ChurnOutcome& outcome, const json::object& told,
               std::int64_t data_version) {
  const InsightRun run{.name = "churn",
                       .algorithm = "churn/1 " + (outcome.chosen.empty() ? "none" : outcome.chosen),
                       .options = json::serialize(told.at("options")),
                       .state = state_of(told),
                       .as_of = outcome.until.value_or(Date{}),
                       .data_version = data_version,
                       .fitted = outcome.fitted,
                       .scores = {"churn.chance", "churn.reason", "churn.stated", "churn.expected_loss"}};
  const auto level_of = [&](std::size_t i) {
    return std::string(churn_level(outcome.chance[i], outcome.silent_share));
  };
  const std::span<const std::int64_t> scored(outcome.rows.customer.data(), outcome.chance.size());
  const Id model = write_back(session, run, scored, [&](std::size_t i, GivenResult& result) {
    result.scores.push_back({"churn.chance", outcome.chance[i], level_of(i)});
    const ChurnFeature first = outcome.reasons[i].front();
    result.scores.push_back({"churn.reason", outcome.rows.at(i, first),
                             churn_reason(outcome.rows, i, first, request.rows.horizon, request.language)});
    if (!outcome.stated.of.empty() && !outcome.stated.of[i].empty()) {
      const std::uint32_t stated = outcome.stated.of[i].front();
      result.scores.push_back({"churn.stated", outcome.stated.reasons[stated].lift.value,
                               stated_text(outcome.stated, stated, request.language)});
    }
    if (!outcome.value.empty()) result.scores.push_back({"churn.expected_loss", outcome.chance[i] * outcome.value[i]});
    result.tag = "churn." + level_of(i);
  });
  std::vector<GivenAlert> alerts;
  for (const ChurnAlert& alert : outcome.alerts)
    alerts.push_back({outcome.rows.customer[alert.row], alert.kind, alert.severity, alert.reason});
  write_alerts(session, run, model, alerts, request.rows.horizon);
  return model;
}

/// By segments of RFM as of the day of the rows, or by tags.
CustomerGroups groups_for(const Facts& facts, const View& view, const ChurnRequest& request) {
  if (request.groups != "rfm") return groups_of_tags(view, request.groups);
  return groups_of(score_rfm(facts, {.measures = {.as_of = request.until, .purchases = request.rows.purchases}}));
}

}  // namespace

InsightResult run_churn(Session& session, const InsightOptions& options) {
  const ChurnRequest request = churn_request(checked_options(churn_schema, options.json), options.as_of);
  const Facts facts = read_facts(session);
  const View view = session.view();
  const CustomerTouches touches = read_touches(view);
  const CustomerGroups groups = groups_for(facts, view, request);
  const std::int64_t data_version = std::max(facts.data_version, touches.data_version);
  const ChurnOutcome outcome = predict_churn(
      lines_of(facts), request, {session.options().executor, session.options().progress}, {&touches, &groups});
  json::object summary = churn_json(request, outcome);
  tell_run(summary, "churn", data_version, outcome.chance.size());
  if (options.write_back)
    summary["model_id"] = std::to_string(write_churn(session, request, outcome, summary, data_version).value);
  InsightResult result{summary_text(summary), data_version, outcome.chance.size()};
  if (options.table) result.table = churn_table(request, outcome, id_column(outcome.rows.customer));
  return result;
}

}  // namespace emptor
