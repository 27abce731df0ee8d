#include "core/options.hpp"
#include "insight/insight_runs.hpp"
#include "insight/lifetime_work.hpp"
#include "insight/live_model.hpp"
#include "insight/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

void give(const LifetimeOutcome& outcome, std::size_t i, GivenResult& result) {
  result.scores.push_back({"lifetime.alive", outcome.alive[i]});
  result.scores.push_back({"lifetime.expected", outcome.expected[i]});
  if (outcome.value.empty()) return;
  result.scores.push_back({"lifetime.spend", outcome.spend[i]});
  result.scores.push_back({"lifetime.value", outcome.value[i]});
}

Id write_lifetimes(Session& session, const LifetimeRows& rows, const LifetimeOutcome& outcome, const json::object& told,
                   std::int64_t data_version) {
  json::object state = {{"gamma_gamma", told.at("gamma_gamma")}, {"verdict", told.at("verdict")}};
  for (const char* name : {"parameters", "standard_errors", "log_likelihood", "diagnostics"})
    if (const json::value* value = told.if_contains(name)) state[name] = *value;
  const InsightRun run{.name = "lifetime",
                       .algorithm = "lifetime/1 " + std::string(told.at("options").at("model").as_string()),
                       .options = json::serialize(told.at("options")),
                       .state = json::serialize(state),
                       .as_of = rows.until,
                       .data_version = data_version,
                       .fitted = outcome.usable() ? save_lifetime(outcome) : std::string(),
                       .scores = {"lifetime.alive", "lifetime.expected", "lifetime.spend", "lifetime.value"}};
  const std::span<const std::int64_t> scored(rows.customer.data(), outcome.usable() ? rows.size() : 0);
  return write_back(session, run, scored, [&](std::size_t i, GivenResult& result) { give(outcome, i, result); });
}

}  // namespace

InsightResult run_lifetime(Session& session, const InsightOptions& options) {
  const json::object given = checked_options(lifetime_schema, options.json);
  LifetimeRequest request = lifetime_request(given, options.as_of);
  request.rows.zone = Zone::of(session.view().info().zone);
  const Facts facts = read_facts(session);
  const CustomerLines lines = lines_of(facts);
  const LifetimeRows rows = lifetime_rows(lines, request.rows);
  const LifetimeOutcome outcome =
      predict_lifetimes(lines, rows, {}, request, {session.options().executor, session.options().progress});
  json::object summary = lifetime_json(rows, {}, request, outcome);
  tell_run(summary, "lifetime", facts.data_version, outcome.usable() ? rows.size() : 0);
  if (options.write_back)
    summary["model_id"] = std::to_string(write_lifetimes(session, rows, outcome, summary, facts.data_version).value);
  InsightResult result{json::serialize(summary), facts.data_version, outcome.usable() ? rows.size() : 0};
  if (options.table) result.table = lifetime_table(rows, outcome, id_column(rows.customer));
  return result;
}

}  // namespace emptor
