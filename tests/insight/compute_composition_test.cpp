// Composition of plain tables, with figures worked out by hand, and against the insight on the same data in a store.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/store/open.hpp"
#include "support/plain_table.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

namespace json = boost::json;

constexpr std::int32_t today = 20'000;

PlainTable table() {
  return PlainTable({{"customer", Type::text},
                     {"date", Type::date},
                     {"order", Type::integer},
                     {"amount", Type::decimal},
                     {"cost", Type::decimal},
                     {"region", Type::text}});
}

/// The window of 365 days begins at 19,636, the one before at 19,271.
PlainTable by_hand() {
  PlainTable rows = table();
  const auto add = [&](const char* who, std::int32_t day, int order, int amount, int cost, const char* region) {
    rows.row({Value(std::string_view(who)), Date{day}, Value(std::int64_t{order}), Decimal(amount), Decimal(cost),
              *region == 0 ? Value() : Value(std::string_view(region))});
  };
  add("ann", today, 1, 100, 60, "north");
  add("ann", today - 10, 2, 10, 5, "North");
  add("ann", today, 1, 50, 20, "");
  add("bob", 19'500, 3, 40, 10, "North");
  add("cho", 19'950, 5, 20, 10, "West");
  add("cho", 19'900, 4, 30, 15, "South");  // where cho was before
  add("dan", today - 10, 6, -5, -2, "South");
  add("eve", 19'000, 7, 7, 1, "");
  return rows;
}

const std::string options = R"({"order":"order","cost":"cost","places":["region"],"least_cell":1})";

}  // namespace

TEST_CASE("compute composition: groups by the newest row of a customer, figures of both windows, by hand") {
  const ComputedResult result = by_hand().compute("composition", options);
  const json::object told = json::parse(result.json).as_object();
  CHECK(told.at("verdict") == json::value("sufficient"));
  CHECK(told.at("until") == json::value(to_string(Date{today})));
  CHECK(told.at("customers") == json::value(5));
  CHECK(told.at("buyers") == json::value(2));
  CHECK(told.at("orders") == json::value(4));
  CHECK(told.at("revenue") == json::value("205"));  // 160 of ann, 50 of cho, 5 given back
  CHECK(told.at("margin") == json::value("97"));    // less 60 + 5 + 20, 15 + 10, and -2
  CHECK(told.at("before") == json::value("40"));
  CHECK(told.at("rows") == json::value(8));
  REQUIRE(result.table.rows() == 4);
  const auto row = [&](std::size_t i) {
    std::string all;
    for (const char* column : {"group", "customers", "buyers", "orders", "revenue", "margin", "before"})
      all += cell(result.table, column, i) + " ";
    return all;
  };
  CHECK(row(0) == "North 2 1 2 160 75 40 ");  // shown as what comes first by its bytes
  CHECK(row(1) == "South 1 0 0 -5 -3 0 ");
  CHECK(row(2) == "West 1 1 2 50 25 0 ");
  CHECK(row(3) == "- 1 0 0 0 0 0 ");  // eve, of whom no row says where
  const json::array& spots = told.at("dimensions").at(0).at("white_spots").as_array();
  REQUIRE(spots.size() == 1);
  CHECK(spots.at(0).at("name") == json::value("South"));
}

TEST_CASE("compute composition: rows without an order are one each, and the day is asked for") {
  const json::object all = json::parse(by_hand().compute("composition", R"({"least_cell":1})").json).as_object();
  CHECK(all.at("verdict") == json::value("insufficient: nothing is known of customers to tell them apart by"));
  CHECK(all.at("orders") == json::value(5));
  const std::string day = R"({"by":["region"],"least_cell":1,"as_of":")" + to_string(Date{19'940}) + R"("})";
  const ComputedResult then = by_hand().compute("composition", day);
  CHECK(cell(then.table, "group", 2) == "South");  // cho, who had not moved
  CHECK(json::parse(then.json).at("revenue") == json::value("30"));
}

TEST_CASE("compute composition: a column that is not there and one that makes no groups are refused") {
  CHECK_THROWS_WITH_AS(by_hand().compute("composition", R"({"by":["town"]})"), doctest::Contains("town"), Error);
  CHECK_THROWS_WITH_AS(by_hand().compute("composition", R"({"by":["date"]})"), doctest::Contains("date"), Error);
}

TEST_CASE("compute composition: a table says what the insight says of the same lines in a store") {
  const auto store = open_store(":memory:", {.create = true, .currency = *Currency::parse("EUR")});
  Session session(*store);
  ChangeSet changes;
  PlainTable rows = table();
  Random random(4);
  for (int i = 0; i < 200; ++i) {
    const std::string region = i % 3 == 0 ? "North" : "South", name = "c" + std::to_string(1000 + i);
    const Id customer = changes.put("customer").set("name", name).set("region", region).id();
    for (int n = 0; n < 4; ++n) {
      const auto day = static_cast<std::int32_t>(today - random.below(900));
      const Id order =
          changes.put("order").set("customer_id", customer).set("ordered_at", Instant{day * micros_per_day}).id();
      for (int line = 0; line < 2; ++line) {
        const Decimal amount = Decimal::of(static_cast<std::int64_t>(1 + random.below(i % 3 == 0 ? 9'000 : 5'000)), 2);
        const Decimal cost = Decimal::of(static_cast<std::int64_t>(random.below(500)), 2);
        changes.put("order_line")
            .set("order_id", order)
            .set("customer_id", customer)
            .set("amount", amount)
            .set("cost", cost);
        rows.row({Value(std::string_view(name)), Date{day}, Value(std::int64_t{i * 4 + n}), amount, cost,
                  Value(std::string_view(region))});
      }
    }
  }
  session.apply(changes);
  const InsightOptions asked{.as_of = Date{today}, .json = R"({"by":["region"]})", .write_back = false};
  const json::object kept = json::parse(run_insight(session, "composition", asked).json).as_object();
  const std::string plain = R"({"by":["region"],"places":["region"],"order":"order","cost":"cost","as_of":")" +
                            to_string(Date{today}) + R"("})";
  const json::object told = json::parse(rows.compute("composition", plain).json).as_object();
  for (const char* part : {"customers", "buyers", "orders", "revenue", "margin", "before", "growth", "concentration",
                           "dimensions", "findings", "white_spots"})
    CHECK_MESSAGE(told.at(part) == kept.at(part), part);
}
