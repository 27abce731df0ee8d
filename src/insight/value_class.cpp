#include "emptor/insight/value_class.hpp"

#include "emptor/core/error.hpp"
#include "insight/value/tiers.hpp"

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

}  // namespace

ValueClasses classify_by_value(std::span<const std::int64_t> customers, std::span<const std::int64_t> values,
                               const ValueClassOptions& options) {
  check(options);
  const std::vector<std::uint32_t> order = best_first(customers, values);
  const std::vector<std::size_t> ends = options.thresholds
                                            ? tiers_by_least(values, order, *options.thresholds)
                                            : tiers_by_share(values, order, options.shares, options.ties);
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
