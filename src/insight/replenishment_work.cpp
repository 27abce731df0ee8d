#include "insight/replenishment_work.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "insight/holdings.hpp"
#include "insight/measure_rule.hpp"

namespace emptor {
namespace {

constexpr std::uint64_t least_judged_pairs = 50;

struct Events {
  std::vector<std::uint64_t> customers;
  std::vector<std::uint32_t> items;
  std::vector<std::int64_t> times;

  mine::PurchaseEvents view() const noexcept { return {customers, items, times}; }
};

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

/// Whether there is a gap to learn from.
bool is_repeated(const Events& events) {
  CustomerDays days(events);
  for (std::size_t i = 0; i < events.items.size(); ++i) {
    if (i > 0 && events.customers[i] == events.customers[i - 1]) continue;
    days.move_to(events.customers[i]);
    if (days.repeated()) return true;
  }
  return false;
}

bool is_due(const mine::PairRhythm& pair, std::int64_t today, std::int32_t ahead) {
  return !pair.lapsed && pair.next_day <= static_cast<double>(today + ahead);
}

/// The plain rule: the mean of one's own gaps goes on, and after two of them without a purchase it is over.
bool is_due_by_mean(const mine::PairRhythm& pair, std::int64_t first_day, std::int64_t today, std::int32_t ahead) {
  const double gap = static_cast<double>(pair.last_day - first_day) / static_cast<double>(pair.purchases - 1);
  const auto last = static_cast<double>(pair.last_day);
  return last + gap <= static_cast<double>(today + ahead) && last + 2 * gap >= static_cast<double>(today);
}

void count(DueQuality& quality, bool due, bool bought) {
  quality.due += due ? 1 : 0;
  quality.bought += due && bought ? 1 : 0;
}

/// The difference of two shares with Newcombe's interval (Statistics in Medicine 17, 1998, method 10).
void compare(ReplenishmentJudgement& out) {
  constexpr double z = 1.959963984540054;
  const auto wilson = [&](const DueQuality& one, double sign) {
    const auto n = static_cast<double>(one.due);
    const double p = one.precision(), centre = p + z * z / (2 * n);
    return (centre + sign * z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n);
  };
  const double a = out.rhythm.precision(), b = out.not_due.precision();
  out.gain = a - b;
  out.lower = out.gain - std::hypot(a - wilson(out.rhythm, -1), wilson(out.not_due, 1) - b);
  out.upper = out.gain + std::hypot(wilson(out.rhythm, 1) - a, b - wilson(out.not_due, -1));
}

/// What would have been said at the beginning of the window just past, and what came of it.
ReplenishmentJudgement judge(const Events& all, std::int32_t until, const ReplenishmentRequest& request,
                             const mine::Run& run) {
  ReplenishmentJudgement out;
  const std::int32_t cut = until - request.ahead;
  Events before;
  for (std::size_t i = 0; i < all.items.size(); ++i) {
    if (all.times[i] > cut) continue;
    before.customers.push_back(all.customers[i]);
    before.items.push_back(all.items[i]);
    before.times.push_back(all.times[i]);
  }
  if (!is_repeated(before)) return out;
  const mine::RhythmModel model = fit_rhythm(before.view(), cut, request.rhythm, run);
  CustomerDays days(all);
  for (const mine::PairRhythm& pair : next_purchases(model, before.view(), cut, run)) {
    days.move_to(pair.customer);
    if (pair.purchases < request.least_purchases) continue;
    const bool bought = days.first(pair.item, cut + 1).has_value(), due = is_due(pair, cut, request.ahead);
    const std::int64_t first = *days.first(pair.item, std::numeric_limits<std::int64_t>::min());
    ++out.pairs;
    out.bought += bought ? 1 : 0;
    count(out.rhythm, due, bought);
    count(out.not_due, !due, bought);
    count(out.mean_gap, is_due_by_mean(pair, first, cut, request.ahead), bought);
  }
  if (out.rhythm.due > 0 && out.not_due.due > 0) compare(out);
  return out;
}

std::string verdict_of(const ReplenishmentJudgement& judgement) {
  if (judgement.rhythm.due < least_judged_pairs)
    return "insufficient: " + std::to_string(judgement.rhythm.due) + " products were due in the window just past; " +
           std::to_string(least_judged_pairs) + " are needed";
  return judgement.lower > 0 ? "sufficient"
                             : "no better than chance: what was due was bought no more often than what was not";
}

/// The earliest of each customer, who are not left out.
void keep_due(std::vector<mine::PairRhythm> pairs, const ReplenishmentRequest& request,
              std::span<const std::int64_t> left_out, ReplenishmentOutcome& out) {
  std::erase_if(pairs, [&](const mine::PairRhythm& pair) {
    return pair.purchases < request.least_purchases || !is_due(pair, out.until.days, request.ahead) ||
           std::ranges::binary_search(left_out, static_cast<std::int64_t>(pair.customer));
  });
  std::ranges::stable_sort(pairs, [](const mine::PairRhythm& a, const mine::PairRhythm& b) {
    return a.customer != b.customer ? a.customer < b.customer : a.next_day < b.next_day;
  });
  std::size_t of_customer = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const bool fresh = i == 0 || pairs[i].customer != pairs[i - 1].customer;
    of_customer = fresh ? 1 : of_customer + 1;
    out.customers += fresh ? 1 : 0;
    if (of_customer <= request.count) out.due.push_back(pairs[i]);
  }
}

}  // namespace

ReplenishmentOutcome find_due(const CustomerLines& lines, const ReplenishmentRequest& request,
                              std::span<const std::int64_t> left_out, const mine::Run& run) {
  ReplenishmentOutcome out;
  const std::optional<Date> until = request.until ? request.until : lines.last_day(request.purchases);
  out.products = products_of(lines);
  out.verdict = "insufficient: nobody bought a product on two days";
  if (!until || out.products.empty()) return out;
  out.until = *until;
  const Events events = events_upto(lines, request.purchases, out.products, until->days);
  if (!is_repeated(events)) return out;
  out.judgement = judge(events, until->days, request, run);
  out.verdict = verdict_of(out.judgement);
  const mine::RhythmModel model = fit_rhythm(events.view(), until->days, request.rhythm, run);
  out.products_with_rhythm = static_cast<std::uint64_t>(
      std::ranges::count_if(model.products, [](const mine::ProductRhythm& one) { return !one.pooled; }));
  if (out.verdict == "sufficient")
    keep_due(next_purchases(model, events.view(), until->days, run), request, left_out, out);
  return out;
}

}  // namespace emptor
