#include <algorithm>

#include "core/options.hpp"
#include "insight/churn_work.hpp"
#include "insight/insight_runs.hpp"
#include "insight/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// Against how many fell silent in the window just past; the score has the chance itself.
std::string level_of(double chance, double silent_share) {
  if (chance >= std::min(0.9, 2 * silent_share)) return "high";
  return chance >= silent_share ? "medium" : "low";
}

Id write_churn(Session& session, const ChurnRequest& request, const ChurnOutcome& outcome, const json::object& told,
               std::int64_t data_version) {
  const InsightRun run{
      .name = "churn",
      .algorithm = "churn/1 " + (outcome.chosen.empty() ? "none" : outcome.chosen),
      .options = json::serialize(told.at("options")),
      .state = json::serialize(json::object{{"models", told.at("models")}, {"verdict", outcome.verdict}}),
      .as_of = outcome.until.value_or(Date{}),
      .data_version = data_version,
      .scores = {"churn.chance", "churn.reason"}};
  const std::span<const std::int64_t> scored(outcome.rows.customer.data(), outcome.chance.size());
  return write_back(session, run, scored, [&](std::size_t i, GivenResult& result) {
    result.scores.push_back({"churn.chance", outcome.chance[i], level_of(outcome.chance[i], outcome.silent_share)});
    const ChurnFeature first = outcome.reasons[i].front();
    result.scores.push_back({"churn.reason", outcome.rows.at(i, first),
                             churn_reason(outcome.rows, i, first, request.rows.horizon, request.language)});
    result.tag = "churn." + level_of(outcome.chance[i], outcome.silent_share);
  });
}

}  // namespace

InsightResult run_churn(Session& session, const InsightOptions& options) {
  const ChurnRequest request = churn_request(checked_options(churn_schema, options.json), options.as_of);
  const Facts facts = read_facts(session);
  const ChurnOutcome outcome =
      predict_churn(lines_of(facts), request, {session.options().executor, session.options().progress});
  json::object summary = churn_json(request, outcome);
  tell_run(summary, "churn", facts.data_version, outcome.chance.size());
  if (options.write_back)
    summary["model_id"] = std::to_string(write_churn(session, request, outcome, summary, facts.data_version).value);
  InsightResult result{json::serialize(summary), facts.data_version, outcome.chance.size()};
  if (options.table) result.table = churn_table(request, outcome, id_column(outcome.rows.customer));
  return result;
}

}  // namespace emptor
