#include "insight/value/value_rows.hpp"

#include <algorithm>
#include <utility>

#include "emptor/core/error.hpp"
#include "emptor/core/exact_sum.hpp"
#include "insight/facts/measure_rule.hpp"

namespace emptor {
namespace {

// Activity: the thirds of a period since a customer's first purchase, the one of that purchase left out, for everybody
// bought in it. A third counts half as much as one that is two periods later, and two thirds at the mean of all
// customers are added, so that somebody known for a week is not called faithful or faithless.
constexpr double kept_a_third = 0.8908987181403393;  // 2^(-1/6)
constexpr std::size_t most_thirds = 36;
constexpr double thirds_added = 2;

double in_currency(Wide micros) { return static_cast<double>(micros) / static_cast<double>(Decimal::micros_per_unit); }

std::int64_t checked(Wide micros) {
  const auto sum = static_cast<std::int64_t>(micros);
  if (sum != micros) throw Error(Code::invalid, "the purchases of one customer add up to more than a decimal holds");
  return sum;
}

/// A pair of sums, of the two halves of a window.
struct HalfSums {
  Wide a = 0, b = 0;
};

/// Shares of activity before what is added at the mean of all.
struct Active {
  double active = 0, all = 0;
};

/// One customer seen from a day.
class SeenFrom {
 public:
  SeenFrom(std::int32_t day, const Earnings& earnings, const ValueRowOptions& options)
      : day_(day),
        period_(options.period),
        third_(std::max(options.period / 3, 1)),
        blocks_(2 * std::max((options.period + 7) / 14, 1)),
        least_(least_amount(options.purchases)),
        net_(options.purchases == Purchases::net),
        earnings_(earnings) {}

  void see(const TimedLine& line) {
    const bool bought = is_purchase(line.amount, line.quantity, least_);
    if (!bought && !net_) return;
    if (line.day > day_) return see_after(line, bought);
    const std::int64_t earned = earnings_.of(line);
    earned_all_ += earned;
    amount_all_ += line.amount;
    const std::int32_t before = day_ - line.day;
    if (before < period_) earned_ += earned;
    if (!bought) return;
    spend_ += line.amount;
    if (orders_ == 0) first_ = line.day;
    orders_ += orders_ == 0 || line.day != last_;
    last_ = line.day;
    if (before < 2 * period_) add_half(before < period_ ? recent_ : former_, before % period_, line.amount);
    if (const std::size_t third = static_cast<std::size_t>(before / third_); third < most_thirds) active_[third] = true;
  }

  bool bought() const { return orders_ > 0; }

  void write(std::int64_t customer, ValueRows& out, std::vector<Active>& active) const {
    out.customer.push_back(customer);
    out.earned.push_back(checked(earned_));
    out.spend.push_back(checked(spend_));
    out.recency.push_back(day_ - last_);
    out.orders.push_back(static_cast<double>(orders_));
    out.known_before.push_back(first_ <= day_ - 2 * period_);
    write_halves(former_, out.former);
    write_halves(recent_, out.recent);
    out.next_earned.push_back(checked(next_earned_));
    out.next_bought.push_back(next_bought_ ? 1 : 0);
    write_halves(next_, out.next);
    active.push_back(activity());
  }
  void add_to(Wide& earned, Wide& amount) const {
    earned += earned_all_;
    amount += amount_all_;
  }

 private:
  void see_after(const TimedLine& line, bool bought) {
    const std::int32_t after = line.day - day_ - 1;
    if (after >= period_) return;
    next_earned_ += earnings_.of(line);
    if (!bought) return;
    next_bought_ = true;
    add_half(next_, after, line.amount);
  }
  void add_half(HalfSums& sums, std::int32_t offset, std::int64_t amount) const {
    const auto block = static_cast<std::int64_t>(offset) * blocks_ / period_;
    (block % 2 == 0 ? sums.a : sums.b) += amount;
  }
  static void write_halves(const HalfSums& sums, SpendHalves& out) {
    out.a.push_back(in_currency(sums.a));
    out.b.push_back(in_currency(sums.b));
  }
  Active activity() const {
    const auto thirds = std::min(static_cast<std::size_t>((day_ - first_) / third_), most_thirds);
    Active result;
    double weight = 1;
    for (std::size_t third = 0; third < thirds; ++third, weight *= kept_a_third) {
      result.all += weight;
      if (active_[third]) result.active += weight;
    }
    return result;
  }

  std::int32_t day_, period_, third_, blocks_;
  std::int64_t least_;
  bool net_;
  const Earnings& earnings_;
  std::int32_t first_ = 0, last_ = 0, orders_ = 0;
  bool next_bought_ = false;
  std::array<bool, most_thirds> active_{};
  Wide earned_ = 0, spend_ = 0, next_earned_ = 0, earned_all_ = 0, amount_all_ = 0;
  HalfSums former_, recent_, next_;
};

/// The rows of one day on their way.
struct DayRows {
  ValueRows rows;
  std::vector<Active> active;
  Wide earned = 0, amount = 0;

  void finish() {
    DoubleSum of_active, of_all;
    for (const Active& one : active) {
      of_active.add(one.active);
      of_all.add(one.all);
    }
    const double mean = of_all.value() > 0 ? of_active.value() / of_all.value() : 0;
    for (const Active& one : active)
      rows.activity.push_back((one.active + thirds_added * mean) / (one.all + thirds_added));
    if (amount > 0) rows.margin_rate = static_cast<double>(earned) / static_cast<double>(amount);
  }
};

}  // namespace

std::vector<ValueRows> value_rows(const CustomerLines& lines, const Earnings& earnings, std::span<const Date> days,
                                  const ValueRowOptions& options) {
  std::vector<DayRows> all(days.size());
  for (std::size_t i = 0; i < days.size(); ++i) all[i].rows.day = days[i];
  lines.each([&](std::int64_t customer, std::span<const TimedLine> own) {
    for (DayRows& one : all) {
      SeenFrom seen(one.rows.day.days, earnings, options);
      for (const TimedLine& line : own) seen.see(line);
      if (!seen.bought()) continue;
      seen.write(customer, one.rows, one.active);
      seen.add_to(one.earned, one.amount);
    }
  });
  std::vector<ValueRows> result;
  for (DayRows& one : all) {
    one.finish();
    result.push_back(std::move(one.rows));
  }
  return result;
}

}  // namespace emptor
