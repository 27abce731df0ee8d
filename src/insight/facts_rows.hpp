/// Line items on their way into facts: gathered in any order, then laid out by customer and time.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "emptor/insight/facts.hpp"

namespace emptor {

/// One line item with all that a fact needs; one cache line, for rows are picked up in another order.
struct alignas(64) PurchaseRow {
  std::int64_t customer = 0, line = 0, order = 0, product = 0, at = 0, amount = 0, quantity = 0;
  std::int32_t day = 0;
};

/// The order of rows within one customer.
bool earlier(const PurchaseRow& a, const PurchaseRow& b) noexcept;

/// A column whose memory is not set to zero before it is filled.
template <class T>
class ColumnMemory {
 public:
  explicit ColumnMemory(std::size_t size) : data_(std::make_unique_for_overwrite<T[]>(size)), size_(size) {}
  T& operator[](std::size_t i) noexcept { return data_[i]; }
  const T& operator[](std::size_t i) const noexcept { return data_[i]; }
  std::span<const T> view() const noexcept { return {data_.get(), size_}; }

 private:
  std::unique_ptr<T[]> data_;
  std::size_t size_;
};

/// Many rows without moving any: blocks of a fixed size. Customers stand apart once more, for they are
/// gone through on their own.
class PurchaseHeap {
 public:
  void add(const PurchaseRow& row) {
    if (size_ % block_rows == 0) blocks_.emplace_back();
    Block& block = blocks_.back();
    block.customers[size_ % block_rows] = row.customer;
    block.rows[size_++ % block_rows] = row;
  }
  std::size_t size() const noexcept { return size_; }
  const PurchaseRow& operator[](std::size_t i) const noexcept { return blocks_[i / block_rows].rows[i % block_rows]; }
  std::int64_t customer(std::size_t i) const noexcept { return blocks_[i / block_rows].customers[i % block_rows]; }

 private:
  static constexpr std::size_t block_rows = 1 << 15;
  struct Block {
    ColumnMemory<PurchaseRow> rows{block_rows};
    ColumnMemory<std::int64_t> customers{block_rows};
  };
  std::vector<Block> blocks_;
  std::size_t size_ = 0;
};

/// Columns that own their memory.
struct PurchaseColumns {
  explicit PurchaseColumns(std::size_t rows)
      : line(rows), order(rows), product(rows), at(rows), amount(rows), quantity(rows), day(rows) {}
  void set(std::size_t i, const PurchaseRow& row) noexcept;
  /// Copies rows to `at` and after.
  void copy(std::size_t to, const PurchaseRows& rows) noexcept;
  PurchaseRows view() const noexcept;

  ColumnMemory<std::int64_t> line, order, product, at, amount, quantity;
  ColumnMemory<std::int32_t> day;
};

/// What facts in memory own.
struct FactsMemory {
  std::vector<std::int64_t> customers;
  std::vector<PurchaseRange> ranges;
  std::unique_ptr<PurchaseColumns> rows;  ///< part 0 or 1, as the maker uses it
  std::shared_ptr<const void> base;       ///< what part 0 lives in, where that is not `rows`
};

/// Facts of these rows, all in part 0; position and data_version are left to the caller. Linear in rows
/// (a counting sort by customer), but for customers whose rows do not come in the order of time.
Facts lay_out(const PurchaseHeap& rows);

/// The same facts with all rows in part 0.
Facts compact(const Facts& facts);

}  // namespace emptor
