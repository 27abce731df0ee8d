/// Holdings: who has what, the products of each customer that were bought within some days.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "emptor/mine/item_purchases.hpp"
#include "insight/facts/customer_lines.hpp"

namespace emptor {

struct Holdings {
  std::vector<std::int64_t> customer;  ///< ascending
  std::vector<std::uint64_t> starts{0};
  std::vector<std::uint32_t> items;  ///< places among the products, ascending within a customer
  std::vector<double> counts;        ///< days on which each was bought

  std::size_t size() const noexcept { return customer.size(); }
  std::span<const std::uint32_t> of(std::size_t i) const noexcept {
    return std::span(items).subspan(starts[i], starts[i + 1] - starts[i]);
  }
  std::span<const double> counts_of(std::size_t i) const noexcept {
    return std::span(counts).subspan(starts[i], starts[i + 1] - starts[i]);
  }
  mine::ItemPurchases purchases() const noexcept { return {starts, items, counts}; }
};

/// Both days included.
struct DaySpan {
  std::int32_t first = std::numeric_limits<std::int32_t>::min(), last = std::numeric_limits<std::int32_t>::max();
};

/// The products that lines name, ascending: a place among them is an item.
std::vector<std::int64_t> products_of(const CustomerLines& lines);
/// Customers with a purchase of one of the products in those days.
Holdings holdings_of(const CustomerLines& lines, Purchases which, std::span<const std::int64_t> products,
                     const DaySpan& days);

}  // namespace emptor
