#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/store/open.hpp"
#include "insight/replenishment/replenishment_work.hpp"
#include "support/put_purchases.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

namespace json = boost::json;

constexpr std::int32_t first_day = 19'000, last_day = 19'400;

/// Each customer buys product 1 about every 30 days and product 2 on days of no rhythm.
std::vector<MadePurchase> households(std::size_t customers, std::uint64_t seed) {
  Random random(seed);
  std::vector<MadePurchase> purchases;
  const auto buy = [&](std::size_t customer, std::int32_t day, std::int64_t product) {
    purchases.push_back(
        {static_cast<std::int64_t>(customer), static_cast<std::int64_t>(purchases.size()) + 1, day, 10, 1, product});
  };
  for (std::size_t customer = 1; customer <= customers; ++customer) {
    for (auto day = static_cast<std::int32_t>(first_day + random.below(30)); day <= last_day;
         day += static_cast<std::int32_t>(26 + random.below(9)))
      buy(customer, day, 1);
    for (std::int32_t day = first_day; day <= last_day; ++day)
      if (random.below(60) == 0) buy(customer, day, 2);
  }
  purchases.push_back({1, 1'000'000, last_day, 10, 1, 3});
  return purchases;
}

}  // namespace

TEST_CASE("replenishment: [I24] a product with a rhythm is due when its gap is over, and is bought then") {
  const Facts facts = made_facts(households(500, 1));
  const ReplenishmentOutcome outcome = find_due(lines_of(facts), {.ahead = 7}, {}, {});
  REQUIRE(outcome.verdict == "sufficient");
  CHECK(outcome.judgement.lower > .05);
  CHECK(outcome.judgement.rhythm.precision() > outcome.judgement.not_due.precision());
  std::size_t regular = 0, right = 0;
  for (const DuePair& due : outcome.due) {
    const mine::PairRhythm& pair = due.rhythm;
    if (outcome.products[pair.item] != 1) continue;
    ++regular;
    right += std::abs(pair.next_day - static_cast<double>(pair.last_day) - 30) < 4 ? 1 : 0;
    CHECK(due.chance >= .3);
  }
  CHECK(regular > 80);
  CHECK(right == regular);
  CHECK(due_reason(outcome.due.front(), Language::english).find(": due about ") != std::string::npos);
  CHECK(due_reason(outcome.due.front(), Language::chinese).find("补货") != std::string::npos);
}

TEST_CASE("replenishment: what has no rhythm is no better than chance, and nothing is made of it") {
  Random random(2);
  std::vector<MadePurchase> purchases;
  for (std::int64_t customer = 1; customer <= 1'000; ++customer)
    for (std::int32_t day = first_day; day <= last_day; ++day)
      if (random.below(50) == 0)
        purchases.push_back({customer, static_cast<std::int64_t>(purchases.size()) + 1, day, 10, 1, 1});
  const Facts facts = made_facts(purchases);
  const ReplenishmentOutcome outcome = find_due(lines_of(facts), {}, {}, {});
  REQUIRE(outcome.judgement.pairs > 900);
  CHECK(outcome.due.empty());
  CHECK(std::abs(outcome.judgement.auc - .5) < .05);
  CHECK(find_due(lines_of(made_facts({})), {}, {}, {}).verdict.starts_with("insufficient: "));
  const Facts once = made_facts({{1, 1, first_day, 10}, {2, 2, first_day, 10}});
  CHECK(find_due(lines_of(once), {}, {}, {}).verdict == "insufficient: too few products were bought again and again");
}

TEST_CASE("replenishment: recommendations are kept with their last day, and those who refused get none") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  ChangeSet changes;
  std::vector<Id> products(3), customers(200);
  for (Id& product : products) product = changes.put("product").set("name", "soap").id();
  for (Id& customer : customers) customer = changes.put("customer").set("name", "somebody").id();
  put_purchases(changes, households(200, 3), customers, products);
  session.apply(changes);
  const auto due = [&] {
    return json::parse(run_insight(session, "replenishment", {.json = R"({"ahead_days":7})"}).json).as_object();
  };
  const json::object first = due();
  REQUIRE(first.at("verdict") == json::value("sufficient"));
  const std::uint64_t count = session.view().count("recommendation", Where::equal("status", "open"));
  CHECK(count == first.at("due").to_number<std::uint64_t>());
  const Record some = session.view().select({.entity = "recommendation", .limit = 1}).front();
  CHECK(some.get("valid_to").present());
  const std::int64_t position = session.view().info().position;
  due();
  CHECK(session.view().info().position == position);
  ChangeSet refusal;
  refusal.put("consent")
      .set("customer_id", some.get("customer_id"))
      .set("purpose", "marketing")
      .set("state", "refused");
  session.apply(refusal);
  due();
  CHECK(session.view().count("recommendation", Where::equal("customer_id", some.get("customer_id"))) == 0);
}

TEST_CASE("replenishment: options that are none are refused by name") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  CHECK_THROWS_WITH_AS(run_insight(session, "replenishment", {.json = R"({"ahead":3})"}), doctest::Contains("ahead"),
                       Error);
  CHECK(json::parse(run_insight(session, "replenishment").json).as_object().at("due") == json::value(0));
}
