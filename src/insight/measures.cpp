#include "emptor/insight/measures.hpp"

#include <algorithm>
#include <limits>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/wide.hpp"

namespace emptor {
namespace {

constexpr std::size_t customers_a_beat = 1024;

bool is_purchase(std::int64_t amount, std::int64_t quantity, std::int64_t least) {
  return (amount >= least) & (quantity >= 0);
}

std::int64_t least_amount(Purchases purchases) { return purchases == Purchases::non_negative ? 0 : 1; }

/// Which rows count: those within the days, and of them the purchases.
struct RowRule {
  std::int32_t first_day;
  std::int32_t last_day;
  std::int64_t least;
  bool net;
};

struct CustomerMeasure {
  std::int32_t last_day = std::numeric_limits<std::int32_t>::min();
  std::int64_t frequency = 0;
  Wide monetary = 0;
};

/// Rows of one order stand together, so distinct orders are counted by their changes.
CustomerMeasure measure_rows(const PurchaseRows& rows, const RowRule& rule) {
  CustomerMeasure result;
  std::int64_t order = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int32_t day = rows.day[i];
    const bool within = (day >= rule.first_day) & (day <= rule.last_day);
    const bool bought = within & is_purchase(rows.amount[i], rows.quantity[i], rule.least);
    if (bought | (within & rule.net)) result.monetary += rows.amount[i];
    if (!bought) continue;
    result.frequency += rows.order[i] != order;
    order = rows.order[i];
    result.last_day = std::max(result.last_day, day);
  }
  return result;
}

std::int64_t checked_micros(Wide sum) {
  if (sum > std::numeric_limits<std::int64_t>::max() || sum < std::numeric_limits<std::int64_t>::min()) {
    throw Error(Code::invalid, "the purchases of one customer add up to more than a decimal holds");
  }
  return static_cast<std::int64_t>(sum);
}

void append(Measures& measures, std::int64_t customer, const CustomerMeasure& one) {
  const std::int64_t micros = checked_micros(one.monetary);
  measures.customer.push_back(customer);
  measures.recency.push_back(std::int64_t{measures.as_of.days} - one.last_day);
  measures.frequency.push_back(one.frequency);
  measures.monetary.push_back(micros);
  measures.total.add(micros);
}

void reserve(Measures& measures, std::size_t count) {
  measures.customer.reserve(count);
  measures.recency.reserve(count);
  measures.frequency.reserve(count);
  measures.monetary.reserve(count);
}

std::optional<std::int32_t> last_day_of(const PurchaseRows& rows, std::int64_t least) {
  for (std::size_t i = rows.size(); i-- > 0;) {
    if (is_purchase(rows.amount[i], rows.quantity[i], least)) return rows.day[i];
  }
  return std::nullopt;
}

}  // namespace

std::optional<Date> last_purchase_day(const Facts& facts, Purchases purchases) {
  std::optional<Date> last;
  for (std::size_t i = 0; i < facts.customers.size(); ++i) {
    const std::optional<std::int32_t> day = last_day_of(facts.of(i), least_amount(purchases));
    if (day && (!last || last->days < *day)) last = Date{*day};
  }
  return last;
}

Measures measure_purchases(const Facts& facts, const MeasureOptions& options) {
  Measures measures;
  const std::optional<Date> as_of = options.as_of ? options.as_of : last_purchase_day(facts, options.purchases);
  if (!as_of) return measures;
  measures.as_of = *as_of;
  const std::int32_t first_day =
      options.horizon_days ? as_of->days - *options.horizon_days + 1 : std::numeric_limits<std::int32_t>::min();
  const RowRule rule{first_day, as_of->days, least_amount(options.purchases), options.purchases == Purchases::net};
  reserve(measures, facts.customers.size());
  for (std::size_t i = 0; i < facts.customers.size(); ++i) {
    if (i % customers_a_beat == 0) beat("measure", i, facts.customers.size());
    const CustomerMeasure one = measure_rows(facts.of(i), rule);
    if (one.frequency == 0) continue;
    if (options.non_positive == NonPositive::exclude && one.monetary <= 0) continue;
    append(measures, facts.customers[i], one);
  }
  return measures;
}

}  // namespace emptor
