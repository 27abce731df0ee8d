#include "core/options.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/tables/purchase_options.hpp"
#include "insight/usage/usage_work.hpp"

namespace emptor {

namespace json = boost::json;

std::string_view compute_usage_schema() {
  static const std::string text = with_product_column(usage_schema);
  return text;
}

ComputedResult compute_usage(const PlainData& data) {
  const ProductPurchases bought = product_purchases(usage_schema, data);
  const UsageRequest request = usage_request(checked_options(usage_schema, bought.own_options), bought.as_of);
  const UsageOutcome outcome = measure_usage(lines_of(bought.purchases), {}, request, {data.executor, data.progress});
  std::vector<std::int64_t> products;
  for (const ProductUsage& one : outcome.products) products.push_back(one.product);
  const Column keys = keys_at(products, bought.purchases.products);
  Column names{.type = Type::text};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::string text = keys.is_text() ? std::string(keys.text(i)) : std::to_string(keys.bits[i]);
    names.append(Value(std::string_view(text)));
  }
  json::object summary = usage_json(request, outcome, names);
  tell_table(summary, "usage", bought.purchases);
  return {summary_text(summary), usage_table(outcome, keys)};
}

}  // namespace emptor
