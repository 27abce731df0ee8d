#include "insight/tables/purchase_options.hpp"

namespace emptor {

std::string with_purchase_columns(std::string_view schema) {
  return with_properties(schema,
                         R"("customer":{"type":"string","description":"column of who bought: whole numbers or texts"},
"date":{"type":"string","description":"column of when: days, times, or texts in ISO 8601"},
"amount":{"type":"string","description":"column of how much: numbers"},
"order":{"type":"string","description":"column of what was bought together; without it each row is a purchase of its own"},
"quantity":{"type":"string","description":"column of how many; below 0 is taken back"},
"as_of":{"type":"string","description":"YYYY-MM-DD, the day it stands for; without it the last day with a purchase"},
"zone":{"type":"string","description":"IANA name of the zone whose days count, for dates that are instants; UTC without it"})");
}

PurchaseColumnNames purchase_columns(const OptionReader& options) {
  return {options.text("customer", "customer"), options.text("date", "date"), options.text("amount", "amount"),
          options.text("order"), options.text("quantity")};
}

std::string without_purchase_columns(const OptionReader& options) {
  return options.without({"customer", "date", "amount", "order", "quantity", "as_of", "zone"});
}

Zone purchase_zone(const OptionReader& options) {
  return options.has("zone") ? Zone::of(options.text("zone")) : Zone();
}

Column keys_at(std::span<const std::int64_t> numbers, const Column& all) {
  Column keys{.type = all.type};
  for (const std::int64_t number : numbers) keys.append(all.value(static_cast<std::size_t>(number - 1)));
  return keys;
}

void tell_table(boost::json::object& summary, std::string_view computation, const PlainPurchases& purchases) {
  summary["computation"] = computation;
  summary["rows"] = purchases.rows;
  summary["skipped"] = purchases.skipped;
}

std::string with_product_column(std::string_view schema) {
  return with_properties(with_purchase_columns(schema),
                         R"("product":{"type":"string","description":"column of what was bought"})");
}

ProductPurchases product_purchases(std::string_view schema, const PlainData& data) {
  const OptionReader options(with_product_column(schema), data.json);
  const OptionReader without_product(with_purchase_columns(schema), options.without({"product"}));
  PurchaseColumnNames names = purchase_columns(options);
  names.product = options.text("product", "product");
  if (!options.has("amount")) names.amount.clear();
  const ArrowTable table(data.stream);
  return {without_purchase_columns(without_product), options.day("as_of"),
          plain_purchases(table, names, purchase_zone(options))};
}

}  // namespace emptor
