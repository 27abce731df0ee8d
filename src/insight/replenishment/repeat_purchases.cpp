#include "insight/replenishment/repeat_purchases.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/elementary.hpp"
#include "insight/facts/measure_rule.hpp"

namespace emptor {
namespace {

/// What one customer bought on which days, by product, then day.
class CustomerDays {
 public:
  explicit CustomerDays(const Events& events) : events_(events) {}

  /// Requires customers in ascending order, as the events are.
  void move_to(std::uint64_t customer) {
    while (next_ < events_.items.size() && events_.customers[next_] < customer) ++next_;
    if (next_ == events_.items.size() || events_.customers[next_] != customer) return;  // it stands there already
    days_.clear();
    for (; next_ < events_.items.size() && events_.customers[next_] == customer; ++next_)
      days_.emplace_back(events_.items[next_], events_.times[next_]);
    std::ranges::sort(days_);
  }
  /// The first purchase of a product from a day on; nothing without one.
  std::optional<std::int64_t> first(std::uint32_t item, std::int64_t from) const {
    const auto found = std::ranges::lower_bound(days_, std::pair(item, from));
    return found != days_.end() && found->first == item ? std::optional(found->second) : std::nullopt;
  }
  /// The last day up to `today` on which anything was bought.
  std::int64_t last(std::int64_t today) const {
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
    for (const auto& [item, day] : days_)
      if (day <= today) last = std::max(last, day);
    return last;
  }
  /// The purchases of one day and product are one. Calls visit(item, days) for each product.
  template <class Visit>
  void each_product(const Visit& visit) {
    days_.erase(std::unique(days_.begin(), days_.end()), days_.end());
    for (std::size_t first = 0, end = 0; first < days_.size(); first = end) {
      while (end < days_.size() && days_[end].first == days_[first].first) ++end;
      visit(days_[first].first, std::span(days_).subspan(first, end - first));
    }
  }
  /// Whether anything was bought on two days.
  bool repeated() const {
    return std::ranges::adjacent_find(days_, [](const auto& a, const auto& b) {
             return a.first == b.first && a.second != b.second;
           }) != days_.end();
  }

 private:
  const Events& events_;
  std::size_t next_ = 0;
  std::vector<std::pair<std::uint32_t, std::int64_t>> days_;
};

/// What customers had bought on so many days by then: the others need no forecast, and most are others.
Events often(const Events& all, std::int64_t today, std::uint64_t least_purchases) {
  Events kept;
  CustomerDays days(all);
  for (std::size_t i = 0; i < all.items.size(); ++i) {
    if (i > 0 && all.customers[i] == all.customers[i - 1]) continue;
    days.move_to(all.customers[i]);
    days.each_product([&](std::uint32_t item, auto of_product) {
      const auto later = std::ranges::upper_bound(of_product, std::pair(item, today));
      const auto count = static_cast<std::uint64_t>(later - of_product.begin());
      if (count < least_purchases) return;
      for (const auto& [same, day] : of_product.first(count)) {
        kept.customers.push_back(all.customers[i]);
        kept.items.push_back(item);
        kept.times.push_back(day);
      }
    });
  }
  return kept;
}

/// How far the gap is over, how long it is, how sure, and whether the customer buys anything at all.
void add_features(const mine::PairRhythm& pair, std::int64_t today, std::int64_t customer_last,
                  std::vector<double>& x) {
  const double over = elementary::log((static_cast<double>(today - pair.last_day) + .5) / pair.expected_gap);
  x.insert(x.end(),
           {over, over * over, elementary::log(pair.expected_gap), elementary::log(static_cast<double>(pair.purchases)),
            elementary::log(1 + static_cast<double>(today - customer_last)), pair.silence});
}

}  // namespace

Events events_upto(const CustomerLines& lines, Purchases which, std::span<const std::int64_t> products,
                   std::int32_t last_day) {
  Events events;
  const std::int64_t least = least_amount(which);
  lines.each([&](std::int64_t customer, std::span<const TimedLine> of) {
    for (const TimedLine& line : of) {
      if (line.product == 0 || line.day > last_day || !is_purchase(line.amount, line.quantity, least)) continue;
      events.customers.push_back(static_cast<std::uint64_t>(customer));
      events.items.push_back(static_cast<std::uint32_t>(
          std::lower_bound(products.begin(), products.end(), line.product) - products.begin()));
      events.times.push_back(line.day);
    }
  });
  return events;
}

Events events_until(const Events& all, std::int64_t last_day) {
  Events seen;
  for (std::size_t i = 0; i < all.items.size(); ++i) {
    if (all.times[i] > last_day) continue;
    seen.customers.push_back(all.customers[i]);
    seen.items.push_back(all.items[i]);
    seen.times.push_back(all.times[i]);
  }
  return seen;
}

bool is_repeated(const Events& events) {
  CustomerDays days(events);
  for (std::size_t i = 0; i < events.items.size(); ++i) {
    if (i > 0 && events.customers[i] == events.customers[i - 1]) continue;
    days.move_to(events.customers[i]);
    if (days.repeated()) return true;
  }
  return false;
}

std::vector<double> RepeatPairs::bought() const {
  std::vector<double> labels;
  for (const RepeatPair& pair : pairs) labels.push_back(pair.bought);
  return labels;
}

RepeatPairs repeat_pairs(const mine::RhythmModel& model, const Events& all, std::int64_t today, std::int64_t window_end,
                         std::uint64_t least_purchases, const mine::Run& run) {
  RepeatPairs out;
  CustomerDays days(all);
  for (const mine::PairRhythm& pair : next_purchases(model, often(all, today, least_purchases).view(), today, run)) {
    days.move_to(pair.customer);
    const std::optional<std::int64_t> next = days.first(pair.item, today + 1);
    out.pairs.push_back({pair, *days.first(pair.item, std::numeric_limits<std::int64_t>::min()),
                         next && *next <= window_end ? 1.0 : 0.0});
    add_features(pair, today, days.last(today), out.x);
  }
  return out;
}

}  // namespace emptor
