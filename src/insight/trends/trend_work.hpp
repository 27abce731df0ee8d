/// Trends on series, whatever these came from: how each goes, what changed in it and when, what comes next, and which
/// moves before which.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/mine/change_points.hpp"
#include "emptor/mine/exponential_smoothing.hpp"
#include "emptor/mine/lagged_correlation.hpp"
#include "emptor/mine/seasonal_decomposition.hpp"
#include "emptor/mine/trend_slope.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/trends/period_series.hpp"

namespace emptor {

struct TrendRequest {
  SeriesOptions series;
  std::optional<Date> until = {};
  double level = 0.95;         ///< of intervals
  double false_alarms = 0.05;  ///< of changes, a series
  std::size_t most_lag = 3;
  Language language = Language::english;
};
/// Requires options that the schema has checked.
TrendRequest trend_request(const boost::json::object& options, const std::optional<Date>& until);

struct SeriesTrend {
  PeriodSeries series;
  std::string verdict;  ///< "sufficient", or what is not told and why
  bool ratios = false;  ///< of logarithms: slope and jumps are relative then
  std::size_t period = 1;
  mine::SeasonalDecomposition parts;  ///< of the logarithms where `ratios`
  std::optional<mine::TrendSlope> slope;
  mine::ChangePoints changes;
  std::string form;
  std::optional<mine::Forecast> next;  ///< in the unit of the series
  mine::ForecastJudgement judged;      ///< of the logarithms where `ratios`
  bool season_left_out = false;        ///< of a forecast of weeks, as they were told no better with it

  /// A change of a slope or a jump as a share, where `ratios`.
  double told(double change) const;
  std::int32_t next_period() const noexcept { return series.first + static_cast<std::int32_t>(series.numbers.size()); }
};

/// A series of the whole business that moves before another one.
struct TrendLink {
  std::string leader, follower;
  mine::LaggedLink link;
};

struct TrendOutcome {
  std::optional<Date> until;  ///< nothing without lines
  WholePeriods whole;
  std::vector<SeriesTrend> series;
  std::vector<TrendLink> links;
  std::size_t link_tests = 0;
  std::string verdict;
};
TrendOutcome find_trends(std::vector<PeriodSeries> series, const std::optional<Date>& until, const WholePeriods& whole,
                         const TrendRequest& request, const mine::Run& run);
/// The last day that counts, and the periods that are whole by then; nothing without a line up to it.
struct BusinessSpan {
  std::optional<Date> until;
  WholePeriods whole;
};
BusinessSpan span_of(const BusinessLines& business, const std::optional<Date>& until, PeriodKind period);

/// docs/trends.md has the form.
boost::json::object trends_json(const TrendRequest& request, const TrendOutcome& outcome);
/// A row a series and period: measure, dimension, value, period, begins, number, trend, season, remainder.
NamedTable trends_table(const TrendRequest& request, const TrendOutcome& outcome);
/// What is told of a series, in a sentence or two.
std::string trend_words(const SeriesTrend& one, const TrendRequest& request, Language language);
std::string link_words(const TrendLink& one, Language language);

}  // namespace emptor
