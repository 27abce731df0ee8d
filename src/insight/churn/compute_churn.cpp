#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "insight/churn/churn_work.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/tables/purchase_options.hpp"

namespace emptor {

namespace json = boost::json;

std::string_view compute_churn_schema() {
  static const std::string text = with_purchase_columns(churn_schema);
  return text;
}

ComputedResult compute_churn(const PlainData& data) {
  const OptionReader options(compute_churn_schema(), data.json);
  const ChurnRequest request =
      churn_request(checked_options(churn_schema, without_purchase_columns(options)), options.day("as_of"));
  const Zone zone = purchase_zone(options);
  const ArrowTable table(data.stream);
  const PlainPurchases purchases = plain_purchases(table, purchase_columns(options), zone);
  if (request.groups != "rfm")
    throw Error(Problem{.code = Code::invalid,
                        .message = "a plain table has no tags",
                        .field = "groups",
                        .hint = "leave it out: groups are the segments of RFM"});
  const CustomerGroups groups =
      groups_of(score_rfm(measure_purchases(purchases, {.as_of = request.until, .purchases = request.rows.purchases})));
  const ChurnOutcome outcome =
      predict_churn(lines_of(purchases), request, {data.executor, data.progress}, {nullptr, &groups});
  json::object summary = churn_json(request, outcome);
  tell_table(summary, "churn", purchases);
  return {summary_text(summary), churn_table(request, outcome, keys_at(outcome.rows.customer, purchases.customers))};
}

}  // namespace emptor
