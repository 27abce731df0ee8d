#include "emptor/insight/insight.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "emptor/core/error.hpp"
#include "emptor/insight/rfm.hpp"
#include "emptor/store/open.hpp"

using namespace emptor;

namespace {

namespace json = boost::json;

std::unique_ptr<Store> new_store() { return open_store(":memory:", {.create = true}); }

Instant noon(std::int32_t day) { return {day * micros_per_day + micros_per_day / 2}; }

/// Customers 1 ... count; customer i buys i times for i, the last time i days before day 20,000.
void fill(Session& session, int count) {
  ChangeSet changes;
  for (int i = 1; i <= count; ++i) {
    const Id customer = changes.put("customer").by("shop", std::to_string(i)).set("name", "somebody").id();
    for (int n = 0; n < i; ++n) {
      const Id order = changes.put("order").set("customer_id", customer).set("ordered_at", noon(20'000 - i - n)).id();
      changes.put("order_line").set("order_id", order).set("customer_id", customer).set("amount", Decimal(i));
    }
  }
  session.apply(changes);
}

json::object run(Session& session, std::string_view name, const InsightOptions& options = {}) {
  return json::parse(run_insight(session, name, options).json).as_object();
}

std::string text(const json::value& value) { return std::string(value.as_string()); }

std::vector<Record> scores_of(const Session& session, std::string_view name) {
  return session.view().select({.entity = "score", .where = Where::equal("name", name), .limit = 10'000});
}

}  // namespace

TEST_CASE("insight: the registry names each insight with a schema that is JSON") {
  CHECK(insights().size() == 24);
  for (const InsightEntry& entry : insights()) {
    const json::object schema = json::parse({entry.options_schema.data(), entry.options_schema.size()}).as_object();
    CHECK_FALSE(schema.at("properties").as_object().empty());
    CHECK_FALSE(entry.doc.empty());
  }
  const auto store = new_store();
  Session session(*store);
  CHECK_THROWS_WITH_AS(run_insight(session, "astrology"), doctest::Contains("no insight"), Error);
}

TEST_CASE("insight: options that are unknown, of another type or out of range are named, all at once") {
  const auto store = new_store();
  Session session(*store);
  try {
    run_insight(session, "rfm", {.json = R"({"binz":5,"bins":12,"scoring":"guess","cuts":{"recency":["a"]}})"});
    FAIL("the options were accepted");
  } catch (const Error& error) {
    std::vector<std::string> fields;
    for (const Problem& problem : error.problems()) fields.push_back(problem.field);
    CHECK(fields == std::vector<std::string>{"binz", "bins", "scoring", "cuts.recency"});
  }
  CHECK_THROWS_AS(run_insight(session, "rfm", {.json = "[]"}), Error);
  CHECK_THROWS_AS(run_insight(session, "rfm", {.json = "{"}), Error);
}

TEST_CASE("insight: an empty store gives empty results, not an error") {
  const auto store = new_store();
  Session session(*store);
  for (const InsightEntry& entry : insights()) {
    const json::object result = run(session, entry.name);
    CHECK(result.at("scored").as_int64() == 0);
    CHECK(result.at("as_of").is_null());
  }
}

TEST_CASE("insight: [I6] rfm writes scores, a tag and a model that names options and data version") {
  const auto store = new_store();
  Session session(*store);
  fill(session, 10);
  const std::int64_t position = session.view().info().position;
  const json::object result = run(session, "rfm");
  CHECK(text(result.at("as_of")) == to_string(Date{19'999}));
  CHECK(result.at("customers").as_int64() == 10);
  CHECK(text(result.at("total")) == "385");  // 1 + 4 + ... + 100
  CHECK(result.at("data_version").as_int64() == position);
  CHECK(text(result.at("top").at(0).at("external_id")) == "10");
  CHECK(text(result.at("top").at(0).at("monetary")) == "100");
  CHECK(scores_of(session, "rfm.monetary").size() == 10);
  const std::vector<Record> segments = scores_of(session, "rfm.segment");
  REQUIRE(segments.size() == 10);
  CHECK_FALSE(segments.front().get("label").text().empty());
  CHECK(segments.front().get("data_version").integer() == position);
  const Id model = segments.front().get("model_id").id();
  const std::optional<Record> record = session.view().get("model", model);
  REQUIRE(record);
  CHECK(record->get("data_version").integer() == position);
  CHECK(text(json::parse(std::string(record->get("options").text())).at("scoring")) == "quantile");
  CHECK(session.view().count("tag", Where::equal("source", "rfm")) == 10);
}

TEST_CASE("insight: running again on the same data writes nothing; new data rewrites what changed") {
  const auto store = new_store();
  Session session(*store);
  fill(session, 20);
  for (const InsightEntry& entry : insights()) run_insight(session, entry.name);
  const std::int64_t position = session.view().info().position;
  for (const InsightEntry& entry : insights()) run_insight(session, entry.name);
  CHECK(session.view().info().position == position);
  ChangeSet changes;
  const Id order = changes.put("order").set("customer_id", Id{1}).set("ordered_at", noon(20'100)).id();
  changes.put("order_line").set("order_id", order).set("customer_id", Id{1}).set("amount", Decimal(5));
  session.apply(changes);
  run_insight(session, "rfm");
  CHECK(session.view().info().position > position + 1);
  CHECK(scores_of(session, "rfm.recency").size() == 20);
}

TEST_CASE("insight: a customer that no longer counts keeps empty scores and no tag, and gets them again") {
  const auto store = new_store();
  Session session(*store);
  fill(session, 10);
  run_insight(session, "rfm");
  run_insight(session, "rfm", {.as_of = Date{19'991}});  // only those who had bought by then
  std::size_t empty = 0;
  for (const Record& score : scores_of(session, "rfm.r")) empty += !score.get("value").present();
  CHECK(empty > 0);
  CHECK(session.view().count("tag", Where::equal("source", "rfm")) == static_cast<std::int64_t>(10 - empty));
  run_insight(session, "rfm");
  CHECK(session.view().count("tag", Where::equal("source", "rfm")) == 10);
  for (const Record& score : scores_of(session, "rfm.r")) CHECK(score.get("value").present());
}

TEST_CASE("insight: without write-back nothing is written") {
  const auto store = new_store();
  Session session(*store);
  fill(session, 5);
  const std::int64_t position = session.view().info().position;
  const json::object result = run(session, "rfm", {.write_back = false});
  CHECK(result.at("model_id").is_null());
  CHECK(session.view().info().position == position);
}

TEST_CASE("insight: [I7] value_class gives the four classes, by spend or by any score") {
  const auto store = new_store();
  Session session(*store);
  fill(session, 20);
  const json::object result = run(session, "value_class");
  CHECK(result.at("classes").at("vip").at("customers").as_int64() == 1);
  CHECK(text(result.at("classes").at("vip").at("value")) == "400");
  CHECK(result.at("classes").at("adapt").at("customers").as_int64() == 3);
  CHECK(result.at("classes").at("indifferent").at("customers").as_int64() == 16);
  CHECK(session.view().count("tag", Where::equal("name", "class.vip")) == 1);
  run_insight(session, "rfm");
  const json::object by_score =
      run(session, "value_class", {.json = R"({"measure":"score:rfm.recency","thresholds":[20, "15.5", 3]})"});
  CHECK(by_score.at("classes").at("vip").at("customers").as_int64() == 0);   // the longest silence is 19 days
  CHECK(by_score.at("classes").at("care").at("customers").as_int64() == 4);  // 16 to 19
  CHECK_THROWS_AS(run_insight(session, "value_class", {.json = R"({"measure":"luck"})"}), Error);
  CHECK_THROWS_AS(run_insight(session, "value_class", {.json = R"({"shares":[0.1]})"}), Error);
}

TEST_CASE("insight: [I8] interaction_groups count interactions and orders") {
  const auto store = new_store();
  Session session(*store);
  fill(session, 4);
  ChangeSet changes;
  for (int i = 0; i < 9; ++i) changes.put("interaction").set("customer_id", Id{1}).set("at", noon(19'990));
  session.apply(changes);
  const json::object result = run(session, "interaction_groups");
  const json::object groups = result.at("groups").as_object();
  CHECK(groups.at("low value, high interaction").at("interactions").as_int64() == 10);
  CHECK(groups.at("high value, high interaction").at("customers").as_int64() == 1);
  CHECK(groups.at("high value, low interaction").at("customers").as_int64() == 1);
  const json::object fixed =
      run(session, "interaction_groups",
          {.json = R"({"value":{"at_least":4},"interaction":{"share":0.25},"orders_count":false})"});
  CHECK(fixed.at("groups").at("low value, high interaction").at("customers").as_int64() == 1);
  CHECK(fixed.at("groups").at("high value, low interaction").at("customers").as_int64() == 3);
  CHECK_THROWS_AS(run_insight(session, "interaction_groups", {.json = R"({"value":"mean"})"}), Error);
}
