#include "insight/satisfaction/satisfaction_work.hpp"

#include <algorithm>
#include <tuple>

#include "core/options.hpp"
#include "insight/facts/facts_scan.hpp"
#include "insight/service/service_day.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view period_texts[] = {"quarter", "month", "year"};
constexpr Period periods[] = {Period::quarter, Period::month, Period::year};
constexpr std::size_t least_answers = 30;
constexpr double least_rate = 0.3, widest = 0.1;  // of those asked; of what a headline can be

std::vector<CustomerWord> words_of(const SatisfactionSources& sources, DayFinder& days) {
  std::vector<CustomerWord> words;
  for (const AnswerRecord& one : sources.opinions.answers) {
    const OpinionScale scale = sources.opinions.surveys[one.survey].scale;
    words.push_back({.customer = one.customer,
                     .day = days.of(one.at),
                     .level = level_of(scale, one.score),
                     .scale = scale,
                     .score = one.score});
  }
  for (const Complaint& one : sources.complaints)
    words.push_back({.customer = one.customer,
                     .day = days.of(one.opened),
                     .closed = one.resolved ? days.of(*one.resolved) : CustomerWord::still_open,
                     .kind = WordKind::complaint});
  for (const Remark& one : sources.opinions.remarks) {
    if (one.kind == RemarkKind::complaint || (one.kind == RemarkKind::other && !one.sentiment)) continue;
    const bool praise = one.kind == RemarkKind::praise;
    words.push_back({.customer = one.customer,
                     .day = days.of(one.at),
                     .kind = praise ? WordKind::praise : WordKind::tone,
                     .level = praise ? 1 : (*one.sentiment + 1) / 2});
  }
  std::erase_if(words, [](const CustomerWord& word) { return word.customer == 0; });
  std::stable_sort(words.begin(), words.end(), [](const CustomerWord& a, const CustomerWord& b) {
    return std::tie(a.customer, a.day) < std::tie(b.customer, b.day);
  });
  return words;
}

const OpinionFigures* main_figures(const OpinionOutcome& outcome) {
  for (const OpinionGroup& group : outcome.groups)
    if (outcome.main && group.scale == *outcome.main && group.by.empty()) return &group.figures;
  return nullptr;
}

/// How far a headline can lie from its other end.
double reach_of(OpinionScale scale) {
  constexpr double reaches[] = {2, 1, 6, 4, 1};
  return reaches[static_cast<std::size_t>(scale)];
}

SatisfactionVerdict verdict_of(const SatisfactionOutcome& outcome) {
  const OpinionFigures* figures = main_figures(outcome.opinions);
  if (outcome.opinions.words.empty() && figures == nullptr) return SatisfactionVerdict::none;
  if (figures == nullptr || figures->answers() < least_answers) return SatisfactionVerdict::too_few;
  if (figures->headline.upper - figures->headline.lower > 2 * widest * reach_of(*outcome.opinions.main))
    return SatisfactionVerdict::wide;
  std::optional<double> rate;
  for (const SurveyAsking& one : outcome.asking)
    if (one.rate && one.scale == *outcome.opinions.main) rate = std::max(rate.value_or(0), one.rate->value);
  if (!rate) return SatisfactionVerdict::not_asked;
  return *rate < least_rate ? SatisfactionVerdict::few_answer : SatisfactionVerdict::sufficient;
}

/// Those of the lowest index first, no more than may be; then in their order.
std::vector<std::size_t> alerted_among(const SatisfactionOutcome& outcome, const SatisfactionRequest& request) {
  std::vector<std::size_t> places;
  const std::vector<ProblemCustomer>& problems = outcome.problems;
  for (std::size_t i = 0; i < problems.size(); ++i) {
    const bool rated = request.problems.false_alarms.has_value();
    if (!rated || (outcome.hold_out.threshold && problems[i].comparable <= *outcome.hold_out.threshold))
      places.push_back(i);
  }
  std::stable_sort(places.begin(), places.end(),
                   [&](std::size_t a, std::size_t b) { return problems[a].index < problems[b].index; });
  places.resize(std::min(places.size(), request.most_alerts));
  std::sort(places.begin(), places.end());
  return places;
}

void judge_problems_of(const SatisfactionSources& sources, const SatisfactionRequest& request, Date until,
                       SatisfactionOutcome& outcome) {
  const std::vector<CustomerWord>& words = outcome.opinions.words;
  const std::int32_t past = until.days - request.problems.horizon;
  const SatisfactionIndex then = index_satisfaction(words, past, request.half_life);
  const SatisfactionIndex comparable = index_satisfaction(words, until.days, request.half_life, &then);
  outcome.problems = problem_customers(words, outcome.opinions.index, comparable, until.days, request.problems);
  outcome.hold_out = judge_problems(words, then, sources.facts, past, request.problems);
  outcome.alerted = alerted_among(outcome, request);
}

}  // namespace

SatisfactionRequest satisfaction_request(const json::object& options, const std::optional<Date>& until) {
  SatisfactionRequest request;
  request.until = until;
  const auto number = [&](const char* name, auto& value) {
    if (const json::value* given = options.if_contains(name))
      value = given->to_number<std::remove_reference_t<decltype(value)>>();
  };
  request.period = periods[choice_option<std::size_t>(options, "period", period_texts)];
  if (const json::value* tiers = options.if_contains("tiers")) request.tiers = tiers->as_string();
  number("window_days", request.drivers.window_days);
  number("level", request.drivers.level);
  number("false_findings", request.drivers.false_findings);
  number("half_life_days", request.half_life);
  number("horizon_days", request.problems.horizon);
  number("fresh_days", request.problems.fresh);
  number("most_alerts", request.most_alerts);
  if (const json::value* rate = options.if_contains("false_alarms"))
    request.problems.false_alarms = rate->to_number<double>();
  if (const json::value* language = options.if_contains("language"))
    request.language = language->as_string() == "zh" ? Language::chinese : Language::english;
  return request;
}

OpinionOutcome judge_opinions(const Opinions& opinions, std::vector<CustomerWord> words,
                              const SatisfactionRequest& request, const std::optional<Date>& until) {
  OpinionOutcome outcome{.until = until, .main = main_scale(opinions)};
  outcome.words = std::move(words);
  if (!until) return outcome;
  outcome.groups = group_opinions(opinions, request.period, request.drivers.level);
  if (outcome.main) {
    outcome.rows = last_opinions(opinions, *outcome.main, until->days);
    outcome.drivers = find_drivers(opinions, outcome.rows, request.drivers);
  }
  outcome.index = index_satisfaction(outcome.words, until->days, request.half_life);
  const std::int32_t past = until->days - request.problems.horizon;
  outcome.judged = judge_index(outcome.words, index_satisfaction(outcome.words, past, request.half_life), past);
  return outcome;
}

SatisfactionOutcome judge_satisfaction(const SatisfactionSources& sources, const SatisfactionRequest& request,
                                       Date until, const Zone& zone) {
  DayFinder days(zone);
  const Opinions opinions = opinions_of(sources, zone, request.drivers.window_days);
  const double level = request.drivers.level;
  const std::int64_t end = end_of_day(until, zone);
  SatisfactionOutcome outcome{.opinions = judge_opinions(opinions, words_of(sources, days), request, until)};
  outcome.off_scale = sources.opinions.off_scale;
  outcome.unread = sources.opinions.unread;
  outcome.remarks = sources.opinions.remarks.size();
  outcome.asking = count_asked(sources.opinions, level);
  outcome.bias = compare_answering(sources.opinions, measure_purchases(sources.facts, {.as_of = until}), level);
  outcome.complaints =
      group_complaints({sources.complaints, sources.facts, sources.groups, zone, request.period, end, level});
  if (outcome.opinions.main) {
    outcome.signs = find_signs(opinions, outcome.opinions.rows, sources.touches, request.drivers);
    outcome.topics = sources.touches.topics;
    const std::vector<std::size_t> over =
        last_opinions(opinions, *outcome.opinions.main, until.days - request.problems.horizon);
    outcome.sequel = follow_up(opinions, over, sources.facts, request.problems.horizon, level);
  }
  judge_problems_of(sources, request, until, outcome);
  outcome.verdict = verdict_of(outcome);
  return outcome;
}

}  // namespace emptor
