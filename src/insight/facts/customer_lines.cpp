#include "insight/facts/customer_lines.hpp"

#include <algorithm>
#include <memory>

#include "core/long_call.hpp"
#include "core/sort_stably.hpp"

namespace emptor {
namespace {

constexpr std::size_t customers_a_beat = 1024;

void each_of_facts(const Facts& facts, const std::function<void(std::int64_t, std::span<const TimedLine>)>& visit) {
  std::vector<TimedLine> lines;
  std::uint32_t place = 0;
  for (std::size_t i = 0; i < facts.customers.size(); ++i) {
    if (i % customers_a_beat == 0) beat("histories", i, facts.customers.size());
    const PurchaseRows rows = facts.of(i);
    lines.resize(rows.size());
    for (std::size_t k = 0; k < rows.size(); ++k)
      lines[k] = {rows.at[k], rows.amount[k], rows.quantity[k], rows.product[k], rows.day[k], place++};
    visit(facts.customers[i], lines);
  }
}

/// The purchases in the order of customers, each customer's by time.
class ByCustomer {
 public:
  explicit ByCustomer(const PlainPurchases& purchases)
      : ends_(purchases.customers.size() + 1), lines_(purchases.size()) {
    for (const std::uint32_t customer : purchases.customer) ++ends_[customer + 1];
    for (std::size_t i = 1; i < ends_.size(); ++i) ends_[i] += ends_[i - 1];
    std::vector<std::size_t> next(ends_.begin(), ends_.end());
    for (std::size_t i = 0; i < purchases.size(); ++i) lines_[next[purchases.customer[i]]++] = line_of(purchases, i);
  }

  void each(const std::function<void(std::int64_t, std::span<const TimedLine>)>& visit) {
    for (std::size_t i = 0; i + 1 < ends_.size(); ++i) {
      if (i % customers_a_beat == 0) beat("histories", i, ends_.size() - 1);
      const std::span<TimedLine> lines(lines_.data() + ends_[i], ends_[i + 1] - ends_[i]);
      // Stable, so that what is taken back at the instant of a purchase stays behind it.
      if (!std::is_sorted(lines.begin(), lines.end(), earlier)) sort_stably(lines, earlier);
      visit(static_cast<std::int64_t>(i) + 1, lines);
    }
  }

 private:
  static TimedLine line_of(const PlainPurchases& purchases, std::size_t i) {
    const std::int32_t day = purchases.day[i];
    return {purchases.at.empty() ? day * micros_per_day : purchases.at[i],
            purchases.amount[i],
            purchases.quantity.empty() ? 0 : purchases.quantity[i],
            purchases.product_number(i),
            day,
            static_cast<std::uint32_t>(i)};
  }
  static bool earlier(const TimedLine& a, const TimedLine& b) { return a.at < b.at; }

  std::vector<std::size_t> ends_;
  std::vector<TimedLine> lines_;
};

}  // namespace

CustomerLines lines_of(const Facts& facts) {
  return {facts.customers.size(), [&facts](Purchases which) { return last_purchase_day(facts, which); },
          [&facts](const auto& visit) { each_of_facts(facts, visit); }};
}

CustomerLines lines_of(const PlainPurchases& purchases) {
  return {purchases.customers.size(), [&purchases](Purchases which) { return last_purchase_day(purchases, which); },
          [by = std::make_shared<ByCustomer>(purchases)](const auto& visit) { by->each(visit); }};
}

}  // namespace emptor
