#include <cmath>
#include <string>

#include "core/arrow_convert.hpp"
#include "core/option_reader.hpp"
#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/change_points.hpp"
#include "emptor/mine/exponential_smoothing.hpp"
#include "emptor/mine/lagged_correlation.hpp"
#include "emptor/mine/seasonal_decomposition.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/tables/plain_rows.hpp"
#include "mine/option_table.hpp"

namespace emptor {
namespace {

namespace json = boost::json;
using mine::OptionTable;

/// A column of the stream, and options of a miner of series.
template <class Options>
struct Asked {
  std::string value = "value";
  Options own;
};

template <class Options>
OptionTable<Asked<Options>> with_value(const OptionTable<Options>& own) {
  return OptionTable<Asked<Options>>()
      .add("value", &Asked<Options>::value, "column of the series, a row a point in the order of time")
      .all_of(&Asked<Options>::own, own);
}

const OptionTable<Asked<mine::SeasonalOptions>>& decomposition_options() {
  using Own = mine::SeasonalOptions;
  static const auto table =
      with_value(OptionTable<Own>()
                     .add("period", &Own::period, {1}, "points a cycle; 1: no season")
                     .add("seasonal_window", &Own::seasonal_window, "odd; 0: all cycles alike")
                     .add("trend_window", &Own::trend_window, "odd; 0: by the period")
                     .add("inner", &Own::inner, {1, 100}, "rounds of season and trend")
                     .add("robust", &Own::robust, {0, 100}, "rounds of weights that take from outliers"));
  return table;
}
const OptionTable<Asked<mine::ChangePointOptions>>& change_options() {
  using Own = mine::ChangePointOptions;
  static const auto table = with_value(
      OptionTable<Own>()
          .choice("shape", &Own::shape, {"level", "line"}, "what the series is between changes")
          .add("period", &Own::period, {1}, "of a season that is taken out first; 1: none")
          .add("least_length", &Own::least_length, "points between changes; 0: 3, and 6 of lines")
          .add("autocorrelated", &Own::autocorrelated, "whether noise hangs together from point to point")
          .add("false_alarms", &Own::false_alarms, {0, 1}, "share of series without a change that are told to have one")
          .add("simulations", &Own::simulations, {19, 100'000}, "of series without a change")
          .add("seed", &Own::seed, "of every draw; the same seed, the same penalty")
          .add("penalty", &Own::penalty, {0}, "of a change, in variances of the noise; 0: each is tested"));
  return table;
}
const OptionTable<Asked<mine::SmoothingOptions>>& smoothing_options() {
  using Own = mine::SmoothingOptions;
  static const auto table =
      with_value(OptionTable<Own>()
                     .add("period", &Own::period, {1, 366}, "of the season; 1: none; above 24 it is a sum of waves")
                     .add("level", &Own::level, {0, 1}, "of prediction intervals"));
  return table;
}

double number_of(const PlainRows& rows, std::size_t column) {
  const ArrowCell cell = rows.cell(column);
  if (cell.kind == ArrowCell::Kind::real || cell.kind == ArrowCell::Kind::single) return cell.real;
  const std::optional<std::int64_t> micros = micros_of(cell);
  if (!micros) rows.refuse(column, "number");
  return static_cast<double>(*micros) / Decimal::micros_per_unit;
}

/// Columns of one stream. A series has no gaps, so that a missing number is refused.
std::vector<std::vector<double>> read_series(const PlainData& data, const std::vector<std::string>& names) {
  const ArrowTable table(data.stream);
  std::vector<std::size_t> columns;
  for (const std::string& name : names) columns.push_back(table.column(name));
  std::vector<std::vector<double>> series(columns.size());
  PlainRows rows(table);
  rows.each([&] {
    for (std::size_t c = 0; c < columns.size(); ++c) series[c].push_back(number_of(rows, columns[c]));
  });
  return series;
}

std::string_view kept(const auto& table) {
  static const std::string text = table.schema();
  return text;
}

std::string told(std::string_view computation, std::size_t rows, json::object summary) {
  summary["computation"] = computation;
  summary["rows"] = rows;
  return json::serialize(summary);
}

Column place_column(const std::vector<std::size_t>& places) {
  Column column{.type = Type::integer};
  for (const std::size_t one : places) column.append(Value(static_cast<std::int64_t>(one)));
  return column;
}

constexpr std::string_view lags_schema = R"({"type":"object","properties":{
"values":{"type":"array","items":{"type":"string"},"description":"columns of the series, a row a point in the order of time"},
"most_lag":{"type":"integer","minimum":1,"maximum":1000,"description":"rows that a column may move before another; 3 without it"},
"false_discoveries":{"type":"number","minimum":0.0001,"maximum":0.9999,"description":"share of the links told that may be chance; .05 without it"}}})";

}  // namespace

std::string_view compute_decomposition_schema() { return kept(decomposition_options()); }

ComputedResult compute_decomposition(const PlainData& data) {
  const Asked<mine::SeasonalOptions> asked = decomposition_options().read(data.json);
  const std::vector<double> series = read_series(data, {asked.value}).front();
  const mine::SeasonalDecomposition parts = mine::decompose_season(series, asked.own);
  NamedTable table;
  table.add("trend", Type::real) = real_column(parts.trend);
  table.add("season", Type::real) = real_column(parts.season);
  table.add("remainder", Type::real) = real_column(parts.remainder);
  table.add("weight", Type::real) = real_column(parts.weights);
  return {told("seasonal_decomposition", series.size(),
               {{"seasonal_strength", parts.seasonal_strength}, {"trend_strength", parts.trend_strength}}),
          std::move(table)};
}

std::string_view compute_change_points_schema() { return kept(change_options()); }

ComputedResult compute_change_points(const PlainData& data) {
  const Asked<mine::ChangePointOptions> asked = change_options().read(data.json);
  const std::vector<double> series = read_series(data, {asked.value}).front();
  const mine::ChangePoints found = mine::find_change_points(series, asked.own, {data.executor, data.progress});
  NamedTable table;
  std::vector<std::size_t> at;
  std::vector<double> jump, bend;
  for (const mine::ChangePoint& one : found.changes) {
    at.push_back(one.at);
    jump.push_back(one.jump);
    bend.push_back(one.bend);
  }
  table.add("at", Type::integer) = place_column(at);
  table.add("jump", Type::real) = real_column(jump);
  table.add("bend", Type::real) = real_column(bend);
  return {told("change_points", series.size(),
               {{"autocorrelation", found.autocorrelation},
                {"noise", found.noise},
                {"penalty", found.penalty},
                {"fitted", json::value_from(found.fitted)}}),
          std::move(table)};
}

std::string_view compute_smoothing_schema() {
  static const std::string text = with_properties(
      smoothing_options().schema(),
      R"("steps":{"type":"integer","minimum":1,"maximum":1000,"description":"points to tell; 1 without it"})");
  return text;
}

ComputedResult compute_smoothing(const PlainData& data) {
  const OptionReader options(compute_smoothing_schema(), data.json);
  const Asked<mine::SmoothingOptions> asked = smoothing_options().read(options.without({"steps"}));
  const std::vector<double> series = read_series(data, {asked.value}).front();
  const mine::SmoothingModel model = mine::fit_smoothing(series, asked.own);
  const mine::ForecastJudgement seen = mine::judge_smoothing(series, asked.own);
  std::vector<double> value, lower, upper;
  for (const mine::Forecast& one : mine::forecast(model, static_cast<std::size_t>(options.integer("steps", 1)))) {
    value.push_back(one.value);
    lower.push_back(one.lower);
    upper.push_back(one.upper);
  }
  NamedTable table;
  table.add("value", Type::real) = real_column(value);
  table.add("lower", Type::real) = real_column(lower);
  table.add("upper", Type::real) = real_column(upper);
  json::object summary = {{"model", name_of(model.form)},
                          {"alpha", model.alpha},
                          {"beta", model.beta},
                          {"gamma", model.gamma},
                          {"phi", model.phi},
                          {"deviation", model.deviation},
                          {"criterion", number_json(model.criterion)},
                          {"origins", seen.origins}};
  if (seen.origins > 0) {
    summary["mean_absolute_error"] = seen.error;
    summary["naive_error"] = seen.naive;
    summary["seasonal_naive_error"] = number_json(seen.seasonal_naive);
    summary["covered"] = seen.covered;
    summary["beats_naive"] = seen.beats_naive();
  }
  return {told("exponential_smoothing", series.size(), std::move(summary)), std::move(table)};
}

std::string_view compute_lags_schema() { return lags_schema; }

ComputedResult compute_lags(const PlainData& data) {
  const json::object given = checked_options(lags_schema, data.json);
  const OptionReader options(lags_schema, data.json);
  const std::vector<std::string> names = options.texts("values");
  if (names.size() < 2)
    throw Error(Problem{.code = Code::invalid, .message = "two columns or more are compared", .field = "values"});
  mine::LaggedOptions own{.most_lag = static_cast<std::size_t>(options.integer("most_lag", 3))};
  if (const json::value* share = given.if_contains("false_discoveries"))
    own.false_discoveries = share->to_number<double>();
  const std::vector<std::vector<double>> series = read_series(data, names);
  const mine::LaggedCorrelations found = mine::correlate_lags(series, own);
  NamedTable table;
  for (const auto which : {&mine::LaggedLink::leader, &mine::LaggedLink::follower}) {
    Column& column = table.add(which == &mine::LaggedLink::leader ? "leader" : "follower", Type::text);
    for (const mine::LaggedLink& one : found.links) column.append(Value(names[one.*which]));
  }
  std::vector<std::size_t> lag;
  std::vector<double> correlation, p_value, adjusted;
  for (const mine::LaggedLink& one : found.links) {
    lag.push_back(one.lag);
    correlation.push_back(one.correlation);
    p_value.push_back(one.p_value);
    adjusted.push_back(one.adjusted);
  }
  table.add("lag", Type::integer) = place_column(lag);
  table.add("correlation", Type::real) = real_column(correlation);
  table.add("p_value", Type::real) = real_column(p_value);
  table.add("adjusted_p", Type::real) = real_column(adjusted);
  return {told("lagged_correlation", series.front().size(), {{"tests", found.tests}}), std::move(table)};
}

}  // namespace emptor
