// Profit of the customers of a plain table: a row a line item or a cost, and columns of costs.
#include <algorithm>

#include "core/options.hpp"
#include "insight/compute_runs.hpp"
#include "insight/customer_profit/customer_profit.hpp"
#include "insight/insight_runs.hpp"
#include "insight/tables/plain_details.hpp"
#include "insight/tables/plain_fields.hpp"
#include "insight/tables/purchase_options.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view own_columns =
    R"("cost":{"type":"string","description":"column of what the goods of the row cost us"},
"contact_cost":{"type":"string","description":"column of what contacts with the customer cost us on that day"},
"service_cost":{"type":"string","description":"column of what cases and repairs cost us"},
"campaign_cost":{"type":"string","description":"column of what campaigns cost us"},
"by":{"type":"array","items":{"type":"string"},"description":"columns by which groups are told: texts, truths or whole numbers; the newest row of a customer counts"})";

struct CostColumn {
  const char* option;
  CostKind kind;
};
constexpr CostColumn cost_columns[] = {
    {"contact_cost", CostKind::contacts}, {"service_cost", CostKind::service}, {"campaign_cost", CostKind::campaigns}};

/// The columns that are named, in the order of cost_columns.
std::vector<CostColumn> named_columns(const OptionReader& options) {
  std::vector<CostColumn> named;
  for (const CostColumn& one : cost_columns)
    if (options.has(one.option)) named.push_back(one);
  return named;
}

CustomerCosts costs_of(const PlainPurchases& purchases, const std::vector<CostColumn>& columns) {
  CustomerCosts costs;
  for (std::size_t c = 0; c < columns.size(); ++c)
    for (std::size_t i = 0; i < purchases.size(); ++i) {
      const std::int64_t micros = purchases.amounts[c][i];
      if (micros != PlainPurchases::unknown && micros != 0)
        costs.all.push_back({std::int64_t{purchases.customer[i]} + 1, purchases.day[i], columns[c].kind, micros});
    }
  std::stable_sort(costs.all.begin(), costs.all.end(),
                   [](const DatedCost& a, const DatedCost& b) { return a.customer < b.customer; });
  return costs;
}

}  // namespace

std::string_view compute_customer_profit_schema() {
  static const std::string text = with_purchase_columns(with_properties(customer_profit_schema, own_columns));
  return text;
}

ComputedResult compute_customer_profit(const PlainData& data) {
  const OptionReader options(compute_customer_profit_schema(), data.json);
  const OptionReader own(with_properties(customer_profit_schema, own_columns), without_purchase_columns(options));
  const ProfitRequest request =
      profit_request(checked_options(customer_profit_schema,
                                     own.without({"cost", "contact_cost", "service_cost", "campaign_cost", "by"})),
                     options.day("as_of"));
  const std::vector<CostColumn> columns = named_columns(options);
  PurchaseColumnNames names = purchase_columns(options);
  names.places = true;
  names.details.cost = options.text("cost");
  for (const CostColumn& one : columns) names.details.amounts.push_back(options.text(one.option));
  const ArrowTable table(data.stream);
  const PlainPurchases purchases = plain_purchases(table, names, purchase_zone(options));
  const LineDetails details = details_of(purchases);
  const CustomerCosts costs = costs_of(purchases, columns);
  ProfitOutcome outcome = assess_profit({lines_of(purchases), details, costs}, request, {data.executor, data.progress});
  const PlainFields fields(table, purchases, outcome.rows.day.days);
  PortraitColumns groups;
  for (const std::string& name : options.texts("by")) groups.kinds.push_back(fields.kinds(name, outcome.rows.customer));
  outcome.groups = group_profits(outcome.rows, groups, request.level);
  json::object summary = profit_json(request, outcome);
  tell_table(summary, "customer_profit", purchases);
  return {summary_text(summary), profit_table(outcome, keys_at(outcome.rows.customer, purchases.customers))};
}

}  // namespace emptor
