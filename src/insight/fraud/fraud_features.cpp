#include "insight/fraud/fraud_features.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/exact_sum.hpp"

namespace emptor {
namespace {

// How many orders of everybody a customer's own history is mixed with: little history says little.
constexpr double amount_weight = 3, pace_weight = 1, return_weight = 3, night_weight = 5;

double units(std::int64_t micros) { return static_cast<double>(micros) / Decimal::micros_per_unit; }

/// What everybody did in the days of history.
struct Usual {
  double median = 1;    ///< amount of an order, in units
  double pace = 0;      ///< orders a customer and day
  double returned = 0;  ///< share of the amount that came back
  double night = 0;     ///< share of orders
};

/// What came back: goods and credit notes often stand for the same, so the larger counts.
struct TakenBack {
  std::int64_t goods = 0, notes = 0, refunds = 0;

  void add(const ActivityEvent& event) noexcept {
    if (event.kind == ActivityKind::returned) goods += event.amount;
    if (event.kind == ActivityKind::credit_note) notes += event.amount;
    if (event.kind == ActivityKind::refund) refunds += event.amount;
  }
  std::int64_t returned() const noexcept { return std::max(goods, notes); }
  std::int64_t unreturned() const noexcept { return std::max<std::int64_t>(refunds - returned(), 0); }
};

Usual usual_of(const CustomerActivity& activity, const FraudWindow& window) {
  std::vector<double> amounts;
  IntegerSum bought;
  double nights = 0, customers = 0;
  DoubleSum returned;
  for (std::size_t i = 0; i < activity.customer.size(); ++i) {
    TakenBack back;
    bool any = false;
    for (const ActivityEvent& event : activity.of(i)) {
      if (event.day < window.history || event.day >= window.first) continue;
      back.add(event);
      if (event.kind != ActivityKind::order) continue;
      any = true;
      amounts.push_back(units(event.amount));
      bought.add(event.amount);
      nights += event.night ? 1 : 0;
    }
    customers += any ? 1 : 0;
    returned.add(units(back.returned()));
  }
  Usual usual;
  if (amounts.empty()) return usual;
  const auto orders = static_cast<double>(amounts.size());
  const auto middle = amounts.begin() + static_cast<std::ptrdiff_t>(amounts.size() / 2);
  std::nth_element(amounts.begin(), middle, amounts.end());
  usual.median = *middle > 0 ? *middle : 1;
  usual.pace = orders / customers / (window.first - window.history);
  const double all = static_cast<double>(bought.value()) / Decimal::micros_per_unit;
  usual.returned = all > 0 ? std::min(returned.value() / all, 1.0) : 0;
  usual.night = nights / orders;
  return usual;
}

/// One customer's events, read once in their order.
class FraudRow {
 public:
  FraudRow(const FraudWindow& window, const Usual& usual) : window_(window), usual_(usual) {}

  void add(const ActivityEvent& event) {
    if (event.day > window_.last) return;
    if (event.day < window_.history) {
      came_ = std::min(came_, window_.history);
      return;
    }
    came_ = std::min(came_, event.day);
    const bool now = event.day >= window_.first;
    if (!now) before_.add(event);
    all_.add(event);
    present_ = present_ || (now && event.kind != ActivityKind::payment);
    if (event.kind == ActivityKind::order) add_order(event, now);
    if (event.kind == ActivityKind::coupon && now) ++coupons_;
    if (event.kind == ActivityKind::payment && event.reference != 0 && now) accounts_.insert(event.reference);
  }
  bool present() const noexcept { return present_; }
  double largest() const noexcept { return largest_; }

  std::array<double, fraud_feature_count> values(double shared) const {
    const double typical = elementary::exp((logs_.value() + amount_weight * elementary::log(usual_.median)) /
                                           (before_orders_ + amount_weight));
    const double known = std::max(window_.first - came_, 0);
    const double pace = usual_.pace > 0 ? (before_orders_ + pace_weight) / (known + pace_weight / usual_.pace)
                                        : (before_orders_ + pace_weight) / (known + 1);
    const double night = (before_nights_ + night_weight * usual_.night) / (before_orders_ + night_weight);
    const double mixed = return_weight * usual_.median;
    const std::int64_t unreturned = all_.unreturned() - before_.unreturned();
    return {largest_ / typical,
            burst(),
            static_cast<double>(at_.size()) / (pace * (window_.last - window_.first + 1)),
            shared,
            static_cast<double>(accounts_.size()),
            (units(all_.returned()) + mixed * usual_.returned) / (units(bought_) + mixed),
            units(std::max<std::int64_t>(unreturned, 0)) / usual_.median,
            coupons_,
            std::max(nights_ - night * static_cast<double>(at_.size()), 0.0)};
  }

 private:
  void add_order(const ActivityEvent& event, bool now) {
    bought_ += event.amount;
    if (!now) {
      ++before_orders_;
      before_nights_ += event.night ? 1 : 0;
      logs_.add(elementary::log(std::max(units(event.amount), usual_.median / 1'000)));
      return;
    }
    at_.push_back(event.at);
    nights_ += event.night ? 1 : 0;
    largest_ = std::max(largest_, units(event.amount));
  }
  double burst() const noexcept {
    std::size_t most = 0;
    for (std::size_t first = 0, i = 0; i < at_.size(); ++i) {
      while (at_[i] - at_[first] >= micros_per_day) ++first;
      most = std::max(most, i - first + 1);
    }
    return static_cast<double>(most);
  }

  const FraudWindow& window_;
  const Usual& usual_;
  std::int32_t came_ = CustomerActivity::no_day;
  bool present_ = false;
  TakenBack before_, all_;
  DoubleSum logs_;
  double before_orders_ = 0, before_nights_ = 0, nights_ = 0, coupons_ = 0, largest_ = 0;
  std::int64_t bought_ = 0;
  std::vector<std::int64_t> at_;
  std::set<std::uint32_t> accounts_;
};

/// Others that had come by the end of the window.
double sharing(const CustomerActivity& activity, std::size_t customer, std::int32_t last) {
  std::size_t most = 0;
  for (const std::uint32_t key : activity.keys[customer]) {
    const std::vector<std::int32_t>& days = activity.joined[key];
    most = std::max(most, static_cast<std::size_t>(std::upper_bound(days.begin(), days.end(), last) - days.begin()));
  }
  return most == 0 ? 0 : static_cast<double>(most - 1);
}

}  // namespace

FraudRows fraud_rows(const CustomerActivity& activity, const FraudWindow& window, std::int32_t labelled_before) {
  const Usual usual = usual_of(activity, window);
  FraudRows rows;
  for (std::size_t i = 0; i < activity.customer.size(); ++i) {
    if (i % 1024 == 0) beat("fraud", i, activity.customer.size());
    if (activity.labelled[i] < labelled_before) continue;
    FraudRow row(window, usual);
    for (const ActivityEvent& event : activity.of(i)) row.add(event);
    if (!row.present()) continue;
    rows.customer.push_back(i);
    rows.value.push_back(row.values(sharing(activity, i, window.last)));
    rows.largest.push_back(row.largest());
  }
  return rows;
}

}  // namespace emptor
