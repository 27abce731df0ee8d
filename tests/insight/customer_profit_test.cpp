#include "insight/customer_profit/customer_profit.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>

#include "emptor/core/random.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/store/open.hpp"

using namespace emptor;

namespace {

namespace json = boost::json;

constexpr std::int32_t last_day = 20'000;

Instant noon(double day) { return {static_cast<std::int64_t>(day) * micros_per_day + micros_per_day / 2}; }

/// Who buys at 20 what costs 12, every month or so; every fourth customer, of the region "far", costs 12 a contact and
/// is called after each purchase.
void fill(Session& session) {
  Random random(2);
  ChangeSet changes;
  const Id campaign = changes.put("campaign")
                          .set("name", "c")
                          .set("starts_on", Date{last_day - 30})
                          .set("contact_cost", Decimal(1))
                          .id();
  for (int i = 1; i <= 240; ++i) {
    const bool far = i % 4 == 0;
    ChangeSet::Put customer = changes.put("customer").by("shop", std::to_string(i)).set("name", "somebody");
    const Id id = customer.set("region", far ? "far" : "near").id();
    const double gap = 15 + 30 * random.gamma(2), leaves = .15 * random.uniform();
    for (double day = last_day - 700 * random.uniform(); day <= last_day; day -= gap * std::log(1 - random.uniform())) {
      const Id order = changes.put("order").set("customer_id", id).set("ordered_at", noon(day)).id();
      const Decimal amount = Decimal::of(static_cast<std::int64_t>(1500 + random.below(1000)), 2);
      changes.put("order_line")
          .set("order_id", order)
          .set("customer_id", id)
          .set("amount", amount)
          .set("cost", Decimal(12))
          .set("quantity", Decimal(1));
      if (far) changes.put("interaction").set("customer_id", id).set("at", noon(day)).set("cost", Decimal(12));
      if (random.uniform() < leaves) break;
    }
    if (i == 1) {
      changes.put("case")
          .set("customer_id", id)
          .set("kind", "complaint")
          .set("opened_at", noon(last_day - 3))
          .set("cost", Decimal(5));
      changes.put("membership")
          .set("customer_id", id)
          .set("campaign_id", campaign)
          .set("status", "contacted")
          .set("contacts", std::int64_t{3})
          .set("assigned_at", noon(last_day - 20));
    }
  }
  session.apply(changes);
}

json::object run(Session& session, bool table = false) {
  return json::parse(run_insight(session, "customer_profit", {.as_of = Date{last_day}, .table = table}).json)
      .as_object();
}

std::int64_t micros(const json::value& value) { return Decimal::parse(std::string_view(value.as_string()))->micros(); }

}  // namespace

TEST_CASE("customer profit: [I17] the margin less contacts, service, campaigns and returns, by hand from the records") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  fill(session);
  const json::object told = run(session);
  std::map<std::int64_t, std::int64_t> margin, contacts;
  const auto within = [](Instant at) {
    const auto day = at.micros / micros_per_day;
    return day > last_day - 365 && day <= last_day;
  };
  const View view = session.view();
  for (const Record& line : view.select({.entity = "order_line", .limit = 100'000})) {
    const std::optional<Record> order = view.get("order", line.get("order_id").id());
    if (within(order->get("ordered_at").instant()))
      margin[line.get("customer_id").id().value] += line.get("amount").micros() - line.get("cost").micros();
  }
  for (const Record& call : view.select({.entity = "interaction", .limit = 100'000}))
    if (within(call.get("at").instant())) contacts[call.get("customer_id").id().value] += call.get("cost").micros();
  std::int64_t all = 0, calls = 0;
  for (const auto& [id, one] : margin) all += one;
  for (const auto& [id, one] : contacts) calls += one;
  const json::object now = told.at("now").as_object();
  CHECK(micros(now.at("margin")) == all);
  CHECK(micros(now.at("contacts")) == calls);
  CHECK(now.at("service").as_string() == "5");
  CHECK(now.at("campaigns").as_string() == "3");
  CHECK(micros(now.at("profit")) == all - calls - 8'000'000);
  for (const Record& score :
       view.select({.entity = "score", .where = Where::equal("name", "profit.now"), .limit = 1'000})) {
    const std::int64_t id = score.get("customer_id").id().value;
    const double own = static_cast<double>(margin[id] - contacts[id]) / 1e6;
    CHECK((std::abs(score.get("value").real() - own) < 1e-9 || std::abs(own - score.get("value").real() - 8) < 1e-9));
  }
}

TEST_CASE("customer profit: [I17] the group that costs more than it brings is told, and no other of its field") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  fill(session);
  const json::object told = run(session);
  bool far = false;
  for (const json::value& group : told.at("groups").as_array()) {
    const bool loses = group.at("costs_more_than_it_brings").as_bool();
    if (group.at("field").as_string() != "region") continue;
    CHECK(loses == (group.at("kind").as_string() == "far"));
    far = far || loses;
  }
  CHECK(far);
  CHECK(told.at("en").as_string().find("region far costs more") != std::string::npos);
  CHECK(told.at("zh").as_string().find("成本高于贡献") != std::string::npos);
  CHECK(told.at("losing_customers").as_int64() > 30);
  CHECK(session.view().count("tag", Where::equal("name", "profit.loss")) == told.at("losing_customers").as_int64());
}

TEST_CASE("customer profit: [I17] what is expected has an interval and is judged on the window just past") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  fill(session);
  const InsightResult result = run_insight(session, "customer_profit", {.as_of = Date{last_day}, .table = true});
  const json::object told = json::parse(result.json).as_object();
  REQUIRE(told.at("judged").is_object());
  const json::object judged = told.at("judged").as_object();
  MESSAGE(json::serialize(judged));
  CHECK(judged.at("customers").as_int64() >= 50);
  CHECK(judged.at("covered").as_double() > .5);
  CHECK(judged.at("gini").as_double() > 0);
  const std::size_t expected = 8, lower = 9, upper = 10;
  REQUIRE(result.table.names.at(expected) == "expected");
  for (std::size_t i = 0; i < result.table.rows(); ++i) {
    CHECK(result.table.columns[lower].value(i).real() <= result.table.columns[expected].value(i).real() + 1e-9);
    CHECK(result.table.columns[expected].value(i).real() <= result.table.columns[upper].value(i).real() + 1e-9);
  }
}

TEST_CASE("customer profit: of groups that differ by chance only, none is told to lose more often than was asked") {
  int alarms = 0;
  constexpr int shops = 400;
  for (std::uint64_t shop = 0; shop < shops; ++shop) {
    Random random(hash_of(4, shop));
    ProfitRows rows;
    PortraitColumns columns;
    columns.kinds.push_back({"region", {"a", "b", "c", "d"}, {}});
    for (std::int64_t i = 0; i < 200; ++i) {
      rows.customer.push_back(i + 1);
      rows.profit.push_back(std::llround(1e6 * random.normal()));  // nobody brings anything
      columns.kinds[0].of.push_back(static_cast<std::uint32_t>(random.below(4)));
    }
    for (const ProfitGroup& group : group_profits(rows, columns, .95)) alarms += group.loses();
  }
  MESSAGE(alarms << " groups in " << shops << " shops");
  CHECK(alarms <= .05 * shops + 3 * std::sqrt(.05 * .95 * shops));
}

TEST_CASE("customer profit: without costs it says that amounts are no margins") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  ChangeSet changes;
  const Id customer = changes.put("customer").by("shop", "1").set("name", "somebody").id();
  const Id order = changes.put("order").set("customer_id", customer).set("ordered_at", noon(last_day)).id();
  changes.put("order_line").set("order_id", order).set("customer_id", customer).set("amount", Decimal(3));
  session.apply(changes);
  CHECK(run(session).at("verdict").as_string().starts_with("insufficient: too few lines have a cost"));
}
