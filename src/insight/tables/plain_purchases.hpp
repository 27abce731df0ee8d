/// Purchases out of a plain table, by the names of its columns, and what each customer's come to.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "core/arrow_table.hpp"
#include "emptor/insight/measures.hpp"
#include "emptor/store/batch.hpp"

namespace emptor {

/// Columns that tell more of a row; each may be empty.
struct DetailColumnNames {
  std::string cost, discount, list_price, brand, category;
  std::string channel = {}, method = {};  ///< of the sale, of the payment
  std::vector<std::string> amounts = {};  ///< of further money
};

/// Which column holds what; `order`, `quantity` and `product` may be empty, and `amount`: then each row is worth 1.
struct PurchaseColumnNames {
  std::string customer, date, amount, order, quantity, product = {};
  bool instants = false;  ///< whether instants are wanted beside the days
  bool places = false;    ///< whether the rows' places in the table are wanted
  DetailColumnNames details = {};
};

/// Purchases as columns, in the order of the rows. `customers` says who they are: integers, or texts by their bytes,
/// ascending.
struct PlainPurchases {
  static constexpr std::uint32_t none = static_cast<std::uint32_t>(-1);  ///< of a row that names no order or product
  static constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::min();

  Column customers;
  Column products;                      ///< likewise
  std::vector<std::uint32_t> customer;  ///< place among customers
  std::vector<std::int32_t> day;        ///< civil day
  std::vector<std::int64_t> at;         ///< micros since 1970-01-01; empty unless wanted
  std::vector<std::int64_t> amount;     ///< micros
  std::vector<std::int64_t> quantity;   ///< micros; empty without a column of quantities
  std::vector<std::uint32_t> order;     ///< numbers of orders; empty where each row is one
  std::vector<std::uint32_t> product;   ///< place among products; empty without a column of products
  std::vector<std::uint64_t> place;     ///< of the row in the table, from 0; empty unless wanted
  /// Micros, or `unknown` of a row that has none; empty without the column.
  std::vector<std::int64_t> cost, discount, list_price;
  std::vector<std::uint32_t> brand, category;      ///< numbers, or `none`; empty without the column
  std::vector<std::uint32_t> channel, method;      ///< likewise
  Column categories, channels, methods;            ///< what their numbers stand for
  std::vector<std::vector<std::int64_t>> amounts;  ///< one for each that was asked for, as `cost`
  std::uint64_t rows = 0;                          ///< of the table
  std::uint64_t skipped = 0;                       ///< that lack a customer, a date or an amount

  std::size_t size() const noexcept { return customer.size(); }
  /// Products from 1 on; 0 where none is named.
  std::int64_t product_number(std::size_t row) const noexcept {
    return product.empty() || product[row] == none ? 0 : std::int64_t{product[row]} + 1;
  }
};

/// Throws Code::not_found for a column that is not there and Code::invalid, naming column and row, for a value
/// that is not of its kind.
PlainPurchases plain_purchases(const ArrowTable& table, const PurchaseColumnNames& names, const Zone& zone);

/// The last day with a purchase; nothing without one.
std::optional<Date> last_purchase_day(const PlainPurchases& purchases, Purchases which);
/// As measure_purchases of facts; customers are numbered from 1 by their places.
Measures measure_purchases(const PlainPurchases& purchases, const MeasureOptions& options);

}  // namespace emptor
