#include "insight/offers/holdings.hpp"

#include <algorithm>
#include <map>

#include "insight/facts/measure_rule.hpp"

namespace emptor {
namespace {

/// The products of a customer within a span of days, with the number of days each.
std::map<std::uint32_t, double> bought(std::span<const TimedLine> lines, std::span<const std::int64_t> products,
                                       std::int64_t least, const DaySpan& seen) {
  std::map<std::uint32_t, double> counts;
  std::map<std::uint32_t, std::int32_t> days;
  for (const TimedLine& line : lines) {
    const bool within = line.product != 0 && line.day >= seen.first && line.day <= seen.last;
    if (!within || !is_purchase(line.amount, line.quantity, least)) continue;
    const auto item =
        static_cast<std::uint32_t>(std::lower_bound(products.begin(), products.end(), line.product) - products.begin());
    const auto [day, fresh] = days.try_emplace(item, line.day);
    if (fresh || day->second != line.day) ++counts[item];
    day->second = line.day;
  }
  return counts;
}

}  // namespace

std::vector<std::int64_t> products_of(const CustomerLines& lines) {
  std::vector<std::int64_t> products;
  const auto settle = [&] {
    std::sort(products.begin(), products.end());
    products.erase(std::unique(products.begin(), products.end()), products.end());
  };
  std::size_t settled = 0;
  lines.each([&](std::int64_t, std::span<const TimedLine> of) {
    for (const TimedLine& line : of)
      if (line.product != 0) products.push_back(line.product);
    if (products.size() < 2 * settled + 65'536) return;  // so that it stays near the number of products
    settle();
    settled = products.size();
  });
  settle();
  return products;
}

Holdings holdings_of(const CustomerLines& lines, Purchases which, std::span<const std::int64_t> products,
                     const DaySpan& days) {
  Holdings out;
  const std::int64_t least = least_amount(which);
  lines.each([&](std::int64_t customer, std::span<const TimedLine> of) {
    const std::map<std::uint32_t, double> counts = bought(of, products, least, days);
    if (counts.empty()) return;
    out.customer.push_back(customer);
    for (const auto& [item, count] : counts) {
      out.items.push_back(item);
      out.counts.push_back(count);
    }
    out.starts.push_back(out.items.size());
  });
  return out;
}

}  // namespace emptor
