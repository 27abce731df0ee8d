/// Invoices made by hand or by chance, and the receivables they are.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "emptor/core/random.hpp"
#include "insight/credit/settlement.hpp"

namespace emptor::test {

inline constexpr std::int32_t last_day = 20'000;
inline constexpr std::int64_t unit = Decimal::micros_per_unit;

struct MadeInvoice {
  std::int64_t customer;
  std::int32_t placed, due;
  std::int64_t amount;               // units
  std::optional<std::int32_t> paid;  // wholly, on this day
};

inline Receivables made_receivables(const std::vector<MadeInvoice>& invoices, std::int32_t today = last_day) {
  Receivables made;
  std::vector<NamedPayment> named;
  for (const MadeInvoice& one : invoices) {
    if (one.placed > today) continue;
    if (one.paid && *one.paid <= today) {
      named.push_back({made.rows.size(), {*one.paid, one.amount * unit}});
      ++made.payments;
      made.first_payment = std::min(made.first_payment.value_or(*one.paid), *one.paid);
    }
    made.rows.push_back({.customer = one.customer, .placed = one.placed, .due = one.due, .amount = one.amount * unit});
  }
  made.last_day = today;
  settle(made, std::move(named), {}, 1);
  return made;
}

/// What a customer owes for an order of a day, with 30 days to pay: late ones pay 20 to 70 days after that.
inline MadeInvoice invoice_of(std::int64_t customer, std::int32_t placed, bool late, Random& random) {
  const auto after =
      late ? 20 + static_cast<std::int32_t>(random.below(50)) : static_cast<std::int32_t>(random.below(4)) - 3;
  const std::int32_t due = placed + 30, paid = due + after;
  return {customer, placed, due, 100 + static_cast<std::int64_t>(random.below(400)),
          paid <= last_day ? std::optional(paid) : std::nullopt};
}

/// Customers who buy every 5 to 25 days: each pays late with a chance of his own, which of every fourth is .35 to .95,
/// of the others up to .05.
inline std::vector<MadeInvoice> invoices_of(std::size_t customers, std::uint64_t seed) {
  Random random(seed);
  std::vector<MadeInvoice> invoices;
  for (std::size_t id = 1; id <= customers; ++id) {
    const double chance = id % 4 == 0 ? 0.35 + 0.6 * random.uniform() : 0.05 * random.uniform();
    for (double day = last_day - 700 + 20 * random.uniform(); day < last_day; day += 5 + 20 * random.uniform())
      invoices.push_back(
          invoice_of(static_cast<std::int64_t>(id), static_cast<std::int32_t>(day), random.uniform() < chance, random));
  }
  return invoices;
}

/// All alike: they buy on the same days, and every invoice is paid late with the same chance.
inline std::vector<MadeInvoice> invoices_of_chance(std::int64_t customers, std::uint64_t seed) {
  Random random(seed);
  std::vector<MadeInvoice> invoices;
  for (std::int64_t id = 1; id <= customers; ++id)
    for (std::int32_t day = last_day - 700; day < last_day; day += 15)
      invoices.push_back(invoice_of(id, day, random.uniform() < 0.1, random));
  return invoices;
}

inline Instant noon(std::int32_t day) { return {day * micros_per_day + micros_per_day / 2}; }

}  // namespace emptor::test
