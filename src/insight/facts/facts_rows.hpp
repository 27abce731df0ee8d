/// Line items on their way into facts: gathered in any order, then laid out by customer and time.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/large_memory.hpp"
#include "emptor/insight/facts.hpp"

namespace emptor {

/// One line item with all that a fact needs.
struct PurchaseRow {
  std::int64_t customer = 0, line = 0, order = 0, product = 0, at = 0, amount = 0, quantity = 0;
  std::int32_t day = 0;
};

/// The order of rows within one customer.
bool earlier(const PurchaseRow& a, const PurchaseRow& b) noexcept;

/// Columns that own their memory.
struct PurchaseColumns {
  PurchaseColumns() = default;
  explicit PurchaseColumns(std::size_t rows)
      : line(rows), order(rows), product(rows), at(rows), amount(rows), quantity(rows), day(rows) {}
  void add(const PurchaseRow& row);
  void set(std::size_t i, const PurchaseRow& row) noexcept;
  /// Copies rows to `at` and after.
  void copy(std::size_t to, const PurchaseRows& rows) noexcept;
  PurchaseRows view() const noexcept;

  LargeArray<std::int64_t> line, order, product, at, amount, quantity;
  LargeArray<std::int32_t> day;
};

/// Many rows in the order of their arrival.
struct PurchaseHeap {
  void add(const PurchaseRow& row) {
    customers.push_back(row.customer);
    columns.add(row);
  }
  std::size_t size() const noexcept { return customers.size(); }

  LargeArray<std::int64_t> customers;
  PurchaseColumns columns;
};

/// What facts in memory own.
struct FactsMemory {
  std::vector<std::int64_t> customers;
  std::vector<PurchaseRange> ranges;
  std::unique_ptr<PurchaseColumns> rows;  ///< part 0 or 1, as the maker uses it
  std::shared_ptr<const void> base;       ///< what part 0 lives in, where that is not `rows`
};

/// Facts of these rows, all in part 0; position and data_version are left to the caller. Linear in rows
/// (a counting sort by customer), but for customers whose rows do not come in the order of time. Takes 12 bytes a row
/// beside what it is given.
Facts lay_out(PurchaseHeap rows);

/// The same facts with all rows in part 0.
Facts compact(const Facts& facts);

}  // namespace emptor
