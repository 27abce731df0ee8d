#include "insight/trends/period_series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <span>
#include <unordered_map>
#include <unordered_set>

#include "core/elementary.hpp"
#include "emptor/core/exact_sum.hpp"

namespace emptor {
namespace {

constexpr double least_known = 0.9;  // share of the amount that must have a cost

double units(const IntegerSum& micros) { return static_cast<double>(micros.value()) / Decimal::micros_per_unit; }

/// What one period comes to.
struct Totals {
  IntegerSum revenue, purchases, returned, costed, cost;
  std::size_t orders = 0, active = 0, fresh = 0, again = 0, lost = 0;
  std::map<std::int64_t, std::pair<IntegerSum, IntegerSum>> prices;  ///< amount and quantity by product
};

class Counting {
 public:
  Counting(const WholePeriods& whole, const SeriesOptions& options)
      : whole_(whole), options_(options), totals_(whole.size()) {}

  std::vector<Totals> count(const BusinessLines& business) {
    for (const BusinessLine& line : business.lines) add(line);
    for (const auto& [customer, last] : last_) lose(last, whole_.last);
    return std::move(totals_);
  }

 private:
  /// Null outside the whole periods.
  Totals* at(std::int32_t period) {
    if (period < whole_.first || period > whole_.last) return nullptr;
    return &totals_[static_cast<std::size_t>(period - whole_.first)];
  }

  void add(const BusinessLine& line) {
    const std::int32_t period = period_of(options_.period, line.day);
    if (period != now_) orders_.clear();
    now_ = period;
    Totals* totals = at(period);
    if (totals != nullptr) add_amounts(line, *totals);
    if (line.customer != 0 && line.is_purchase()) follow(line.customer, period, totals);
  }

  void add_amounts(const BusinessLine& line, Totals& totals) {
    totals.revenue.add(line.amount);
    if (!line.is_purchase()) return totals.returned.add(-line.amount);
    totals.purchases.add(line.amount);
    totals.orders += orders_.insert(line.order).second ? 1U : 0U;
    if (line.cost != BusinessLine::unknown) {
      totals.costed.add(line.amount);
      totals.cost.add(line.cost);
    }
    if (line.product == 0 || line.quantity <= 0) return;
    auto& [amount, quantity] = totals.prices[line.product];
    amount.add(line.amount);
    quantity.add(line.quantity);
  }

  void follow(std::int64_t customer, std::int32_t period, Totals* totals) {
    const auto [found, fresh] = last_.try_emplace(customer, period);
    if (!fresh && found->second == period) return;
    if (totals != nullptr) {
      ++totals->active;
      totals->fresh += fresh ? 1U : 0U;
      totals->again += !fresh && period - found->second > options_.lapse ? 1U : 0U;
    }
    if (!fresh) lose(found->second, period - 1);
    found->second = period;
  }

  /// Of a customer who bought last in a period, and not until the end of another.
  void lose(std::int32_t last, std::int32_t silent_until) {
    Totals* totals = last + options_.lapse <= silent_until ? at(last + options_.lapse) : nullptr;
    if (totals != nullptr) ++totals->lost;
  }

  WholePeriods whole_;
  SeriesOptions options_;
  std::vector<Totals> totals_;
  std::unordered_map<std::int64_t, std::int32_t> last_;
  std::unordered_set<std::int64_t> orders_;  ///< of the period that is counted now
  std::int32_t now_ = std::numeric_limits<std::int32_t>::min();
};

/// By how much prices rose from one period to the next, of products sold in both, as a logarithm.
double price_step(const Totals& before, const Totals& now) {
  double all_before = 0, all_now = 0, step = 0;
  const auto each = [&](const auto& visit) {
    for (const auto& [product, sold] : now.prices)
      if (const auto found = before.prices.find(product); found != before.prices.end()) visit(found->second, sold);
  };
  each([&](const auto& was, const auto& is) {
    all_before += units(was.first);
    all_now += units(is.first);
  });
  each([&](const auto& was, const auto& is) {
    const double share = (units(was.first) / all_before + units(is.first) / all_now) / 2;
    const double ratio = units(is.first) / units(is.second) / (units(was.first) / units(was.second));
    step += share * elementary::log(ratio);
  });
  return step;
}

std::vector<double> price_levels(const std::vector<Totals>& totals) {
  std::vector<double> levels;
  double level = 0;
  for (std::size_t i = 0; i < totals.size(); ++i) {
    if (i > 0) level += price_step(totals[i - 1], totals[i]);
    levels.push_back(100 * elementary::exp(level));
  }
  return levels;
}

template <class Number>
PeriodSeries series_of(std::string_view measure, std::int32_t first, std::span<const Totals> totals,
                       const Number& number) {
  PeriodSeries series{.measure = std::string(measure), .first = first};
  for (const Totals& one : totals) series.numbers.push_back(number(one));
  return series;
}

void add_where_known(const std::vector<Totals>& totals, std::int32_t first, std::vector<PeriodSeries>& out) {
  IntegerSum all, costed;
  bool each_costed = true, priced = true;
  for (const Totals& one : totals) {
    all.add(one.purchases);
    costed.add(one.costed);
    each_costed = each_costed && one.costed.value() > 0;
    priced = priced && !one.prices.empty();
  }
  if (each_costed && units(costed) >= least_known * units(all))
    out.push_back(
        series_of("margin", first, totals, [](const Totals& one) { return 1 - units(one.cost) / units(one.costed); }));
  if (priced) out.push_back({.measure = "price_level", .first = first, .numbers = price_levels(totals)});
}

std::vector<PeriodSeries> whole_business(const std::vector<Totals>& totals, std::int32_t first, std::int32_t lapse) {
  const auto count = [](std::size_t number) { return static_cast<double>(number); };
  std::vector<PeriodSeries> out = {
      series_of("revenue", first, totals, [](const Totals& one) { return units(one.revenue); }),
      series_of("orders", first, totals, [&](const Totals& one) { return count(one.orders); }),
      series_of("active_customers", first, totals, [&](const Totals& one) { return count(one.active); }),
      series_of("basket", first, totals,
                [&](const Totals& one) { return one.orders == 0 ? 0 : units(one.purchases) / count(one.orders); }),
      series_of("returns", first, totals, [](const Totals& one) { return units(one.returned); })};
  if (std::all_of(out.back().numbers.begin(), out.back().numbers.end(), [](double one) { return one == 0; }))
    out.pop_back();
  add_where_known(totals, first, out);
  if (totals.size() <= static_cast<std::size_t>(lapse)) return out;
  const std::span<const Totals> later = std::span(totals).subspan(static_cast<std::size_t>(lapse));
  const std::int32_t from = first + lapse;
  out.push_back(series_of("new_customers", from, later, [&](const Totals& one) { return count(one.fresh); }));
  out.push_back(series_of("returned_customers", from, later, [&](const Totals& one) { return count(one.again); }));
  out.push_back(series_of("lost_customers", from, later, [&](const Totals& one) { return count(one.lost); }));
  return out;
}

/// Revenue of the largest values of a dimension.
void add_groups(const BusinessLines& business, const BusinessDimension& dimension, const WholePeriods& whole,
                const SeriesOptions& options, std::vector<PeriodSeries>& out) {
  std::vector<std::vector<IntegerSum>> sums(dimension.values.size(), std::vector<IntegerSum>(whole.size()));
  std::vector<IntegerSum> all(dimension.values.size());
  for (std::size_t i = 0; i < business.lines.size(); ++i) {
    const std::int32_t period = period_of(options.period, business.lines[i].day);
    if (dimension.of[i] == BusinessDimension::none || period < whole.first || period > whole.last) continue;
    sums[dimension.of[i]][static_cast<std::size_t>(period - whole.first)].add(business.lines[i].amount);
    all[dimension.of[i]].add(business.lines[i].amount);
  }
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (all[a].value() != all[b].value()) return all[a].value() > all[b].value();
    return dimension.values[a] < dimension.values[b];
  });
  order.resize(std::min(order.size(), options.groups));
  for (const std::size_t at : order) {
    PeriodSeries series{"revenue", dimension.name, dimension.values[at], whole.first, {}};
    for (const IntegerSum& one : sums[at]) series.numbers.push_back(units(one));
    out.push_back(std::move(series));
  }
}

struct Gathered {
  std::vector<double> sums, counts;
  double all = 0;
};
Gathered gather(const std::vector<DatedNumber>& numbers, const WholePeriods& whole, PeriodKind period) {
  Gathered out{std::vector<double>(whole.size()), std::vector<double>(whole.size())};
  std::vector<DoubleSum> sums(whole.size());
  for (const DatedNumber& one : numbers) {
    const std::int32_t at = period_of(period, one.day);
    if (at < whole.first || at > whole.last) continue;
    sums[static_cast<std::size_t>(at - whole.first)].add(one.number);
    ++out.counts[static_cast<std::size_t>(at - whole.first)];
    ++out.all;
  }
  for (std::size_t i = 0; i < sums.size(); ++i) out.sums[i] = sums[i].value();
  return out;
}

}  // namespace

std::vector<PeriodSeries> business_series(const BusinessLines& business, const WholePeriods& whole,
                                          const SeriesOptions& options) {
  if (whole.size() == 0) return {};
  std::vector<PeriodSeries> out = whole_business(Counting(whole, options).count(business), whole.first, options.lapse);
  for (const BusinessDimension& one : business.dimensions) add_groups(business, one, whole, options, out);
  return out;
}

std::optional<PeriodSeries> counted(std::string_view measure, const std::vector<DatedNumber>& all,
                                    const WholePeriods& whole, PeriodKind period) {
  Gathered gathered = gather(all, whole, period);
  if (gathered.all == 0) return std::nullopt;
  return PeriodSeries{std::string(measure), {}, {}, whole.first, std::move(gathered.counts)};
}

std::optional<PeriodSeries> averaged(std::string_view measure, const std::vector<DatedNumber>& all,
                                     const WholePeriods& whole, PeriodKind period) {
  Gathered gathered = gather(all, whole, period);
  // Before the first and after the last answer nothing is known; between two there is no gap, or there is no series.
  std::size_t first = 0, last = whole.size();
  while (first < last && gathered.counts[first] == 0) ++first;
  while (last > first && gathered.counts[last - 1] == 0) --last;
  PeriodSeries series{std::string(measure), {}, {}, whole.first + static_cast<std::int32_t>(first), {}};
  for (std::size_t i = first; i < last; ++i) {
    if (gathered.counts[i] == 0) return std::nullopt;
    series.numbers.push_back(gathered.sums[i] / gathered.counts[i]);
  }
  if (series.numbers.empty()) return std::nullopt;
  return series;
}

}  // namespace emptor
