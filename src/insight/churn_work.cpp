#include "insight/churn_work.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/judgement.hpp"
#include "emptor/mine/lifetime.hpp"
#include "insight/churn_model.hpp"
#include "insight/insight_runs.hpp"
#include "insight/lifetime_rows.hpp"

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

ChurnQuality recency_quality(const ChurnRows& test) {
  std::vector<double> recency;
  for (std::size_t row = 0; row < test.size(); ++row) recency.push_back(test.at(row, ChurnFeature::recency));
  return quality_of("recency", test.silent, recency);
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
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return own[a] > own[b]; });
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
    out.qualities.push_back(model_quality(name, test, model.chances(test, run), run));
    if (kind == ChurnModelKind::boosting || model.loss < least) {
      least = model.loss;
      chosen = kind;
    }
  }
  out.qualities.push_back(recency_quality(test));
  if (auto quality = lifetime_quality(lines, test, request.rows, run)) out.qualities.push_back(std::move(*quality));
  return chosen;
}

json::object quality_json(const ChurnQuality& quality) {
  json::object told = {
      {"name", quality.name}, {"auc", quality.auc}, {"ks", quality.ks}, {"top_decile_lift", quality.top_decile_lift}};
  if (quality.brier) told["brier"] = *quality.brier;
  if (quality.calibration_slope) told["calibration_slope"] = *quality.calibration_slope;
  return told;
}

/// Of the tenth that is likeliest to fall silent, how often each reason comes first.
json::object first_reasons(const ChurnOutcome& outcome) {
  std::vector<std::size_t> order(outcome.chance.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return outcome.chance[a] > outcome.chance[b]; });
  order.resize((order.size() + 9) / 10);
  std::array<std::size_t, churn_feature_count> counts{};
  for (const std::size_t row : order) ++counts[static_cast<std::size_t>(outcome.reasons[row].front())];
  json::object told;
  for (std::size_t i = 0; i < churn_feature_count; ++i)
    if (counts[i] > 0) told[churn_feature_names[i]] = counts[i];
  return told;
}

}  // namespace

const std::string_view churn_schema = R"({"type":"object","properties":{
"horizon_days":{"type":"integer","minimum":1,"maximum":3650,"description":"days of silence that are called churn; 90 without it"},
"active_days":{"type":"integer","minimum":0,"maximum":36500,"description":"only customers who bought within so many days; 0: all"},
"purchases":{"type":"string","enum":["positive","non_negative","net"],"description":"which line items are purchases"},
"language":{"type":"string","enum":["en","zh"],"description":"of the reasons"}}})";

ChurnRequest churn_request(const json::object& options, const std::optional<Date>& until) {
  ChurnRequest request;
  request.until = until;
  const MeasureOptions measures = measure_options(options, {});
  if (measures.horizon_days) request.rows.horizon = *measures.horizon_days;
  if (const json::value* days = options.if_contains("active_days"))
    request.rows.active_days = days->to_number<std::int32_t>();
  request.rows.purchases = measures.purchases;
  request.language = language_option(options);
  return request;
}

json::object churn_options_json(const ChurnRequest& request) {
  json::object told = measure_options_json({.horizon_days = request.rows.horizon, .purchases = request.rows.purchases});
  told.erase("non_positive");
  told["active_days"] = request.rows.active_days;
  told["language"] = code_of(request.language);
  return told;
}

ChurnOutcome predict_churn(const CustomerLines& lines, const ChurnRequest& request, const mine::Run& run) {
  ChurnOutcome out;
  const std::optional<Date> until = request.until ? request.until : lines.last_day(request.rows.purchases);
  if (!until) {
    out.verdict = "insufficient: there are no purchases";
    return out;
  }
  const std::int32_t horizon = request.rows.horizon;
  const Date days[] = {{until->days - 2 * horizon}, {until->days - horizon}, *until};
  std::vector<ChurnRows> rows = churn_rows(lines, days, request.rows);
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
  const CalibratedChurnModel model = fit_churn_model(kind, both(rows[0], rows[1]), run);
  out.chance = model.chances(out.rows, run);
  out.reasons = reasons_of(model.model->shares(out.rows, run));
  const auto quality_named = [&](std::string_view name) {
    return std::find_if(out.qualities.begin(), out.qualities.end(), [&](const auto& one) { return one.name == name; });
  };
  out.verdict = quality_named(out.chosen)->auc > quality_named("recency")->auc
                    ? "sufficient"
                    : "no better than recency: rank customers by that";
  return out;
}

json::object churn_json(const ChurnRequest& request, const ChurnOutcome& outcome) {
  json::object told = {{"until", outcome.until ? json::value(to_string(*outcome.until)) : json::value()},
                       {"customers", outcome.rows.size()},
                       {"verdict", outcome.verdict},
                       {"chosen", outcome.chosen.empty() ? json::value() : json::value(outcome.chosen)},
                       {"options", churn_options_json(request)}};
  if (outcome.until) {
    told["tested_on"] = to_string(outcome.tested_on);
    told["trained_on"] = to_string(outcome.trained_on);
  }
  json::array qualities;
  for (const ChurnQuality& quality : outcome.qualities) qualities.push_back(quality_json(quality));
  told["models"] = std::move(qualities);
  if (outcome.chance.empty()) return told;
  told["silent_share"] = outcome.silent_share;
  told["expected_silent"] = std::accumulate(outcome.chance.begin(), outcome.chance.end(), 0.0);
  told["first_reasons"] = first_reasons(outcome);
  return told;
}

NamedTable churn_table(const ChurnRequest& request, const ChurnOutcome& outcome, Column customers) {
  NamedTable table;
  const std::size_t rows = outcome.rows.size();
  table.add("customer", customers.type) = std::move(customers);
  if (!outcome.chance.empty()) {
    table.add("chance", Type::real) = real_column(outcome.chance);
    for (std::size_t i = 0; i < churn_reason_count; ++i) {
      Column& reason = table.add("reason_" + std::to_string(i + 1), Type::text);
      for (std::size_t row = 0; row < rows; ++row)
        reason.append(Value(std::string_view(
            churn_reason(outcome.rows, row, outcome.reasons[row][i], request.rows.horizon, request.language))));
    }
  }
  std::vector<double> numbers(rows);
  for (std::size_t i = 0; i < churn_feature_count; ++i) {
    for (std::size_t row = 0; row < rows; ++row) numbers[row] = outcome.rows.at(row, static_cast<ChurnFeature>(i));
    table.add(churn_feature_names[i], Type::real) = real_column(numbers);
  }
  return table;
}

}  // namespace emptor
