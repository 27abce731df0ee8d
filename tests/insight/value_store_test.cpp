#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/insight/report.hpp"
#include "emptor/store/open.hpp"

using namespace emptor;

namespace {

namespace json = boost::json;

constexpr std::int32_t last_day = 20'000;
constexpr int customers = 400;

Instant noon(double day) { return {static_cast<std::int64_t>(day) * micros_per_day + micros_per_day / 2}; }

/// Two products, one dear and of brand A; every third customer is of Berlin's region and buys it, at a discount of a
/// tenth. After each purchase a customer may leave; the later ones pay late more often.
void fill(Session& session) {
  Random random(1);
  ChangeSet changes;
  const auto product = [&](const char* name, const char* brand, int cost) {
    return changes.put("product")
        .set("name", name)
        .set("brand", brand)
        .set("category", "tea")
        .set("cost", Decimal(cost))
        .id();
  };
  const Id dear = product("dear", "A", 30), cheap = product("cheap", "B", 8);
  for (int i = 1; i <= customers; ++i) {
    const bool rich = i % 3 == 0;
    const char* region = rich ? "Berlin" : i % 2 == 0 ? "Bonn" : "Ulm";
    ChangeSet::Put customer = changes.put("customer").by("shop", std::to_string(i)).set("name", "somebody");
    customer.set("region", region).set("employees", std::int64_t{i % 7});
    const Id id = customer.id();
    const double gap = 8 + 12 * random.gamma(1.5), leaves = .12 * random.uniform() * random.uniform();
    for (double day = last_day - 720; day <= last_day; day -= gap * std::log(1 - random.uniform())) {
      const std::int64_t units = 1 + static_cast<std::int64_t>(random.below(3));
      const Decimal amount((rich ? 45 : 10) * units);
      ChangeSet::Put order = changes.put("order").set("customer_id", id).set("ordered_at", noon(day));
      order.set("due_at", noon(day + 14));
      ChangeSet::Put line = changes.put("order_line").set("order_id", order.id()).set("customer_id", id);
      line.set("product_id", rich ? dear : cheap).set("quantity", Decimal(units)).set("amount", amount);
      line.set("discount", rich ? Decimal::of(1, 1) : Decimal(0));
      ChangeSet::Put payment = changes.put("payment").set("customer_id", id).set("order_id", order.id());
      payment.set("amount", amount).set("paid_at", noon(day + 10 + (random.uniform() < i / 800.0 ? 50 : 0)));
      if (random.uniform() < leaves) break;
    }
  }
  session.apply(changes);
}

json::object run(Session& session, const std::string& options = "{}", bool write_back = true) {
  return json::parse(
             run_insight(session, "value", {.as_of = Date{last_day}, .json = options, .write_back = write_back}).json)
      .as_object();
}

std::vector<Record> records(const Session& session, const char* entity, const Where& where = {}) {
  return session.view().select({.entity = entity, .where = where, .limit = 100'000});
}

std::string text(const json::value& value) { return std::string(value.as_string()); }

}  // namespace

TEST_CASE("value: [I1-I6, D14] a store's margins, payments and products come into the dimensions, and are kept") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  fill(session);
  ChangeSet contact;
  contact.put("interaction").set("customer_id", Id{3}).set("at", noon(last_day - 5)).set("cost", Decimal(1));
  session.apply(contact);
  const std::int64_t position = session.view().info().position;
  const json::object told = run(session);
  CHECK(text(told.at("earnings")) == "margin");
  CHECK(told.at("cost_known").as_double() == 1);
  CHECK_FALSE(text(told.at("verdict")).starts_with("insufficient"));
  for (const char* dimension : {"contribution", "future", "loyalty", "credit"})
    CHECK_MESSAGE(text(told.at("dimensions").at(dimension).at("state")) == "judged", dimension);
  CHECK(told.at("dimensions").at("credit").at("auc").as_double() > .6);
  CHECK(told.at("scored").as_int64() == customers);
  CHECK(told.at("key_accounts").as_array().size() <= 20);
  CHECK(std::stoi(text(told.at("key_accounts").at(0).at("external_id"))) % 3 == 0);

  const std::vector<Record> scores = records(session, "score", Where::equal("name", "value.score"));
  REQUIRE(scores.size() == customers);
  CHECK(scores.front().get("data_version").integer() == position);
  const std::optional<Record> model = session.view().get("model", scores.front().get("model_id").id());
  REQUIRE(model);
  CHECK(model->get("data_version").integer() == position);
  CHECK(model->get("state").text().find("external_id") == std::string_view::npos);  // names nobody
  CHECK(records(session, "tag", Where::equal("source", "value")).size() == customers);
  CHECK(records(session, "score", Where::all({Where::equal("name", "value.key_account"), Where::present("value")}))
            .size() == told.at("key_accounts").as_array().size());
  // The margin of a dear one is 15, of a cheap one 2; dealing with the third customer cost 1.
  for (const Record& one : records(session, "score", Where::equal("name", "value.contribution"))) {
    const std::int64_t id = one.get("customer_id").id().value;
    CHECK(std::fmod(one.get("value").real() + (id == 3 ? 1 : 0), id % 3 == 0 ? 15 : 2) == 0);
  }
}

TEST_CASE(
    "value: [I11, I12, I28] drivers come from brands and discounts, and the portrait of the best tier names what is") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  fill(session);
  const json::object told = run(session, R"({"tiers":[{"name":"top","share":0.3},{"name":"rest"}]})");
  CHECK(text(told.at("drivers").at("deal_proneness").at("by")) == "discount");
  const json::object moved = told.at("drivers").at("deal_proneness").at("next_earnings").as_object();
  CHECK(moved.at("spearman").as_double() > .2);
  CHECK(moved.at("lower").as_double() > 0);  // [I28] so that it moves results, of customers who are dear anyhow
  CHECK(moved.at("lower").as_double() < moved.at("spearman").as_double());
  CHECK(moved.at("upper").as_double() > moved.at("spearman").as_double());
  CHECK(text(moved.at("moves")) == "more");
  CHECK(text(told.at("drivers").at("brand_sensitivity").at("by")) == "brand");
  CHECK(text(told.at("portrait").at("group")) == "tier:top");
  bool berlin = false, employees = false;
  for (const json::value& finding : told.at("portrait").at("findings").as_array()) {
    berlin = berlin || (text(finding.at("field")) == "region" && text(finding.at("kind")) == "Berlin" &&
                        finding.at("log_lift").as_double() > 0);
    employees = employees || text(finding.at("field")) == "employees";
    CHECK(text(finding.at("field")) != "name");
  }
  CHECK(berlin);
  CHECK_FALSE(employees);  // has nothing to do with it
  const json::object tagged =
      run(session, R"({"group":"tag:value.rest","tiers":[{"name":"top","share":0.3},{"name":"rest"}]})");
  CHECK(tagged.at("portrait").at("customers").as_int64() == customers - customers * 3 / 10);
  const json::object scored = run(session, R"({"group":"score:value.score=top"})", false);
  CHECK(scored.at("portrait").at("customers").as_int64() == customers * 3 / 10);
  CHECK_THROWS_WITH_AS(run(session, R"({"group":"friends"})"), doctest::Contains("group"), Error);
}

TEST_CASE("value: [I27] those whose value moved get an alert, which is let go and not raised twice") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  fill(session);
  const json::object told = run(session);
  const std::vector<Record> alerts = records(session, "alert", Where::equal("status", "open"));
  REQUIRE(alerts.size() == static_cast<std::size_t>(told.at("moved").at("alarms").as_int64()));
  std::size_t silent = 0;
  for (const Record& alert : alerts) {
    CHECK(alert.get("kind").text() == "value_change");
    CHECK(alert.get("severity").integer() >= 1);
    CHECK(alert.get("severity").integer() <= 5);
    CHECK(alert.get("model_id").present());
    silent += alert.get("reason").text().starts_with("silent for ");
  }
  CHECK(silent > 10);
  const std::int64_t position = session.view().info().position;
  run(session);
  CHECK(session.view().info().position == position);
  run(session, R"({"false_alarms":0})");
  CHECK(records(session, "alert", Where::equal("status", "open")).empty());
  CHECK(records(session, "alert", Where::equal("status", "expired")).size() == alerts.size());
}

TEST_CASE("value: tiers, rank correlations, key accounts and the portrait stand in the report once they are computed") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  fill(session);
  CHECK(write_report(session).find("id=\"value\"") == std::string::npos);
  run(session);
  const std::string english = write_report(session), chinese = write_report(session, {.language = Language::chinese});
  for (const char* part : {"id=\"value\"", "platinum", "Current contribution", "region is Berlin"})
    CHECK_MESSAGE(english.find(part) != std::string::npos, part);
  for (const char* part : {"platinum", "当前贡献", "region为 Berlin"})
    CHECK_MESSAGE(chinese.find(part) != std::string::npos, part);
}
