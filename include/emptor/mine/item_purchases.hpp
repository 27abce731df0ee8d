/// Item purchases: who bought what and how often, as sparse lists by customer; what recommenders learn from and answer
/// with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/baskets.hpp"

namespace emptor::mine {

/// Customer (or basket) u has items[starts[u]] ... items[starts[u + 1] - 1], each so many times, in any order; an item
/// that is there twice adds up. Views what somebody else owns.
struct ItemPurchases {
  std::span<const std::uint64_t> starts;    ///< customers + 1 positions, ascending, the first 0; empty for no customer
  std::span<const std::uint32_t> items;     ///< any numbers
  std::span<const double> counts = {};      ///< of each item: > 0 and at most 1e9; all 1, however often, if empty
  std::span<const std::uint64_t> ids = {};  ///< of each customer, all different; 0, 1, 2 ... if empty

  ItemPurchases() = default;
  ItemPurchases(std::span<const std::uint64_t> starts_of, std::span<const std::uint32_t> items_of,
                std::span<const double> counts_of = {}, std::span<const std::uint64_t> ids_of = {}) noexcept
      : starts(starts_of), items(items_of), counts(counts_of), ids(ids_of) {}
  ItemPurchases(const Baskets& baskets) noexcept : starts(baskets.starts), items(baskets.items) {}
  std::size_t size() const noexcept { return starts.empty() ? 0 : starts.size() - 1; }
};

/// Who bought what when, a row each, in any order. Times are whole numbers: of any unit, or days where so said.
struct PurchaseEvents {
  std::span<const std::uint64_t> customers;
  std::span<const std::uint32_t> items;
  std::span<const std::int64_t> times;
};

/// An item and what it scores; lists of them are in falling order of score, the lowest item first of equals.
struct ScoredItem {
  std::uint32_t item = 0;
  double score = 0;
  friend bool operator==(const ScoredItem&, const ScoredItem&) noexcept = default;
};

}  // namespace emptor::mine
