// Made purchases as records of a store.
#pragma once

#include <span>

#include "emptor/session/session.hpp"
#include "support/made_facts.hpp"

namespace emptor::test {

/// An order of one line each, at noon of its day. Customers and products are numbered from 1; without products, lines
/// name none.
inline void put_purchases(ChangeSet& changes, std::span<const MadePurchase> purchases, std::span<const Id> customers,
                          std::span<const Id> products = {}) {
  for (const MadePurchase& one : purchases) {
    const Id customer = customers[static_cast<std::size_t>(one.customer - 1)];
    const Id order = changes.put("order")
                         .set("customer_id", customer)
                         .set("ordered_at", Instant{one.day * micros_per_day + micros_per_day / 2})
                         .id();
    ChangeSet::Put line = changes.put("order_line");
    line.set("order_id", order).set("customer_id", customer).set("quantity", Decimal(1)).set("amount", Decimal(10));
    if (!products.empty()) line.set("product_id", products[static_cast<std::size_t>(one.product - 1)]);
  }
}

}  // namespace emptor::test
