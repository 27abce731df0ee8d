#include "insight/trends/trend_work.hpp"

#include <algorithm>
#include <cmath>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "core/options.hpp"
#include "insight/insight_runs.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t least_periods = 12;
constexpr std::size_t weeks_a_year = 52;
constexpr std::size_t simulations = 199;
constexpr std::size_t robust_rounds = 5;
constexpr std::string_view period_texts[] = {"month", "quarter", "week"};
constexpr std::int32_t usual_lapses[] = {3, 2, 13};

/// Amounts, counts and levels above 0 are told in ratios, shares and means of answers as they are.
bool by_ratio(const PeriodSeries& series) {
  if (series.measure == "margin" || series.measure == "satisfaction") return false;
  return std::all_of(series.numbers.begin(), series.numbers.end(), [](double one) { return one > 0; });
}

std::vector<double> scaled(const SeriesTrend& one) {
  std::vector<double> numbers = one.series.numbers;
  if (one.ratios)
    for (double& number : numbers) number = elementary::log(number);
  return numbers;
}

/// Of a year of weeks each was met a few times only. Its season is taken where the weeks just past were told better
/// with it than without, and than as a year ago.
mine::SmoothingOptions judge_forecast(const std::vector<double>& numbers, double level, SeriesTrend& one) {
  const mine::SmoothingOptions seasonal{one.period, level}, plain{1, level};
  one.judged = mine::judge_smoothing(numbers, seasonal);
  if (one.period < weeks_a_year) return seasonal;
  mine::ForecastJudgement without = mine::judge_smoothing(numbers, plain);
  if (one.judged.beats_naive() && one.judged.error < without.error) return seasonal;
  without.seasonal_naive = one.judged.seasonal_naive;
  one.judged = without;
  one.season_left_out = true;
  return plain;
}

void look_ahead(const std::vector<double>& numbers, const TrendRequest& request, SeriesTrend& one) {
  const mine::SmoothingModel model = mine::fit_smoothing(numbers, judge_forecast(numbers, request.level, one));
  one.form = name_of(model.form);
  mine::Forecast next = mine::forecast(model, 1).front();
  if (one.ratios)
    for (double* number : {&next.value, &next.lower, &next.upper}) *number = elementary::exp(*number);
  one.next = next;
  if (one.judged.origins == 0)
    one.verdict = "trend only: too short to judge a forecast";
  else if (!one.judged.beats_naive())
    one.verdict = "trend only: the forecast does not beat a naive one";
  else
    one.verdict = "sufficient";
}

/// Lines where the series has a slope, levels where it has none that can be told from chance.
void find_changes(const std::vector<double>& numbers, const TrendRequest& request, const mine::Run& run,
                  SeriesTrend& one) {
  const bool flat = one.slope->lower <= 0 && one.slope->upper >= 0;
  one.changes = mine::find_change_points(numbers,
                                         {.shape = flat ? mine::SegmentShape::level : mine::SegmentShape::line,
                                          .period = one.period,
                                          .false_alarms = request.false_alarms,
                                          .simulations = simulations},
                                         run);
}

SeriesTrend trend_of(PeriodSeries series, const TrendRequest& request, const mine::Run& run) {
  beat("trends");
  SeriesTrend one{.series = std::move(series)};
  const std::size_t n = one.series.numbers.size(), year = periods_a_year(request.series.period);
  if (n < least_periods) {
    one.verdict = "insufficient: fewer than 12 whole periods";
    return one;
  }
  one.ratios = by_ratio(one.series);
  one.period = n >= 2 * year ? year : 1;
  const std::vector<double> numbers = scaled(one);
  one.parts = mine::decompose_season(numbers, {.period = one.period, .seasonal_window = 0, .robust = robust_rounds});
  std::vector<double> adjusted = numbers;
  for (std::size_t i = 0; i < n; ++i) adjusted[i] -= one.parts.season[i];
  one.slope = mine::fit_trend_slope(adjusted, {request.level, one.period});
  if (n >= 14) find_changes(numbers, request, run, one);
  look_ahead(numbers, request, one);
  return one;
}

/// By definition lost and returned customers follow those who were active, so that they say nothing of what moves what.
bool may_lead(const SeriesTrend& one) {
  return one.slope && one.series.dimension.empty() && one.series.measure != "lost_customers" &&
         one.series.measure != "returned_customers";
}

/// Steps of what is left without the season, of all series over the periods that all have.
void find_links(const TrendRequest& request, TrendOutcome& out) {
  std::vector<const SeriesTrend*> series;
  for (const SeriesTrend& one : out.series)
    if (may_lead(one) && one.next_period() == out.whole.last + 1) series.push_back(&one);
  std::size_t shared = out.whole.size();
  for (const SeriesTrend* one : series) shared = std::min(shared, one->series.numbers.size());
  if (series.size() < 2 || shared < request.most_lag + 11) return;
  std::vector<std::vector<double>> steps;
  for (const SeriesTrend* one : series) {
    const auto adjusted = [&](std::size_t back) {
      const std::size_t at = one->series.numbers.size() - back;
      return one->parts.trend[at] + one->parts.remainder[at];
    };
    steps.emplace_back();
    for (std::size_t back = shared - 1; back > 0; --back) steps.back().push_back(adjusted(back) - adjusted(back + 1));
  }
  const mine::LaggedCorrelations found = mine::correlate_lags(steps, {.most_lag = request.most_lag});
  out.link_tests = found.tests;
  for (const mine::LaggedLink& link : found.links)
    out.links.push_back({series[link.leader]->series.measure, series[link.follower]->series.measure, link});
}

}  // namespace

const std::string_view trends_schema = R"({"type":"object","properties":{
"period":{"type":"string","enum":["month","quarter","week"],"description":"of which each has a number; month without it"},
"lapse":{"type":"integer","minimum":1,"maximum":520,"description":"periods without a purchase after which a customer is lost; 3 months, 2 quarters or 13 weeks without it"},
"groups":{"type":"integer","minimum":0,"maximum":50,"description":"of each dimension, the largest by revenue; 5 without it"},
"level":{"type":"number","minimum":0.5,"maximum":0.999,"description":"of intervals; .95 without it"},
"false_alarms":{"type":"number","minimum":0.001,"maximum":0.5,"description":"share of series without a change that are told to have one; .05 without it"},
"most_lag":{"type":"integer","minimum":1,"maximum":12,"description":"periods that a series may move before another; 3 without it"},
"language":{"type":"string","enum":["en","zh"],"description":"of the verdict; words are told in both"}}})";

TrendRequest trend_request(const json::object& options, const std::optional<Date>& until) {
  TrendRequest request{.until = until};
  request.series.period = choice_option<PeriodKind>(options, "period", period_texts);
  request.series.lapse = usual_lapses[static_cast<std::size_t>(request.series.period)];
  if (const json::value* lapse = options.if_contains("lapse"))
    request.series.lapse = static_cast<std::int32_t>(lapse->as_int64());
  if (const json::value* groups = options.if_contains("groups"))
    request.series.groups = static_cast<std::size_t>(groups->as_int64());
  if (const json::value* level = options.if_contains("level")) request.level = level->to_number<double>();
  if (const json::value* rate = options.if_contains("false_alarms")) request.false_alarms = rate->to_number<double>();
  if (const json::value* lag = options.if_contains("most_lag"))
    request.most_lag = static_cast<std::size_t>(lag->as_int64());
  request.language = language_option(options);
  return request;
}

double SeriesTrend::told(double change) const { return ratios ? elementary::exp(change) - 1 : change; }

BusinessSpan span_of(const BusinessLines& business, const std::optional<Date>& until, PeriodKind period) {
  if (business.lines.empty()) return {};
  const std::int32_t last = until ? until->days : business.lines.back().day;
  if (business.lines.front().day > last) return {};
  return {Date{last}, whole_periods(period, business.lines.front().day, last)};
}

TrendOutcome find_trends(std::vector<PeriodSeries> series, const std::optional<Date>& until, const WholePeriods& whole,
                         const TrendRequest& request, const mine::Run& run) {
  TrendOutcome out{.until = until, .whole = whole};
  if (!until || whole.size() < least_periods) {
    out.verdict = "insufficient: fewer than 12 whole periods";
    if (!until) return out;
  }
  for (PeriodSeries& one : series) out.series.push_back(trend_of(std::move(one), request, run));
  if (!out.verdict.empty()) return out;
  out.verdict = out.series.front().verdict;  // of the revenue
  find_links(request, out);
  return out;
}

}  // namespace emptor
