#include "insight/churn/churn_work.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/options.hpp"
#include "core/sort_stably.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/judgement.hpp"
#include "emptor/mine/lifetime.hpp"
#include "insight/churn/churn_model.hpp"
#include "insight/insight_runs.hpp"
#include "insight/lifetime/lifetime_rows.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t least_of_each = 50;  // customers who fell silent, and who did not, to learn from and to judge by

std::size_t count_of(const std::vector<double>& y, double value) {
  return static_cast<std::size_t>(std::count(y.begin(), y.end(), value));
}

/// Empty where the rows suffice.
std::string lack_of(const ChurnRows& rows, const char* what) {
  const std::size_t silent = count_of(rows.silent, 1), others = count_of(rows.silent, 0);
  if (silent >= least_of_each && others >= least_of_each) return {};
  return "insufficient: of the customers to " + std::string(what) + " " + std::to_string(silent) + " fell silent and " +
         std::to_string(others) + " did not; " + std::to_string(least_of_each) + " of each are needed";
}

ChurnQuality quality_of(std::string name, std::span<const double> y, std::span<const double> scores) {
  return {std::move(name), mine::auc(y, scores), mine::ks(y, scores), mine::lift(y, scores).front().lift, {}, {}};
}

ChurnQuality model_quality(std::string name, const ChurnRows& test, const std::vector<double>& chances,
                           const mine::Run& run) {
  ChurnQuality quality = quality_of(std::move(name), test.silent, chances);
  quality.brier = mine::brier(test.silent, chances);
  std::vector<double> log_odds;
  for (const double chance : chances) log_odds.push_back(log_odds_of(chance));
  quality.calibration_slope = calibration_line(log_odds, test.silent, run).slope;
  return quality;
}

/// The area under the ROC curve up to which scores that tell nothing come in 39 of 40 cases: 1/2 and 1.96 standard
/// errors of Wilcoxon's statistic (Hanley and McNeil, Radiology 143, 1982, for an area of 1/2).
double chance_area(const ChurnRows& test) {
  const auto silent = static_cast<double>(count_of(test.silent, 1)), others = static_cast<double>(test.size()) - silent;
  return 0.5 + 1.96 * std::sqrt((silent + others + 1) / (12 * silent * others));
}

std::vector<double> recency_of(const ChurnRows& rows) {
  std::vector<double> recency;
  for (std::size_t row = 0; row < rows.size(); ++row) recency.push_back(rows.at(row, ChurnFeature::recency));
  return recency;
}

/// The chance to have left by BG/NBD, of the same customers on the same day; nothing where it has no estimate.
std::optional<ChurnQuality> lifetime_quality(const CustomerLines& lines, const ChurnRows& test,
                                             const ChurnRowOptions& options, const mine::Run& run) {
  const LifetimeRows rows =
      lifetime_rows(lines, {.until = test.day, .unit = TimeUnit::day, .purchases = options.purchases});
  const mine::Purchases purchases{rows.frequency, rows.recency, rows.age};
  const mine::LifetimeModel model = mine::fit_lifetime(purchases, {}, run);
  if (model.end != mine::FitEnd::certified && model.end != mine::FitEnd::vague) return std::nullopt;
  std::vector<double> alive(rows.size()), left;
  log_alive(model, purchases, alive, run);
  for (std::size_t row = 0, at = 0; row < test.size(); ++row) {
    while (rows.customer[at] != test.customer[row]) ++at;
    left.push_back(-alive[at]);
  }
  return quality_of("bg_nbd", test.silent, left);
}

/// Two days' rows as one. Customers may be in both: folds keep them together.
ChurnRows both(const ChurnRows& a, const ChurnRows& b) {
  ChurnRows out = b;
  out.customer.insert(out.customer.end(), a.customer.begin(), a.customer.end());
  out.x.insert(out.x.end(), a.x.begin(), a.x.end());
  out.silent.insert(out.silent.end(), a.silent.begin(), a.silent.end());
  return out;
}

std::vector<std::array<ChurnFeature, churn_reason_count>> reasons_of(const std::vector<double>& shares) {
  std::vector<std::array<ChurnFeature, churn_reason_count>> all(shares.size() / churn_feature_count);
  std::array<std::size_t, churn_feature_count> order;
  for (std::size_t row = 0; row < all.size(); ++row) {
    const double* own = shares.data() + row * churn_feature_count;
    std::iota(order.begin(), order.end(), std::size_t{0});
    sort_stably(order, [&](std::size_t a, std::size_t b) { return own[a] > own[b]; });
    for (std::size_t i = 0; i < churn_reason_count; ++i) all[row][i] = static_cast<ChurnFeature>(order[i]);
  }
  return all;
}

/// Judges both kinds on the window just past, chooses on the folds of the window before it.
ChurnModelKind judge(const CustomerLines& lines, const ChurnRows& train, const ChurnRows& test,
                     const ChurnRequest& request, const mine::Run& run, ChurnOutcome& out) {
  double least = 0;
  ChurnModelKind chosen = ChurnModelKind::boosting;
  for (const ChurnModelKind kind : {ChurnModelKind::boosting, ChurnModelKind::logistic}) {
    const CalibratedChurnModel model = fit_churn_model(kind, train, run);
    const std::string name(churn_model_names[static_cast<std::size_t>(kind)]);
    std::vector<double> chances = model.chances(test, run);
    out.qualities.push_back(model_quality(name, test, chances, run));
    if (kind == ChurnModelKind::boosting || model.loss < least) {
      least = model.loss;
      chosen = kind;
      out.hold_out.chance = std::move(chances);
    }
  }
  out.hold_out.silent = test.silent;
  out.hold_out.recency = recency_of(test);
  out.qualities.push_back(quality_of("recency", test.silent, out.hold_out.recency));
  if (auto quality = lifetime_quality(lines, test, request.rows, run)) out.qualities.push_back(std::move(*quality));
  return chosen;
}

/// What follows from the chances: value and decision, alerts, groups, what-if.
void conclude(const CustomerLines& lines, const ChurnRows& test, const ChurnRequest& request,
              const CalibratedChurnModel& model, const mine::Run& run, ChurnOutcome& out) {
  out.value = future_values(lines, out.rows, request.rows.purchases, request.offer.margin, run);
  out.hold_out.value = future_values(lines, test, request.rows.purchases, request.offer.margin, run);
  const std::int32_t days = request.alerts.days;
  out.decision = decide(watched_part(out.hold_out, days), request.offer, watched_part(now_of(out), days).value, run);
  out.alert_rule = alert_rule(out.hold_out, request.alerts);
  out.alerts = churn_alerts(out, out.alert_rule, request.alerts, request.rows.horizon, request.language);
  out.groups = churn_groups(out, out.membership, run);
  out.correlations = churn_correlations(out.rows, run);
  if (!request.what_if.empty())
    out.what_if = what_if_answers(request.what_if, out, model, out.membership, request.language, run);
}

}  // namespace

const std::string_view churn_schema = R"({"type":"object","properties":{
"horizon_days":{"type":"integer","minimum":1,"maximum":3650,"description":"days of silence that are called churn; 90 without it"},
"active_days":{"type":"integer","minimum":0,"maximum":36500,"description":"only customers who bought within so many days; 0: all"},
"purchases":{"type":"string","enum":["positive","non_negative","net"],"description":"which line items are purchases"},
"language":{"type":"string","enum":["en","zh"],"description":"of reasons and verdict"},
"groups":{"type":"string","description":"in which groups customers are told of: rfm, or a source of tags; rfm without it"},
"what_if":{"type":"array","description":"changes that the model is asked about","items":{"type":"object","properties":{
"feature":{"type":"string","enum":["returned","complaints","requests","open_cases","satisfaction","contacts","late_orders","discount"]},
"set":{"type":"number"},"factor":{"type":"number"},"add":{"type":"number"}}}},
"customer_value":{"type":"number","minimum":0,"description":"of a customer who stays; by the lifetime model without it"},
"margin":{"type":"number","minimum":0,"maximum":1,"description":"share of the spend that is earned; 1 without it"},
"offer_cost":{"type":"number","minimum":0,"description":"of an offer to stay, where it is taken; a twentieth of the value without it"},
"contact_cost":{"type":"number","minimum":0,"description":"of making it; a two-hundredth of the value without it"},
"success_rate":{"type":"number","minimum":0.001,"maximum":0.999,"description":"share of those who would leave that stay for it; 0.3 without it"},
"success_certainty":{"type":"number","minimum":0.001,"maximum":1000000,"description":"as if that share was seen on so many customers; 20 without it"},
"false_alarms":{"type":"number","minimum":0,"maximum":1,"description":"rate of false alerts at most; 0.25 without it"},
"false_alarms_of":{"type":"string","enum":["alerted","stayers"],"description":"of those alerted, who stay; or of those who stay, who are alerted"},
"most_alerts":{"type":"integer","minimum":0,"maximum":100000000,"description":"the highest chances first; 1000 without it"},
"watch_days":{"type":"integer","minimum":1,"maximum":36500,"description":"offers and alerts only about customers who bought within so many days; two horizons without it"}}})";

ChurnRequest churn_request(const json::object& options, const std::optional<Date>& until) {
  ChurnRequest request;
  request.until = until;
  const MeasureOptions measures = measure_options(options, {});
  if (measures.horizon_days) request.rows.horizon = *measures.horizon_days;
  if (const json::value* days = options.if_contains("active_days"))
    request.rows.active_days = days->to_number<std::int32_t>();
  request.rows.purchases = measures.purchases;
  request.language = language_option(options);
  request.offer = offer_options(options);
  request.alerts = alert_options(options, request.rows.horizon);
  request.what_if = what_if_options(options);
  if (const json::value* groups = options.if_contains("groups")) request.groups = std::string(groups->as_string());
  return request;
}

std::string_view churn_level(double chance, double silent_share) {
  if (chance >= std::min(0.9, 2 * silent_share)) return "high";
  return chance >= silent_share ? "medium" : "low";
}

HoldOut now_of(const ChurnOutcome& outcome) {
  return {.silent = std::vector<double>(outcome.chance.size()),
          .chance = outcome.chance,
          .recency = recency_of(outcome.rows),
          .value = outcome.value};
}

json::object churn_options_json(const ChurnRequest& request) {
  json::object told = measure_options_json({.horizon_days = request.rows.horizon, .purchases = request.rows.purchases});
  told.erase("non_positive");
  told["active_days"] = request.rows.active_days;
  told["language"] = code_of(request.language);
  told["groups"] = request.groups;
  told["what_if"] = what_if_json(request.what_if);
  tell_offer_options(request.offer, told);
  tell_alert_options(request.alerts, told);
  return told;
}

ChurnOutcome predict_churn(const CustomerLines& lines, const ChurnRequest& request, const mine::Run& run,
                           const ChurnBeside& beside) {
  ChurnOutcome out;
  const std::optional<Date> until = request.until ? request.until : lines.last_day(request.rows.purchases);
  if (!until) {
    out.verdict = "insufficient: there are no purchases";
    return out;
  }
  const std::int32_t horizon = request.rows.horizon;
  const Date days[] = {{until->days - 2 * horizon}, {until->days - horizon}, *until};
  std::vector<ChurnRows> rows = churn_rows(lines, days, request.rows, beside.touches);
  out.until = until;
  out.trained_on = days[0];
  out.tested_on = days[1];
  out.verdict = lack_of(rows[0], "learn from");
  if (out.verdict.empty()) out.verdict = lack_of(rows[1], "judge by");
  out.rows = std::move(rows[2]);
  if (!out.verdict.empty()) return out;
  out.silent_share = static_cast<double>(count_of(rows[1].silent, 1)) / static_cast<double>(rows[1].size());
  const ChurnModelKind kind = judge(lines, rows[0], rows[1], request, run, out);
  out.chosen = churn_model_names[static_cast<std::size_t>(kind)];
  CalibratedChurnModel model = fit_churn_model(kind, both(rows[0], rows[1]), run);
  out.chance = model.chances(out.rows, run);
  out.shares = model.model->shares(out.rows, run);
  out.reasons = reasons_of(out.shares);
  if (beside.touches != nullptr) out.stated = stated_reasons(lines, *beside.touches, out.rows, request.rows);
  if (beside.groups != nullptr) out.membership = *beside.groups;
  conclude(lines, rows[1], request, model, run, out);
  out.fitted = save_churn(kind, {std::move(model), out.silent_share, out.alert_rule.threshold});
  const auto quality_named = [&](std::string_view name) {
    return std::find_if(out.qualities.begin(), out.qualities.end(), [&](const auto& one) { return one.name == name; });
  };
  const double area = quality_named(out.chosen)->auc;
  out.verdict = area <= quality_named("recency")->auc ? "no better than recency: rank customers by that"
                : area <= chance_area(rows[1]) ? "no better than chance: silence does not follow from the past here"
                                               : "sufficient";
  return out;
}

}  // namespace emptor
