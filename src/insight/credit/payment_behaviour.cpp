#include "insight/credit/payment_behaviour.hpp"

#include <algorithm>

namespace emptor {
namespace {

/// Type 7, of numbers in ascending order.
double quantile(const std::vector<std::int32_t>& sorted, double share) {
  if (sorted.empty()) return PaymentBehaviour::none;
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const double low = sorted[below], high = sorted[std::min(below + 1, sorted.size() - 1)];
  return low + (at - static_cast<double>(below)) * (high - low);
}

struct Mean {
  std::int64_t sum = 0, count = 0;
  void add(std::int32_t days) {
    sum += days;
    ++count;
  }
  double value() const { return static_cast<double>(sum) / static_cast<double>(count); }
};

/// Takes the receivables of one customer, one after another.
class Observer {
 public:
  Observer(const Receivables& receivables, std::int32_t day, const PaymentRules& rules)
      : receivables_(receivables), day_(day), rules_(rules) {}

  void begin(std::int64_t customer) {
    out_ = {.customer = customer};
    outcome_ = PaymentBehaviour::none;
    any_ = false;
    late_days_.clear();
    terms_.clear();
    lately_ = before_ = {};
  }
  void take(const Receivable& row) {
    take_outcome(row);
    if (row.placed > day_) return;
    any_ = true;
    out_.age = std::max(out_.age, day_ - row.placed);
    if (row.placed > day_ - 365) out_.turnover += row.amount;
    terms_.push_back(row.due - row.placed);
    const std::int64_t open = receivables_.open(row, day_);
    out_.open += open;
    if (row.due > day_) return;
    const std::int32_t days = row.days_late(day_);
    ++out_.due;
    out_.late += days > rules_.grace_days ? 1 : 0;
    out_.seriously_late += days >= rules_.overdue_days ? 1 : 0;
    late_days_.push_back(days);
    (row.due > day_ - rules_.horizon ? lately_ : before_).add(days);
    if (open == 0 || row.due == day_) return;
    out_.overdue += open;
    out_.oldest_overdue = std::max(out_.oldest_overdue, day_ - row.due);
  }
  /// No row comes of a customer of whom nothing is known by the day.
  void finish(BehaviourRows& rows) {
    if (!any_) return;
    std::sort(late_days_.begin(), late_days_.end());
    std::sort(terms_.begin(), terms_.end());
    out_.median_late = quantile(late_days_, 0.5);
    out_.high_late = quantile(late_days_, 0.9);
    out_.term = quantile(terms_, 0.5);
    if (lately_.count > 0 && before_.count > 0) out_.trend = lately_.value() - before_.value();
    if (const CreditTerms* terms = receivables_.terms_on(out_.customer, day_)) out_.limit = terms->limit;
    rows.of.push_back(out_);
    rows.outcome.push_back(outcome_);
  }

 private:
  void take_outcome(const Receivable& row) {
    const std::int32_t serious = row.due + rules_.overdue_days;
    if (serious <= day_ || serious > day_ + rules_.horizon) return;
    const bool became = !row.settled || *row.settled >= serious;
    outcome_ = std::isnan(outcome_) ? (became ? 1 : 0) : std::max(outcome_, became ? 1.0 : 0.0);
  }

  const Receivables& receivables_;
  std::int32_t day_;
  const PaymentRules& rules_;
  PaymentBehaviour out_;
  double outcome_ = PaymentBehaviour::none;
  bool any_ = false;
  std::vector<std::int32_t> late_days_, terms_;
  Mean lately_, before_;
};

}  // namespace

const std::array<std::string_view, credit_feature_count> credit_feature_names = {"receivables_due",
                                                                                 "share_late",
                                                                                 "share_seriously_late",
                                                                                 "median_days_late",
                                                                                 "p90_days_late",
                                                                                 "trend_days_late",
                                                                                 "open",
                                                                                 "overdue",
                                                                                 "days_overdue",
                                                                                 "limit_use",
                                                                                 "age"};

double feature_of(const PaymentBehaviour& behaviour, CreditFeature feature) noexcept {
  constexpr double micros = Decimal::micros_per_unit;
  switch (feature) {
    case CreditFeature::due:
      return behaviour.due;
    case CreditFeature::late_share:
      return behaviour.late_share();
    case CreditFeature::serious_share:
      return behaviour.serious_share();
    case CreditFeature::median_late:
      return behaviour.median_late;
    case CreditFeature::high_late:
      return behaviour.high_late;
    case CreditFeature::trend:
      return behaviour.trend;
    case CreditFeature::open:
      return static_cast<double>(behaviour.open) / micros;
    case CreditFeature::overdue:
      return static_cast<double>(behaviour.overdue) / micros;
    case CreditFeature::oldest_overdue:
      return behaviour.oldest_overdue;
    case CreditFeature::limit_use:
      return behaviour.limit_use();
    case CreditFeature::age:
      return behaviour.age;
  }
  return PaymentBehaviour::none;
}

BehaviourRows payment_behaviour(const Receivables& receivables, Date day, const PaymentRules& rules) {
  BehaviourRows rows;
  rows.day = day;
  Observer observer(receivables, day.days, rules);
  const std::vector<Receivable>& all = receivables.rows;
  for (std::size_t first = 0; first < all.size();) {
    observer.begin(all[first].customer);
    std::size_t end = first;
    for (; end < all.size() && all[end].customer == all[first].customer; ++end) observer.take(all[end]);
    observer.finish(rows);
    first = end;
  }
  return rows;
}

}  // namespace emptor
