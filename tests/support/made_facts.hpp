/// Facts made by hand, for tests of insights that need no store.
#pragma once

#include <algorithm>
#include <memory>
#include <tuple>
#include <vector>

#include "emptor/insight/facts.hpp"

namespace emptor::test {

struct MadePurchase {
  std::int64_t customer, order;
  std::int32_t day;
  double amount;
  double quantity = 1;
  std::int64_t product = 1;
};

inline Facts made_facts(std::vector<MadePurchase> purchases) {
  struct Columns {
    std::vector<std::int64_t> customers, line, order, product, at, amount, quantity;
    std::vector<std::int32_t> day;
    std::vector<PurchaseRange> ranges;
  };
  std::stable_sort(purchases.begin(), purchases.end(), [](const MadePurchase& a, const MadePurchase& b) {
    return std::tie(a.customer, a.day, a.order) < std::tie(b.customer, b.day, b.order);
  });
  const auto columns = std::make_shared<Columns>();
  for (const MadePurchase& one : purchases) {
    if (columns->customers.empty() || columns->customers.back() != one.customer) {
      columns->customers.push_back(one.customer);
      columns->ranges.push_back({columns->order.size(), 0, 0});
    }
    ++columns->ranges.back().count;
    columns->line.push_back(static_cast<std::int64_t>(columns->line.size() + 1));
    columns->order.push_back(one.order);
    columns->product.push_back(one.product);
    columns->day.push_back(one.day);
    columns->at.push_back(one.day * micros_per_day);
    columns->amount.push_back(Decimal::from_double(one.amount)->micros());
    columns->quantity.push_back(Decimal::from_double(one.quantity)->micros());
  }
  Facts facts;
  facts.customers = columns->customers;
  facts.ranges = columns->ranges;
  facts.parts[0] = {columns->line, columns->order,  columns->product, columns->day,
                    columns->at,   columns->amount, columns->quantity};
  facts.rows = columns->order.size();
  facts.position = facts.data_version = 1;
  facts.owner = columns;
  return facts;
}

}  // namespace emptor::test
