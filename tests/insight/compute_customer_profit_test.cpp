// Profit of customers of plain tables, with figures worked out by hand.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "emptor/core/error.hpp"
#include "support/plain_table.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

namespace json = boost::json;

constexpr std::int32_t today = 20'000;

PlainTable table() {
  return PlainTable({{"customer", Type::text},
                     {"date", Type::date},
                     {"amount", Type::decimal},
                     {"goods", Type::decimal},
                     {"calls", Type::decimal},
                     {"repairs", Type::decimal},
                     {"mailings", Type::decimal},
                     {"region", Type::text}});
}

struct Costs {
  std::optional<Decimal> goods = {}, calls = {}, repairs = {}, mailings = {};
};

void add(PlainTable& rows, std::string_view who, std::int32_t day, Decimal amount, const Costs& costs,
         std::string_view region = "near") {
  const auto cost = [](const std::optional<Decimal>& one) { return one ? Value(*one) : Value(); };
  rows.row({Value(who), Date{day}, amount, cost(costs.goods), cost(costs.calls), cost(costs.repairs),
            cost(costs.mailings), Value(region)});
}

const std::string columns =
    R"("cost":"goods","contact_cost":"calls","service_cost":"repairs","campaign_cost":"mailings")";

}  // namespace

TEST_CASE(
    "compute customer profit: the margin less contacts, service and campaigns of the window, to the cent by hand") {
  PlainTable rows = table();
  add(rows, "bob", today - 400, Decimal(50), {.goods = Decimal(20), .calls = Decimal(9)});  // before the window
  add(rows, "ann", today, Decimal::of(10'010, 2), {.goods = Decimal(60)});
  add(rows, "ann", today - 5, Decimal(0), {.goods = Decimal(0), .calls = Decimal::of(725, 2)});
  add(rows, "ann", today - 5, Decimal(-20), {.goods = Decimal(-12)});
  add(rows, "ann", today - 6, Decimal(0), {.goods = Decimal(0), .repairs = Decimal(5), .mailings = Decimal(1)});
  add(rows, "bob", today - 1, Decimal(8), {.goods = Decimal(6), .mailings = Decimal::of(333, 2)});
  add(rows, "cho", today - 2, Decimal(0), {.calls = Decimal(4)});  // has never bought, and is no customer yet
  const ComputedResult result = rows.compute("customer_profit", "{" + columns + "}");
  const json::object told = json::parse(result.json).as_object();
  CHECK(told.at("earnings") == json::value("margin"));
  CHECK(told.at("customers") == json::value(2));
  const json::object& now = told.at("now").as_object();
  CHECK(now.at("revenue") == json::value("88.1"));  // 100.1 - 20 of ann, 8 of bob
  CHECK(now.at("margin") == json::value("34.1"));   // less 60 - 12 and 6
  CHECK(now.at("contacts") == json::value("7.25"));
  CHECK(now.at("service") == json::value("5"));
  CHECK(now.at("campaigns") == json::value("4.33"));
  CHECK(now.at("returns") == json::value("0"));
  CHECK(now.at("profit") == json::value("17.52"));
  REQUIRE(result.table.rows() == 2);
  CHECK(cell(result.table, "customer", 0) == "ann");
  CHECK(cell(result.table, "profit", 0) == "18.85");  // 80.1 - 48 - 7.25 - 5 - 1
  CHECK(cell(result.table, "profit", 1) == "-1.33");  // 8 - 6 - 3.33
  CHECK(told.at("losing_customers") == json::value(1));
  CHECK(told.at("losses") == json::value("-1.33"));
}

TEST_CASE(
    "compute customer profit: [I17] the group that costs more than it brings is told, by the newest row of each") {
  PlainTable rows = table();
  for (int i = 0; i < 60; ++i) {
    const std::string who = "c" + std::to_string(i);
    const bool far = i % 3 == 0;
    add(rows, who, today - 90, Decimal(20), {.goods = Decimal(12)}, "near");  // all have lived near
    add(rows, who, today - i, Decimal(20), {.goods = Decimal(12), .calls = Decimal(far ? 26 + i % 2 : 0)},
        far ? "far" : "near");
  }
  const ComputedResult result = rows.compute("customer_profit", "{" + columns + R"(,"by":["region"]})");
  const json::array groups = json::parse(result.json).at("groups").as_array();
  REQUIRE(groups.size() == 2);
  CHECK(groups.at(0).at("kind") == json::value("far"));
  CHECK(groups.at(0).at("customers") == json::value(20));
  CHECK(groups.at(0).at("profit") == json::value("-210"));  // 20 times 16, less ten calls of 26 and ten of 27
  CHECK(groups.at(0).at("mean").to_number<double>() == doctest::Approx(-10.5));
  CHECK(groups.at(0).at("costs_more_than_it_brings") == json::value(true));
  CHECK(groups.at(1).at("profit") == json::value("640"));
  CHECK(groups.at(1).at("costs_more_than_it_brings") == json::value(false));
}

TEST_CASE(
    "compute customer profit: without costs of goods it says that amounts are no margins; no purchases, no profit") {
  PlainTable some = table();
  add(some, "ann", today, Decimal(10), {});
  const json::object amounts = json::parse(some.compute("customer_profit").json).as_object();
  CHECK(amounts.at("earnings") == json::value("amount"));
  CHECK(std::string_view(amounts.at("verdict").as_string()).starts_with("insufficient: too few lines have a cost"));
  const json::object none = json::parse(table().compute("customer_profit").json).as_object();
  CHECK(none.at("verdict") == json::value("insufficient: there are no purchases"));
  CHECK_THROWS_WITH_AS(table().compute("customer_profit", R"({"contact_cost":"visits"})"), doctest::Contains("visits"),
                       Error);
}
