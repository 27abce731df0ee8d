/// How a customer pays, as known on a day, and whether a receivable became seriously overdue in the days after it.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "insight/credit/receivables.hpp"

namespace emptor {

struct PaymentRules {
  std::int32_t grace_days = 3;     ///< what comes in so many days after the due day is still in time
  std::int32_t overdue_days = 30;  ///< from so many days on a receivable is seriously overdue
  std::int32_t horizon = 90;       ///< days of the window that is foretold
};

/// From receivables that were placed by the day and money that was in by then. Days late are counted to the day for
/// what is not paid yet.
struct PaymentBehaviour {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  std::int64_t customer = 0;
  std::int32_t age = 0;                         ///< days since the first receivable was placed
  std::int32_t due = 0;                         ///< receivables that have come due
  std::int32_t late = 0;                        ///< of them paid or still open after the days of grace
  std::int32_t seriously_late = 0;              ///< of them paid or still open from overdue_days on
  double median_late = none, high_late = none;  ///< days, of those due: median and 90th percentile (type 7)
  double trend =
      none;  ///< mean days late of those due within the last horizon, less those due before; NaN without both
  std::int64_t open = 0, overdue = 0;  ///< micros: not in yet; of that, past its due day
  std::int32_t oldest_overdue = 0;     ///< days, of the oldest that is overdue
  std::optional<std::int64_t> limit = {};
  std::int64_t turnover = 0;  ///< micros that were placed in the last 365 days
  double term = none;         ///< median days from placed to due

  double late_share() const noexcept { return due > 0 ? static_cast<double>(late) / due : none; }
  double serious_share() const noexcept { return due > 0 ? static_cast<double>(seriously_late) / due : none; }
  double limit_use() const noexcept {
    return limit && *limit > 0 ? static_cast<double>(open) / static_cast<double>(*limit) : none;
  }
};

/// The columns that a card is learnt from, in their order.
enum class CreditFeature : std::uint8_t {
  due,
  late_share,
  serious_share,
  median_late,
  high_late,
  trend,
  open,
  overdue,
  oldest_overdue,
  limit_use,
  age,
};
inline constexpr std::size_t credit_feature_count = 11;
extern const std::array<std::string_view, credit_feature_count> credit_feature_names;
double feature_of(const PaymentBehaviour& behaviour, CreditFeature feature) noexcept;

/// A row a customer with a receivable by the day, ascending by id.
struct BehaviourRows {
  Date day;
  std::vector<PaymentBehaviour> of;
  /// 1: a receivable became seriously overdue in the window after the day; 0: one could have, none did; NaN: none
  /// could. Means nothing unless the window is over.
  std::vector<double> outcome;

  std::size_t size() const noexcept { return of.size(); }
};
BehaviourRows payment_behaviour(const Receivables& receivables, Date day, const PaymentRules& rules);

}  // namespace emptor
