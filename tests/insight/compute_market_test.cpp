// Segments of plain tables: planted ones are found, clouds have none, and a table says what a store says.
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
  return PlainTable({{"customer", Type::integer},
                     {"date", Type::date},
                     {"amount", Type::decimal},
                     {"branch", Type::text},
                     {"budget", Type::real}});
}

/// 60 who buy often and little, 60 seldom and much; visit(customer, day, amount, often).
template <class Visit>
void each_purchase(const Visit& visit) {
  Random random(3);
  for (int i = 0; i < 120; ++i) {
    const bool often = i % 2 == 0;
    const int orders = often ? 24 + static_cast<int>(random.below(6)) : 2;
    for (int k = 0; k < orders; ++k) {
      const auto day = static_cast<std::int32_t>(today - k * (often ? 10 : 90) - static_cast<int>(random.below(9)));
      visit(i, day, static_cast<std::int64_t>((often ? 20 : 900) * (1 + 0.2 * random.uniform())), often);
    }
  }
}

PlainTable planted() {
  PlainTable rows = table();
  each_purchase([&](int customer, std::int32_t day, std::int64_t amount, bool often) {
    rows.row({Value(std::int64_t{customer}), Date{day}, Decimal(amount),
              Value(std::string_view(often ? "retail" : "trade")), Value(often ? 1'000.0 : 4'000.0)});
  });
  return rows;
}

}  // namespace

TEST_CASE(
    "compute market: [I21] those who buy often and little are one segment, those who buy seldom and much another") {
  const ComputedResult result = planted().compute("market");
  const json::object told = json::parse(result.json).as_object();
  CHECK(told.at("verdict") == json::value("sufficient"));
  CHECK(told.at("segmentation").at("segments").as_array().size() == 2);
  CHECK(told.if_contains("competition") == nullptr);
  REQUIRE(result.table.rows() == 120);
  for (std::size_t i = 0; i < 120; ++i) {
    CHECK(cell(result.table, "customer", i) == std::to_string(i));
    // The one of the most revenue a customer comes first: 2 of 900 are more than some 27 of 20.
    CHECK(cell(result.table, "segment", i) == (i % 2 == 0 ? "segment_2" : "segment_1"));
  }
  CHECK(cell(result.table, "mentions", 0) == "no such column");
}

TEST_CASE("compute market: columns of what is known of customers join in, and tell of the share of their wallet") {
  const ComputedResult result = planted().compute("market", R"({"attributes":["branch"],"wallet":"budget"})");
  const json::object told = json::parse(result.json).as_object();
  CHECK(told.at("segmentation").at("columns").as_array().size() == 6);  // behaviour, retail and trade
  const json::object& wallet = told.at("share_of_wallet").as_object();
  CHECK(wallet.at("customers") == json::value(120));
  CHECK(wallet.at("wallet").to_number<double>() == doctest::Approx(60 * 1'000 + 60 * 4'000));
  double revenue = 0;
  each_purchase([&](int, std::int32_t day, std::int64_t amount, bool) {
    if (day > today - 365) revenue += static_cast<double>(amount);
  });
  CHECK(wallet.at("share").to_number<double>() == doctest::Approx(revenue / 300'000));
}

TEST_CASE("compute market: columns that are not there or hold no numbers are refused by name") {
  CHECK_THROWS_WITH_AS(planted().compute("market", R"({"attributes":["size"]})"), doctest::Contains("size"), Error);
  CHECK_THROWS_WITH_AS(planted().compute("market", R"({"wallet":"branch"})"), doctest::Contains("branch"), Error);
}

TEST_CASE("compute market: a table says what the insight says of the same purchases in a store") {
  const auto store = open_store(":memory:", {.create = true, .currency = *Currency::parse("EUR")});
  Session session(*store);
  ChangeSet changes;
  std::vector<Id> customers;
  for (int i = 0; i < 120; ++i) customers.push_back(changes.put("customer").set("name", "somebody").id());
  each_purchase([&](int customer, std::int32_t day, std::int64_t amount, bool) {
    const Id id = customers[static_cast<std::size_t>(customer)];
    const Id order = changes.put("order").set("customer_id", id).set("ordered_at", Instant{day * micros_per_day}).id();
    changes.put("order_line").set("order_id", order).set("customer_id", id).set("amount", Decimal(amount));
  });
  session.apply(changes);
  const json::object kept =
      json::parse(run_insight(session, "market", {.as_of = Date{today}, .write_back = false}).json).as_object();
  const std::string options = R"({"as_of":")" + to_string(Date{today}) + R"("})";
  const json::object told = json::parse(planted().compute("market", options).json).as_object();
  CHECK(told.at("customers") == kept.at("customers"));
  const auto part = [](const json::object& all, const char* name) {
    return all.at("segmentation").at("segments").at(0).at(name);
  };
  for (const char* name : {"customers", "share", "revenue", "growth"})
    CHECK_MESSAGE(part(told, name) == part(kept, name), name);
}
