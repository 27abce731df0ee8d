/// Interaction groups: customers by what they are worth and how much they deal with us.
///
/// High value and low interaction is where a relation can be lost unnoticed; low value and high
/// interaction is where it costs more than it brings. Both sides are cut at the median or as asked.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "emptor/core/decimal.hpp"
#include "emptor/core/exact_sum.hpp"

namespace emptor {

enum class InteractionGroup : std::uint8_t { high_high, high_low, low_high, low_low };
inline constexpr std::size_t interaction_group_count = 4;
/// Value first, then interaction.
inline constexpr std::array<std::string_view, interaction_group_count> interaction_group_names = {
    "high value, high interaction", "high value, low interaction", "low value, high interaction",
    "low value, low interaction"};

/// Where "high" begins.
struct HighCut {
  enum class Kind {
    median,    ///< above the median of all customers
    share,     ///< the best `value` of the customers (0 to 1, rounded up; equal values by id)
    at_least,  ///< at least `value`
  };
  Kind kind = Kind::median;
  Decimal value = 0;
};

struct InteractionGroupOptions {
  HighCut value = {};
  HighCut interaction = {};
};

struct InteractionGroups {
  std::vector<InteractionGroup> of;  ///< one a customer, in the order given
  std::array<std::size_t, interaction_group_count> customers{};
  std::array<IntegerSum, interaction_group_count> value{};  ///< in micros
  std::array<std::int64_t, interaction_group_count> interactions{};
};

/// Requires spans of one length: ids, values in micros, counts of interactions. Throws Code::invalid for a
/// share outside 0 ... 1.
InteractionGroups group_by_interaction(std::span<const std::int64_t> customers, std::span<const std::int64_t> values,
                                       std::span<const std::int64_t> interactions,
                                       const InteractionGroupOptions& options = {});

}  // namespace emptor
