#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/insight/compute.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/store/open.hpp"
#include "insight/usage/usage_work.hpp"
#include "support/made_facts.hpp"
#include "support/put_purchases.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

namespace json = boost::json;

constexpr std::int32_t today = 19'700;

const ProductUsage& of(const UsageOutcome& outcome, std::int64_t product) {
  for (const ProductUsage& one : outcome.products)
    if (one.product == product) return one;
  FAIL("there is no such product");
  throw Error(Code::not_found, "product");
}

UsageOutcome usage_of(const std::vector<MadePurchase>& purchases, const UsageRecords& records = {},
                      UsageRequest request = {}) {
  if (!request.until) request.until = Date{today};
  const Facts facts = made_facts(purchases);
  return measure_usage(lines_of(facts), records, request, {});
}

}  // namespace

TEST_CASE("usage: [I19] who uses a product now, used it a year ago, and bought it again") {
  // Product 1: customers 1 and 2 now (1 twice), 3 a year ago. Product 2: customer 3 now.
  const UsageOutcome outcome = usage_of({{1, 1, today - 100, 10},
                                         {1, 2, today - 40, 10},
                                         {1, 3, today - 40, 10},
                                         {2, 4, today - 10, 10},
                                         {3, 5, today - 500, 10},
                                         {3, 6, today - 5, 10, 1, 2}});
  const ProductUsage& first = of(outcome, 1);
  CHECK(first.customers == 3);
  CHECK(first.in_use == 2);
  CHECK(first.before == 1);
  CHECK(first.lost == 1);
  CHECK(first.gained == 2);
  CHECK(first.buyers == 3);
  CHECK(first.repeated == 1);
  CHECK(first.penetration.value == doctest::Approx(2. / 3));
  CHECK_FALSE(first.losing);
  REQUIRE(outcome.customers.size() == 3);
  CHECK(outcome.customers[0].breadth == 1);
  CHECK(outcome.customers[0].depth == 2);
  CHECK(outcome.customers[2].lapsed == std::vector<std::int64_t>{1});
  CHECK(outcome.users == 3);
  CHECK(outcome.by_services[1] == 3);
  CHECK(outcome.verdict.starts_with("insufficient: "));
}

TEST_CASE("usage: the time to come back counts those who have not come back yet") {
  // Ten came back after 20 days, ten were seen for 100 days without. Kaplan-Meier falls to a half at 20.
  std::vector<MadePurchase> purchases;
  for (std::int64_t customer = 1; customer <= 20; ++customer) {
    purchases.push_back({customer, customer, today - 100, 10});
    if (customer <= 10) purchases.push_back({customer, 100 + customer, today - 80, 10});
  }
  const UsageOutcome half = usage_of(purchases);
  CHECK(of(half, 1).repeat_rate.value == doctest::Approx(.5));
  purchases.push_back({21, 300, today - 100, 10});
  CHECK_FALSE(of(usage_of(purchases), 1).days_to_repeat.has_value());
  purchases.push_back({21, 301, today - 70, 10});  // now 11 of 21: the half is passed at 30 days
  CHECK(of(usage_of(purchases), 1).days_to_repeat == 30);
}

TEST_CASE("usage: a product loses users where more went than came beyond chance, over all products") {
  std::vector<MadePurchase> purchases;
  std::int64_t order = 0;
  for (std::int64_t customer = 1; customer <= 60; ++customer) {
    // All used product 1 last year, twenty still do. Of product 2 thirty went and thirty came.
    purchases.push_back({customer, ++order, today - 400, 10, 1, 1});
    if (customer <= 20) purchases.push_back({customer, ++order, today - 30, 10, 1, 1});
    purchases.push_back({customer, ++order, customer <= 30 ? today - 400 : today - 30, 10, 1, 2});
  }
  const UsageOutcome outcome = usage_of(purchases);
  CHECK(outcome.verdict == "sufficient");
  CHECK(of(outcome, 1).losing);
  CHECK(of(outcome, 1).lost == 40);
  CHECK_FALSE(of(outcome, 2).losing);
  CHECK(of(outcome, 2).p_value == 1);
}

TEST_CASE("usage: a new product has a curve of adoption, an old one and the first ones have none") {
  std::vector<MadePurchase> purchases;
  for (std::int64_t customer = 1; customer <= 9; ++customer) {
    purchases.push_back({customer, customer, today - 1'000, 10, 1, 1});
    const auto weeks = static_cast<std::int32_t>(customer);
    purchases.push_back({customer, 100 + customer, today - 100 + 10 * (weeks - 1), 10, 1, 2});
  }
  const UsageOutcome outcome = usage_of(purchases);
  CHECK(of(outcome, 1).adoption.empty());
  // First bought 100 days ago, by one more every ten days: 3, 6 and 9 by the end of 30, 60 and 90 days.
  CHECK(of(outcome, 2).adoption == std::vector<std::uint64_t>{3, 6, 9});
}

TEST_CASE("usage: rates per hundred have the interval of Byar") {
  // By hand, 15 (1 - 1/135 - 1.96 / (3 sqrt 15))^3 and 16 (1 - 1/144 + 1.96 / 12)^3; exact (Garwood): 8.40 and 24.74.
  const mine::RateInterval rate = events_per_100(15, 100);
  CHECK(rate.value == doctest::Approx(15));
  CHECK(rate.lower == doctest::Approx(8.39).epsilon(.002));
  CHECK(rate.upper == doctest::Approx(24.74).epsilon(.002));
  CHECK(events_per_100(0, 50).lower == 0);
  CHECK(events_per_100(0, 50).upper == doctest::Approx(2 * 3.68).epsilon(.01));
  CHECK(events_per_100(3, 0).upper == 0);
}

TEST_CASE("usage: what is paid without a sign of use is an alert, which goes when a sign comes") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  ChangeSet changes;
  const Id paper = changes.put("product").set("name", "paper").id(),
           pump = changes.put("product").set("name", "pump").id();
  std::vector<Id> customers(4);
  for (Id& customer : customers) customer = changes.put("customer").set("name", "somebody").id();
  const auto subscribe = [&](std::size_t customer, std::int32_t from, const char* status) {
    return changes.put("subscription")
        .set("customer_id", customers[customer])
        .set("product_id", paper)
        .set("status", status)
        .set("starts_on", Date{from})
        .set("ends_on", Date{today + 100})
        .id();
  };
  const auto call = [&](ChangeSet& into, std::size_t customer, std::int32_t day) {
    into.put("interaction")
        .set("customer_id", customers[customer])
        .set("direction", "in")
        .set("channel", "phone")
        .set("at", Instant{day * micros_per_day});
  };
  const Id used = subscribe(0, today - 300, "active");
  subscribe(1, today - 300, "active");
  subscribe(2, today - 10, "active");  // too young to say
  changes.put("issue")
      .set("customer_id", customers[0])
      .set("subscription_id", used)
      .set("label", "1")
      .set("sent_at", Instant{(today - 20) * micros_per_day});
  call(changes, 0, today - 5);
  const Id asset = changes.put("asset")
                       .set("customer_id", customers[3])
                       .set("product_id", pump)
                       .set("installed_on", Date{today - 200})
                       .set("status", "in_use")
                       .id();
  changes.put("case")
      .set("customer_id", customers[3])
      .set("asset_id", asset)
      .set("kind", "fault")
      .set("opened_at", Instant{(today - 50) * micros_per_day});
  changes.put("repair_order")
      .set("customer_id", customers[3])
      .set("asset_id", asset)
      .set("received_at", Instant{(today - 49) * micros_per_day});
  const Receipt receipt = session.apply(changes);
  const InsightOptions options{.as_of = Date{today}, .table = true};
  const InsightResult result = run_insight(session, "usage", options);
  const json::object told = json::parse(result.json).as_object();
  CHECK(told.at("users") == json::value(4));
  CHECK(told.at("with_unused") == json::value(1));
  REQUIRE(result.table.rows() == 2);
  const auto cell = [&](const char* name, std::size_t row) {
    for (std::size_t i = 0; i < result.table.names.size(); ++i)
      if (result.table.names[i] == name) return result.table.columns[i].value(row);
    return Value();
  };
  CHECK(cell("subscriptions", 0).integer() == 3);
  CHECK(cell("delivered", 0).integer() == 1);
  CHECK(cell("unused", 0).integer() == 1);
  CHECK(cell("assets", 1).integer() == 1);
  CHECK(cell("problems_per_100", 1).real() == doctest::Approx(100));
  CHECK(cell("repairs_per_100", 1).real() == doctest::Approx(100));
  const std::vector<Record> alerts = session.view().select({.entity = "alert", .limit = 10});
  REQUIRE(alerts.size() == 1);
  CHECK(alerts[0].get("kind").text() == "service");
  CHECK(alerts[0].get("reason").text() == "pays for 1 service without a sign of use for 90 days");
  const std::int64_t position = session.view().info().position;
  run_insight(session, "usage", options);
  CHECK(session.view().info().position == position);
  ChangeSet sign;
  const Id unused = alerts[0].get("customer_id").id();
  sign.put("interaction")
      .set("customer_id", unused)
      .set("direction", "in")
      .set("channel", "web")
      .set("at", Instant{(today - 1) * micros_per_day});
  session.apply(sign);
  run_insight(session, "usage", options);
  CHECK(session.view().count("alert", Where::equal("status", "open")) == 0);
}

TEST_CASE("usage: options that are none are refused by name, and an empty store is said to lack all") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  CHECK_THROWS_WITH_AS(run_insight(session, "usage", {.json = R"({"window":3})"}), doctest::Contains("window"), Error);
  CHECK(json::parse(run_insight(session, "usage").json).as_object().at("verdict") ==
        json::value("insufficient: nothing is bought, subscribed to, installed or attended"));
}

TEST_CASE("usage: of a plain table, with the products under their own names") {
  NamedTable table;
  Column customer{.type = Type::text}, product{.type = Type::text}, date{.type = Type::date};
  const auto bought = [&](const char* who, const char* what, std::int32_t day) {
    customer.append(Value(std::string_view(who)));
    product.append(Value(std::string_view(what)));
    date.append(Value(Date{day}));
  };
  bought("ann", "tape", today - 500);
  bought("ann", "disc", today - 20);
  bought("bob", "disc", today - 40);
  bought("bob", "disc", today);
  table.add("who", customer.type) = customer;
  table.add("product", product.type) = product;
  table.add("date", date.type) = date;
  ArrowArrayStream stream{};
  to_arrow(std::move(table), &stream);
  const ComputedResult result = compute("usage", {.stream = &stream, .json = R"({"customer":"who"})"});
  REQUIRE(result.table.rows() == 2);
  CHECK(result.table.columns[0].text(0) == "disc");
  CHECK(result.table.columns[0].text(1) == "tape");
  CHECK(result.table.columns[2].value(0).integer() == 2);
  CHECK(result.table.columns[4].value(1).integer() == 1);
  const json::object told = json::parse(result.json).as_object();
  CHECK(told.at("products").at(0).at("name") == json::value("disc"));
  CHECK(told.at("with_unused").is_null());
}
