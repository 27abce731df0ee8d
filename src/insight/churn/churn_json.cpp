#include <algorithm>
#include <array>
#include <numeric>

#include "core/sort_stably.hpp"
#include "insight/churn/churn_work.hpp"
#include "insight/insight_runs.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

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
  sort_stably(order, [&](std::size_t a, std::size_t b) { return outcome.chance[a] > outcome.chance[b]; });
  order.resize((order.size() + 9) / 10);
  std::array<std::size_t, churn_feature_count> counts{};
  for (const std::size_t row : order) ++counts[static_cast<std::size_t>(outcome.reasons[row].front())];
  json::object told;
  for (std::size_t i = 0; i < churn_feature_count; ++i)
    if (counts[i] > 0) told[churn_feature_names[i]] = counts[i];
  return told;
}

/// The scored customers; where a value was given, it is that of all.
HoldOut offered_to(const ChurnOutcome& outcome) {
  HoldOut now = now_of(outcome);
  if (outcome.decision && outcome.decision->value_from == "option") now.value.clear();
  return now;
}

/// What was found of each customer besides chance and reasons, as far as it is known.
void add_findings(const ChurnRequest& request, const ChurnOutcome& outcome, NamedTable& table) {
  const std::size_t rows = outcome.rows.size();
  const auto add_texts = [&](const char* name, const auto& text_of) {
    Column& column = table.add(name, Type::text);
    for (std::size_t row = 0; row < rows; ++row) {
      const std::string text(text_of(row));
      column.append(text.empty() ? Value() : Value(std::string_view(text)));
    }
  };
  if (!outcome.stated.reasons.empty())
    add_texts("stated", [&](std::size_t row) {
      const std::vector<std::uint32_t>& own = outcome.stated.of[row];
      return own.empty() ? std::string() : stated_text(outcome.stated, own.front(), request.language);
    });
  if (!outcome.membership.names.empty())
    add_texts("group", [&](std::size_t row) {
      const std::uint32_t group = outcome.membership.of(outcome.rows.customer[row]);
      return group == CustomerGroups::none ? std::string() : outcome.membership.names[group];
    });
  if (!outcome.value.empty()) {
    table.add("value", Type::real) = real_column(outcome.value);
    std::vector<double> losses;
    for (std::size_t row = 0; row < rows; ++row) losses.push_back(outcome.chance[row] * outcome.value[row]);
    table.add("expected_loss", Type::real) = real_column(losses);
  }
  if (outcome.decision)
    table.add("offer_profit", Type::real) =
        real_column(offer_profits(outcome.decision->terms, offered_to(outcome), request.alerts.days));
  std::vector<std::string_view> kinds(rows);
  for (const ChurnAlert& alert : outcome.alerts) kinds[alert.row] = alert.kind;
  add_texts("alert", [&](std::size_t row) { return kinds[row]; });
}

}  // namespace

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
  told["expected_loss"] = outcome.groups.empty() ? json::value() : number_json(outcome.groups.front().expected_loss);
  told["decision"] = decision_json(outcome.decision, offered_to(outcome), request.alerts.days);
  told["alerts"] = alerts_json(outcome.alert_rule, request.alerts, outcome.alerts);
  told["groups"] = churn_groups_json(outcome.groups, outcome, request.language);
  if (!outcome.stated.reasons.empty()) told["stated"] = stated_json(outcome.stated, request.language);
  told["correlations"] = outcome.correlations;
  if (!outcome.what_if.empty()) told["what_if"] = outcome.what_if;
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
  if (!outcome.chance.empty()) add_findings(request, outcome, table);
  std::vector<double> numbers(rows);
  for (std::size_t i = 0; i < (outcome.rows.touched ? churn_feature_count : churn_purchase_feature_count); ++i) {
    for (std::size_t row = 0; row < rows; ++row) numbers[row] = outcome.rows.at(row, static_cast<ChurnFeature>(i));
    table.add(churn_feature_names[i], Type::real) = real_column(numbers);
  }
  return table;
}

}  // namespace emptor
