#include "insight/churn/churn_alerts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "core/options.hpp"
#include "core/sort_stably.hpp"
#include "insight/churn/churn_work.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view of_texts[] = {"alerted", "stayers"};
constexpr std::size_t least_alerted = 20;  // to judge a rate by
constexpr double one_error = 0.6827;       // level of an interval of one standard error to either side

/// The watched customers of the hold-out, the highest chance first.
std::vector<std::size_t> watched_rows(const HoldOut& hold_out, std::int32_t days) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < hold_out.chance.size(); ++row)
    if (hold_out.recency[row] < days) rows.push_back(row);
  sort_stably(rows, [&](std::size_t a, std::size_t b) { return hold_out.chance[a] > hold_out.chance[b]; });
  return rows;
}

/// The scored customers above the threshold, the highest chances first, and no more than may be; then in their order.
std::vector<std::size_t> alerted_rows(const ChurnOutcome& outcome, double threshold, const AlertOptions& options) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < outcome.chance.size(); ++row)
    if (outcome.chance[row] >= threshold && outcome.rows.at(row, ChurnFeature::recency) < options.days)
      rows.push_back(row);
  sort_stably(rows, [&](std::size_t a, std::size_t b) { return outcome.chance[a] > outcome.chance[b]; });
  rows.resize(std::min(rows.size(), options.most));
  std::sort(rows.begin(), rows.end());
  return rows;
}

/// The value from which a watched customer is among the fifth that would bring most; infinity where none is known.
double high_value(const ChurnOutcome& outcome, const AlertOptions& options) {
  std::vector<double> values;
  for (std::size_t row = 0; row < outcome.value.size(); ++row)
    if (outcome.rows.at(row, ChurnFeature::recency) < options.days) values.push_back(outcome.value[row]);
  if (values.empty()) return std::numeric_limits<double>::infinity();
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 4 / 5);
  std::nth_element(values.begin(), at, values.end());
  return std::max(*at, std::numeric_limits<double>::min());
}

std::string percent_text(double chance) { return std::to_string(std::lround(chance * 100)) + " %"; }

std::string alert_text(const ChurnOutcome& outcome, std::size_t row, std::int32_t horizon, Language language) {
  const bool chinese = language == Language::chinese;
  const std::string days = std::to_string(horizon), chance = percent_text(outcome.chance[row]);
  std::string text =
      chinese ? days + " 天内不再购买的概率 " + chance : chance + " to buy nothing within " + days + " days";
  text += chinese ? "；" : "; ";
  text += churn_reason(outcome.rows, row, outcome.reasons[row].front(), horizon, language);
  if (outcome.stated.of.empty() || outcome.stated.of[row].empty()) return text;
  return text + (chinese ? "；记录：" : "; on record: ") +
         stated_text(outcome.stated, outcome.stated.of[row].front(), language);
}

bool has_problem(const ChurnOutcome& outcome, std::size_t row) {
  const bool said = !outcome.stated.of.empty() && !outcome.stated.of[row].empty();
  return said || outcome.rows.at(row, ChurnFeature::open_cases) > 0;
}

}  // namespace

AlertOptions alert_options(const json::object& options, std::int32_t horizon) {
  AlertOptions alerts{.days = 2 * horizon};
  if (const json::value* rate = options.if_contains("false_alarms")) alerts.rate = rate->to_number<double>();
  if (const json::value* days = options.if_contains("watch_days")) alerts.days = days->to_number<std::int32_t>();
  if (const json::value* most = options.if_contains("most_alerts")) alerts.most = most->to_number<std::size_t>();
  alerts.of = choice_option<FalseAlarmOf>(options, "false_alarms_of", of_texts);
  return alerts;
}

void tell_alert_options(const AlertOptions& alerts, json::object& told) {
  told["false_alarms"] = alerts.rate;
  told["false_alarms_of"] = of_texts[static_cast<std::size_t>(alerts.of)];
  told["watch_days"] = alerts.days;
  told["most_alerts"] = alerts.most;
}

AlertRule alert_rule(const HoldOut& hold_out, const AlertOptions& options) {
  const std::vector<std::size_t> rows = watched_rows(hold_out, options.days);
  double staying = 0, stayed = 0;
  for (const std::size_t row : rows) {
    staying += 1 - hold_out.chance[row];
    stayed += 1 - hold_out.silent[row];
  }
  AlertRule rule{.watched = rows.size(), .realised = {}};
  double expected = 0, realised = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    expected += 1 - hold_out.chance[rows[i]];
    realised += 1 - hold_out.silent[rows[i]];
    const auto alerted = static_cast<double>(i + 1);
    const bool tied = i + 1 < rows.size() && hold_out.chance[rows[i + 1]] == hold_out.chance[rows[i]];
    if (tied || i + 1 < least_alerted) continue;
    const bool of_alerted = options.of == FalseAlarmOf::alerted;
    const double expected_of = of_alerted ? alerted : staying, realised_of = of_alerted ? alerted : stayed;
    if (!(realised_of > 0) || expected > options.rate * expected_of) continue;
    if (mine::share_interval(realised, realised_of, one_error).upper > options.rate) continue;
    rule.threshold = hold_out.chance[rows[i]];
    rule.alerted = i + 1;
    rule.expected = expected / expected_of;
    rule.realised = mine::share_interval(realised, realised_of);
  }
  return rule;
}

std::vector<ChurnAlert> churn_alerts(const ChurnOutcome& outcome, const AlertRule& rule, const AlertOptions& options,
                                     std::int32_t horizon, Language language) {
  std::vector<ChurnAlert> alerts;
  if (!rule.threshold) return alerts;
  const double high = high_value(outcome, options);
  for (const std::size_t row : alerted_rows(outcome, *rule.threshold, options)) {
    const bool valuable = !outcome.value.empty() && outcome.value[row] >= high, problem = has_problem(outcome, row);
    alerts.push_back({.row = row,
                      .kind = valuable  ? "value"
                              : problem ? "problem"
                                        : "churn",
                      .severity = 2 + 2 * valuable + problem,
                      .reason = alert_text(outcome, row, horizon, language)});
  }
  return alerts;
}

json::object alerts_json(const AlertRule& rule, const AlertOptions& options, const std::vector<ChurnAlert>& alerts) {
  std::map<std::string_view, std::size_t> kinds;
  for (const ChurnAlert& alert : alerts) ++kinds[alert.kind];
  json::object counts;
  for (const auto& [kind, count] : kinds) counts[kind] = count;
  json::object told = {{"asked_rate", options.rate},
                       {"rate_of", of_texts[static_cast<std::size_t>(options.of)]},
                       {"threshold", rule.threshold ? json::value(*rule.threshold) : json::value()},
                       {"hold_out", nullptr},
                       {"alerts", alerts.size()},
                       {"kinds", std::move(counts)}};
  if (rule.threshold)
    told["hold_out"] = {{"watched", rule.watched},
                        {"alerted", rule.alerted},
                        {"expected_rate", rule.expected},
                        {"realised_rate", rule.realised.value},
                        {"interval", {rule.realised.lower, rule.realised.upper}}};
  return told;
}

}  // namespace emptor
