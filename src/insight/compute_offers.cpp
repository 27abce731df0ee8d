#include "core/options.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/offer_work.hpp"
#include "insight/purchase_options.hpp"

namespace emptor {

namespace json = boost::json;

std::string_view compute_offers_schema() {
  static const std::string text = with_properties(
      with_purchase_columns(offers_schema), R"("product":{"type":"string","description":"column of what was bought"})");
  return text;
}

ComputedResult compute_offers(const PlainData& data) {
  const OptionReader options(compute_offers_schema(), data.json);
  const OptionReader without_product(with_purchase_columns(offers_schema), options.without({"product"}));
  const OfferRequest request =
      offer_request(checked_options(offers_schema, without_purchase_columns(without_product)), options.day("as_of"));
  const Zone zone = purchase_zone(options);
  PurchaseColumnNames names = purchase_columns(options);
  names.product = options.text("product", "product");
  if (!options.has("amount")) names.amount.clear();
  const ArrowTable table(data.stream);
  const PlainPurchases purchases = plain_purchases(table, names, zone);
  const OfferOutcome outcome = make_offers(lines_of(purchases), request, {data.executor, data.progress});
  json::object summary = offer_json(request, outcome);
  summary["computation"] = "offers";
  summary["rows"] = purchases.rows;
  summary["skipped"] = purchases.skipped;
  return {json::serialize(summary), offer_table(outcome, keys_at(outcome.holdings.customer, purchases.customers),
                                                keys_at(outcome.products, purchases.products))};
}

}  // namespace emptor
