#include "insight/value/tiers.hpp"

#include <algorithm>
#include <numeric>

#include "emptor/core/wide.hpp"

namespace emptor {
namespace {

/// How many customers the tiers up to `cumulative` hold, rounded up.
std::size_t rounded_up(std::size_t count, Decimal cumulative) {
  const Wide micros = Wide{cumulative.micros()} * static_cast<std::int64_t>(count);
  return static_cast<std::size_t>((micros + Decimal::micros_per_unit - 1) / Decimal::micros_per_unit);
}

}  // namespace

std::vector<std::uint32_t> best_first(std::span<const std::int64_t> customers, std::span<const std::int64_t> values) {
  std::vector<std::uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return values[a] != values[b] ? values[a] > values[b] : customers[a] < customers[b];
  });
  return order;
}

std::vector<std::size_t> tiers_by_share(std::span<const std::int64_t> values, std::span<const std::uint32_t> order,
                                        std::span<const Decimal> shares, BorderTies ties) {
  std::vector<std::size_t> ends;
  Decimal cumulative = 0;
  for (const Decimal& share : shares) {
    cumulative = cumulative + share;
    std::size_t end = rounded_up(order.size(), cumulative);
    if (ties == BorderTies::upward && end > 0)
      while (end < order.size() && values[order[end]] == values[order[end - 1]]) ++end;
    ends.push_back(end);
  }
  return ends;
}

std::vector<std::size_t> tiers_by_least(std::span<const std::int64_t> values, std::span<const std::uint32_t> order,
                                        std::span<const Decimal> least) {
  std::vector<std::size_t> ends;
  for (const Decimal& bound : least)
    ends.push_back(static_cast<std::size_t>(
        std::partition_point(order.begin(), order.end(),
                             [&](std::uint32_t row) { return values[row] >= bound.micros(); }) -
        order.begin()));
  return ends;
}

}  // namespace emptor
