/// Customers who buy as they always did, and some who do not: activity made by chance, with fraud planted in it.
#pragma once

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "emptor/core/random.hpp"
#include "insight/fraud/customer_activity.hpp"

namespace emptor::test {

inline constexpr std::int32_t activity_days = 500;
inline constexpr std::int64_t hour = 3'600'000'000LL, euro = Decimal::micros_per_unit;

inline ActivityEvent made_event(ActivityKind kind, double day, double amount) {
  return {.at = static_cast<std::int64_t>(day * static_cast<double>(micros_per_day)),
          .amount = static_cast<std::int64_t>(amount * 100) * euro / 100,
          .day = static_cast<std::int32_t>(day),
          .kind = kind};
}

/// What a builder is told of one honest customer: an order every 5 to 30 days in the mean, of amounts about a level of
/// his own, one in thirty at night; one in twenty is sent back and paid back, one in ten has a coupon. Every tenth
/// shares a telephone with the one before.
inline void add_honest(ActivityBuilder& builder, std::size_t place, Random& random) {
  const double gap = 5 + 25 * random.uniform(), level = 20 + 200 * random.uniform();
  const std::size_t phone = place % 10 == 9 ? place - 1 : place;
  builder.add_key(place, "phone", std::to_string(phone));
  const std::string account = "account " + std::to_string(place);
  for (double day = -gap * std::log(1 - random.uniform()); day < activity_days;
       day += -gap * std::log(1 - random.uniform())) {
    const double of_day = random.below(30) == 0 ? 0.2 * random.uniform() : 0.35 + 0.6 * random.uniform();
    const double at = std::floor(day) + of_day, amount = level * std::exp(0.4 * random.normal());
    const ActivityEvent order = made_event(ActivityKind::order, at, amount);
    builder.add(place, order);
    builder.add_payment(place, order.at, order.day, order.amount, account);
    if (random.below(10) == 0) builder.add(place, made_event(ActivityKind::coupon, at, 5));
    if (random.below(20) != 0 || at + 9 >= activity_days) continue;
    builder.add(place, made_event(ActivityKind::returned, at + 7, amount));
    builder.add(place, made_event(ActivityKind::refund, at + 8, amount));
  }
}

inline constexpr std::size_t fraud_schemes = 6, ring = 5;

/// One of six schemes, in the five days before a day.
inline void add_fraud(ActivityBuilder& builder, std::size_t place, std::size_t scheme, std::int32_t day) {
  const double at = day - 3;
  if (scheme == 0)  // an account taken over: a burst of orders at night
    for (int i = 0; i < 9; ++i) builder.add(place, made_event(ActivityKind::order, at + 0.05 + i * 0.01, 80));
  if (scheme == 1)  // a sudden amount
    builder.add(place, made_event(ActivityKind::order, at + 0.5, 9'000));
  if (scheme == 2)  // refunds of what never came back
    for (int i = 0; i < 4; ++i) builder.add(place, made_event(ActivityKind::refund, at + 0.5 + i * 0.1, 300));
  if (scheme == 3)  // coupons by the dozen
    for (int i = 0; i < 12; ++i) builder.add(place, made_event(ActivityKind::coupon, at + 0.5, 10));
  if (scheme == 4)  // stolen cards tried out
    for (int i = 0; i < 8; ++i) {
      const ActivityEvent paid = made_event(ActivityKind::payment, at + 0.4, 1);
      builder.add(place, made_event(ActivityKind::order, at + 0.4 + i * 0.5, 30));
      builder.add_payment(place, paid.at, paid.day, paid.amount,
                          "stolen " + std::to_string(place) + " " + std::to_string(i));
    }
  if (scheme == ring) {  // a ring of new accounts behind one address
    builder.add_key(place, "address", "the ring's");
    builder.add(place, made_event(ActivityKind::order, at + 0.5, 90));
  }
}
inline std::vector<std::int64_t> numbered(std::size_t customers) {
  std::vector<std::int64_t> all(customers);
  std::iota(all.begin(), all.end(), std::int64_t{1});
  return all;
}

/// Of `customers`, the first `frauds` cheat before a day; they are found out `labelled_after` days later, where that is
/// above 0.
inline CustomerActivity made_activity(std::size_t customers, std::uint64_t seed, std::size_t frauds = 0,
                                      std::int32_t day = activity_days, std::int32_t labelled_after = 0) {
  Random random(seed);
  const Zone zone;
  ActivityBuilder builder(numbered(customers), zone);
  for (std::size_t place = 0; place < customers; ++place)
    if (place >= frauds || place % fraud_schemes != ring) add_honest(builder, place, random);
  for (std::size_t place = 0; place < frauds; ++place) {
    add_fraud(builder, place, place % fraud_schemes, day);
    if (labelled_after > 0) builder.label(place, day + labelled_after);
  }
  return builder.finish();
}

}  // namespace emptor::test
