#include "core/options.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/replenishment/replenishment_work.hpp"
#include "insight/tables/purchase_options.hpp"

namespace emptor {

namespace json = boost::json;

std::string_view compute_replenishment_schema() {
  static const std::string text = with_product_column(replenishment_schema);
  return text;
}

ComputedResult compute_replenishment(const PlainData& data) {
  const ProductPurchases bought = product_purchases(replenishment_schema, data);
  const ReplenishmentRequest request =
      replenishment_request(checked_options(replenishment_schema, bought.own_options), bought.as_of);
  const ReplenishmentOutcome outcome =
      find_due(lines_of(bought.purchases), request, {}, {data.executor, data.progress});
  json::object summary = replenishment_json(request, outcome);
  tell_table(summary, "replenishment", bought.purchases);
  std::vector<std::int64_t> customers;
  for (const DuePair& pair : outcome.due) customers.push_back(static_cast<std::int64_t>(pair.rhythm.customer));
  return {summary_text(summary), due_table(outcome, keys_at(customers, bought.purchases.customers),
                                           keys_at(outcome.products, bought.purchases.products))};
}

}  // namespace emptor
