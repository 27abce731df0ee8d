#include "insight/value/value_measures.hpp"

#include <algorithm>
#include <limits>

#include "core/elementary.hpp"
#include "emptor/core/exact_sum.hpp"
#include "insight/lifetime/lifetime_work.hpp"
#include "insight/value/value_levels.hpp"

namespace emptor {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr double days_a_week = 7, weeks_a_year = 52;

double in_currency(std::int64_t micros) {
  return static_cast<double>(micros) / static_cast<double>(Decimal::micros_per_unit);
}

LifetimeRequest lifetime_request_of(const ValueRequest& request, Date day, double rate) {
  LifetimeRequest lifetime;
  lifetime.rows.until = day;
  lifetime.rows.purchases = request.rows.purchases;
  lifetime.horizon = request.horizon_days / days_a_week;
  lifetime.margin = std::max(rate, 0.0);
  return lifetime;
}

/// What a purchase is expected to bring: by the spend model, and where that has no estimate (all purchases of a
/// customer alike, say) the customer's own mean, of those who have none that of all.
std::vector<double> expected_spends(const LifetimeRows& rows, const LifetimeOutcome& outcome) {
  if (!outcome.spend.empty()) return outcome.spend;
  DoubleSum sum, count;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    sum.add(rows.spend[i] * rows.spend_count[i]);
    count.add(rows.spend_count[i]);
  }
  const double mean = count.value() > 0 ? sum.value() / count.value() : 0;
  std::vector<double> spends = rows.spend;
  for (std::size_t i = 0; i < spends.size(); ++i)
    if (rows.spend_count[i] == 0) spends[i] = mean;
  return spends;
}

/// Of the first kind that has an estimate; `lifetime` is told which.
LifetimeOutcome usable_lifetimes(const CustomerLines& lines, const LifetimeRows& histories, const ValueRequest& request,
                                 LifetimeRequest& lifetime, const mine::Run& run) {
  lifetime.diagnostics = false;
  lifetime.kind = request.model.value_or(mine::LifetimeKind::bg_nbd);
  LifetimeOutcome outcome = predict_lifetimes(lines, histories, {}, lifetime, run);
  if (outcome.usable() || request.model) return outcome;
  lifetime.kind = mine::LifetimeKind::nbd;
  return predict_lifetimes(lines, histories, {}, lifetime, run);
}

void measure_future(const ValueSource& source, const ValueRows& rows, const ValueRequest& request, const mine::Run& run,
                    ValueMeasures& out) {
  constexpr auto at = static_cast<std::size_t>(ValueDimension::future);
  LifetimeRequest lifetime = lifetime_request_of(request, rows.day, rows.margin_rate);
  const LifetimeRows histories = lifetime_rows(source.lines, lifetime.rows);
  const LifetimeOutcome outcome = usable_lifetimes(source.lines, histories, request, lifetime, run);
  if (!outcome.usable()) {
    out.lack[at] =
        outcome.model ? "the lifetime model has no estimate on these data" : "no customer bought more than once";
    return;
  }
  out.future_model = name_of_model(lifetime.kind);
  // Both have a row a customer who had bought by the day.
  const LifetimeQuestion question(histories, {});
  const std::vector<double> spends = expected_spends(histories, outcome);
  const double rate = elementary::log(1 + request.discount) / weeks_a_year;
  out.of[at].resize(rows.size());
  out.next_expected.resize(rows.size());
  outcome.model->discounted_purchases(question, rate, lifetime.horizon, out.of[at], run);
  outcome.model->expected_purchases(question, request.rows.period / days_a_week, out.next_expected, run);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out.of[at][i] *= spends[i] * lifetime.margin;
    out.next_expected[i] *= spends[i] * lifetime.margin;
  }
}

void measure_growth(const ValueRows& rows, ValueMeasures& out) {
  const std::vector<std::size_t> known = known_before(rows);
  std::string& lack = out.lack[static_cast<std::size_t>(ValueDimension::growth)];
  if (known.size() < least_judged) {
    lack = std::to_string(known.size()) + " customers were such before the last two windows; " +
           std::to_string(least_judged) + " are needed";
    return;
  }
  out.spend_unit = spend_unit_of(rows);
  const LevelHalves former = levels_of(rows.former, known, out.spend_unit);
  const LevelHalves recent = levels_of(rows.recent, known, out.spend_unit);
  out.change = mine::estimate_base_free_change({former.a, former.b}, {recent.a, recent.b});
  std::vector<double>& growth = out.of[static_cast<std::size_t>(ValueDimension::growth)];
  growth.assign(rows.size(), nothing);
  for (std::size_t i = 0; i < known.size(); ++i) growth[known[i]] = out.change->changes[i];
}

/// The share of what was due that was paid in time, one at the share of all customers added.
std::vector<double> paid_in_time(const BehaviourRows& behaviour, std::span<const std::int64_t> customers) {
  double due = 0, late = 0;
  for (const PaymentBehaviour& one : behaviour.of) {
    due += one.due;
    late += one.late;
  }
  std::vector<double> shares(customers.size(), nothing);
  for (std::size_t row = 0, at = 0; row < customers.size(); ++row) {
    while (at < behaviour.size() && behaviour.of[at].customer < customers[row]) ++at;
    if (at == behaviour.size()) break;
    const PaymentBehaviour& one = behaviour.of[at];
    if (one.customer == customers[row] && one.due > 0)
      shares[row] = (one.due - one.late + 1 - late / due) / (one.due + 1);
  }
  return shares;
}

void measure_credit(const ValueSource& source, const ValueRows& rows, const ValueRequest& request, ValueMeasures& out) {
  constexpr auto at = static_cast<std::size_t>(ValueDimension::credit);
  std::vector<double> shares;
  if (source.receivables.payments > 0)
    shares = paid_in_time(payment_behaviour(source.receivables, rows.day, payment_rules(request)), rows.customer);
  if (std::any_of(shares.begin(), shares.end(), [](double share) { return share == share; }))
    out.of[at] = std::move(shares);
  else
    out.lack[at] = "there are no receivables: no sales that were due, or no payments on record";
}

}  // namespace

std::vector<std::size_t> known_before(const ValueRows& rows) {
  std::vector<std::size_t> known;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows.known_before[i]) known.push_back(i);
  return known;
}

double spend_unit_of(const ValueRows& rows) {
  std::vector<double> spends;
  for (const auto* halves : {&rows.former.a, &rows.former.b, &rows.recent.a, &rows.recent.b})
    for (const double spend : *halves)
      if (spend > 0) spends.push_back(spend);
  if (spends.empty()) return 1;
  const auto middle = spends.begin() + static_cast<std::ptrdiff_t>(spends.size() / 2);
  std::nth_element(spends.begin(), middle, spends.end());
  return *middle;
}

LevelHalves levels_of(const SpendHalves& halves, const std::vector<std::size_t>& rows, double unit) {
  LevelHalves levels;
  for (const std::size_t row : rows) {
    levels.a.push_back(elementary::log(1 + std::max(halves.a[row], 0.0) / unit));
    levels.b.push_back(elementary::log(1 + std::max(halves.b[row], 0.0) / unit));
  }
  return levels;
}

PaymentRules payment_rules(const ValueRequest& request) {
  return {.grace_days = request.grace, .horizon = request.rows.period};
}

ValueMeasures measure_value(const ValueSource& source, const ValueRows& rows, const ValueRequest& request,
                            const mine::Run& run) {
  ValueMeasures out;
  for (const std::int64_t micros : rows.earned)
    out.of[static_cast<std::size_t>(ValueDimension::contribution)].push_back(in_currency(micros));
  out.of[static_cast<std::size_t>(ValueDimension::loyalty)] = rows.activity;
  measure_future(source, rows, request, run, out);
  measure_credit(source, rows, request, out);
  measure_growth(rows, out);
  return out;
}

std::vector<double> next_earned_of(const ValueRows& rows) {
  std::vector<double> earned;
  for (const std::int64_t micros : rows.next_earned) earned.push_back(in_currency(micros));
  return earned;
}

}  // namespace emptor
