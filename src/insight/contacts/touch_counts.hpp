/// How often each customer and we dealt with each other: interactions on record, and orders.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "emptor/insight/measures.hpp"

namespace emptor {

struct TouchOptions {
  std::optional<std::int32_t> horizon_days = {};
  bool orders_count = true;  ///< an order is a touch too
};

/// A row a customer with purchases or touches, ascending by id.
struct Touches {
  std::vector<std::int64_t> customer;
  std::vector<std::int64_t> value;  ///< spend in micros; 0 without purchases
  std::vector<std::int64_t> count;
  std::int64_t data_version = 0;  ///< newest version of the interactions that were counted
};

/// Interactions up to the day of the measures (all of them where there is none). Deleted ones do not count.
Touches count_touches(const View& view, const Measures& measures, const TouchOptions& options = {});

}  // namespace emptor
