/// Value classes: the customer pyramid in four classes, the same people as "yield to, care, adapt,
/// be indifferent" in Chinese customer-relations texts.
///
/// By default the best 1 % of the buyers by spend are VIP, the next 4 % get care, the next 15 % are
/// adapted to, the rest is left to self-service (Curry and Curry, The Customer Marketing Method, 2000:
/// top 1, big 4, medium 15, small 80 %). Shares, thresholds and the measure are the enterprise's.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "emptor/core/decimal.hpp"
#include "emptor/core/exact_sum.hpp"

namespace emptor {

enum class ValueClass : std::uint8_t {
  vip,          ///< "yield to" (屈从): whatever they ask is answered in person
  care,         ///< (关怀)
  adapt,        ///< (适应)
  indifferent,  ///< (冷漠)
};
inline constexpr std::size_t value_class_count = 4;
inline constexpr std::array<std::string_view, value_class_count> value_class_names = {"vip", "care", "adapt",
                                                                                      "indifferent"};

/// What happens to equal values at the border of two classes.
enum class BorderTies {
  split,   ///< the smaller id comes first: classes have exactly their share
  upward,  ///< all of them join the better class
};

struct ValueClassOptions {
  /// Shares of the customers that are VIP, care and adapt; a class ends at the customer who completes
  /// its share (rounded up).
  std::array<Decimal, 3> shares = {Decimal::of(1, 2), Decimal::of(4, 2), Decimal::of(15, 2)};
  /// Instead of shares: the least value of VIP, care and adapt.
  std::optional<std::array<Decimal, 3>> thresholds = {};
  BorderTies ties = BorderTies::split;
};

struct ValueClasses {
  std::vector<ValueClass> of;  ///< one a customer, in the order given
  std::array<std::size_t, value_class_count> customers{};
  std::array<IntegerSum, value_class_count> value{};  ///< sum of the measure by class, in micros
};

/// Classes of customers by a measure in micros. Requires spans of one length; ids without repetition.
/// Throws Code::invalid for shares below 0 or above 1 together, and thresholds that do not descend.
ValueClasses classify_by_value(std::span<const std::int64_t> customers, std::span<const std::int64_t> values,
                               const ValueClassOptions& options = {});

}  // namespace emptor
