/// Purchases out of a plain table, by the names of its columns.
#pragma once

#include <string>

#include "core/arrow_table.hpp"
#include "emptor/store/batch.hpp"
#include "insight/facts_rows.hpp"

namespace emptor {

/// Which column holds what; `order` and `quantity` may be empty.
struct PurchaseColumnNames {
  std::string customer, date, amount, order, quantity;
};

/// Purchases as facts. Customers are numbered from 1 in ascending order; `customers` says who they are:
/// integers, or texts by their bytes.
struct PlainPurchases {
  Facts facts;
  Column customers;
  std::uint64_t rows = 0;     ///< of the table
  std::uint64_t skipped = 0;  ///< that lack a customer, a date or an amount
};

/// Throws Code::not_found for a column that is not there and Code::invalid, naming column and row, for a value
/// that is not of its kind.
PlainPurchases plain_purchases(const ArrowTable& table, const PurchaseColumnNames& names, const Zone& zone);

}  // namespace emptor
