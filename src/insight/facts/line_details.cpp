#include "insight/facts/line_details.hpp"

#include "emptor/core/wide.hpp"
#include "insight/facts/measure_rule.hpp"

namespace emptor {

Earnings::Earnings(const CustomerLines& lines, const LineDetails& details, Purchases purchases, Date first_day)
    : details_(details) {
  if (details.cost.empty()) return;
  Wide all = 0, known = 0, early = 0, early_margin = 0;
  lines.each([&](std::int64_t, std::span<const TimedLine> own) {
    for (const TimedLine& line : own) {
      if (!is_purchase(line.amount, line.quantity, least_amount(purchases))) continue;
      all += line.amount;
      const std::int64_t cost = details.cost[line.place];
      if (cost == LineDetails::unknown) continue;
      known += line.amount;
      if (line.day > first_day.days) continue;
      early += line.amount;
      early_margin += line.amount - cost;
    }
  });
  if (all > 0) known_ = static_cast<double>(known) / static_cast<double>(all);
  if (known_ < least_known) return;
  rate_ = early > 0 ? static_cast<std::int64_t>(early_margin * Decimal::micros_per_unit / early) : 0;
}

std::int64_t Earnings::of(const TimedLine& line) const {
  if (!rate_) return line.amount;
  const std::int64_t cost = details_.cost[line.place];
  if (cost != LineDetails::unknown) return line.amount - cost;
  return static_cast<std::int64_t>(Wide{line.amount} * *rate_ / Decimal::micros_per_unit);
}

}  // namespace emptor
