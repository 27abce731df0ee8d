#include "emptor/desk/statistics.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "desk/card_ground.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

using Rows = std::vector<std::pair<std::vector<std::string>, std::int64_t>>;

Rows rows_of(const Statistics& statistics, std::string_view name) {
  const auto table = std::ranges::find(statistics.tables, name, &StatisticsTable::name);
  REQUIRE(table != statistics.tables.end());
  Rows rows;
  for (const StatisticsRow& row : table->rows) rows.emplace_back(row.keys, row.count);
  return rows;
}

}  // namespace

// The expected counts are those of the records made here, counted by hand.
TEST_CASE("[K5] statistics: records, stages, channels, agents and what is open are counted") {
  at_every_desk([](CardGround& desk) {
    const Id bo = desk.put("user", {{"name", "Bo"}});
    const Id ada = desk.put("customer", {{"name", "Ada"}, {"stage", "active"}, {"country", "PT"}});
    desk.put("customer", {{"name", "Eve"}, {"stage", "active"}});
    desk.put("customer", {{"name", "Cai"}, {"stage", "lost"}});
    for (const char* channel : {"phone", "phone", "email"})
      desk.put("interaction",
               {{"customer_id", Value(ada)}, {"channel", channel}, {"direction", "in"}, {"user_id", Value(bo)}});
    desk.put("interaction", {{"customer_id", Value(ada)}, {"channel", "phone"}, {"direction", "out"}});
    desk.put("case", {{"customer_id", Value(ada)}, {"state", "new"}, {"owner_id", Value(bo)}});
    desk.put("case", {{"customer_id", Value(ada)}, {"state", "new"}, {"closed_at", Value(desk.days_ago(1))}});
    desk.put("task", {{"user_id", Value(bo)}, {"status", "open"}});
    desk.put("task", {{"user_id", Value(bo)}, {"status", "done"}});
    const Statistics found = read_statistics(desk.session.view());
    CHECK(rows_of(found, "records") ==
          Rows{{{"user"}, 1}, {{"customer"}, 3}, {{"interaction"}, 4}, {{"task"}, 2}, {{"case"}, 2}});
    CHECK(rows_of(found, "customers_by_stage") == Rows{{{"active"}, 2}, {{"lost"}, 1}});
    CHECK(rows_of(found, "customers_by_country") == Rows{{{""}, 2}, {{"PT"}, 1}});
    CHECK(rows_of(found, "interactions_by_channel") ==
          Rows{{{"email", "in"}, 1}, {{"phone", "in"}, 2}, {{"phone", "out"}, 1}});
    CHECK(rows_of(found, "interactions_by_agent") == Rows{{{""}, 1}, {{"Bo"}, 3}});
    CHECK(rows_of(found, "open_cases_by_state") == Rows{{{"new"}, 1}});
    CHECK(rows_of(found, "open_cases_by_agent") == Rows{{{"Bo"}, 1}});
    CHECK(rows_of(found, "open_tasks_by_agent") == Rows{{{"Bo"}, 1}});
  });
}

TEST_CASE("statistics: a month has the orders placed in it and the revenue of their lines") {
  at_every_desk([](CardGround& desk) {
    const auto order = [&](std::string_view at, std::int64_t amount, const char* kind) {
      Cells cells = {{"kind", kind}};
      if (!at.empty()) cells.emplace_back("ordered_at", Value(*parse_instant(at)));
      const Id id = desk.put("order", cells);
      desk.put("order_line", {{"order_id", Value(id)}, {"amount", Value(amount)}});
    };
    order("2023-11-30T23:59:59Z", 5, "sale");
    order("2023-12-01T00:00:00Z", 7, "sale");
    order("2023-12-31T12:00:00Z", 8, "sale");
    order("2023-12-31T13:00:00Z", -3, "credit_note");
    order("", 1, "sale");
    const Statistics found = read_statistics(desk.session.view());
    CHECK(rows_of(found, "orders_by_month") == Rows{{{""}, 1}, {{"2023-11"}, 1}, {{"2023-12"}, 2}});
    const auto table = std::ranges::find(found.tables, "orders_by_month", &StatisticsTable::name);
    CHECK(table->rows[1].amount == Decimal(5));
    CHECK(table->rows[2].amount == Decimal(12));
    const auto json = boost::json::parse(to_json(found)).as_object();
    CHECK(json.at("tables").at(0).at("name") == "records");
    const Statistics quick = read_statistics(desk.session.view(), {.revenue = false});
    CHECK_FALSE(std::ranges::find(quick.tables, "orders_by_month", &StatisticsTable::name)->rows[1].amount.has_value());
  });
}
