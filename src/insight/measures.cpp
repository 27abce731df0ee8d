#include "emptor/insight/measures.hpp"

#include <algorithm>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "insight/facts/measure_rule.hpp"

namespace emptor {
namespace {

constexpr std::size_t customers_a_beat = 1024;

std::optional<std::int32_t> last_day_of(const PurchaseRows& rows, std::int64_t least) {
  for (std::size_t i = rows.size(); i-- > 0;) {
    if (is_purchase(rows.amount[i], rows.quantity[i], least)) return rows.day[i];
  }
  return std::nullopt;
}

}  // namespace

CustomerMeasure measure_rows(const PurchaseRows& rows, const RowRule& rule) {
  CustomerMeasure result;
  std::int64_t order = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int32_t day = rows.day[i];
    const bool within = rule.within(day);
    const bool bought = within & is_purchase(rows.amount[i], rows.quantity[i], rule.least);
    if (bought | (within & rule.net)) result.monetary += rows.amount[i];
    if (!bought) continue;
    result.frequency += rows.order[i] != order;
    order = rows.order[i];
    result.last_day = std::max(result.last_day, day);
  }
  return result;
}

RowRule::RowRule(const MeasureOptions& options, Date as_of)
    : first_day(options.horizon_days ? as_of.days - *options.horizon_days + 1
                                     : std::numeric_limits<std::int32_t>::min()),
      last_day(as_of.days),
      least(least_amount(options.purchases)),
      net(options.purchases == Purchases::net) {}

std::int64_t least_amount(Purchases purchases) { return purchases == Purchases::non_negative ? 0 : 1; }

MeasureRows::MeasureRows(const MeasureOptions& options, Date as_of, std::size_t customers)
    : positive_only_(options.non_positive == NonPositive::exclude) {
  out_.as_of = as_of;
  out_.customer.reserve(customers);
  out_.recency.reserve(customers);
  out_.frequency.reserve(customers);
  out_.monetary.reserve(customers);
}

void MeasureRows::add(std::int64_t customer, const CustomerMeasure& one) {
  if (one.frequency == 0 || (positive_only_ && one.monetary <= 0)) return;
  const auto micros = static_cast<std::int64_t>(one.monetary);
  if (micros != one.monetary)
    throw Error(Code::invalid, "the purchases of one customer add up to more than a decimal holds");
  out_.customer.push_back(customer);
  out_.recency.push_back(std::int64_t{out_.as_of.days} - one.last_day);
  out_.frequency.push_back(one.frequency);
  out_.monetary.push_back(micros);
  out_.total.add(micros);
}

std::optional<Date> last_purchase_day(const Facts& facts, Purchases purchases) {
  std::optional<Date> last;
  for (std::size_t i = 0; i < facts.customers.size(); ++i) {
    const std::optional<std::int32_t> day = last_day_of(facts.of(i), least_amount(purchases));
    if (day && (!last || last->days < *day)) last = Date{*day};
  }
  return last;
}

Measures measure_purchases(const Facts& facts, const MeasureOptions& options) {
  const std::optional<Date> as_of = options.as_of ? options.as_of : last_purchase_day(facts, options.purchases);
  if (!as_of) return {};
  const RowRule rule(options, *as_of);
  MeasureRows measures(options, *as_of, facts.customers.size());
  for (std::size_t i = 0; i < facts.customers.size(); ++i) {
    if (i % customers_a_beat == 0) beat("measure", i, facts.customers.size());
    measures.add(facts.customers[i], measure_rows(facts.of(i), rule));
  }
  return measures.take();
}

}  // namespace emptor
