#include <cmath>

#include "core/elementary.hpp"
#include "insight/insight_runs.hpp"
#include "insight/trends/trend_work.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view period_texts[] = {"month", "quarter", "week"};
// What a model of fixed seasons cannot know.
constexpr std::string_view not_modelled =
    "feasts that move between periods (the Chinese New Year, Easter), working days and lengths of periods";

json::object interval_json(double value, double lower, double upper) {
  return {{"value", number_json(value)}, {"lower", number_json(lower)}, {"upper", number_json(upper)}};
}

json::array changes_json(const SeriesTrend& one, PeriodKind period) {
  json::array told;
  for (const mine::ChangePoint& at : one.changes.changes)
    told.push_back(json::object{{"from", name_of(period, one.series.first + static_cast<std::int32_t>(at.at))},
                                {"jump", number_json(one.told(at.jump))},
                                {"slope", number_json(one.told(at.bend))}});
  return told;
}

json::object forecast_json(const SeriesTrend& one, PeriodKind period) {
  json::object told = interval_json(one.next->value, one.next->lower, one.next->upper);
  told["period"] = name_of(period, one.next_period());
  told["model"] = one.form;
  if (one.season_left_out) told["season_left_out"] = "the periods just past were told no better with it";
  told["origins"] = one.judged.origins;
  if (one.judged.origins == 0) return told;
  told["mean_absolute_error"] = number_json(one.judged.error);
  told["naive_error"] = number_json(one.judged.naive);
  told["seasonal_naive_error"] = number_json(one.judged.seasonal_naive);
  told["covered"] = number_json(one.judged.covered);
  told["beats_naive"] = one.judged.beats_naive();
  return told;
}

json::object series_json(const SeriesTrend& one, const TrendRequest& request) {
  const PeriodKind period = request.series.period;
  json::object told = {{"measure", one.series.measure}, {"verdict", one.verdict}};
  if (!one.series.dimension.empty()) told["dimension"] = one.series.dimension;
  if (!one.series.dimension.empty()) told["value"] = one.series.value;
  told["first"] = name_of(period, one.series.first);
  told["numbers"] = json::value_from(one.series.numbers);
  told["en"] = trend_words(one, request, Language::english);
  told["zh"] = trend_words(one, request, Language::chinese);
  if (!one.slope) return told;
  told["as"] = one.ratios ? "ratio" : "number";
  const mine::TrendSlope& slope = *one.slope;
  told["slope"] = interval_json(one.told(slope.slope), one.told(slope.lower), one.told(slope.upper));
  told["season_of"] = one.period;
  told["seasonal_strength"] = one.parts.seasonal_strength;
  told["trend_strength"] = one.parts.trend_strength;
  told["changes"] = changes_json(one, period);
  told["forecast"] = forecast_json(one, period);
  return told;
}

json::array links_json(const TrendOutcome& outcome) {
  json::array told;
  for (const TrendLink& one : outcome.links)
    told.push_back(json::object{{"leader", one.leader},
                                {"follower", one.follower},
                                {"lag", one.link.lag},
                                {"correlation", one.link.correlation},
                                {"adjusted_p", one.link.adjusted},
                                {"en", link_words(one, Language::english)},
                                {"zh", link_words(one, Language::chinese)}});
  return told;
}

/// Adds a column with a value for each period of each series.
template <class Append>
void add_column(NamedTable& table, std::string_view name, Type type, const TrendOutcome& outcome,
                const Append& append) {
  Column& column = table.add(name, type);
  for (const SeriesTrend& one : outcome.series)
    for (std::size_t i = 0; i < one.series.numbers.size(); ++i) column.append(append(one, i));
}

}  // namespace

json::object trends_json(const TrendRequest& request, const TrendOutcome& outcome) {
  const PeriodKind period = request.series.period;
  json::object told = {{"until", outcome.until ? json::value(to_string(*outcome.until)) : json::value()},
                       {"verdict", outcome.verdict},
                       {"options",
                        {{"period", period_texts[static_cast<std::size_t>(period)]},
                         {"lapse", request.series.lapse},
                         {"groups", request.series.groups},
                         {"level", request.level},
                         {"false_alarms", request.false_alarms},
                         {"most_lag", request.most_lag},
                         {"language", code_of(request.language)}}},
                       {"not_modelled", not_modelled}};
  if (!outcome.until) return told;
  told["periods"] = outcome.whole.size();
  if (outcome.whole.size() > 0) {
    told["first_period"] = name_of(period, outcome.whole.first);
    told["last_period"] = name_of(period, outcome.whole.last);
  }
  json::array series;
  for (const SeriesTrend& one : outcome.series) series.push_back(series_json(one, request));
  told["series"] = std::move(series);
  told["leads"] = links_json(outcome);
  told["lead_tests"] = outcome.link_tests;
  return told;
}

NamedTable trends_table(const TrendRequest& request, const TrendOutcome& outcome) {
  NamedTable table;
  const auto text = [](const std::string& one) { return one.empty() ? Value() : Value(std::string_view(one)); };
  const auto part = [](const SeriesTrend& one, const std::vector<double>& of, std::size_t i) {
    if (of.empty()) return Value();
    return Value(one.ratios ? elementary::exp(of[i]) : of[i]);
  };
  add_column(table, "measure", Type::text, outcome, [&](const auto& one, auto) { return text(one.series.measure); });
  add_column(table, "dimension", Type::text, outcome,
             [&](const auto& one, auto) { return text(one.series.dimension); });
  add_column(table, "value", Type::text, outcome, [&](const auto& one, auto) { return text(one.series.value); });
  add_column(table, "begins", Type::date, outcome, [&](const auto& one, std::size_t i) {
    return Value(begin_of(request.series.period, one.series.first + static_cast<std::int32_t>(i)));
  });
  add_column(table, "number", Type::real, outcome,
             [](const auto& one, std::size_t i) { return Value(one.series.numbers[i]); });
  add_column(table, "trend", Type::real, outcome,
             [&](const auto& one, std::size_t i) { return part(one, one.parts.trend, i); });
  add_column(table, "season", Type::real, outcome,
             [&](const auto& one, std::size_t i) { return part(one, one.parts.season, i); });
  add_column(table, "remainder", Type::real, outcome,
             [&](const auto& one, std::size_t i) { return part(one, one.parts.remainder, i); });
  return table;
}

}  // namespace emptor
