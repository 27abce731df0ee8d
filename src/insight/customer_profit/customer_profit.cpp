#include "insight/customer_profit/customer_profit.hpp"

#include <algorithm>
#include <cmath>

#include "emptor/core/exact_sum.hpp"
#include "emptor/mine/amount_judgement.hpp"
#include "emptor/mine/false_discovery.hpp"
#include "insight/facts/measure_rule.hpp"
#include "insight/insight_runs.hpp"
#include "insight/lifetime/lifetime_work.hpp"
#include "mine/distributions.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t least_judged = 50;
constexpr std::size_t least_group = 20;  // customers whose mean has an interval worth telling
constexpr double days_a_week = 7;

double units(std::int64_t micros) { return static_cast<double>(micros) / Decimal::micros_per_unit; }

/// Gathers the windows before and after a day.
class Windows {
 public:
  Windows(const ProfitSource& source, Date day, std::int32_t period)
      : source_(source), period_(period), earnings_(source.lines, source.details, Purchases::positive, day) {
    rows_.day = day;
  }

  ProfitRows take() {
    source_.lines.each([&](std::int64_t customer, std::span<const TimedLine> own) { add(customer, own); });
    for (const DatedCost& one : source_.costs.all) take_off(one);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      rows_.profit.push_back(rows_.margin[i]);
      for (const auto& costs : rows_.costs) rows_.profit[i] -= costs[i];
    }
    if (all_ > 0) rows_.margin_rate = static_cast<double>(earned_) / static_cast<double>(all_);
    return std::move(rows_);
  }
  bool by_margin() const { return earnings_.by_margin(); }

 private:
  /// 0: the window up to the day; 1: the one after it.
  std::optional<int> window(std::int32_t day) const {
    const std::int32_t after = day - rows_.day.days;
    if (after <= -period_ || after > period_) return std::nullopt;
    return after > 0 ? 1 : 0;
  }

  void add(std::int64_t customer, std::span<const TimedLine> own) {
    const auto first = std::find_if(own.begin(), own.end(), [](const TimedLine& line) {
      return is_purchase(line.amount, line.quantity, least_amount(Purchases::positive));
    });
    if (first == own.end() || first->day > rows_.day.days) return;
    std::array<std::int64_t, 2> revenue{}, margin{};
    for (const TimedLine& line : own) {
      if (line.day <= rows_.day.days && line.amount > 0) {
        all_ += line.amount;
        earned_ += earnings_.of(line);
      }
      const std::optional<int> at = window(line.day);
      if (!at) continue;
      revenue[static_cast<std::size_t>(*at)] += line.amount;
      margin[static_cast<std::size_t>(*at)] += earnings_.of(line);
    }
    rows_.customer.push_back(customer);
    rows_.first.push_back(first->day);
    rows_.revenue.push_back(revenue[0]);
    rows_.margin.push_back(margin[0]);
    rows_.next.push_back(margin[1]);
    for (auto& costs : rows_.costs) costs.push_back(0);
  }

  /// Costs come by ascending customer. A return takes back what was earned, the goods being there again.
  void take_off(const DatedCost& one) {
    while (row_ < rows_.size() && rows_.customer[row_] < one.customer) ++row_;
    const std::optional<int> at = window(one.day);
    if (row_ == rows_.size() || rows_.customer[row_] != one.customer || !at) return;
    const double rate = all_ > 0 ? static_cast<double>(earned_) / static_cast<double>(all_) : 1;
    const std::int64_t cost =
        one.kind == CostKind::returns ? std::llround(static_cast<double>(one.micros) * rate) : one.micros;
    if (*at == 0)
      rows_.costs[static_cast<std::size_t>(one.kind)][row_] += cost;
    else
      rows_.next[row_] -= cost;
  }

  const ProfitSource& source_;
  std::int32_t period_;
  Earnings earnings_;
  ProfitRows rows_;
  Wide all_ = 0, earned_ = 0;
  std::size_t row_ = 0;
};

std::int64_t costs_of(const ProfitRows& rows, std::size_t i) { return rows.margin[i] - rows.profit[i]; }

/// What dealing with each costs a day: his own and that of all, who count as much as one period of his own.
std::vector<double> daily_costs(const ProfitRows& rows, std::int32_t period) {
  IntegerSum all;
  double days_of_all = 0;
  std::vector<double> days;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    days.push_back(std::min(rows.day.days - rows.first[i] + 1, period));
    days_of_all += days.back();
    all.add(costs_of(rows, i));
  }
  const double usual = days_of_all > 0 ? units(all.micros_to_decimal().micros()) / days_of_all : 0;
  std::vector<double> daily;
  for (std::size_t i = 0; i < rows.size(); ++i)
    daily.push_back((units(costs_of(rows, i)) + usual * period) / (days[i] + period));
  return daily;
}

ExpectedProfits expect(const ProfitSource& source, const ProfitRows& rows, std::int32_t horizon,
                       const ProfitRequest& request, const mine::Run& run) {
  LifetimeRequest lifetime;
  lifetime.rows.until = rows.day;
  lifetime.rows.purchases = Purchases::positive;
  lifetime.horizon = horizon / days_a_week;
  lifetime.discount = request.discount;
  lifetime.margin = std::max(rows.margin_rate, 0.0);
  lifetime.interval_level = request.level;
  lifetime.diagnostics = false;
  const LifetimeRows histories = lifetime_rows(source.lines, lifetime.rows);
  LifetimeOutcome outcome = predict_lifetimes(source.lines, histories, {}, lifetime, run);
  ExpectedProfits out;
  if (outcome.value.empty() || histories.customer != rows.customer) return out;
  out.model = "bg-nbd, gamma-gamma";
  const std::vector<double> daily = daily_costs(rows, request.period);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    // Of a purchase to come, as discounted as all of them are together.
    const double each = outcome.expected[i] > 0 ? outcome.value[i] / outcome.expected[i] : 0;
    const double costs = daily[i] * horizon * outcome.alive[i];
    out.value.push_back(outcome.value[i] - costs);
    // The count of one who has all but left is 0 with almost all of its chance, and its mean above that.
    out.lower.push_back(std::min(outcome.purchases_low[i], outcome.expected[i]) * each - costs);
    out.upper.push_back(std::max(outcome.purchases_high[i], outcome.expected[i]) * each - costs);
  }
  return out;
}

/// What was known one period ago against what came since, beside: as in the last period.
ProfitJudgement judge(const ProfitSource& source, Date until, const ProfitRequest& request, const mine::Run& run) {
  ProfitJudgement out;
  const ProfitRows past = Windows(source, {until.days - request.period}, request.period).take();
  if (past.size() < least_judged) return out;
  const ExpectedProfits expected = expect(source, past, request.period, request, run);
  if (expected.model.empty()) return out;
  std::vector<double> came, before;
  double all = 0;
  for (std::size_t i = 0; i < past.size(); ++i) {
    came.push_back(units(past.next[i]));
    before.push_back(units(past.profit[i]));
    all += came.back();
  }
  if (!(all > 0)) return out;
  const double share = 1 / static_cast<double>(past.size());
  for (std::size_t i = 0; i < past.size(); ++i) {
    out.error += share * std::abs(came[i] - expected.value[i]);
    out.naive_error += share * std::abs(came[i] - before[i]);
    out.covered += came[i] >= expected.lower[i] && came[i] <= expected.upper[i] ? share : 0;
  }
  out.gini = mine::normalised_gini(came, expected.value);
  out.naive_gini = mine::normalised_gini(came, before);
  out.customers = past.size();
  return out;
}

std::string verdict_of(const ProfitOutcome& out) {
  if (!out.by_margin) return "insufficient: too few lines have a cost, so that amounts stand for margins";
  if (out.expected.model.empty()) return "now only: the lifetime model has no estimate on these data";
  if (out.judged.customers == 0) return "now only: what is expected could not be judged on the window just past";
  if (out.judged.error < out.judged.naive_error) return "sufficient";
  return "now only: what is expected was no nearer to what came than the profit of the window before";
}

ProfitGroup group_of(const ProfitRows& rows, const std::vector<std::size_t>& members, double level, double& p_value) {
  ProfitGroup group{.customers = members.size()};
  IntegerSum sum;
  for (const std::size_t i : members) sum.add(rows.profit[i]);
  group.profit = sum.micros_to_decimal().micros();
  const double n = static_cast<double>(members.size());
  group.mean = units(group.profit) / n;
  double squares = 0;
  for (const std::size_t i : members)
    squares += (units(rows.profit[i]) - group.mean) * (units(rows.profit[i]) - group.mean);
  const double error = std::sqrt(squares / (n - 1) / n), wide = mine::student_bound(level, n - 1) * error;
  group.lower = group.mean - wide;
  group.upper = group.mean + wide;
  const double two_sided = error > 0 ? mine::student_two_sided(group.mean / error, n - 1) : group.mean < 0 ? 0 : 1;
  p_value = group.mean < 0 ? two_sided / 2 : 1 - two_sided / 2;
  return group;
}

}  // namespace

const std::string_view customer_profit_schema = R"({"type":"object","properties":{
"period_days":{"type":"integer","minimum":30,"maximum":3650,"description":"of the window that is told, and judged; 365 without it"},
"horizon_days":{"type":"integer","minimum":1,"maximum":3650,"description":"that profit is expected over; 365 without it"},
"discount":{"type":"number","minimum":0,"maximum":1,"description":"a year, of what is to come; .1 without it"},
"level":{"type":"number","minimum":0.5,"maximum":0.999,"description":"of intervals; .95 without it"},
"language":{"type":"string","enum":["en","zh"],"description":"of the verdict; words are told in both"}}})";

ProfitRequest profit_request(const json::object& options, const std::optional<Date>& until) {
  ProfitRequest request{.until = until};
  if (const json::value* days = options.if_contains("period_days"))
    request.period = static_cast<std::int32_t>(days->as_int64());
  if (const json::value* days = options.if_contains("horizon_days"))
    request.horizon = static_cast<std::int32_t>(days->as_int64());
  if (const json::value* rate = options.if_contains("discount")) request.discount = rate->to_number<double>();
  if (const json::value* level = options.if_contains("level")) request.level = level->to_number<double>();
  request.language = language_option(options);
  return request;
}

ProfitOutcome assess_profit(const ProfitSource& source, const ProfitRequest& request, const mine::Run& run) {
  ProfitOutcome out{.until = request.until ? request.until : source.lines.last_day(Purchases::positive)};
  if (!out.until) {
    out.verdict = "insufficient: there are no purchases";
    return out;
  }
  Windows windows(source, *out.until, request.period);
  out.by_margin = windows.by_margin();
  out.rows = windows.take();
  if (out.rows.size() > 0) {
    out.expected = expect(source, out.rows, request.horizon, request, run);
    out.judged = judge(source, *out.until, request, run);
  }
  out.verdict = verdict_of(out);
  return out;
}

std::vector<ProfitGroup> group_profits(const ProfitRows& rows, const PortraitColumns& columns, double level) {
  std::vector<ProfitGroup> groups;
  std::vector<double> p_values;
  for (const PortraitKinds& field : columns.kinds) {
    std::vector<std::vector<std::size_t>> members(field.kinds.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (field.of[i] != PortraitKinds::none) members[field.of[i]].push_back(i);
    for (std::size_t kind = 0; kind < members.size(); ++kind) {
      if (members[kind].size() < least_group) continue;
      double p_value = 1;
      ProfitGroup group = group_of(rows, members[kind], level, p_value);
      group.field = field.name;
      group.kind = field.kinds[kind];
      groups.push_back(std::move(group));
      p_values.push_back(p_value);
    }
  }
  const std::vector<double> adjusted = mine::false_discovery(p_values);
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i].adjusted = adjusted[i];
  std::stable_sort(groups.begin(), groups.end(),
                   [](const ProfitGroup& a, const ProfitGroup& b) { return a.profit < b.profit; });
  return groups;
}

}  // namespace emptor
