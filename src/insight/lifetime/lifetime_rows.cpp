#include "insight/lifetime/lifetime_rows.hpp"

#include "insight/facts/measure_rule.hpp"
#include "insight/lifetime/lifetime_history.hpp"

namespace emptor {
namespace {

double in_currency(Wide micros, double count) {
  return static_cast<double>(micros) / static_cast<double>(Decimal::micros_per_unit) / count;
}

}  // namespace

double days_in(TimeUnit unit) noexcept { return unit == TimeUnit::week ? 7 : 1; }

LifetimeHistory::LifetimeHistory(const LifetimeRowOptions& options, Date until, std::size_t customers)
    : least_(least_amount(options.purchases)),
      net_(options.purchases == Purchases::net),
      by_day_(options.event == PurchaseEvent::day),
      ticks_(days_in(options.unit) * (by_day_ ? 1.0 : static_cast<double>(micros_per_day))),
      end_(by_day_ ? until.days : options.zone.instant_of({until.days + 1}, 0).micros) {
  out_.until = until;
  out_.options = options;
  for (auto* column : {&out_.frequency, &out_.recency, &out_.age, &out_.spend_count, &out_.spend})
    column->reserve(customers);
  out_.customer.reserve(customers);
}

void LifetimeHistory::add(const TimedLine& line) {
  const std::int64_t time = by_day_ ? line.day : line.at;
  if (by_day_ ? time > end_ : time >= end_) return;
  const bool bought = is_purchase(line.amount, line.quantity, least_);
  if (!bought && (!net_ || events_ == 0)) return;
  if (bought && (events_ == 0 || time != last_)) {
    last_ = time;
    if (events_++ == 0) {
      first_ = time;
    } else {
      count_repeat(line.day);
    }
  }
  (events_ == 1 && bought ? first_sum_ : later_sum_) += line.amount;
  out_.revenue.add(line.amount);
}

void LifetimeHistory::count_repeat(std::int32_t day) {
  const auto back = static_cast<std::size_t>(out_.until.days - day);
  if (back >= out_.repeats_before.size()) out_.repeats_before.resize(back + 1);
  ++out_.repeats_before[back];
}

void LifetimeHistory::finish(std::int64_t customer) {
  if (events_ > 0) {
    const bool with_first = out_.options.first == FirstSpend::included;
    const auto repeats = static_cast<double>(events_ - 1);
    const double count = repeats + (with_first ? 1 : 0);
    out_.customer.push_back(customer);
    out_.frequency.push_back(repeats);
    out_.recency.push_back(static_cast<double>(last_ - first_) / ticks_);
    out_.age.push_back(static_cast<double>(end_ - first_) / ticks_);
    out_.spend_count.push_back(count);
    out_.spend.push_back(count > 0 ? in_currency(later_sum_ + (with_first ? first_sum_ : 0), count) : 0);
  }
  events_ = 0;
  first_sum_ = later_sum_ = 0;
}

LifetimeRows lifetime_rows(const CustomerLines& lines, const LifetimeRowOptions& options) {
  const std::optional<Date> until = options.until ? options.until : lines.last_day(options.purchases);
  if (!until) return {};
  LifetimeHistory history(options, *until, lines.customers);
  lines.each([&](std::int64_t customer, std::span<const TimedLine> all) {
    for (const TimedLine& line : all) history.add(line);
    history.finish(customer);
  });
  return history.take();
}

}  // namespace emptor
