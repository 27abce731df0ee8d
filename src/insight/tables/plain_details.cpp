#include "insight/tables/plain_details.hpp"

namespace emptor {

std::string with_detail_columns(std::string_view schema) {
  return with_properties(
      schema,
      R"("cost":{"type":"string","description":"column of what the row cost us: margins are told then"},
"discount":{"type":"string","description":"column of the share taken off the price, 0 to 1"},
"list_price":{"type":"string","description":"column of the list price of one unit"},
"brand":{"type":"string","description":"column of the brand: whole numbers or texts"},
"category":{"type":"string","description":"column of the category: whole numbers or texts"})");
}

DetailColumnNames detail_columns(const OptionReader& options) {
  return {options.text("cost"), options.text("discount"), options.text("list_price"), options.text("brand"),
          options.text("category")};
}

std::string without_detail_columns(const OptionReader& options) {
  return options.without({"cost", "discount", "list_price", "brand", "category"});
}

LineDetails details_of(const PlainPurchases& purchases) {
  return {purchases.cost, purchases.discount, purchases.list_price, purchases.brand, purchases.category};
}

LineKinds kinds_of(const std::vector<std::uint32_t>& of, const Column& names) {
  LineKinds kinds{of, {}};
  for (std::size_t i = 0; i < names.size(); ++i)
    kinds.names.push_back(names.is_text() ? std::string(names.text(i)) : std::to_string(names.bits[i]));
  return kinds;
}

}  // namespace emptor
