/// Customers one after another, each with their line items in the order of time, wherever these come from.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "emptor/insight/facts.hpp"
#include "emptor/insight/measures.hpp"
#include "insight/tables/plain_purchases.hpp"

namespace emptor {

struct TimedLine {
  std::int64_t at = 0;  ///< micros since 1970-01-01
  std::int64_t amount = 0, quantity = 0;
  std::int64_t product = 0;  ///< 0: none is named
  std::int32_t day = 0;
  std::uint32_t place = 0;  ///< among all lines: of the facts by customer and time, of a table in the order of its rows
};

struct CustomerLines {
  std::size_t customers = 0;
  std::function<std::optional<Date>(Purchases)> last_day;  ///< with a purchase
  /// Calls visit(customer, lines) for each customer, ascending.
  std::function<void(const std::function<void(std::int64_t, std::span<const TimedLine>)>&)> each;
};

/// Views: the facts must outlive it.
CustomerLines lines_of(const Facts& facts);
/// Customers and products are numbered from 1 by their places. Views: the purchases must outlive it.
CustomerLines lines_of(const PlainPurchases& purchases);

}  // namespace emptor
