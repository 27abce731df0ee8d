#include "emptor/insight/analyse.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "emptor/core/error.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/store/open.hpp"
#include "support/put_purchases.hpp"

using namespace emptor;

namespace {

namespace json = boost::json;

json::object analysed(const AnalyseOptions& options) {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  return json::parse(analyse(session, options)).as_object();
}

/// A shop in which some insights have something to say.
std::unique_ptr<Store> new_shop() {
  auto store = open_store(":memory:", {.create = true, .currency = *Currency::parse("EUR")});
  Session session(*store);
  ChangeSet changes;
  for (int i = 0; i < 60; ++i) {
    const Id customer = changes.put("customer").set("name", "customer " + std::to_string(i)).id();
    for (int n = 0; n <= i % 7; ++n) {
      const Instant at{(20'000 + i * 3 - n * 40) * micros_per_day};
      const Id order = changes.put("order").set("customer_id", customer).set("ordered_at", at).id();
      changes.put("order_line").set("order_id", order).set("customer_id", customer).set("amount", Decimal(20 + i));
    }
  }
  session.apply(changes);
  return store;
}

std::string_view verdict_of(const json::object& told, std::string_view insight) {
  return told.at("verdicts").at(insight).as_string();
}

}  // namespace

TEST_CASE("analyse: [M15] each insight has a verdict, also where there is nothing to learn from") {
  const json::object told = analysed({});
  CHECK(told.at("verdicts").as_object().size() == insights().size());
  for (const auto& [name, verdict] : told.at("verdicts").as_object()) {
    CAPTURE(std::string(name));
    CHECK(verdict.as_string().starts_with("insufficient: "));
  }
}

TEST_CASE("analyse: past its budget of time no insight is begun, and each says so") {
  const json::object told = analysed({.seconds = 0});
  CHECK(told.at("insights").as_object().empty());
  CHECK(told.at("verdicts").as_object().size() == insights().size());
  for (const auto& [name, verdict] : told.at("verdicts").as_object())
    CHECK(verdict == json::value("left out: the budget of time is used up"));
}

TEST_CASE(
    "analyse: insights above the budget of rows or memory are left out with what they need, and nothing is written") {
  const auto store = new_shop();
  Session session(*store);
  const std::int64_t before = session.view().info().position;
  const json::object memory = json::parse(analyse(session, {.memory_bytes = std::uint64_t{1} << 20})).as_object();
  CHECK(memory.at("insights").as_object().empty());
  CHECK(session.view().info().position == before);
  CHECK(session.view().count("model") == 0);
  const json::object rows = json::parse(analyse(session, {.rows = 1})).as_object();
  for (const InsightEntry& entry : insights()) {
    const std::string name(entry.name);
    CAPTURE(name);
    CHECK(verdict_of(memory, name).starts_with("left out: it may hold "));
    CHECK(verdict_of(memory, name).ends_with(" MiB and the budget is 1 MiB; raise the budget of memory"));
    const std::int64_t needed = rows.at("needs").at(name).at("rows").to_number<std::int64_t>();
    const std::string lack = "left out: it reads " + std::to_string(needed) + " rows and the budget is 1; raise ";
    CHECK(verdict_of(rows, name).starts_with(lack) == (needed > 1));
  }
}

TEST_CASE("analyse: a budget that suffices changes nothing") {
  const auto free = new_shop(), bounded = new_shop();
  Session without(*free), within(*bounded);
  const json::object all = json::parse(analyse(without)).as_object();
  json::object some = json::parse(analyse(within, {.rows = 1'000'000, .memory_bytes = 1ULL << 40})).as_object();
  CHECK(some.erase("needs") == 1);
  CHECK(some == all);
  CHECK(all.if_contains("needs") == nullptr);
}

TEST_CASE("analyse: what fits into a budget runs beside what does not") {
  const auto store = new_shop();
  Session session(*store);
  const auto count = [&](const char* entity) { return session.view().count(entity); };
  const auto purchases = static_cast<std::uint64_t>(count("customer") + count("order") + count("order_line"));
  const json::object fits = json::parse(analyse(session, {.rows = purchases})).as_object();
  CHECK(verdict_of(fits, "rfm") == "sufficient");
  const json::object lacks = json::parse(analyse(session, {.rows = purchases - 1})).as_object();
  CHECK(verdict_of(lacks, "rfm").starts_with("left out: "));
  CHECK(verdict_of(lacks, "survival").starts_with("insufficient: "));  // of contracts, of which there are none
}

TEST_CASE("analyse: what is left out is said in Chinese too") {
  const json::object told = analysed({.memory_bytes = 1 << 20, .language = Language::chinese});
  for (const auto& [name, verdict] : told.at("verdicts").as_object()) {
    CAPTURE(std::string(name));
    CHECK(verdict.as_string().starts_with("未运行：可能占用 "));
    CHECK(verdict.as_string().ends_with(" MiB 内存，预算为 1 MiB；请提高内存预算"));
  }
}

TEST_CASE("analyse: a search that meets its budget of memory ends as nothing, and says what it takes") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  ChangeSet changes;
  std::vector<Id> customers, products;
  std::vector<test::MadePurchase> purchases;
  for (int i = 0; i < 40; ++i) products.push_back(changes.put("product").set("name", "p" + std::to_string(i)).id());
  for (int i = 0; i < 200; ++i) {
    customers.push_back(changes.put("customer").set("name", "customer " + std::to_string(i)).id());
    for (int n = 0; n < 6; ++n) purchases.push_back({i + 1, i * 6 + n, 20'000 - n * 60, 10, 1, 1 + (i + n * 7) % 40});
  }
  test::put_purchases(changes, purchases, customers, products);
  session.apply(changes);
  const std::int64_t before = session.view().info().position;
  CHECK_THROWS_WITH_AS(run_insight(session, "offers", {.memory_bytes = 100}), doctest::Contains("more than its budget"),
                       Error);
  CHECK(session.view().info().position == before);
  CHECK_NOTHROW(run_insight(session, "offers", {.memory_bytes = std::uint64_t{1} << 30}));
}
