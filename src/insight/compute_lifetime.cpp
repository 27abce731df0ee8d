#include "core/options.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/lifetime_work.hpp"
#include "insight/purchase_options.hpp"

namespace emptor {

namespace json = boost::json;

std::string_view compute_lifetime_schema() {
  static const std::string text = with_purchase_columns(lifetime_schema);
  return text;
}

ComputedResult compute_lifetime(const PlainData& data) {
  const OptionReader options(compute_lifetime_schema(), data.json);
  const json::object given = checked_options(lifetime_schema, without_purchase_columns(options));
  LifetimeRequest request = lifetime_request(given, options.day("as_of"));
  request.rows.zone = purchase_zone(options);
  PurchaseColumnNames names = purchase_columns(options);
  names.instants = request.rows.event == PurchaseEvent::instant;
  const ArrowTable table(data.stream);
  const PlainPurchases purchases = plain_purchases(table, names, request.rows.zone);
  const LifetimeRows rows = lifetime_rows(lines_of(purchases), request.rows);
  const LifetimeOutcome outcome = predict_lifetimes(rows, request, {data.executor, data.progress});
  json::object summary = lifetime_json(rows, request, outcome);
  summary["computation"] = "lifetime";
  summary["rows"] = purchases.rows;
  summary["skipped"] = purchases.skipped;
  return {json::serialize(summary), lifetime_table(rows, outcome, keys_at(rows.customer, purchases.customers))};
}

}  // namespace emptor
