/// What is known of a customer on a day, from purchases and touches up to it, and whether silence followed.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "insight/facts/customer_lines.hpp"
#include "insight/facts/customer_touches.hpp"

namespace emptor {

/// The columns, in their order; times are days.
enum class ChurnFeature : std::uint8_t {
  recency,        ///< since the last purchase
  age,            ///< since the first
  orders,         ///< days with a purchase
  gap,            ///< mean between purchases; NaN with one
  gap_spread,     ///< standard deviation of the gaps over their mean; NaN with fewer than three purchases
  lateness,       ///< recency over the mean gap; NaN with one purchase
  spend,          ///< of all purchases, in the base currency
  mean_spend,     ///< of a day with a purchase
  recent_orders,  ///< within the last horizon
  former_orders,  ///< within the horizon before that
  recent_spend,
  former_spend,
  returned,  ///< share of lines that were taken back
  // From here on of touches, within the last horizon where nothing else is said; NaN where there are none on record.
  complaints,    ///< cases and opinions
  requests,      ///< other cases
  open_cases,    ///< on the day, whenever they came
  satisfaction,  ///< the last answer to a survey, 0 (worst) to 1; NaN without one
  contacts,
  late_orders,  ///< shipped after they were due
  discount,     ///< mean of the lines that have one on record; NaN without one
};
inline constexpr std::size_t churn_feature_count = 20;
inline constexpr std::size_t churn_purchase_feature_count = 13;  ///< those before the touches
extern const std::array<std::string_view, churn_feature_count> churn_feature_names;

struct ChurnRowOptions {
  std::int32_t horizon = 90;     ///< days of silence that are called churn
  std::int32_t active_days = 0;  ///< only customers who bought within so many days before; 0: all
  Purchases purchases = Purchases::positive;
};

/// A row a customer who had bought by the day, ascending by id.
struct ChurnRows {
  Date day;
  std::vector<std::int64_t> customer;
  std::vector<double> x;       ///< rows x churn_feature_count
  std::vector<double> silent;  ///< 1: bought nothing within the horizon after the day. Means nothing unless it is over
  bool touched = false;        ///< whether touches were on record

  std::size_t size() const noexcept { return customer.size(); }
  double at(std::size_t row, ChurnFeature feature) const noexcept {
    return x[row * churn_feature_count + static_cast<std::size_t>(feature)];
  }
};

/// Writes what is known of one customer on a day from lines up to it, churn_purchase_feature_count numbers; false, and
/// nothing written, where there is no purchase yet.
bool write_known_until(Date day, std::span<const TimedLine> lines, const ChurnRowOptions& options, double* out);

/// Writes all churn_feature_count numbers of one customer on a day; false, and nothing written, for who had not bought
/// by then, or not within the days that are asked for. Without touches, those of touches are missing.
bool write_churn_row(Date day, std::span<const TimedLine> lines, const std::span<const Touch>* touches,
                     const ChurnRowOptions& options, double* out);

/// The rows of several days in one pass over the lines. Nothing after a day enters its features. Without touches, those
/// of touches are missing.
std::vector<ChurnRows> churn_rows(const CustomerLines& lines, std::span<const Date> days,
                                  const ChurnRowOptions& options, const CustomerTouches* touches = nullptr);

}  // namespace emptor
