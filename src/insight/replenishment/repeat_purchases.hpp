/// Repeat purchases: what each customer bought again and again, seen from a day, as rows of numbers from which the
/// chance of the next time is learnt.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/numbers.hpp"
#include "emptor/mine/rhythm.hpp"
#include "insight/facts/customer_lines.hpp"

namespace emptor {

/// Purchases of products, customer by customer in ascending order.
struct Events {
  std::vector<std::uint64_t> customers;
  std::vector<std::uint32_t> items;
  std::vector<std::int64_t> times;

  mine::PurchaseEvents view() const noexcept { return {customers, items, times}; }
};

/// `products`: ids, ascending; an item is a place among them.
Events events_upto(const CustomerLines& lines, Purchases which, std::span<const std::int64_t> products,
                   std::int32_t last_day);
/// Those of the first days.
Events events_until(const Events& all, std::int64_t last_day);
/// Whether anybody bought a product on two days, so that there is a gap to learn from.
bool is_repeated(const Events& events);

/// One product of one customer, seen from a day.
struct RepeatPair {
  mine::PairRhythm rhythm;
  std::int64_t first_day = 0;
  double bought = 0;  ///< 1: within the window after that day
};

/// Pairs that were bought often enough, with what tells of the next time.
struct RepeatPairs {
  static constexpr std::size_t features = 6;

  std::vector<RepeatPair> pairs;
  std::vector<double> x;  ///< pairs x features

  mine::NumberView numbers() const noexcept { return {x.data(), pairs.size(), features, features, 1}; }
  std::vector<double> bought() const;
};
/// What was known at the end of `today`; and of the events after it, which of the pairs were bought until the end of
/// `window_end`.
RepeatPairs repeat_pairs(const mine::RhythmModel& model, const Events& all, std::int64_t today, std::int64_t window_end,
                         std::uint64_t least_purchases, const mine::Run& run);

}  // namespace emptor
