/// What computations on plain purchases share: the options that name the columns, and whose rows came out.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "core/option_reader.hpp"
#include "emptor/insight/compute.hpp"
#include "insight/tables/plain_purchases.hpp"

namespace emptor {

/// A schema with the names of the columns, the day and the zone in front of its own properties.
std::string with_purchase_columns(std::string_view schema);
/// The columns are called customer, date and amount unless the options say otherwise.
PurchaseColumnNames purchase_columns(const OptionReader& options);
/// The options that are the schema's own.
std::string without_purchase_columns(const OptionReader& options);
/// UTC unless the options say otherwise.
Zone purchase_zone(const OptionReader& options);
/// What a summary says of the table.
void tell_table(boost::json::object& summary, std::string_view computation, const PlainPurchases& purchases);
/// Who or what the rows of a result are: numbers from 1 stand for places among all.
Column keys_at(std::span<const std::int64_t> numbers, const Column& all);

/// A table of which customer bought which product when, and the options that are the computation's own.
struct ProductPurchases {
  std::string own_options;
  std::optional<Date> as_of;
  PlainPurchases purchases;
};
/// A schema as with_purchase_columns, and the name of the column of products. Without a column of amounts each row is
/// worth 1.
std::string with_product_column(std::string_view schema);
ProductPurchases product_purchases(std::string_view schema, const PlainData& data);

}  // namespace emptor
