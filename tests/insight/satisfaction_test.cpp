// Satisfaction: what a store tells, by hand and on the generator's shop.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <map>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/desk/generate.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/insight/report.hpp"
#include "emptor/store/open.hpp"
#include "insight/satisfaction/satisfaction_work.hpp"
#include "support/csv_columns.hpp"
#include "support/import_ground.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

namespace json = boost::json;

Instant noon(std::int32_t day) { return {day * micros_per_day + micros_per_day / 2}; }

std::unique_ptr<Store> new_store() {
  return open_store(":memory:", {.create = true, .currency = *Currency::parse("EUR")});
}

json::object run(Session& session, const char* options = "{}") {
  return json::parse(run_insight(session, "satisfaction", {.json = options}).json).as_object();
}

double number(const json::value& value) { return value.to_number<double>(); }

/// The first of those whose members have these texts.
const json::object& find(const json::value& list, std::initializer_list<std::pair<const char*, const char*>> members) {
  for (const json::value& one : list.as_array()) {
    const json::object& object = one.as_object();
    if (std::all_of(members.begin(), members.end(), [&](const auto& member) {
          const json::value* value = object.if_contains(member.first);
          return value != nullptr && value->is_string() && value->as_string() == member.second;
        }))
      return object;
  }
  throw Error(Code::not_found, "nothing has these");
}
const json::object& all_of_scale(const json::object& told, std::string_view scale) {
  for (const json::value& one : told.at("groups").as_array())
    if (one.at("scale").as_string() == scale && !one.as_object().contains("by")) return one.as_object();
  throw Error(Code::not_found, "nobody answered on this scale");
}

std::vector<Id> customers(ChangeSet& changes, int count) {
  std::vector<Id> ids;
  for (int i = 0; i < count; ++i)
    ids.push_back(changes.put("customer").set("name", "somebody").set("region", i % 2 == 0 ? "north" : "south").id());
  return ids;
}
void respond(ChangeSet& changes, Id survey, Id customer, std::int32_t day, std::optional<int> score) {
  ChangeSet::Put put = changes.put("response");
  put.set("survey_id", survey).set("customer_id", customer).set("channel", "email");
  if (day > 0) put.set("answered_at", noon(day));
  if (score) put.set("score", Decimal(*score));
}
void buy(ChangeSet& changes, Id customer, std::int32_t day) {
  const Id order = changes.put("order").set("customer_id", customer).set("ordered_at", noon(day)).id();
  changes.put("order_line")
      .set("order_id", order)
      .set("customer_id", customer)
      .set("quantity", Decimal(1))
      .set("amount", Decimal(10));
}

class GeneratedShop {
 public:
  GeneratedShop() {
    generate(ground_.path("shop"), {.customers = 6'000, .seed = 12});
    ground_.import({ground_.path("shop")});
    told_ = run(ground_.session());
  }
  Session& session() { return ground_.session(); }
  const json::object& told() const { return told_; }
  CsvColumns file(const std::string& name) const { return CsvColumns(ground_.path("shop/" + name)); }

  static GeneratedShop& once() {
    static GeneratedShop shop;
    return shop;
  }

 private:
  ImportGround ground_;
  json::object told_;
};

}  // namespace

TEST_CASE("satisfaction: [I15] scales are read by kind and convention, answers off their scale are left out") {
  const auto store = new_store();
  Session session(*store);
  ChangeSet changes;
  const std::vector<Id> who = customers(changes, 4);
  const auto survey = [&](const char* kind, const char* convention) {
    return changes.put("survey").set("name", kind).set("kind", kind).set("convention", convention).id();
  };
  const Id csat = survey("csat", ""), ease = survey("ces", ""), effort = survey("ces", "effort");
  survey("ces", "somebody's own");
  for (const int score : {5, 4, 2, 7}) respond(changes, csat, who[0], 100, score);
  for (const int score : {7, 2}) respond(changes, ease, who[1], 100, score);
  for (const int score : {1, 5}) respond(changes, effort, who[2], 100, score);
  session.apply(changes);
  const json::object told = run(session);
  CHECK(number(told.at("off_scale")) == 1);
  CHECK(number(told.at("surveys_not_read")) == 1);
  const json::object& head = all_of_scale(told, "csat").at("headline").as_object();
  CHECK(number(head.at("value")) == doctest::Approx(2.0 / 3).epsilon(1e-12));
  CHECK(number(all_of_scale(told, "ces").at("headline").at("value")) == 4.5);
  CHECK(number(all_of_scale(told, "ces").at("satisfied")) == 1);
  CHECK(number(all_of_scale(told, "ces_effort").at("headline").at("value")) == 3);
  CHECK(number(all_of_scale(told, "ces_effort").at("satisfied")) == 1);
  CHECK(told.at("verdict").as_string() == "insufficient: fewer than 30 answers");
  CHECK(told.at("as_of").as_string() == to_string(Date{100}));
}

TEST_CASE(
    "satisfaction: a questionnaire is the mean of its scales, another survey's score may stand with its question") {
  const auto store = new_store();
  Session session(*store);
  ChangeSet changes;
  const std::vector<Id> who = customers(changes, 2);
  const Id form = changes.put("survey").set("name", "form").set("kind", "questionnaire").id();
  const Id nps = changes.put("survey").set("name", "nps").set("kind", "nps").id();
  const auto question = [&](Id survey, std::int64_t position, std::int64_t lowest, std::int64_t highest) {
    return changes.put("survey_question")
        .set("survey_id", survey)
        .set("position", position)
        .set("text", "how")
        .set("kind", "scale")
        .set("lowest", lowest)
        .set("highest", highest)
        .id();
  };
  const Id a = question(form, 1, 1, 5), b = question(form, 2, 0, 10), c = question(nps, 1, 0, 10);
  const auto answered = [&](Id survey, Id customer, std::initializer_list<std::pair<Id, int>> answers) {
    const Id response =
        changes.put("response").set("survey_id", survey).set("customer_id", customer).set("answered_at", noon(50)).id();
    for (const auto& [of, value] : answers)
      changes.put("answer")
          .set("response_id", response)
          .set("customer_id", customer)
          .set("question_id", of)
          .set("number", Decimal(value));
  };
  answered(form, who[0], {{a, 4}, {b, 5}});  // .75 and .5
  answered(nps, who[1], {{c, 9}});
  session.apply(changes);
  const json::object told = run(session);
  CHECK(number(all_of_scale(told, "questionnaire").at("headline").at("value")) == .625);
  CHECK(number(all_of_scale(told, "nps").at("headline").at("value")) == 100);
}

TEST_CASE(
    "satisfaction: who was asked comes from the campaign and from responses without an answer; else it is unknown") {
  const auto store = new_store();
  Session session(*store);
  ChangeSet changes;
  const std::vector<Id> who = customers(changes, 60);
  const Id campaign = changes.put("campaign").set("name", "asked").id();
  const Id asked = changes.put("survey").set("name", "asked").set("kind", "nps").set("campaign_id", campaign).id();
  const Id open = changes.put("survey").set("name", "open").set("kind", "nps").id();
  for (int i = 0; i < 50; ++i)
    changes.put("membership")
        .set("campaign_id", campaign)
        .set("customer_id", who[static_cast<std::size_t>(i)])
        .set("held_out", i == 49)
        .set("status", i == 48 ? "unreachable" : "contacted");
  for (int i = 0; i < 20; ++i)
    respond(changes, asked, who[static_cast<std::size_t>(i)], 100 + i, i < 12 ? 10 : i < 15 ? 8 : 0);
  respond(changes, asked, who[55], 0, {});
  respond(changes, open, who[3], 110, 9);
  for (int i = 0; i < 60; ++i) buy(changes, who[static_cast<std::size_t>(i)], i < 20 ? 115 : 20 + i / 2);
  session.apply(changes);
  const json::object told = run(session);
  const json::object& survey = find(told.at("surveys"), {{"survey", "asked"}});
  CHECK(number(survey.at("asked")) == 49);  // 48 contacted, and the one whose response has no answer
  CHECK(number(survey.at("response_rate").at("value")) == doctest::Approx(20.0 / 49).epsilon(1e-12));
  CHECK(number(survey.at("bounds").at(0)) == doctest::Approx(100 * (7.0 - 29) / 49).epsilon(1e-12));
  CHECK(number(survey.at("bounds").at(1)) == doctest::Approx(100 * (7.0 + 29) / 49).epsilon(1e-12));
  CHECK(find(told.at("surveys"), {{"survey", "open"}}).at("asked").is_null());
  const json::object& recency = find(told.at("who_answers"), {{"measure", "recency"}});
  CHECK(recency.at("others").as_string() == "asked");
  CHECK(number(recency.at("answered")) == 20);
  CHECK(number(recency.at("silent")) == 29);
  CHECK(number(recency.at("delta").at("value")) == -1);
  CHECK(std::string(recency.at("words").as_string()).find("speaks for customers like them") != std::string::npos);
}

TEST_CASE("satisfaction: complaints are counted once, with rates per customer and order, and how long they last") {
  const auto store = new_store();
  Session session(*store);
  ChangeSet changes;
  const std::vector<Id> who = customers(changes, 20);
  for (int i = 0; i < 20; ++i)
    for (int n = 0; n < 2; ++n) buy(changes, who[static_cast<std::size_t>(i)], 60 + i + 40 * n);
  const Id one = changes.put("case")
                     .set("customer_id", who[0])
                     .set("kind", "complaint")
                     .set("category", "delivery")
                     .set("opened_at", noon(70))
                     .set("resolved_at", noon(72))
                     .id();
  changes.put("feedback")
      .set("customer_id", who[0])
      .set("kind", "complaint")
      .set("received_at", noon(70))
      .set("case_id", one);
  changes.put("feedback")
      .set("customer_id", who[2])
      .set("kind", "complaint")
      .set("topic", "price")
      .set("received_at", noon(100))
      .set("answered_at", noon(106));
  changes.put("feedback").set("customer_id", who[3]).set("kind", "complaint").set("received_at", noon(110));
  changes.put("feedback").set("customer_id", who[5]).set("kind", "praise").set("received_at", noon(111));
  const std::vector<Id> ids = session.apply(changes).ids;  // customers first
  const json::object told = run(session, R"({"period":"month"})");
  const json::object& all = told.at("complaints").at(0).as_object();
  CHECK(number(all.at("complaints")) == 3);
  CHECK(number(all.at("open")) == 1);
  CHECK(number(all.at("orders")) == 40);
  CHECK(number(all.at("per_order").at("value")) == doctest::Approx(3.0 / 40).epsilon(1e-12));
  CHECK(number(all.at("per_customer").at("value")) == doctest::Approx(3.0 / 20).epsilon(1e-12));
  CHECK(number(all.at("days_to_resolution").at("median")) == 6);  // 2, 6, and 9.5 days so far
  const json::object& north = find(told.at("complaints"), {{"by", "region"}, {"name", "north"}});
  CHECK(number(north.at("complaints")) == 2);
  CHECK(number(north.at("customers")) == 10);
  CHECK(number(find(told.at("complaints"), {{"by", "topic"}, {"name", "price"}}).at("complaints")) == 1);
  CHECK(number(told.at("problem_customers").at("open_complaint")) == 1);
  const std::vector<Record> praised = session.view().select(
      {.entity = "score",
       .where = Where::all({Where::equal("customer_id", ids.at(5)), Where::equal("name", "satisfaction.index")}),
       .limit = 1});
  REQUIRE(praised.size() == 1);
  CHECK(praised[0].get("value").real() > number(told.at("index").at("mean")));
  const std::vector<Record> alerts = session.view().select({.entity = "alert", .limit = 10});
  REQUIRE(alerts.size() == 1);
  CHECK(alerts[0].get("customer_id").id() == ids.at(3));
  CHECK(alerts[0].get("kind").text() == "problem");
  CHECK(session.view().count("tag", Where::equal("name", "satisfaction.problem")) == 1);
}

TEST_CASE("satisfaction: what is known before an answer holds nothing of what came after it") {
  const auto told_of = [](bool later) {
    const auto store = new_store();
    Session session(*store);
    ChangeSet changes;
    Random random(6);
    const std::vector<Id> who = customers(changes, 80);
    const Id nps = changes.put("survey").set("name", "nps").set("kind", "nps").id();
    for (const Id one : who) {
      const auto day = static_cast<std::int32_t>(200 + random.below(50));
      const int score = static_cast<int>(random.below(11));
      buy(changes, one, day - 1 - static_cast<std::int32_t>(random.below(80)));
      if (later) {
        buy(changes, one, day);
        buy(changes, one, day + 3);
        changes.put("case")
            .set("customer_id", one)
            .set("kind", "complaint")
            .set("opened_at", Instant{noon(day).micros + 1});
      }
      respond(changes, nps, one, day, score);
    }
    buy(changes, who[0], 400);
    session.apply(changes);
    return run(session).at("drivers");
  };
  CHECK(told_of(false) == told_of(true));
}

TEST_CASE("satisfaction, generated: the score and its classes are those of the file, quarter by quarter") {
  GeneratedShop& shop = GeneratedShop::once();
  const CsvColumns responses = shop.file("responses.csv");
  const auto scores = responses.texts("score"), days = responses.texts("answered_at");
  std::map<std::string, std::array<int, 3>> counts;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const int score = std::stoi(scores[i]);
    const std::size_t mood = score >= 9 ? 2 : score >= 7 ? 1 : 0;
    const int month = std::stoi(days[i].substr(5, 2));
    ++counts[""][mood];
    ++counts[days[i].substr(0, 4) + "-Q" + std::to_string((month + 2) / 3)][mood];
  }
  std::size_t periods = 0;
  for (const json::value& one : shop.told().at("groups").as_array()) {
    const json::object& group = one.as_object();
    const bool all = !group.contains("by");
    if (!all && group.at("by").as_string() != "period") continue;
    const std::array<int, 3>& count = counts.at(all ? std::string() : std::string(group.at("name").as_string()));
    CHECK(number(group.at("satisfied")) == count[2]);
    CHECK(number(group.at("dissatisfied")) == count[0]);
    const double n = count[0] + count[1] + count[2];
    CHECK(number(group.at("headline").at("value")) == doctest::Approx(100 * (count[2] - count[0]) / n).epsilon(1e-9));
    ++periods;
  }
  CHECK(periods == counts.size());
}

TEST_CASE("satisfaction, generated: those who are about to leave were planted to be dissatisfied, and that is found") {
  const json::object& told = GeneratedShop::once().told();
  CHECK(told.at("verdict").as_string() == "doubtful: who was asked is not on record");
  // Within 90 days most of those who bought lately and are about to leave buy once more; within 180 they are gone.
  const json::object later = run(GeneratedShop::once().session(), R"({"horizon_days":180})");
  MESSAGE(std::string(later.at("afterwards").at("words").as_string()));
  CHECK(later.at("afterwards").at("verdict").as_string() == "evidence");
  CHECK(number(later.at("afterwards").at("bought_again").at("upper")) < 0);
  // Who left is silent since longer: the planted cause of a low answer.
  const json::object& recency = find(told.at("drivers"), {{"measure", "recency"}});
  CHECK(recency.at("holds").as_bool());
  CHECK(number(recency.at("correlation").at("upper")) < 0);
}

TEST_CASE("satisfaction, generated: answers dealt out anew by chance show nothing") {
  GeneratedShop& shop = GeneratedShop::once();
  Session& session = shop.session();
  const Facts facts = read_facts(session);
  const View view = session.view();
  const OpinionRecords records = read_opinions(view);
  const CustomerTouches touches = read_touches(view);
  const ServiceRecords service = read_service(view);
  const Date until = *last_purchase_day(facts);
  const Zone zone;
  const ServiceGroups groups(view, facts, "spend", until);
  const std::vector<Complaint> complaints = complaints_of(service, records);
  int drivers = 0, sequels = 0, stands_out = 0;
  constexpr int trials = 20;
  for (std::uint64_t seed = 1; seed <= trials; ++seed) {
    OpinionRecords dealt = records;
    Random random(seed);
    for (std::size_t i = dealt.answers.size(); i > 1; --i)
      std::swap(dealt.answers[i - 1].score, dealt.answers[random.below(i)].score);
    const SatisfactionOutcome outcome =
        judge_satisfaction({facts, touches, service, dealt, complaints, groups}, {}, until, zone);
    drivers += std::any_of(outcome.opinions.drivers.begin(), outcome.opinions.drivers.end(),
                           [](const auto& one) { return one.adjusted <= .05; });
    sequels += outcome.sequel.shows(.05);
    stands_out += std::any_of(outcome.opinions.groups.begin(), outcome.opinions.groups.end(),
                              [](const auto& one) { return one.stands_out(.05); });
  }
  MESSAGE("of ", trials, " shuffles ", drivers, " had a driver, ", sequels, " a sequel, ", stands_out, " a group");
  // One in twenty is expected of each; five or more of twenty has a chance of .003.
  CHECK(drivers < 5);
  CHECK(sequels < 5);
  CHECK(stands_out < 5);
}

TEST_CASE("satisfaction, generated: a false-alarm rate raises fewer alerts, and that of the past window holds it") {
  Session& session = GeneratedShop::once().session();
  const json::object all = run(session);
  const json::object some = run(session, R"({"false_alarms":0.4})");
  const json::object &before = all.at("problem_customers").as_object(),
                     &after = some.at("problem_customers").as_object();
  CHECK(number(before.at("alerts")) == number(before.at("customers")));
  CHECK(number(after.at("alerts")) <= number(before.at("alerts")));
  REQUIRE_FALSE(after.at("threshold").is_null());
  CHECK(number(after.at("hold_out").at("alerted_false_alarms").at("value")) <= .4);
  CHECK(number(after.at("alerts")) > 0);
  MESSAGE("flagged ", number(before.at("hold_out").at("flagged")), ", false ",
          number(before.at("hold_out").at("flagged_false_alarms").at("value")), ", others quiet ",
          number(before.at("hold_out").at("others_quiet").at("value")), "; alerts ", number(before.at("alerts")),
          " and ", number(after.at("alerts")));
  const std::int64_t position = session.view().info().position;
  run(session, R"({"false_alarms":0.4})");
  CHECK(session.view().info().position == position);
  const std::string html = write_report(session), chinese = write_report(session, {.language = Language::chinese});
  CHECK(html.find("<section id=\"satisfaction\">") != html.npos);
  CHECK(chinese.find("客户满意度") != chinese.npos);
  // The run spoke English; what it kept is told in both languages.
  CHECK(html.find("Who was asked is not on record") != html.npos);
  CHECK(chinese.find("没有记录询问了谁") != chinese.npos);
  CHECK(chinese.find("Who was asked is not on record") == chinese.npos);
}

TEST_CASE("satisfaction: it speaks Chinese, and refuses options out of range") {
  const auto store = new_store();
  Session session(*store);
  CHECK(std::string(run(session, R"({"language":"zh"})").at("words").as_string()) == "没有客户意见记录。");
  CHECK_THROWS_AS(run(session, R"({"period":"week"})"), Error);
  CHECK_THROWS_AS(run(session, R"({"false_alarms":2})"), Error);
}
