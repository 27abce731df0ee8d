/// Reads line items with their orders from a view: all of them, or some by id.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

#include "emptor/core/progress.hpp"
#include "emptor/core/time.hpp"
#include "insight/facts/facts_rows.hpp"

namespace emptor {

/// Days of instants in a zone; remembers the days it met, for a zone's rules are slow.
class DayFinder {
 public:
  explicit DayFinder(const Zone& zone) : zone_(zone), known_(slots) {}
  std::int32_t of(std::int64_t micros);

 private:
  struct Day {
    std::int64_t begin = 0, end = 0;
    std::int32_t day = 0;
  };
  static constexpr std::size_t slots = 4096;
  Zone zone_;
  std::vector<Day> known_;
};

/// What lines need of their orders, by ascending id.
class OrderTable {
 public:
  struct Row {
    std::int64_t id = 0, customer = 0, at = 0;
    std::int32_t day = 0;
    bool counts = false;  ///< not deleted, and with a time
  };
  void add(const Row& row);
  /// Called once all are in.
  void finish();
  /// Null for an unknown order. Amortised constant where orders are asked for in the order of lines.
  const Row* find(std::int64_t id) noexcept;

 private:
  std::vector<Row> rows_;
  std::size_t last_ = 0;
};

/// Everything that facts are made of, and the newest version among it.
struct ScannedPurchases {
  PurchaseHeap rows;
  std::int64_t data_version = 0;
};

/// Scans orders and order lines. Throws Code::cancelled.
ScannedPurchases scan_purchases(const View& view, const Progress& progress);

/// The line items with these ids (ascending) that count.
std::vector<PurchaseRow> fetch_purchases(const View& view, std::span<const std::int64_t> lines);
/// The ids of the lines of these orders, deleted ones too.
std::vector<std::int64_t> lines_of_orders(const View& view, std::span<const std::int64_t> orders);
/// Those of the customers (ascending) that are deleted.
std::unordered_set<std::int64_t> deleted_among(const View& view, std::span<const std::int64_t> customers);

}  // namespace emptor
