#include "insight/offers/bought_together.hpp"

#include <algorithm>

#include "core/sort_stably.hpp"
#include "insight/facts/measure_rule.hpp"

namespace emptor {
namespace {

constexpr std::uint64_t least_days = 5, days_of_one = 10'000;

/// A basket a customer's day; those of one product stay, for they say how often it goes alone.
mine::BasketTable daily_baskets(const CustomerLines& lines, Purchases which, std::span<const std::int64_t> products,
                                std::int32_t last_day) {
  mine::BasketTable baskets;
  std::vector<std::uint32_t> basket;
  const std::int64_t least = least_amount(which);
  const auto close = [&] {
    if (!basket.empty()) baskets.add(basket);
    basket.clear();
  };
  lines.each([&](std::int64_t, std::span<const TimedLine> of) {
    std::int32_t day = 0;
    for (const TimedLine& line : of) {
      if (line.product == 0 || line.day > last_day || !is_purchase(line.amount, line.quantity, least)) continue;
      if (line.day != day) close();
      day = line.day;
      basket.push_back(static_cast<std::uint32_t>(std::lower_bound(products.begin(), products.end(), line.product) -
                                                  products.begin()));
    }
    close();
  });
  return baskets;
}

struct Certain {
  ProductPair pair;
  double log_p = 0;
};

}  // namespace

std::vector<ProductPair> bought_together(const CustomerLines& lines, Purchases which,
                                         std::span<const std::int64_t> products, std::int32_t last_day,
                                         std::size_t count, const mine::Run& run) {
  const mine::BasketTable baskets = daily_baskets(lines, which, products, last_day);
  const mine::RuleOptions options{
      .itemsets = {.min_support = std::max<std::uint64_t>(least_days, baskets.size() / days_of_one), .max_length = 2},
      .min_lift = 1,
      .control = mine::RuleControl::benjamini_hochberg};
  std::vector<Certain> found;
  mine_rules(
      baskets, options,
      [&](const mine::Rule& rule) {
        const ProductPair pair{rule.left[0], rule.right[0], rule.counts};
        // Of the two directions, the one that promises more; of equals the lower product first.
        if (pair.counts.left < pair.counts.right || (pair.counts.left == pair.counts.right && pair.left < pair.right))
          found.push_back({pair, mine::log_fisher(pair.counts)});
        return true;
      },
      run);
  // Not by lift, which is highest where hardly anybody bought either.
  sort_stably(found, [](const Certain& a, const Certain& b) { return a.log_p < b.log_p; });
  std::vector<ProductPair> pairs;
  for (std::size_t i = 0; i < std::min(count, found.size()); ++i) pairs.push_back(found[i].pair);
  return pairs;
}

}  // namespace emptor
