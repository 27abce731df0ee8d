#include "insight/plain_lifetimes.hpp"

#include <algorithm>

#include "core/long_call.hpp"
#include "insight/lifetime_history.hpp"

namespace emptor {
namespace {

constexpr std::size_t customers_a_beat = 1024;

/// The purchases in the order of customers, each customer's by time.
class ByCustomer {
 public:
  ByCustomer(const PlainPurchases& purchases, const LifetimeHistory& history)
      : ends_(purchases.customers.size() + 1), lines_(purchases.size()) {
    for (const std::uint32_t customer : purchases.customer) ++ends_[customer + 1];
    for (std::size_t i = 1; i < ends_.size(); ++i) ends_[i] += ends_[i - 1];
    std::vector<std::size_t> next(ends_.begin(), ends_.end());
    for (std::size_t i = 0; i < purchases.size(); ++i) {
      const std::int64_t at = purchases.at.empty() ? 0 : purchases.at[i];
      lines_[next[purchases.customer[i]]++] = {history.time_of(purchases.day[i], at), purchases.amount[i],
                                               purchases.quantity.empty() ? 0 : purchases.quantity[i]};
    }
  }
  std::span<const TimedLine> of(std::size_t customer) {
    const std::span<TimedLine> lines(lines_.data() + ends_[customer], ends_[customer + 1] - ends_[customer]);
    const auto earlier = [](const TimedLine& a, const TimedLine& b) { return a.time < b.time; };
    // Stable, so that what is taken back at the instant of a purchase stays behind it.
    if (!std::is_sorted(lines.begin(), lines.end(), earlier)) std::stable_sort(lines.begin(), lines.end(), earlier);
    return lines;
  }

 private:
  std::vector<std::size_t> ends_;
  std::vector<TimedLine> lines_;
};

}  // namespace

LifetimeRows lifetime_rows(const PlainPurchases& purchases, const LifetimeRowOptions& options) {
  const std::optional<Date> until = options.until ? options.until : last_purchase_day(purchases, options.purchases);
  if (!until) return {};
  LifetimeHistory history(options, *until, purchases.customers.size());
  ByCustomer lines(purchases, history);
  for (std::size_t i = 0; i < purchases.customers.size(); ++i) {
    if (i % customers_a_beat == 0) beat("histories", i, purchases.customers.size());
    for (const TimedLine& line : lines.of(i)) history.add(line);
    history.finish(static_cast<std::int64_t>(i) + 1);
  }
  return history.take();
}

}  // namespace emptor
