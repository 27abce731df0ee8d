#include <algorithm>

#include "core/options.hpp"
#include "insight/customer_profit/customer_profit.hpp"
#include "insight/facts/customer_fields.hpp"
#include "insight/facts/stored_details.hpp"
#include "insight/insight_runs.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

Id write_profit(Session& session, const ProfitOutcome& outcome, const json::object& told, std::int64_t data_version) {
  json::object state;
  for (const char* part : {"verdict", "earnings", "now", "expected", "judged", "losing_customers", "losses",
                           "share_that_makes_all", "groups", "en", "zh"})
    if (const json::value* value = told.if_contains(part)) state[part] = *value;
  const InsightRun run{.name = "customer_profit",
                       .algorithm = "customer_profit/1 " + outcome.expected.model,
                       .options = json::serialize(told.at("options")),
                       .state = json::serialize(state),
                       .as_of = outcome.until.value_or(Date{}),
                       .data_version = data_version,
                       .scores = {"profit.now", "profit.expected"}};
  return write_back(session, run, outcome.rows.customer, [&](std::size_t i, GivenResult& result) {
    const bool loses = outcome.rows.profit[i] < 0;
    result.scores.push_back({"profit.now", Decimal::from_micros(outcome.rows.profit[i]).to_double(),
                             loses ? "costs more than it brings" : "brings"});
    if (!outcome.expected.model.empty()) result.scores.push_back({"profit.expected", outcome.expected.value[i]});
    result.tag = loses ? "profit.loss" : "profit.gain";
  });
}

}  // namespace

InsightResult run_customer_profit(Session& session, const InsightOptions& options) {
  const ProfitRequest request = profit_request(checked_options(customer_profit_schema, options.json), options.as_of);
  const Facts facts = read_facts(session);
  const View view = session.view();
  const LineDetails details = read_line_details(view, facts);
  const CustomerCosts costs = read_customer_costs(view);
  const std::int64_t data_version = std::max({facts.data_version, details.data_version, costs.data_version});
  const CustomerLines lines = lines_of(facts);
  ProfitOutcome outcome =
      assess_profit({lines, details, costs}, request, {session.options().executor, session.options().progress});
  if (outcome.rows.size() > 0)
    outcome.groups = group_profits(outcome.rows, read_customer_fields(view, outcome.rows.customer), request.level);
  json::object summary = profit_json(request, outcome);
  tell_run(summary, "customer_profit", data_version, outcome.rows.size());
  if (options.write_back)
    summary["model_id"] = std::to_string(write_profit(session, outcome, summary, data_version).value);
  InsightResult result{summary_text(summary), data_version, outcome.rows.size()};
  if (options.table) result.table = profit_table(outcome, id_column(outcome.rows.customer));
  return result;
}

}  // namespace emptor
