#include "insight/causes/cause_work.hpp"

#include "core/options.hpp"
#include "insight/insight_runs.hpp"
#include "insight/trends/trend_work.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view period_texts[] = {"month", "quarter", "week"};

}  // namespace

const std::string_view causes_schema = R"({"type":"object","properties":{
"period":{"type":"string","enum":["month","quarter","week"],"description":"that is compared, the last whole one; month without it"},
"false_alarms":{"type":"number","minimum":0.001,"maximum":0.5,"description":"chance that any group is named where nothing happened; .05 without it"},
"least_share":{"type":"number","minimum":0.005,"maximum":1,"description":"of the revenue of both periods, that a group must have; .01 without it"},
"groups":{"type":"integer","minimum":1,"maximum":100,"description":"that are told at most; 5 without it"},
"language":{"type":"string","enum":["en","zh"],"description":"of the verdict; words are told in both"}}})";

CauseRequest cause_request(const json::object& options, const std::optional<Date>& until) {
  CauseRequest request{.until = until};
  request.period = choice_option<PeriodKind>(options, "period", period_texts);
  if (const json::value* rate = options.if_contains("false_alarms"))
    request.groups.false_alarms = rate->to_number<double>();
  if (const json::value* share = options.if_contains("least_share"))
    request.groups.least_share = share->to_number<double>();
  if (const json::value* groups = options.if_contains("groups"))
    request.most_groups = static_cast<std::size_t>(groups->as_int64());
  request.language = language_option(options);
  return request;
}

CauseOutcome find_causes(const BusinessLines& business, const CauseRequest& request, const ProductNames& products,
                         const Voice& english, const Voice& chinese) {
  const BusinessSpan span = span_of(business, request.until, request.period);
  CauseOutcome out{.until = span.until};
  const auto year = static_cast<std::int32_t>(periods_a_year(request.period));
  const std::pair<const char*, std::int32_t> steps[] = {{"previous", 1}, {"year_before", year}};
  for (const auto& [name, back] : steps) {
    if (!span.until || span.whole.last - back < span.whole.first) continue;
    Comparison one{.name = name, .before = span.whole.last - back, .after = span.whole.last};
    take_apart(business, request.period, one);
    one.groups = find_groups(business, request.period, span.whole, one.before, one.after, request.groups);
    one.coincidences = find_coincidences(business, request.period, one, products, english, chinese);
    out.comparisons.push_back(std::move(one));
  }
  if (out.comparisons.empty())
    out.verdict = "insufficient: fewer than two whole periods";
  else if (out.comparisons.front().groups.history == 0)
    out.verdict = "parts only: too few periods to know what is usual";
  else
    out.verdict = "sufficient";
  return out;
}

}  // namespace emptor
