/// The gaps of every pair of customer and product, and what is known of a pair's rate after them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/rhythm.hpp"

namespace emptor::mine {

struct PairGaps {
  std::uint64_t customer = 0;
  std::uint32_t item = 0;
  std::int64_t last_day = 0;
  std::uint64_t first = 0, count = 0;  ///< stretch of `gaps`
};
struct AllGaps {
  std::vector<PairGaps> pairs;  ///< by customer, then item
  std::vector<double> gaps;     ///< in days less half a day, in their order
  std::span<const double> of(const PairGaps& pair) const noexcept {
    return std::span(gaps).subspan(pair.first, pair.count);
  }
};
/// Throws Code::invalid (fields "items", "times").
AllGaps gaps_of(const PurchaseEvents& events);
/// The same; throws Code::invalid also for an event after `today`.
AllGaps gaps_until(const PurchaseEvents& events, std::int64_t today);

/// The time since the last purchase, on the scale of gaps; and the way back to days.
double open_gap(const PairGaps& pair, std::int64_t today) noexcept;
double days_of(double gap) noexcept;

/// rate ~ gamma(shape_, scale_): of a product's customers, or of one after his gaps.
struct RateBelief {
  double gap_shape = 1;  ///< of the product
  double shape = 1, scale = 1;

  /// P(the sum of so many next gaps > time).
  double longer(double gaps, double time) const noexcept;
  double shorter(double gaps, double time) const noexcept;
  /// The time that the next gap does not pass with this chance.
  double quantile(double chance) const noexcept;
  /// P(on a day of no choice the last purchase is so long ago, or longer).
  double silence(double time) const noexcept;
};
/// From so many gaps on a median tells more than a mean.
inline constexpr std::size_t least_of_median = 3;
/// Of one customer's gaps of a product.
double mean_over_median(const ProductRhythm& product) noexcept;
/// After these gaps. With `mean_over_median` above 0 three and more count by their median.
RateBelief belief_after(const ProductRhythm& product, std::span<const double> gaps, double mean_over_median = 0);
/// By these gaps alone (at least one), whatever others do; of the product it takes the shape. Then the next gaps' share
/// of all is beta-distributed, also where it is time that ended the watch and not the number of gaps, exactly so for
/// shape 1.
RateBelief own_belief(const ProductRhythm& product, std::span<const double> gaps);

}  // namespace emptor::mine
