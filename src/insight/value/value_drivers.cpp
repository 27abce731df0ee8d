#include "insight/value/value_drivers.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <unordered_map>

#include "emptor/core/wide.hpp"
#include "insight/facts/measure_rule.hpp"

namespace emptor {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint32_t none = LineDetails::none;

/// Calls visit(place of the customer, the lines); customers without a place are passed over.
template <class Visit>
void each_customer(const CustomerLines& lines, std::span<const std::int64_t> customers, const Visit& visit) {
  std::size_t at = 0;
  lines.each([&](std::int64_t customer, std::span<const TimedLine> own) {
    while (at < customers.size() && customers[at] < customer) ++at;
    if (at < customers.size() && customers[at] == customer) visit(at, own);
  });
}

std::optional<std::int64_t> unit_price(const TimedLine& line) {
  if (line.quantity <= 0) return std::nullopt;
  const Wide price = Wide{line.amount} * Decimal::micros_per_unit / line.quantity;
  if (static_cast<std::int64_t>(price) != price) return std::nullopt;
  return static_cast<std::int64_t>(price);
}

struct Rule {
  std::int32_t day;
  std::int64_t least;
  bool counts(const TimedLine& line) const { return line.day <= day && is_purchase(line.amount, line.quantity, least); }
};

/// Whether a line was a deal; nothing where that is not known.
class DealRule {
 public:
  explicit DealRule(const LineDetails& details)
      : details_(details),
        by_discount_(std::any_of(details.discount.begin(), details.discount.end(),
                                 [](std::int64_t one) { return one != LineDetails::unknown && one > 0; })) {}

  bool possible() const { return by_discount_ || !details_.list_price.empty(); }
  std::string_view by() const { return by_discount_ ? "discount" : "list_price"; }
  std::optional<bool> is_deal(const TimedLine& line) const {
    if (by_discount_) {
      const std::int64_t discount = details_.discount[line.place];
      return discount != LineDetails::unknown && discount > 0;
    }
    const std::int64_t list = details_.list_price[line.place];
    const std::optional<std::int64_t> price = unit_price(line);
    if (list == LineDetails::unknown || list <= 0 || !price) return std::nullopt;
    return Wide{*price} * 100 <= Wide{list} * 99;
  }

 private:
  const LineDetails& details_;
  bool by_discount_;
};

std::vector<double> deal_shares(const CustomerLines& lines, const DealRule& deals,
                                std::span<const std::int64_t> customers, const Rule& rule) {
  std::vector<double> shares(customers.size(), nothing);
  each_customer(lines, customers, [&](std::size_t at, std::span<const TimedLine> own) {
    double known = 0, bought = 0;
    for (const TimedLine& line : own) {
      const std::optional<bool> deal = rule.counts(line) ? deals.is_deal(line) : std::nullopt;
      known += deal.has_value();
      bought += deal.value_or(false);
    }
    if (known > 0) shares[at] = bought / known;
  });
  return shares;
}

/// Chance that two different lines are of one kind.
double chance_of_one_kind(const std::unordered_map<std::uint32_t, std::int64_t>& counts, std::int64_t all) {
  std::int64_t pairs = 0;  // whole numbers, so that the order of the map does not show
  for (const auto& [kind, count] : counts) pairs += count * (count - 1);
  return static_cast<double>(pairs) / (static_cast<double>(all) * static_cast<double>(all - 1));
}

/// Empty where all lines are of one brand, or none has one.
std::vector<double> brand_indices(const CustomerLines& lines, const std::vector<std::uint32_t>& brand,
                                  std::span<const std::int64_t> customers, const Rule& rule) {
  std::vector<double> own_chance(customers.size(), nothing);
  std::unordered_map<std::uint32_t, std::int64_t> market, counts;
  std::int64_t of_market = 0;
  each_customer(lines, customers, [&](std::size_t at, std::span<const TimedLine> own) {
    counts.clear();
    std::int64_t all = 0;
    for (const TimedLine& line : own) {
      if (!rule.counts(line) || brand[line.place] == none) continue;
      ++counts[brand[line.place]];
      ++market[brand[line.place]];
      ++all;
    }
    of_market += all;
    if (all >= 2) own_chance[at] = chance_of_one_kind(counts, all);
  });
  if (market.size() < 2) return {};
  const double usual = chance_of_one_kind(market, of_market);
  for (double& one : own_chance) one = (one - usual) / (1 - usual);
  return own_chance;
}

/// The unit prices of each category in ascending order.
class CategoryPrices {
 public:
  void add(std::uint32_t category, std::int64_t price) { prices_[category].push_back(price); }
  void finish() {
    for (auto& [category, prices] : prices_) std::sort(prices.begin(), prices.end());
  }
  bool empty() const { return prices_.empty(); }
  /// Share of the category's lines that are cheaper, equal ones by half.
  double place(std::uint32_t category, std::int64_t price) const {
    const std::vector<std::int64_t>& prices = prices_.at(category);
    const auto [first, last] = std::equal_range(prices.begin(), prices.end(), price);
    return static_cast<double>((first - prices.begin()) + (last - prices.begin())) /
           (2 * static_cast<double>(prices.size()));
  }

 private:
  std::unordered_map<std::uint32_t, std::vector<std::int64_t>> prices_;
};

std::vector<double> price_levels(const CustomerLines& lines, const std::vector<std::uint32_t>& category,
                                 std::span<const std::int64_t> customers, const Rule& rule) {
  CategoryPrices prices;
  const auto each_priced = [&](const auto& visit) {
    each_customer(lines, customers, [&](std::size_t at, std::span<const TimedLine> own) {
      for (const TimedLine& line : own) {
        if (!rule.counts(line) || category[line.place] == none) continue;
        if (const std::optional<std::int64_t> price = unit_price(line)) visit(at, category[line.place], *price);
      }
    });
  };
  each_priced([&](std::size_t, std::uint32_t of, std::int64_t price) { prices.add(of, price); });
  if (prices.empty()) return {};
  prices.finish();
  std::vector<double> sums(customers.size()), levels(customers.size(), nothing);
  std::vector<std::size_t> counts(customers.size());
  each_priced([&](std::size_t at, std::uint32_t of, std::int64_t price) {
    sums[at] += prices.place(of, price);
    ++counts[at];
  });
  for (std::size_t at = 0; at < levels.size(); ++at)
    if (counts[at] > 0) levels[at] = sums[at] / static_cast<double>(counts[at]);
  return levels;
}

}  // namespace

ValueDrivers measure_drivers(const CustomerLines& lines, const LineDetails& details,
                             std::span<const std::int64_t> customers, Date day, Purchases purchases) {
  const Rule rule{day.days, least_amount(purchases)};
  ValueDrivers out;
  const DealRule deals(details);
  if (deals.possible()) {
    out.of[0] = deal_shares(lines, deals, customers, rule);
    out.deals_by = deals.by();
  } else {
    out.lack[0] = "no line has a discount, and no product a list price";
  }
  const std::vector<std::uint32_t>& brand = details.brand.empty() ? details.category : details.brand;
  if (!brand.empty()) out.of[1] = brand_indices(lines, brand, customers, rule);
  out.brands_by = details.brand.empty() ? "category" : "brand";
  if (out.of[1].empty()) out.lack[1] = "no line has a brand or a category, or all have the same";
  if (!details.category.empty()) out.of[2] = price_levels(lines, details.category, customers, rule);
  if (out.of[2].empty()) out.lack[2] = "no line has both a category and a quantity";
  return out;
}

}  // namespace emptor
