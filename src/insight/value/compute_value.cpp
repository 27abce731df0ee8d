#include "core/options.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/tables/plain_details.hpp"
#include "insight/tables/purchase_options.hpp"
#include "insight/value/value_portrait.hpp"

namespace emptor {

namespace json = boost::json;

std::string_view compute_value_schema() {
  static const std::string text = with_purchase_columns(with_detail_columns(value_schema));
  return text;
}

ComputedResult compute_value(const PlainData& data) {
  const OptionReader options(compute_value_schema(), data.json);
  const OptionReader own(with_detail_columns(value_schema), without_purchase_columns(options));
  const ValueRequest request =
      value_request(checked_options(value_schema, without_detail_columns(own)), options.day("as_of"));
  const Zone zone = purchase_zone(options);
  PurchaseColumnNames names = purchase_columns(options);
  names.details = detail_columns(options);
  const ArrowTable table(data.stream);
  const PlainPurchases purchases = plain_purchases(table, names, zone);
  const LineDetails details = details_of(purchases);
  const Receivables no_receivables;
  const ContactCosts no_contacts;
  const ValueOutcome outcome = assess_value({lines_of(purchases), details, no_receivables, no_contacts}, request,
                                            {data.executor, data.progress});
  json::object summary = value_json(request, outcome);
  const ValueGroup group = tier_group(request, outcome);
  summary["portrait"] = portrait_json(group, draw_portrait(behaviour_of(outcome), group.within));
  tell_table(summary, "value", purchases);
  return {summary_text(summary), value_table(request, outcome, keys_at(outcome.rows.customer, purchases.customers))};
}

}  // namespace emptor
