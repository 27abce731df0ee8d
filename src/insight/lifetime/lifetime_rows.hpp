/// What lifetime models need to know of each customer: how many purchases, when the last of them, since when, and for
/// how much.
///
/// The rows of Fader and Hardie ("Creating an RFM summary", 2008): time begins with a customer's first purchase, and
/// what is bought on one day is one purchase (or what is bought at one instant).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "emptor/core/time.hpp"
#include "emptor/insight/measures.hpp"
#include "insight/facts/customer_lines.hpp"

namespace emptor {

enum class TimeUnit { day, week };
/// What counts as one purchase.
enum class PurchaseEvent {
  day,      ///< all that a customer buys on one day
  instant,  ///< all that stands at one instant
};
/// Whether the first purchase counts where the mean spend is taken. It is larger or smaller than the others in many
/// shops.
enum class FirstSpend { excluded, included };

struct LifetimeRowOptions {
  std::optional<Date> until = {};  ///< the last day that is seen; that of the last purchase if empty
  TimeUnit unit = TimeUnit::week;
  PurchaseEvent event = PurchaseEvent::day;
  FirstSpend first = FirstSpend::excluded;
  /// What was given away free is a purchase too. net: what is taken back comes off the spend, after the first purchase.
  Purchases purchases = Purchases::non_negative;
  Zone zone = {};  ///< in which `until` ends
};

double days_in(TimeUnit unit) noexcept;

/// A row a customer with at least one purchase, ascending by id.
struct LifetimeRows {
  Date until;
  LifetimeRowOptions options;
  std::vector<std::int64_t> customer;
  std::vector<double> frequency;  ///< purchases after the first
  std::vector<double> recency;    ///< units from the first purchase to the last
  std::vector<double> age;  ///< units from the first purchase to the end of `until`, or to that day where days count
  std::vector<double> spend_count;            ///< purchases in the mean
  std::vector<double> spend;                  ///< mean of a purchase, in the base currency; 0 without one
  IntegerSum revenue;                         ///< of all lines that count, micros
  std::vector<std::uint64_t> repeats_before;  ///< repeat purchases of all customers, by days from `until` back

  std::size_t size() const noexcept { return customer.size(); }
};

/// Requires nothing; no lines give no rows. Linear in lines.
LifetimeRows lifetime_rows(const CustomerLines& lines, const LifetimeRowOptions& options = {});

}  // namespace emptor
