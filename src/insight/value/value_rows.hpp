/// What value is measured from: of each customer, what was known on a day and what the window after it brought.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "insight/facts/customer_lines.hpp"
#include "insight/facts/line_details.hpp"

namespace emptor {

struct ValueRowOptions {
  std::int32_t period = 90;  ///< days of a window
  Purchases purchases = Purchases::positive;
};

/// What was spent in a window, once in each half of its days; the halves alternate about weekly.
struct SpendHalves {
  std::vector<double> a, b;  ///< in the base currency
};

/// A row a customer who had bought by the day, ascending by id. Windows are as long as the period.
struct ValueRows {
  Date day;
  std::vector<std::int64_t> customer;
  std::vector<std::int64_t> earned;        ///< micros, in the window that ends on the day
  std::vector<std::int64_t> spend;         ///< micros, of all purchases up to the day
  std::vector<double> activity;            ///< weighted share of thirds of a period with a purchase; see value_rows.cpp
  std::vector<double> recency, orders;     ///< days since the last purchase; days with a purchase
  std::vector<std::uint8_t> known_before;  ///< first bought before the last two windows
  SpendHalves former, recent;              ///< of the window before the last, and of the last
  double margin_rate = 1;                  ///< all that was earned up to the day over what was spent

  // Of the window after the day, which is over where the day is past:
  std::vector<std::int64_t> next_earned;  ///< micros
  std::vector<double> next_bought;        ///< 1: bought something
  SpendHalves next;

  std::size_t size() const noexcept { return customer.size(); }
};

/// The rows of several days in one pass over the lines. Nothing after a day enters what is known on it.
std::vector<ValueRows> value_rows(const CustomerLines& lines, const Earnings& earnings, std::span<const Date> days,
                                  const ValueRowOptions& options);

}  // namespace emptor
