#include "emptor/insight/next_action.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "emptor/core/error.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/store/open.hpp"

using namespace emptor;

namespace {

namespace json = boost::json;

CustomerAction action_of(const CustomerSituation& situation) { return choose_action(situation).action; }

}  // namespace

TEST_CASE("next action: [I25] what brings most is done, and an open case goes before everything") {
  const NextAction care = choose_action({.churn_chance = .5, .value = 2'000});
  CHECK(care.action == CustomerAction::care);
  CHECK(care.gain == doctest::Approx(.3 * 2'000 * .5 * .1 - 5));
  CHECK(action_of({.open_cases = 1, .churn_chance = .5, .value = 2'000}) == CustomerAction::serve);
  CHECK(action_of({.churn_chance = .5, .value = 100}) == CustomerAction::wait);  // care would cost more than it brings
  CHECK(action_of({.spend = 200, .offer_chance = .4}) == CustomerAction::sell);
  CHECK(action_of({.spend = 20, .offer_chance = .4}) == CustomerAction::market);  // worth a message, not a call
  CHECK(action_of({.spend = 200, .offer_chance = .4, .wants_offers = false}) == CustomerAction::wait);
  const NextAction back = choose_action({.alive = .2, .value = 300});
  CHECK(back.action == CustomerAction::win_back);
  CHECK(back.gain == doctest::Approx(.3 * .8 * (300 / .2) * .05 - 5));
  CHECK(action_of({.churn_chance = .5, .value = 2'000, .days_since_contact = 3}) == CustomerAction::wait);
  CHECK(action_of({.open_cases = 2, .days_since_contact = 3}) == CustomerAction::serve);
  CHECK(action_of(CustomerSituation{}) == CustomerAction::wait);
  CHECK(action_of({.open_cases = 2, .churn_chance = .5, .value = 2'000, .is_served = false}) == CustomerAction::wait);
}

TEST_CASE("next action: [I26] contacts go to those who bring most, the others get a message") {
  std::vector<CustomerSituation> situations;
  for (int i = 1; i <= 10; ++i) situations.push_back({.spend = 100.0 * i, .offer_chance = .5});
  const std::vector<NextAction> actions = choose_actions(situations, {.contacts = 3});
  for (std::size_t i = 0; i < actions.size(); ++i)
    CHECK(actions[i].action == (i >= 7 ? CustomerAction::sell : CustomerAction::market));
  CHECK_THROWS_AS(choose_actions(situations, {.contact_cost = -1}), Error);
  CHECK_THROWS_AS(choose_actions(situations, {.margin = 1.5}), Error);
}

TEST_CASE("next action: recommendations follow the records, are kept once, and go when the matter is settled") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  ChangeSet changes;
  const Id model = changes.put("model").set("name", "offers").id();
  const Id product = changes.put("product").set("name", "lamp").id();
  std::vector<Id> customers;
  for (int i = 0; i < 4; ++i) customers.push_back(changes.put("customer").set("name", "somebody").id());
  changes.put("case").set("customer_id", customers[0]).set("subject", "broken");
  const auto score = [&](int who, const char* name, double value) {
    changes.put("score")
        .set("customer_id", customers[static_cast<std::size_t>(who)])
        .set("name", name)
        .set("value", value);
  };
  score(1, "churn.chance", .6);
  score(1, "lifetime.value", 5'000);
  score(2, "lifetime.spend", 400);
  changes.put("recommendation")
      .set("customer_id", customers[2])
      .set("product_id", product)
      .set("model_id", model)
      .set("action", "sell")
      .set("score", .5)
      .set("status", "open");
  session.apply(changes);
  const auto plan = [&](std::string_view options) {
    return json::parse(run_insight(session, "next_action", {.json = std::string(options)}).json).as_object();
  };
  const json::object first = plan("{}");
  CHECK(first.at("verdict") == json::value("sufficient"));
  for (const char* action : {"serve", "care", "sell", "wait"})
    CHECK(first.at("actions").at(action).at("customers") == json::value(1));
  const std::int64_t position = session.view().info().position;
  plan("{}");
  CHECK(session.view().info().position == position);
  const Where ours = Where::equal("model_id", Id{std::stoll(std::string(first.at("model_id").as_string()))});
  const auto reasons = [&] {
    std::vector<std::string> texts;
    for (const Record& one :
         session.view().select({.entity = "recommendation", .where = ours, .order = {{"customer_id"}}, .limit = 10}))
      texts.emplace_back(one.get("reason").text());
    return texts;
  };
  CHECK(reasons() == std::vector<std::string>{"1 case is open", "60 % chance to fall silent, with 5000 expected",
                                              "50 % chance to buy lamp"});
  ChangeSet settled;
  const Id open = session.view().select({.entity = "case", .limit = 1}).front().id();
  settled.put("case", open).set("closed_at", Instant{0});
  session.apply(settled);
  plan(R"({"language":"zh"})");
  CHECK(reasons() == std::vector<std::string>{"流失概率60 %，预期价值5000", "购买“lamp”的概率50 %"});
}

TEST_CASE("next action: [B23] for a customer who is not served nothing is to be done, also where a case is open") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  ChangeSet changes;
  for (const char* kind : {"no_service", "no_credit"}) {
    const Id customer = changes.put("customer").set("name", "somebody").id();
    changes.put("case").set("customer_id", customer).set("subject", "broken");
    changes.put("block").set("customer_id", customer).set("kind", kind);
  }
  session.apply(changes);
  const json::object told = json::parse(run_insight(session, "next_action").json).as_object();
  CHECK(told.at("actions").at("serve").at("customers") == json::value(1));
  CHECK(told.at("actions").at("wait").at("customers") == json::value(1));
}

TEST_CASE("next action: a store without scores says so, and options out of range are refused by name") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  const json::object told = json::parse(run_insight(session, "next_action").json).as_object();
  CHECK(told.at("verdict").as_string().starts_with("insufficient: "));
  CHECK_THROWS_WITH_AS(run_insight(session, "next_action", {.json = R"({"margin":2})"}), doctest::Contains("margin"),
                       Error);
}
