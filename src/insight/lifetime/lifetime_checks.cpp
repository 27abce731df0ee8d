#include "insight/lifetime/lifetime_checks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "mine/covariate_groups.hpp"

namespace emptor {
namespace {

constexpr int most_periods = 104;
constexpr std::int32_t most_days = 20'000;
constexpr std::size_t most_groups = 64, most_counted_groups = 5'000;

/// The day of a customer's first purchase: ages by days are whole, those by instants end at the end of `until`.
std::int32_t first_day(const LifetimeRows& rows, std::size_t row) {
  const double days = rows.age[row] * days_in(rows.options.unit);
  const bool by_day = rows.options.event == PurchaseEvent::day;
  return rows.until.days - static_cast<std::int32_t>(by_day ? std::llround(days) : std::llround(std::ceil(days)) - 1);
}

/// Adds what a model expects of customers who began on such days, by the end of each period.
class ExpectedRepeats {
 public:
  ExpectedRepeats(const mine::LifetimeModel& model, double days_a_unit) : model_(model), days_(days_a_unit) {}
  void add(const std::map<std::int32_t, double>& births, std::int32_t until, int period_days,
           std::vector<double>& cumulative) {
    const auto periods = static_cast<std::int32_t>(cumulative.size());
    for (std::int32_t at = 0; at < periods; ++at) {
      const std::int32_t end = until - (periods - 1 - at) * period_days;
      for (const auto& [day, customers] : births)
        if (day < end) cumulative[static_cast<std::size_t>(at)] += customers * repeats(end - day);
    }
  }

 private:
  double repeats(std::int32_t days) {
    const auto place = static_cast<std::size_t>(days);
    if (known_.size() <= place) known_.resize(place + 1);
    if (!known_[place]) known_[place] = mine::expected_repeats(model_, days / days_);
    return *known_[place];
  }
  const mine::LifetimeModel& model_;
  double days_;
  std::vector<std::optional<double>> known_;
};

/// How many groups of covariates a model tells apart.
std::size_t groups_of(const FittedLifetime& model, const LifetimeQuestion& all) {
  return model.with_covariates() == nullptr ? 1 : mine::grouped(all.rows()).size();
}

/// Repeat purchases that a model expects of all customers by the end of each period.
std::vector<double> expected_by(const LifetimeRows& rows, const LifetimeQuestion& all, const FittedLifetime& model,
                                std::size_t periods, int period_days) {
  std::vector<double> cumulative(periods, 0.0);
  const auto add = [&](const mine::LifetimeModel& one, std::size_t count, const auto& row_at) {
    std::map<std::int32_t, double> births;
    for (std::size_t i = 0; i < count; ++i) births[first_day(rows, row_at(i))] += 1;
    ExpectedRepeats(one, days_in(rows.options.unit)).add(births, rows.until.days, period_days, cumulative);
  };
  if (model.plain() != nullptr) {
    add(*model.plain(), rows.size(), [](std::size_t i) { return i; });
    return cumulative;
  }
  mine::each_group_of(*model.with_covariates(), all.rows(), {},
                      [&](const mine::LifetimeModel& one, const mine::Purchases&, std::span<const std::size_t> places,
                          const mine::Run&) { add(one, places.size(), [&](std::size_t i) { return places[i]; }); });
  return cumulative;
}

std::vector<double> actual_by_period(const LifetimeRows& rows, std::size_t periods, int period_days) {
  std::vector<double> actual(periods, 0.0);
  for (std::size_t back = 0; back < rows.repeats_before.size(); ++back) {
    const std::size_t period = std::min(back / static_cast<std::size_t>(period_days), periods - 1);
    actual[periods - 1 - period] += static_cast<double>(rows.repeats_before[back]);
  }
  return actual;
}

/// Nothing where there are too many groups of customers, or days, to look at each.
std::optional<LifetimeTrack> track_of(const LifetimeRows& rows, const LifetimeQuestion& all,
                                      const FittedLifetime& model, Date fitted_until) {
  if (groups_of(model, all) > most_groups) return std::nullopt;
  std::int32_t first = rows.until.days;
  for (std::size_t row = 0; row < rows.size(); ++row) first = std::min(first, first_day(rows, row));
  const std::int32_t days = rows.until.days - first;
  if (days < 1 || days > most_days) return std::nullopt;
  LifetimeTrack track{rows.until, fitted_until, static_cast<int>(days_in(rows.options.unit))};
  track.period_days *= 1 + days / track.period_days / most_periods;
  const auto periods = static_cast<std::size_t>((days + track.period_days - 1) / track.period_days);
  track.actual = actual_by_period(rows, periods, track.period_days);
  const std::vector<double> cumulative = expected_by(rows, all, model, periods, track.period_days);
  for (std::size_t at = 0; at < periods; ++at)
    track.expected.push_back(cumulative[at] - (at == 0 ? 0 : cumulative[at - 1]));
  return track;
}

/// The last day that the hold-out's model knows; nothing where there is too little to divide.
std::optional<Date> calibration_end(const LifetimeRows& rows, const HoldOutLength& length) {
  const double longest = rows.age.empty() ? 0 : *std::max_element(rows.age.begin(), rows.age.end());
  const double units = length.units ? *length.units : std::min(std::floor(longest / 3), std::floor(length.most));
  if (!(units > 0) || longest < 6 || units > longest - 2) return std::nullopt;
  return Date{rows.until.days - static_cast<std::int32_t>(std::llround(units * days_in(rows.options.unit)))};
}

/// What each customer of the calibration bought after it: both lists ascend by customer, and have its customers.
std::vector<double> bought_after(const LifetimeRows& before, const LifetimeRows& all) {
  std::vector<double> bought;
  std::size_t at = 0;
  for (std::size_t row = 0; row < before.size(); ++row) {
    while (all.customer[at] < before.customer[row]) ++at;
    bought.push_back(all.frequency[at] - before.frequency[row]);
  }
  return bought;
}

std::vector<LifetimeHoldOut::Group> groups_by_frequency(const LifetimeRows& before, const std::vector<double>& expected,
                                                        const std::vector<double>& bought) {
  constexpr std::size_t most = 7;
  std::vector<LifetimeHoldOut::Group> groups(most + 1);
  std::vector<DoubleSum> sums(most + 1);
  for (std::size_t row = 0; row < before.size(); ++row) {
    const auto group = static_cast<std::size_t>(std::min(before.frequency[row], double{most}));
    ++groups[group].customers;
    groups[group].actual += bought[row];
    sums[group].add(expected[row]);
  }
  for (std::size_t group = 0; group <= most; ++group) {
    groups[group].frequency = static_cast<double>(group);
    groups[group].expected = sums[group].value();
  }
  std::erase_if(groups, [](const LifetimeHoldOut::Group& group) { return group.customers == 0; });
  return groups;
}

/// Who goes on as before, and who buys as all did: what a model must beat.
void add_baselines(const LifetimeRows& before, const std::vector<double>& bought, LifetimeHoldOut& out) {
  DoubleSum purchases, time;
  for (std::size_t row = 0; row < before.size(); ++row) {
    purchases.add(before.frequency[row]);
    time.add(before.age[row]);
  }
  const double mean = time.value() > 0 ? purchases.value() / time.value() * out.length : 0;
  std::vector<double> own(before.size()), same(before.size(), mean);
  for (std::size_t row = 0; row < before.size(); ++row)
    own[row] = before.age[row] > 0 ? before.frequency[row] / before.age[row] * out.length : 0;
  out.own_rate = mine::forecast_errors(own, bought);
  out.mean_rate = mine::forecast_errors(same, bought);
}

/// The hold-out, and the model that was fitted before it.
struct HeldOut {
  LifetimeHoldOut told;
  FittedLifetime model;
};

std::optional<HeldOut> held_out(const CustomerLines& lines, const LifetimeRows& rows,
                                const LifetimeCovariates& covariates, mine::LifetimeKind kind,
                                const HoldOutLength& length, const mine::Run& run) {
  const std::optional<Date> day = calibration_end(rows, length);
  if (!day) return std::nullopt;
  LifetimeRowOptions options = rows.options;
  options.until = day;
  const LifetimeRows before = lifetime_rows(lines, options);
  const bool repeats = std::any_of(before.frequency.begin(), before.frequency.end(), [](double x) { return x > 0; });
  const LifetimeQuestion known(before, covariates);
  if (!repeats || !known.varies()) return std::nullopt;
  HeldOut out{{.until = *day, .customers = before.size()}, fit_lifetimes(known, kind, run)};
  out.told.length = (rows.until.days - day->days) / days_in(rows.options.unit);
  out.told.end = out.model.end();
  if (!has_estimate(out.told.end)) return out;
  std::vector<double> expected(before.size());
  out.model.expected_purchases(known, out.told.length, expected, run);
  const std::vector<double> bought = bought_after(before, rows);
  out.told.model = mine::forecast_errors(expected, bought);
  add_baselines(before, bought, out.told);
  out.told.groups = groups_by_frequency(before, expected, bought);
  return out;
}

SpendIndependence independence_of(const LifetimeRows& rows, const mine::Run& run) {
  std::vector<double> both;  // row by row: how often, how much
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (!(rows.spend_count[row] > 0) || !(rows.spend[row] > 0)) continue;
    both.push_back(rows.spend_count[row]);
    both.push_back(rows.spend[row]);
  }
  SpendIndependence out{.customers = both.size() / 2};
  if (both.empty()) {
    out.correlation = out.rank_correlation = std::numeric_limits<double>::quiet_NaN();
    return out;
  }
  const mine::NumberView x(both.data(), out.customers, 2, 2, 1);
  using mine::CorrelationMethod;
  out.correlation = mine::correlate(x, {.method = CorrelationMethod::pearson}, run).coefficient(0, 1);
  out.rank_correlation = mine::correlate(x, {.method = CorrelationMethod::spearman}, run).coefficient(0, 1);
  out.of_correlation = correlation_interval(CorrelationMethod::pearson, out.correlation, out.customers);
  out.of_ranks = correlation_interval(CorrelationMethod::spearman, out.rank_correlation, out.customers);
  return out;
}

}  // namespace

LifetimeChecks check_lifetimes(const CustomerLines& lines, const LifetimeRows& rows,
                               const LifetimeCovariates& covariates, const FittedLifetime& model,
                               const HoldOutLength& hold_out, const mine::Run& run) {
  LifetimeChecks checks;
  const LifetimeQuestion all(rows, covariates);
  if (groups_of(model, all) <= most_counted_groups) checks.counts = model.count_fit(all, run);
  checks.independence = independence_of(rows, run);
  const std::optional<HeldOut> held = held_out(lines, rows, covariates, model.kind(), hold_out, run);
  if (held) checks.hold_out = held->told;
  const bool unseen = held && has_estimate(held->told.end);
  checks.track = unseen ? track_of(rows, all, held->model, held->told.until) : track_of(rows, all, model, rows.until);
  return checks;
}

}  // namespace emptor
