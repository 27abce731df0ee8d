/// ItemPurchases checked and put in order: items renumbered 0, 1, 2 ... by their number, customers by their id, each
/// item once a customer.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "emptor/mine/item_purchases.hpp"

namespace emptor::mine {

/// Sparse rows. Their columns are ascending.
struct SparseRows {
  std::vector<std::uint64_t> starts{0};
  std::vector<std::uint32_t> columns;
  std::vector<double> values;  ///< empty: all 1

  std::size_t size() const noexcept { return starts.size() - 1; }
  double value(std::size_t at) const noexcept { return values.empty() ? 1.0 : values[at]; }
};
/// Columns become rows.
SparseRows transposed(const SparseRows& rows, std::size_t columns);

struct PurchaseLists {
  std::vector<std::uint64_t> customers;  ///< ids, ascending
  std::vector<std::uint32_t> items;      ///< numbers, ascending
  SparseRows rows;                       ///< customers x items
};
/// Throws Code::invalid (fields "starts", "items", "counts", "ids", with the customer as row).
PurchaseLists listed(const ItemPurchases& purchases);
/// Of one customer and known items: ascending, each once, others left out. Throws as `listed`.
struct OwnPurchases {
  std::vector<std::uint32_t> items;  ///< places among the known ones
  std::vector<double> counts;
};
OwnPurchases known_purchases(std::span<const std::uint32_t> known, std::span<const std::uint32_t> items,
                             std::span<const double> counts);
/// Throws Code::budget (field "memory_bytes") where a limit above 0 is passed.
void check_memory(std::uint64_t needed, std::uint64_t limit);

/// Keeps the best `count` in order.
template <class Scored>
void keep_best(std::vector<Scored>& scored, std::size_t count) {
  const auto before = [](const Scored& a, const Scored& b) {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
  };
  if (scored.size() > count) {
    std::nth_element(scored.begin(), scored.begin() + static_cast<std::ptrdiff_t>(count), scored.end(), before);
    scored.resize(count);
  }
  std::sort(scored.begin(), scored.end(), before);
}

}  // namespace emptor::mine
