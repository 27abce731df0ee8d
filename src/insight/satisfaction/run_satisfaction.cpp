#include <algorithm>

#include "core/options.hpp"
#include "insight/insight_runs.hpp"
#include "insight/satisfaction/satisfaction_words.hpp"
#include "insight/service/service_day.hpp"
#include "insight/words/words_beside.hpp"
#include "insight/writing/alert_writing.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// With all sentences in both languages.
std::string state_of(SatisfactionRequest request, const SatisfactionOutcome& outcome, const json::object& told) {
  json::value kept = told;
  request.language = other_than(request.language);
  keep_words_beside(kept, satisfaction_json(request, outcome), request.language);
  json::object& state = kept.as_object();
  for (const char* run_only : {"options", "insight", "as_of", "data_version", "model_id", "scored"})
    state.erase(run_only);
  return json::serialize(state);
}

Id write_satisfaction(Session& session, const SatisfactionRequest& request, const SatisfactionOutcome& outcome,
                      const json::object& told, std::int64_t data_version) {
  const Voice voice(request.language, 2);
  const OpinionOutcome& opinions = outcome.opinions;
  const InsightRun run{.name = "satisfaction",
                       .algorithm = "satisfaction/1 credibility",
                       .options = json::serialize(told.at("options")),
                       .state = state_of(request, outcome, told),
                       .as_of = opinions.until.value_or(Date{}),
                       .data_version = data_version,
                       .scores = {"satisfaction.index", "satisfaction.reason"}};
  std::size_t next = 0;
  const Id model = write_back(session, run, opinions.index.customer, [&](std::size_t i, GivenResult& result) {
    const std::size_t first = opinions.index.reasons[i].front();
    result.scores.push_back({"satisfaction.index", opinions.index.index[i], "index"});
    result.scores.push_back({"satisfaction.reason", opinions.index.weight[i],
                             word_in_words(opinions.words[first], opinions.until->days, voice)});
    while (next < outcome.problems.size() && outcome.problems[next].customer < opinions.index.customer[i]) ++next;
    if (next < outcome.problems.size() && outcome.problems[next].customer == opinions.index.customer[i])
      result.tag = "satisfaction.problem";
  });
  std::vector<GivenAlert> alerts;
  for (const std::size_t place : outcome.alerted) {
    const ProblemCustomer& one = outcome.problems[place];
    alerts.push_back({one.customer, "problem", 2 + one.signs(), problem_words(one, voice)});
  }
  write_alerts(session, run, model, alerts, request.problems.fresh);
  return model;
}

}  // namespace

const std::string_view satisfaction_schema = R"({"type":"object","properties":{
"period":{"type":"string","enum":["month","quarter","year"],"description":"quarter without it"},
"tiers":{"type":"string","description":"spend (four classes), service (the customer's service tier), or a source of tags; spend without it"},
"window_days":{"type":"integer","minimum":1,"maximum":3650,"description":"days before an answer that are looked at for what goes with it; 90 without it"},
"horizon_days":{"type":"integer","minimum":1,"maximum":3650,"description":"days after an answer in which it may show; 90 without it"},
"half_life_days":{"type":"number","minimum":1,"maximum":36500,"description":"age at which a word weighs half; 180 without it"},
"fresh_days":{"type":"integer","minimum":1,"maximum":3650,"description":"days in which what was said makes a problem customer; 90 without it"},
"false_alarms":{"type":"number","minimum":0.01,"maximum":0.99,"description":"share of those alerted who may have been quiet and faithful afterwards, by the horizon just past; all problem customers are alerted without it"},
"most_alerts":{"type":"integer","minimum":0,"maximum":100000,"description":"the lowest indices first; 1000 without it"},
"level":{"type":"number","minimum":0.5,"maximum":0.999,"description":"of intervals; .95 without it"},
"false_findings":{"type":"number","minimum":0.001,"maximum":0.5,"description":"share of findings that may be so by chance; .05 without it"},
"language":{"type":"string","enum":["en","zh"],"description":"of words and verdict"}}})";

InsightResult run_satisfaction(Session& session, const InsightOptions& options) {
  const SatisfactionRequest request =
      satisfaction_request(checked_options(satisfaction_schema, options.json), options.as_of);
  const Facts facts = read_facts(session);
  const View view = session.view();
  const CustomerTouches touches = read_touches(view);
  ServiceRecords service = read_service(view);
  OpinionRecords records = read_opinions(view);
  const Zone zone = Zone::of(view.info().zone);
  const std::optional<Date> until = service_day(request.until, facts, zone, {service.last, records.last});
  const std::int64_t data_version =
      std::max({facts.data_version, touches.data_version, service.data_version, records.data_version});
  SatisfactionOutcome outcome;
  if (until) {
    const std::int64_t end = end_of_day(*until, zone);
    service.keep_until(end);
    records.keep_until(end);
    const ServiceGroups groups(view, facts, request.tiers, *until);
    const std::vector<Complaint> complaints = complaints_of(service, records);
    outcome = judge_satisfaction({facts, touches, service, records, complaints, groups}, request, *until, zone);
  }
  json::object summary = satisfaction_json(request, outcome);
  tell_run(summary, "satisfaction", data_version, outcome.opinions.index.size());
  if (options.write_back)
    summary["model_id"] = std::to_string(write_satisfaction(session, request, outcome, summary, data_version).value);
  InsightResult result{summary_text(summary), data_version, outcome.opinions.index.size()};
  if (options.table)
    result.table = satisfaction_table(request, outcome.opinions, id_column(outcome.opinions.index.customer));
  return result;
}

}  // namespace emptor
