/// What further columns of a plain table say: of each purchase, and of each customer.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "insight/tables/plain_purchases.hpp"
#include "insight/tables/plain_rows.hpp"
#include "insight/words/portrait.hpp"

namespace emptor {

/// A text, a truth or a whole number as a text; empty for anything else.
std::string text_of(const ArrowCell& cell);
/// The same of a table's row, counted from 1. Throws Code::invalid for what is there and none of these.
std::string checked_text(const ArrowTable& table, std::size_t column, std::uint64_t row, const ArrowCell& cell);

/// Calls take(i, cell) for each purchase in the order of the table's rows. Requires purchases that were read with their
/// places.
template <class Take>
void each_cell(const ArrowTable& table, const PlainPurchases& purchases, std::size_t column, const Take& take) {
  PlainRows rows(table);
  std::size_t next = 0;
  rows.each([&] {
    if (next >= purchases.place.size() || purchases.place[next] != rows.done()) return;
    take(next, rows.cell(column));
    ++next;
  });
}

/// Customers as the newest of their rows up to a day says: by day, then by the place in the table. Customers are
/// numbered from 1 by their places. Requires purchases with their places. Throws Code::not_found for a column that is
/// not there and Code::invalid, naming column and row, for values of no such kind.
class PlainFields {
 public:
  PlainFields(const ArrowTable& table, const PlainPurchases& purchases, std::int32_t until)
      : table_(table), purchases_(purchases), until_(until) {}

  /// A text for each of all customers; empty where none of their rows has one.
  std::vector<std::string> texts(const std::string& column) const;
  PortraitKinds kinds(const std::string& column, std::span<const std::int64_t> customers) const;
  PortraitNumbers numbers(const std::string& column, std::span<const std::int64_t> customers) const;
  /// Numbers of columns of numbers, kinds of all others.
  PortraitColumns fields(std::span<const std::string> columns, std::span<const std::int64_t> customers) const;

 private:
  template <class Value, class Read>
  std::vector<Value> newest(const std::string& column, const Value& unknown, const Read& read) const;

  const ArrowTable& table_;
  const PlainPurchases& purchases_;
  std::int32_t until_;
};

}  // namespace emptor
