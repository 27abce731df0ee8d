#include <algorithm>
#include <map>

#include "core/options.hpp"
#include "insight/insight_runs.hpp"
#include "insight/offers/offer_writing.hpp"
#include "insight/service/service_day.hpp"
#include "insight/service/service_words.hpp"
#include "insight/words/words_beside.hpp"
#include "insight/writing/alert_writing.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// With all sentences in both languages.
std::string state_of(const ServiceRecords& records, const ServiceGroups& groups, ServiceRequest request,
                     const ServiceOutcome& outcome, const json::object& told) {
  json::value kept = told;
  request.language = other_than(request.language);
  keep_words_beside(kept, service_json(records, groups, request, outcome), request.language);
  json::object& state = kept.as_object();
  for (const char* run_only : {"options", "insight", "as_of", "data_version", "model_id", "scored", "late"})
    state.erase(run_only);
  return json::serialize(state);
}

/// Of each customer the case that comes first; as many as may be alerted.
std::map<std::int64_t, LateCase> first_late(const ServiceRecords& records, const ServiceRequest& request,
                                            const ServiceOutcome& outcome) {
  std::map<std::int64_t, LateCase> first;
  for (const LateCase& late : outcome.late) {
    if (first.size() == request.most_alerts) break;
    first.try_emplace(records.cases[late.place].customer, late);
  }
  return first;
}

/// 3, more by one if it is long overdue and by one if the churn model sees something at stake.
std::int64_t severity_of(const LateCase& late) {
  return 3 + (late.overdue.value_or(0) >= 7 ? 1 : 0) + (late.at_stake.value_or(0) > 0 ? 1 : 0);
}

Id write_service(Session& session, const ServiceRecords& records, const ServiceGroups& groups,
                 const ServiceRequest& request, const ServiceOutcome& outcome, const json::object& told,
                 std::int64_t data_version) {
  const Voice voice(request.language, 2);
  const InsightRun run{.name = "service",
                       .algorithm = "service/1 kaplan-meier",
                       .options = json::serialize(told.at("options")),
                       .state = state_of(records, groups, request, outcome, told),
                       .as_of = outcome.until.value_or(Date{}),
                       .data_version = data_version,
                       .scores = {}};
  std::vector<std::int64_t> customers;
  std::vector<GivenAlert> alerts;
  std::vector<GivenOffer> serve;
  for (const auto& [customer, late] : first_late(records, request, outcome)) {
    const std::string reason = late_words(late, records.cases[late.place], groups.tier(customer), voice);
    customers.push_back(customer);
    alerts.push_back({customer, "service", severity_of(late), reason});
    serve.push_back({.score = late.at_stake.value_or(0), .reason = reason, .action = "serve"});
  }
  const Id model = write_offers(session, run, customers,
                                [&](std::size_t i, std::vector<GivenOffer>& offers) { offers.push_back(serve[i]); });
  write_alerts(session, run, model, alerts, request.quiet_days);
  return model;
}

NamedTable service_table(const ServiceRecords& records, const ServiceGroups& groups, const ServiceOutcome& outcome) {
  NamedTable table;
  const auto add = [&](const char* name, Type type, const auto& value) {
    Column& column = table.add(name, type);
    for (std::size_t i = 0; i < records.cases.size(); ++i) column.append(value(i));
  };
  const auto moment = [](const std::optional<std::int64_t>& at) { return at ? Value(Instant{*at}) : Value(); };
  const auto truth = [](const std::optional<bool>& fate) { return fate ? Value(*fate) : Value(); };
  const auto one = [&](std::size_t i) -> const ServiceCase& { return records.cases[i]; };
  add("case", Type::id, [&](std::size_t i) { return Value(Id{one(i).id}); });
  add("repair", Type::boolean, [&](std::size_t i) { return Value(one(i).repair); });
  add("customer", Type::id, [&](std::size_t i) { return one(i).customer == 0 ? Value() : Value(Id{one(i).customer}); });
  add("tier", Type::text, [&](std::size_t i) { return Value(std::string_view(groups.tier(one(i).customer))); });
  add("topic", Type::text, [&](std::size_t i) { return Value(std::string_view(one(i).topic)); });
  add("opened", Type::instant, [&](std::size_t i) { return moment(one(i).opened); });
  add("answered", Type::instant, [&](std::size_t i) { return moment(one(i).answered); });
  add("solved", Type::instant, [&](std::size_t i) { return moment(one(i).resolved); });
  add("late", Type::boolean, [&](std::size_t i) { return Value(outcome.fates.of[i].late); });
  add("first_contact", Type::boolean, [&](std::size_t i) { return truth(outcome.fates.of[i].first_contact); });
  add("repeated", Type::boolean, [&](std::size_t i) { return truth(outcome.fates.of[i].repeated); });
  add("answer_late", Type::boolean, [&](std::size_t i) { return truth(outcome.fates.of[i].answer_broken); });
  add("solution_late", Type::boolean, [&](std::size_t i) { return truth(outcome.fates.of[i].solution_broken); });
  return table;
}

}  // namespace

const std::string_view service_schema = R"({"type":"object","properties":{
"tiers":{"type":"string","description":"spend (four classes), service (the customer's service tier), or a source of tags; spend without it"},
"valuable":{"type":"array","items":{"type":"string"},"description":"tiers whose late cases raise alerts; vip and care without it"},
"repeat_days":{"type":"integer","minimum":1,"maximum":3650,"description":"days after a solution in which a case on the same topic is a repeat; 30 without it"},
"staffing_days":{"type":"integer","minimum":7,"maximum":3650,"description":"days by which hours are counted; 91 without it"},
"margin":{"type":"number","minimum":0,"maximum":1,"description":"share of what a customer spends that is earned; 1 without it"},
"most_alerts":{"type":"integer","minimum":0,"maximum":100000,"description":"those with most at stake first; 1000 without it"},
"quiet_days":{"type":"integer","minimum":0,"maximum":3650,"description":"days in which an alert that was dealt with is not raised again; 7 without it"},
"level":{"type":"number","minimum":0.5,"maximum":0.999,"description":"of intervals; .95 without it"},
"false_findings":{"type":"number","minimum":0.001,"maximum":0.5,"description":"share of findings that may be so by chance; .05 without it"},
"language":{"type":"string","enum":["en","zh"],"description":"of words and verdict"}}})";

InsightResult run_service(Session& session, const InsightOptions& options) {
  const ServiceRequest request = service_request(checked_options(service_schema, options.json), options.as_of);
  const Facts facts = read_facts(session);
  const View view = session.view();
  const Zone zone = Zone::of(view.info().zone);
  ServiceRecords records = read_service(view);
  const std::optional<Date> until =
      records.cases.empty() ? std::nullopt : service_day(request.until, facts, zone, {records.last});
  if (until) records.keep_until(end_of_day(*until, zone));
  const ServiceGroups groups(view, facts, request.tiers, until.value_or(Date{}));
  const ServiceOutcome outcome =
      until ? judge_service(records, groups, read_at_stake(view, request.margin), request, *until, zone)
            : ServiceOutcome{.verdict = "insufficient: no cases on record"};
  const std::int64_t data_version = std::max(facts.data_version, records.data_version);
  json::object summary = service_json(records, groups, request, outcome);
  tell_run(summary, "service", data_version, outcome.late.size());
  if (options.write_back)
    summary["model_id"] =
        std::to_string(write_service(session, records, groups, request, outcome, summary, data_version).value);
  InsightResult result{summary_text(summary), data_version, outcome.late.size()};
  if (options.table) result.table = service_table(records, groups, outcome);
  return result;
}

}  // namespace emptor
