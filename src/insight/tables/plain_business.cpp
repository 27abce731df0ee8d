#include "insight/tables/plain_business.hpp"

#include "emptor/core/error.hpp"
#include "insight/tables/plain_details.hpp"
#include "insight/tables/purchase_options.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_dimensions = 10;  // groups are made of every pair of them

}  // namespace

std::string with_business_columns(std::string_view schema) {
  return with_properties(with_purchase_columns(with_detail_columns(schema)),
                         R"("product":{"type":"string","description":"column of what was bought"},
"dimensions":{"type":"array","items":{"type":"string"},"description":"columns by which the business is divided: whole numbers or texts"})");
}

void PlainBusiness::tell(boost::json::object& summary, std::string_view computation) const {
  summary["computation"] = computation;
  summary["rows"] = rows;
  summary["skipped"] = skipped;
}

PlainBusiness plain_business(std::string_view schema, const PlainData& data) {
  const OptionReader options(with_business_columns(schema), data.json);
  const std::string purchase_schema = with_purchase_columns(with_detail_columns(schema));
  const OptionReader purchases(purchase_schema, options.without({"product", "dimensions"}));
  const OptionReader own(with_detail_columns(schema), without_purchase_columns(purchases));
  PurchaseColumnNames names = purchase_columns(options);
  names.product = options.text("product");
  names.details = detail_columns(options);
  names.places = true;
  const std::vector<std::string> dimensions = options.texts("dimensions");
  if (dimensions.size() > most_dimensions)
    throw Error(Problem{
        .code = Code::invalid, .message = "the business is divided by ten columns at most", .field = "dimensions"});
  const ArrowTable table(data.stream);
  const PlainPurchases read = plain_purchases(table, names, purchase_zone(options));
  const auto product_name = [products = read.products](std::int64_t number) {
    const Value key = products.value(static_cast<std::size_t>(number - 1));
    return products.is_text() ? std::string(key.text()) : std::to_string(key.integer());
  };
  return {without_detail_columns(own),
          options.day("as_of"),
          business_of(read, table, dimensions, names.details),
          product_name,
          read.rows,
          read.skipped};
}

}  // namespace emptor
