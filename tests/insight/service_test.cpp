// Service: waits, fates of cases, gaps between tiers, staffing, whom to serve first; on stores made by hand.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <map>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/insight/report.hpp"
#include "emptor/store/open.hpp"
#include "insight/service/service_work.hpp"
#include "support/manual_clock.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

namespace json = boost::json;

constexpr std::int64_t hour = 3'600 * micros_per_second;
/// So many hours after a Monday's midnight.
Instant at(double hours) { return {19'723 * micros_per_day + static_cast<std::int64_t>(hours * hour)}; }

std::unique_ptr<Store> new_store() {
  return open_store(":memory:", {.create = true, .currency = *Currency::parse("EUR")});
}

Id customer(ChangeSet& changes, const char* tier) {
  return changes.put("customer").set("name", "somebody").set("tier", tier).id();
}

struct MadeCase {
  Id customer;
  const char* topic;
  double opened;
  std::optional<double> answered = {}, solved = {}, due = {};
  std::int64_t reopened = 0;
};
Id put_case(ChangeSet& changes, const MadeCase& one) {
  ChangeSet::Put put = changes.put("case");
  put.set("customer_id", one.customer)
      .set("category", one.topic)
      .set("kind", "request")
      .set("opened_at", at(one.opened));
  if (one.answered) put.set("answered_at", at(*one.answered));
  if (one.solved) put.set("resolved_at", at(*one.solved));
  if (one.due) put.set("due_at", at(*one.due));
  put.set("reopened", one.reopened);
  return put.id();
}

json::object run(Session& session, const char* options = R"({"tiers":"service","valuable":["gold"]})") {
  return json::parse(run_insight(session, "service", {.json = options}).json).as_object();
}

double number(const json::value& value) { return value.to_number<double>(); }

const json::object& group(const json::object& told, std::string_view by, std::string_view name) {
  for (const json::value& one : told.at("groups").as_array()) {
    const json::object& object = one.as_object();
    const json::value* is = object.if_contains("by");
    if (by.empty() ? is == nullptr : is != nullptr && is->as_string() == by && object.at("name").as_string() == name)
      return object;
  }
  throw Error(Code::not_found, "no such group");
}

}  // namespace

TEST_CASE("service: [I22] fates of cases: repeats, first contact, promises, late ones; each by hand") {
  const auto store = new_store();
  Session session(*store);
  ChangeSet changes;
  const Id a = customer(changes, "gold"), b = customer(changes, "basic");
  put_case(changes, {a, "invoice", 0, 2, 24});                                // repeated by the next
  put_case(changes, {a, "invoice", 24 * 20, 24 * 20 + 4, 24 * 21, 24 * 25});  // kept its promise, not repeated
  put_case(changes, {a, "delivery", 24 * 2, 24 * 2 + 1, 24 * 8, 24 * 5, 1});  // late, reopened
  put_case(changes, {b, "delivery", 24 * 3, 24 * 3 + 8, 24 * 4});             // alone on its topic
  put_case(changes, {b, "invoice", 24 * 95, 24 * 95 + 1, 24 * 96});           // its 30 days are not over
  put_case(changes, {a, "quality", 24 * 90, {}, {}, 24 * 92});                // open and late
  put_case(changes, {b, "quality", 24 * 99, {}, {}, 24 * 200});               // open, in time
  session.apply(changes);
  const json::object told = run(session);
  const json::object& all = group(told, "", "");
  CHECK(number(all.at("cases")) == 7);
  CHECK(number(all.at("open")) == 2);
  CHECK(number(all.at("late")) == 1);
  CHECK(number(all.at("repeated").at("cases")) == 1);
  CHECK(number(all.at("repeated").at("of")) == 4);
  CHECK(number(all.at("first_contact").at("cases")) == 2);  // neither repeated nor reopened
  CHECK(number(all.at("solutions_late").at("cases")) == 2);
  CHECK(number(all.at("solutions_late").at("of")) == 3);
  CHECK(number(all.at("reopened").at("cases")) == 1);
  CHECK(number(all.at("reopened").at("of")) == 5);
  // Hours to the answer: 1, 1, 2, 4, 8 and two that wait: the half is reached at the fourth.
  CHECK(number(all.at("hours_to_answer").at("median")) == 4);
  CHECK(number(all.at("hours_to_answer").at("open")) == 2);
  CHECK(number(group(told, "tier", "gold").at("late")) == 1);
  CHECK(number(group(told, "topic", "invoice").at("repeated").at("cases")) == 1);
  CHECK(told.at("verdict").as_string() == "insufficient: fewer than 30 cases");
  const json::object& late = told.at("late").as_array().at(0).as_object();
  CHECK(
      std::string(late.at("words").as_string()).find("past its promised time; about quality; customer of tier gold") !=
      std::string::npos);
}

TEST_CASE("service: a customer who comes back while the case is open comes back, too") {
  const auto store = new_store();
  Session session(*store);
  ChangeSet changes;
  const Id a = customer(changes, "gold"), b = customer(changes, "gold");
  put_case(changes, {a, "invoice", 0, 1, 100});
  put_case(changes, {a, "invoice", 50, 51, 60});
  put_case(changes, {b, "delivery", 3'000, 3'001, 3'002});
  session.apply(changes);
  CHECK(number(group(run(session), "", "").at("repeated").at("cases")) == 1);
}

TEST_CASE("service: medians of waits are Kaplan and Meier's, by brute force") {
  Random random(4);
  const auto store = new_store();
  Session session(*store);
  ChangeSet changes;
  const Id a = customer(changes, "gold");
  std::vector<std::pair<double, bool>> waits;  // days, solved
  const double end = 24 * 60;
  for (int i = 0; i < 80; ++i) {
    const double opened = double(random.below(24 * 59)), length = 1 + double(random.below(24 * 30));
    const bool solved = opened + length < end;
    put_case(changes, {a, "invoice", opened, opened + .5, solved ? std::optional(opened + length) : std::nullopt});
    waits.emplace_back((solved ? length : end - opened) / 24, solved);
  }
  session.apply(changes);
  const Date last{19'723 + 59};
  const json::object told =
      json::parse(run_insight(session, "service", {.as_of = last, .json = R"({"tiers":"service"})"}).json).as_object();
  std::sort(waits.begin(), waits.end(),
            [](const auto& x, const auto& y) { return x.first != y.first ? x.first < y.first : x.second > y.second; });
  double survival = 1, median = -1;
  for (std::size_t i = 0; i < waits.size(); ++i) {
    if (waits[i].second) survival *= 1 - 1 / double(waits.size() - i);
    if (median < 0 && survival < .5) median = waits[i].first;
  }
  const json::object& solution = group(told, "", "").at("days_to_solution").as_object();
  CHECK(number(solution.at("median")) == doctest::Approx(median).epsilon(1e-9));
  CHECK(number(solution.at("lower")) <= median);
  CHECK(number(solution.at("upper")) >= median);
  CHECK(number(group(told, "", "").at("hours_to_answer").at("median")) == .5);
}

TEST_CASE("service: without first answers on record no waiting for them is invented") {
  const auto store = new_store();
  Session session(*store);
  ChangeSet changes;
  const Id a = customer(changes, "gold");
  for (int i = 0; i < 40; ++i) put_case(changes, {a, "invoice", 30.0 * i, {}, 30.0 * i + 10});
  put_case(changes, {a, "invoice", 1'300});
  session.apply(changes);
  const json::object told = run(session);
  CHECK(group(told, "", "").at("hours_to_answer").is_null());
  CHECK(told.at("verdict").as_string() == "doubtful: neither first answers nor promises are on record");
}

TEST_CASE("service: valuable customers who wait longer are found, and not where all wait alike") {
  for (const bool planted : {true, false}) {
    Random random(9);
    const auto store = new_store();
    Session session(*store);
    ChangeSet changes;
    std::vector<double> gold, others;
    for (int i = 0; i < 120; ++i) {
      const bool is_gold = i % 4 == 0;
      const Id one = customer(changes, is_gold ? "gold" : "basic");
      const double wait = 1 + 10 * random.uniform() + (planted && is_gold ? 5 : 0);
      put_case(changes, {one, "invoice", 24.0 * i, 24.0 * i + wait, 24.0 * i + 24 * wait});
      (is_gold ? gold : others).push_back(wait);
    }
    session.apply(changes);
    const json::object told = run(session);
    double wins = 0;
    for (const double x : gold)
      for (const double y : others) wins += x > y ? 1 : x < y ? -1 : 0;
    int found = 0;
    for (const json::value& gap : told.at("tiers_against_others").as_array()) {
      if (gap.at("tier").as_string() != "gold") continue;
      ++found;
      CHECK(gap.at("longer").as_bool() == planted);
      CHECK(number(gap.at("delta").at("value")) ==
            doctest::Approx(wins / double(gold.size() * others.size())).epsilon(1e-9));
      CHECK((number(gap.at("log_rank_p_value")) < .01) == planted);
    }
    CHECK(found == 2);  // hours to the answer, days to the solution
  }
}

TEST_CASE("service: the topic that brings customers back is told") {
  const auto store = new_store();
  Session session(*store);
  ChangeSet changes;
  for (int i = 0; i < 200; ++i) {
    const Id one = customer(changes, "basic");
    const bool invoice = i % 2 == 0;
    put_case(changes, {one, invoice ? "invoice" : "delivery", 24.0 * i, 24.0 * i + 1, 24.0 * i + 5});
    if (i % (invoice ? 4 : 20) < 2)
      put_case(changes, {one, invoice ? "invoice" : "delivery", 24.0 * i + 100, 24.0 * i + 101, 24.0 * i + 102});
  }
  session.apply(changes);
  const json::object told = run(session);
  const json::array& topics = told.at("topics").as_array();
  REQUIRE(topics.size() == 2);
  CHECK(topics[0].at("topic").as_string() == "invoice");
  CHECK(number(topics[0].at("adjusted")) < .01);
  CHECK(number(topics[0].at("log_lift").at("lower")) > 0);
}

TEST_CASE("service: hours count what came beside what was dealt with, in the store's zone") {
  const auto store =
      open_store(":memory:", {.create = true, .currency = *Currency::parse("EUR"), .zone = "Asia/Shanghai"});
  Session session(*store);
  ChangeSet changes;
  const Id a = customer(changes, "gold");
  const Id user = changes.put("user").set("name", "an agent").set("login", "lin").id();
  for (const double opened : {1.0, 1.5, 25.0}) {  // Monday and Tuesday, 9 o'clock in Shanghai
    ChangeSet::Put put = changes.put("case");
    put.set("customer_id", a).set("opened_at", at(opened)).set("owner_id", user);
    put.set("answered_at", at(opened + 1)).set("resolved_at", at(opened + 1.2));
  }
  changes.put("interaction").set("customer_id", a).set("at", at(2)).set("direction", "in").set("user_id", user);
  session.apply(changes);
  std::map<std::pair<int, int>, json::object> hours;
  const json::object told = run(session);
  for (const json::value& one : told.at("staffing").at("hours").as_array())
    hours[{one.at("weekday").to_number<int>(), one.at("hour").to_number<int>()}] = one.as_object();
  CHECK(hours.size() == 4);
  CHECK(number(hours.at({1, 9}).at("opened")) == 2);
  CHECK(number(hours.at({1, 10}).at("answered")) == 2);
  CHECK(number(hours.at({1, 10}).at("solved")) == 2);
  CHECK(number(hours.at({1, 10}).at("contacts_in")) == 1);
  CHECK(number(hours.at({1, 10}).at("agents")) == doctest::Approx(1.0 / 13).epsilon(1e-12));  // of 13 Mondays
  CHECK(number(hours.at({2, 9}).at("opened")) == 1);
  CHECK(group(told, "agent", "lin").at("cases").to_number<int>() == 3);
}

TEST_CASE(
    "service: promises follow from a service level whose clock always runs, and not from one with working hours") {
  const auto store = new_store();
  Session session(*store);
  ChangeSet changes;
  const Id a = customer(changes, "gold");
  const Id calendar = changes.put("calendar").set("name", "days").id();
  const Id always = changes.put("service_level")
                        .set("name", "all day")
                        .set("answer_minutes", std::int64_t{120})
                        .set("resolve_minutes", std::int64_t{1'800})
                        .id();
  const Id working = changes.put("service_level")
                         .set("name", "office")
                         .set("resolve_minutes", std::int64_t{600})
                         .set("calendar_id", calendar)
                         .id();
  for (const auto& [level, answered] : {std::pair(always, 3.0), std::pair(always, 1.0), std::pair(working, 1.0)})
    changes.put("case")
        .set("customer_id", a)
        .set("opened_at", at(0))
        .set("answered_at", at(answered))
        .set("resolved_at", at(26))
        .set("service_level_id", level);
  session.apply(changes);
  const json::object told = run(session);
  CHECK(number(told.at("without_promise")) == 1);
  CHECK(number(group(told, "", "").at("answers_late").at("cases")) == 1);
  CHECK(number(group(told, "", "").at("answers_late").at("of")) == 2);
  CHECK(number(group(told, "", "").at("solutions_late").at("cases")) == 0);
}

TEST_CASE("service: repairs are cases of their own unless they belong to one") {
  const auto store = new_store();
  Session session(*store);
  ChangeSet changes;
  const Id a = customer(changes, "gold");
  const Id one = put_case(changes, {a, "fault", 0, 1, 30});
  changes.put("repair_order").set("customer_id", a).set("received_at", at(2)).set("case_id", one);
  changes.put("repair_order")
      .set("customer_id", a)
      .set("received_at", at(5))
      .set("finished_at", at(53))
      .set("due_at", at(29));
  session.apply(changes);
  const json::object told = run(session);
  CHECK(number(told.at("cases")) == 2);
  const json::object& repairs = group(told, "kind", "repair");
  CHECK(number(repairs.at("days_to_solution").at("median")) == 2);
  CHECK(number(repairs.at("solutions_late").at("cases")) == 1);
}

TEST_CASE(
    "service: late cases of valuable customers become an alert and a recommendation, once; solved, they are let go") {
  ManualClock clock;
  const auto store = new_store();
  Session session(*store, {.clock = clock.clock()});
  ChangeSet changes;
  const Id gold = customer(changes, "gold"), rich = customer(changes, "gold"), basic = customer(changes, "basic");
  put_case(changes, {gold, "invoice", 0, 1, {}, 24});
  put_case(changes, {rich, "quality", 24 * 8, 24 * 8 + 1, {}, 24 * 9});
  put_case(changes, {basic, "invoice", 0, 1, {}, 24});
  for (int i = 0; i < 14; ++i) put_case(changes, {basic, "other", 24.0 * i, 24.0 * i + 1, 24.0 * i + 2});
  for (const auto& [of, loss] : {std::pair(rich, 500.0), std::pair(gold, 100.0)})
    changes.put("score").set("customer_id", of).set("name", "churn.expected_loss").set("value", loss);
  const Id first = session.apply(changes).ids.at(3);  // after three customers
  const json::object told = run(session);
  CHECK(number(told.at("late_cases")) == 3);
  CHECK(number(told.at("late_of_valuable")) == 2);
  CHECK(number(told.at("late").at(0).at("at_stake")) == 500);
  // Three are open; 14 were solved in 28 days: a turn is two days. As they came: gold first (100), then the other one
  // of that hour (0), then rich (500): (100 x 1 + 500 x 3) / 600 turns. By stake: (500 x 1 + 100 x 2) / 600.
  const json::object& queue = told.at("queue").as_object();
  CHECK(number(queue.at("at_stake")) == 600);
  const json::object thin = run(session, R"({"tiers":"service","valuable":["gold"],"margin":0.5})");
  CHECK(number(thin.at("queue").at("at_stake")) == 300);
  CHECK(number(thin.at("queue").at("days_by_stake")) == number(queue.at("days_by_stake")));
  run(session);
  CHECK(number(queue.at("days_as_they_came")) == doctest::Approx(2 * 1600.0 / 600).epsilon(1e-9));
  CHECK(number(queue.at("days_by_stake")) == doctest::Approx(2 * 700.0 / 600).epsilon(1e-9));
  const auto alerts = [&] {
    return session.view().select({.entity = "alert", .where = Where::equal("status", "open"), .limit = 10});
  };
  REQUIRE(alerts().size() == 2);
  for (const Record& alert : alerts()) CHECK(alert.get("kind").text() == "service");
  const std::vector<Record> advice = session.view().select({.entity = "recommendation", .limit = 10});
  REQUIRE(advice.size() == 2);
  for (const Record& one : advice) CHECK(one.get("action").text() == "serve");
  const std::int64_t position = session.view().info().position;
  run(session);
  CHECK(session.view().info().position == position);
  ChangeSet solved;
  solved.put("case", first).set("resolved_at", at(24 * 13));
  session.apply(solved);
  run(session);
  CHECK(alerts().size() == 1);
  CHECK(session.view().count("recommendation") == 1);
  const std::string html = write_report(session);
  CHECK(html.find("<section id=\"service\">") != html.npos);
  CHECK(html.find("Hours to the first answer (median)") != html.npos);
  const std::string chinese = write_report(session, {.language = Language::chinese});
  CHECK(chinese.find("首次答复小时数（中位数）") != chinese.npos);
  CHECK(html.find(" are open, ") != html.npos);
  CHECK(chinese.find("个未结") != chinese.npos);
  CHECK(chinese.find(" are open, ") == chinese.npos);
}

TEST_CASE("service: what comes after the day is not known on it") {
  const auto store = new_store();
  Session session(*store);
  ChangeSet changes;
  const Id a = customer(changes, "gold");
  put_case(changes, {a, "invoice", 0, 30, 60});
  put_case(changes, {a, "invoice", 100, 101, 102});
  session.apply(changes);
  const json::object told =
      json::parse(run_insight(session, "service", {.as_of = Date{19'723}, .json = R"({"tiers":"service"})"}).json)
          .as_object();
  CHECK(number(told.at("cases")) == 1);
  CHECK(number(group(told, "", "").at("open")) == 1);
}

TEST_CASE("service: options that are out of range are refused") {
  const auto store = new_store();
  Session session(*store);
  CHECK_THROWS_AS(run(session, R"({"repeat_days":0})"), Error);
  CHECK_THROWS_AS(run(session, R"({"valuable":"gold"})"), Error);
}
