#include "emptor/insight/value_class.hpp"

#include <algorithm>
#include <numeric>

#include "emptor/core/error.hpp"
#include "emptor/core/wide.hpp"

namespace emptor {
namespace {

[[noreturn]] void refuse(const char* message, const char* field) {
  throw Error(Problem{.code = Code::invalid, .message = message, .field = field});
}

void check(const ValueClassOptions& options) {
  Decimal sum = 0;
  for (const Decimal& share : options.shares) {
    if (share < Decimal(0)) refuse("a share is at least 0", "shares");
    sum = sum + share;
  }
  if (sum > Decimal(1)) refuse("the shares are more than 1 together", "shares");
  if (!options.thresholds) return;
  const auto& least = *options.thresholds;
  if (least[0] < least[1] || least[1] < least[2]) refuse("thresholds descend from the best class", "thresholds");
}

/// Customers from the best value down; equal values by id.
std::vector<std::uint32_t> best_first(std::span<const std::int64_t> customers, std::span<const std::int64_t> values) {
  std::vector<std::uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return values[a] != values[b] ? values[a] > values[b] : customers[a] < customers[b];
  });
  return order;
}

/// How many customers the classes up to `cumulative` hold, rounded up.
std::size_t rounded_up(std::size_t count, Decimal cumulative) {
  const Wide micros = Wide{cumulative.micros()} * static_cast<std::int64_t>(count);
  return static_cast<std::size_t>((micros + Decimal::micros_per_unit - 1) / Decimal::micros_per_unit);
}

std::array<std::size_t, 3> ends_by_share(std::span<const std::int64_t> values, std::span<const std::uint32_t> order,
                                         const ValueClassOptions& options) {
  std::array<std::size_t, 3> ends{};
  Decimal cumulative = 0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    cumulative = cumulative + options.shares[i];
    ends[i] = rounded_up(order.size(), cumulative);
    if (options.ties == BorderTies::split || ends[i] == 0) continue;
    while (ends[i] < order.size() && values[order[ends[i]]] == values[order[ends[i] - 1]]) ++ends[i];
  }
  return ends;
}

std::array<std::size_t, 3> ends_by_threshold(std::span<const std::int64_t> values, std::span<const std::uint32_t> order,
                                             const std::array<Decimal, 3>& least) {
  std::array<std::size_t, 3> ends{};
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const std::int64_t bound = least[i].micros();
    ends[i] = static_cast<std::size_t>(
        std::partition_point(order.begin(), order.end(), [&](std::uint32_t row) { return values[row] >= bound; }) -
        order.begin());
  }
  return ends;
}

}  // namespace

ValueClasses classify_by_value(std::span<const std::int64_t> customers, std::span<const std::int64_t> values,
                               const ValueClassOptions& options) {
  check(options);
  const std::vector<std::uint32_t> order = best_first(customers, values);
  const std::array<std::size_t, 3> ends = options.thresholds ? ends_by_threshold(values, order, *options.thresholds)
                                                             : ends_by_share(values, order, options);
  ValueClasses classes;
  classes.of.resize(values.size());
  std::size_t current = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    while (current < ends.size() && rank >= ends[current]) ++current;
    classes.of[order[rank]] = static_cast<ValueClass>(current);
    ++classes.customers[current];
    classes.value[current].add(values[order[rank]]);
  }
  return classes;
}

}  // namespace emptor
