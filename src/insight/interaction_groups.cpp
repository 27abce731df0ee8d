#include "emptor/insight/interaction_groups.hpp"

#include <algorithm>
#include <numeric>

#include "emptor/core/error.hpp"
#include "emptor/core/wide.hpp"

namespace emptor {
namespace {

using Flags = std::vector<std::uint8_t>;

Flags above_median(std::span<const std::int64_t> values) {
  Flags high(values.size());
  if (values.empty()) return high;
  std::vector<std::int64_t> sorted(values.begin(), values.end());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  const std::int64_t upper = *middle;
  const std::int64_t lower = sorted.size() % 2 ? upper : *std::max_element(sorted.begin(), middle);
  for (std::size_t i = 0; i < values.size(); ++i) high[i] = Wide{values[i]} * 2 > Wide{upper} + lower;
  return high;
}

Flags best_share(std::span<const std::int64_t> customers, std::span<const std::int64_t> values, Decimal share) {
  if (share < Decimal(0) || share > Decimal(1)) throw Error(Code::invalid, "a share is from 0 to 1");
  std::vector<std::uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return values[a] != values[b] ? values[a] > values[b] : customers[a] < customers[b];
  });
  const Wide micros = Wide{share.micros()} * static_cast<std::int64_t>(values.size());
  order.resize(static_cast<std::size_t>((micros + Decimal::micros_per_unit - 1) / Decimal::micros_per_unit));
  Flags high(values.size());
  for (const std::uint32_t row : order) high[row] = 1;
  return high;
}

Flags at_least(std::span<const std::int64_t> values, std::int64_t bound) {
  Flags high(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) high[i] = values[i] >= bound;
  return high;
}

/// `unit` is how many steps of the values make 1: micros for amounts, 1 for counts.
Flags high_side(std::span<const std::int64_t> customers, std::span<const std::int64_t> values, const HighCut& cut,
                std::int64_t unit) {
  switch (cut.kind) {
    case HighCut::Kind::median:
      return above_median(values);
    case HighCut::Kind::share:
      return best_share(customers, values, cut.value);
    case HighCut::Kind::at_least:
      break;
  }
  const Decimal bound = unit == 1 ? cut.value.round(0, Rounding::half_up) : cut.value;
  return at_least(values, unit == 1 ? bound.units() : bound.micros());
}

}  // namespace

InteractionGroups group_by_interaction(std::span<const std::int64_t> customers, std::span<const std::int64_t> values,
                                       std::span<const std::int64_t> interactions,
                                       const InteractionGroupOptions& options) {
  const Flags valued = high_side(customers, values, options.value, Decimal::micros_per_unit);
  const Flags active = high_side(customers, interactions, options.interaction, 1);
  InteractionGroups groups;
  groups.of.resize(customers.size());
  for (std::size_t i = 0; i < customers.size(); ++i) {
    const std::size_t group = (valued[i] ? 0 : 2) + (active[i] ? 0 : 1);
    groups.of[i] = static_cast<InteractionGroup>(group);
    ++groups.customers[group];
    groups.value[group].add(values[i]);
    groups.interactions[group] += interactions[i];
  }
  return groups;
}

}  // namespace emptor
