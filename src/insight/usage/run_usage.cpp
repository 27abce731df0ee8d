#include <algorithm>
#include <unordered_map>

#include "core/options.hpp"
#include "insight/facts/each_row.hpp"
#include "insight/insight_runs.hpp"
#include "insight/usage/usage_work.hpp"
#include "insight/writing/alert_writing.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

Column names_of(const View& view, const std::vector<ProductUsage>& products) {
  std::unordered_map<std::int64_t, std::string> names;
  each_row(view, {.entity = "product", .fields = {"name"}, .limit = 10'000, .with_deleted = true},
           [&](const Batch& batch, std::size_t i) { names[batch.ids[i].value] = batch.columns[0].text(i); });
  Column column{.type = Type::text};
  for (const ProductUsage& one : products) {
    const auto found = names.find(one.product);
    column.append(found == names.end() ? Value() : Value(std::string_view(found->second)));
  }
  return column;
}

/// The more that is paid for nothing, the more pressing.
std::vector<GivenAlert> alerts_of(const UsageRequest& request, const UsageOutcome& outcome) {
  std::vector<GivenAlert> alerts;
  for (const CustomerUsage& one : outcome.customers) {
    if (one.unused.empty()) continue;
    const auto severity = static_cast<std::int64_t>(std::min<std::size_t>(1 + one.unused.size(), 4));
    alerts.push_back({one.customer, "service", severity, unused_reason(one, request)});
  }
  return alerts;
}

Id write_usage(Session& session, const UsageRequest& request, const UsageOutcome& outcome,
               const std::vector<std::int64_t>& customers, const json::object& told, std::int64_t data_version) {
  json::object state;
  for (const char* part : {"users", "by_services", "with_lapsed", "with_unused", "losing", "products", "verdict"})
    state[part] = told.at(part);
  const InsightRun run{.name = "usage",
                       .algorithm = "usage/1",
                       .options = json::serialize(told.at("options")),
                       .state = json::serialize(state),
                       .as_of = outcome.until.value_or(Date{}),
                       .data_version = data_version,
                       .scores = {"usage.breadth", "usage.depth", "usage.services", "usage.lapsed", "usage.unused"}};
  const Id model = write_back(session, run, customers, [&](std::size_t row, GivenResult& result) {
    const CustomerUsage& one = outcome.customers[row];
    result.scores = {{"usage.breadth", one.breadth}, {"usage.depth", one.depth}, {"usage.services", one.services}};
    if (!one.lapsed.empty()) result.scores.push_back({"usage.lapsed", static_cast<double>(one.lapsed.size())});
    if (!one.unused.empty()) result.scores.push_back({"usage.unused", static_cast<double>(one.unused.size())});
  });
  write_alerts(session, run, model, alerts_of(request, outcome), request.quiet_days);
  return model;
}

}  // namespace

InsightResult run_usage(Session& session, const InsightOptions& options) {
  const UsageRequest request = usage_request(checked_options(usage_schema, options.json), options.as_of);
  const Facts facts = read_facts(session);
  const View view = session.view();
  const UsageRecords records = read_usage(view);
  const UsageOutcome outcome =
      measure_usage(lines_of(facts), records, request, {session.options().executor, session.options().progress});
  const std::int64_t data_version = std::max(facts.data_version, records.data_version);
  std::vector<std::int64_t> customers, products;
  for (const CustomerUsage& one : outcome.customers) customers.push_back(one.customer);
  for (const ProductUsage& one : outcome.products) products.push_back(one.product);
  json::object summary = usage_json(request, outcome, names_of(view, outcome.products));
  tell_run(summary, "usage", data_version, customers.size());
  if (options.write_back)
    summary["model_id"] =
        std::to_string(write_usage(session, request, outcome, customers, summary, data_version).value);
  InsightResult result{summary_text(summary), data_version, customers.size()};
  if (options.table) result.table = usage_table(outcome, id_column(products));
  return result;
}

}  // namespace emptor
