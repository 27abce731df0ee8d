// Live models against the insights run in full (live_shop.hpp).
#include "emptor/insight/live.hpp"

#include "emptor/insight/analyse.hpp"
#include "insight/live_shop.hpp"
#include "insight/writing/kept_insight.hpp"

using namespace emptor;
using namespace emptor::test;
namespace json = boost::json;

TEST_CASE("live: after any write the scores of whom it touched are those of the insights in full, bit for bit") {
  Shop shop;
  shop.make_live();
  Random random(11);
  std::size_t happened = 0;
  for (int step = 0; step < 120; ++step) {
    if (step % 40 == 39) shop.reopen();
    if (random.below(4) == 0)
      shop.clock().set({shop.clock().now().micros + static_cast<std::int64_t>(random.below(25)) * micros_per_day});
    Session& session = random.below(5) == 0 ? shop.other_session() : shop.session();
    const std::set<std::int64_t> touched = Happening(shop, session, random).happen();
    CAPTURE(step);
    REQUIRE(differing(shop, touched) == 0);
    happened += touched.size();
  }
  CHECK(happened > 100);
  const Verification verification = shop.session().verify(true);
  CHECK(verification.faults == std::vector<std::string>());
}

TEST_CASE("live: scores come in the entry of their write, and one that stays as it is is not written again") {
  Shop shop(300);
  shop.make_live();
  ChangeSet changes;
  Random random(2);
  const Id customer = shop.customers()[4];
  shop.put_order(changes, customer, shop.today(), random);
  const Receipt receipt = shop.session().apply(changes, {.op_id = "once"});
  CHECK(receipt.ids.size() == changes.size());
  std::size_t scores = 0;
  for (const FeedItem& item : shop.session().view().feed(receipt.position - 1, 1).items)
    scores += item.entity == "score";
  CHECK(scores >= 5);
  CHECK(shop.session().apply(changes, {.op_id = "once"}).repeated);
  // A second contact on the same day changes no feature but the number of contacts, which RFM does not know.
  ChangeSet contact;
  contact.put("interaction").set("customer_id", customer).set("at", shop.clock().now());
  const Receipt second = shop.session().apply(contact);
  for (const FeedItem& item : shop.session().view().feed(second.position - 1, 1).items) {
    if (item.entity != "score") continue;
    const std::string name(shop.session().view().get("score", item.id)->get("name").text());
    CHECK(name == "churn.chance");
  }
  CHECK(shop.session().verify(true).intact);
}

TEST_CASE("live: an import scores each customer once, and a load that is settled scores whom it touched") {
  Shop shop(300);
  shop.make_live();
  ChangeSet batch;
  Random random(3);
  std::set<std::int64_t> touched;
  for (int i = 0; i < 200; ++i) {
    const Id customer = shop.customers()[random.below(40)];
    touched.insert(customer.value);
    shop.put_order(batch, customer, shop.today(), random);
  }
  const Receipt receipt = shop.session().apply(batch);
  std::map<std::int64_t, int> written;
  for (const FeedItem& item : shop.session().view().feed(receipt.position - 1, 1).items)
    if (item.entity == "score") ++written[item.id.value];
  for (const auto& [score, times] : written) CHECK(times == 1);
  CHECK(differing(shop, touched) == 0);

  static constexpr std::string_view loaded[] = {"order", "order_line"};
  shop.session().begin_load(loaded);
  ChangeSet load;
  touched.clear();
  for (int i = 0; i < 200; ++i) {
    const Id customer = shop.customers()[40 + random.below(40)];
    touched.insert(customer.value);
    shop.put_order(load, customer, shop.today(), random);
  }
  const std::int64_t before = shop.session().apply(load).position;
  // Asked while the load is under way, the answer is read from the records.
  const json::object asked = json::parse(live_scores(shop.session(), Id{*touched.begin()})).as_object();
  const Scores full = shop.scores_in_full(shop.today());
  CHECK(value_in(asked, "rfm", "rfm.frequency") == full.at({*touched.begin(), "rfm.frequency"}));
  shop.session().settle();
  CHECK(shop.session().view().info().position == before + 1);
  CHECK(differing(shop, touched) == 0);
  CHECK(shop.session().verify(true).intact);
}

TEST_CASE("live: a deleted customer's scores lose their values, and their tags go") {
  Shop shop(300);
  shop.make_live();
  const std::int64_t customer = shop.customers()[7].value;
  ChangeSet erased;
  erased.erase("customer", Id{customer});
  shop.session().apply(erased);
  for (const char* name : live_names) CHECK(!shop.standing().contains({customer, name}));
  CHECK(shop.session().view().count("tag", Where::equal("customer_id", Id{customer})) == 0);
  CHECK(shop.session().verify(true).intact);
}

TEST_CASE("live: turned off, nothing is kept of customers, and writes leave scores as they are") {
  Shop shop(300);
  CHECK(shop.session().view().setting("derivations").find("live") == std::string::npos);
  shop.make_live();
  CHECK(shop.session().view().setting("derivations") == "customer_summary,live");
  CHECK(shop.session().view().count("customer_history") > 200);
  for (const char* name : {"rfm", "lifetime", "churn"}) set_live(shop.session(), name, false);
  CHECK(shop.session().view().setting("derivations") == "customer_summary");
  CHECK(shop.session().view().count("customer_history") == 0);
  const Scores before = shop.standing();
  ChangeSet changes;
  Random random(4);
  shop.put_order(changes, shop.customers()[1], shop.today(), random);
  shop.session().apply(changes);
  CHECK(shop.standing() == before);
}

TEST_CASE("live: what cannot score one customer is refused, and says what would") {
  Shop shop(300);
  Problem problem;
  CHECK(code_of_failure([&] { set_live(shop.session(), "nothing", true); }, problem) == Code::not_found);
  CHECK(problem.entity == "model");
  run_insight(shop.session(), "habits");
  CHECK(code_of_failure([&] { set_live(shop.session(), "habits", true); }, problem) == Code::unsupported);
  CHECK(problem.hint.find("rfm, lifetime, churn, value_class") != std::string::npos);
  shop.run("rfm", R"({"scoring":"ntile"})");
  CHECK(code_of_failure([&] { set_live(shop.session(), "rfm", true); }, problem) == Code::unsupported);
  CHECK(problem.hint.find("quantile") != std::string::npos);
  CHECK(live_models(shop.session()).find("\"hindrance\":\"the model 'rfm' keeps nothing") != std::string::npos);
  shop.run("rfm", "{}");
  set_live(shop.session(), "rfm", true);
  shop.run("rfm", R"({"scoring":"ntile"})");  // a run that keeps nothing to go on by ends it
  CHECK(!shop.model("rfm").get("live").present());
  CHECK(shop.session().view().setting("derivations") == "customer_summary");
}

TEST_CASE("live: a lifetime model with covariates keeps nothing to score one customer by, and says so") {
  Shop shop;
  ChangeSet sizes;
  for (const Id customer : shop.customers()) sizes.put("customer", customer).set("employees", customer.value % 2);
  shop.session().apply(sizes);
  shop.run("lifetime", R"({"diagnostics":false,"covariates":["employees"]})");
  REQUIRE(shop.standing().contains({shop.customers()[0].value, "lifetime.alive"}));
  Problem problem;
  CHECK(code_of_failure([&] { set_live(shop.session(), "lifetime", true); }, problem) == Code::unsupported);
  CHECK(problem.field == "fitted");
  CHECK(problem.hint.find("covariates") != std::string::npos);
}

TEST_CASE("live: a damaged model refuses the writes that it would follow, by name, until it is turned off") {
  Shop shop(300);
  shop.make_live();
  {
    const std::unique_ptr<Writer> writer = shop.store().write();
    Record model = shop.model("churn");
    std::string bytes(model.get("fitted").text());
    bytes[bytes.size() / 2] ^= 1;
    model.set("fitted", Value::bytes(bytes));
    const Row rows[] = {model.row()};
    writer->put(writer->schema()->entity("model"), rows, false);
    writer->commit();
  }
  shop.reopen();
  ChangeSet changes;
  Random random(6);
  shop.put_order(changes, shop.customers()[1], shop.today(), random);
  Problem problem;
  CHECK(code_of_failure([&] { shop.session().apply(changes); }, problem) == Code::corrupt);
  CHECK(problem.entity == "model");
  CHECK(problem.field == "fitted");
  CHECK(problem.hint.find("emptor model live STORE churn off") != std::string::npos);
  CHECK(code_of_failure([&] { live_scores(shop.session(), shop.customers()[1]); }, problem) == Code::corrupt);
  ChangeSet product;
  product.put("product").set("name", "Tea");
  CHECK(shop.session().apply(product).inserted == 1);  // nobody is touched
  set_live(shop.session(), "churn", false);
  CHECK(shop.session().apply(changes).inserted == changes.size());
}

TEST_CASE("live: a damaged model cannot be put in by a write, and the one that stands goes on") {
  Shop shop(300);
  shop.make_live();
  const Record model = shop.model("rfm");
  ChangeSet changes;
  changes.put("model", model.id()).set("fitted", Value::bytes("EMPTORMD and nothing more"));
  Problem problem;
  CHECK(code_of_failure([&] { shop.session().apply(changes); }, problem) == Code::corrupt);
  CHECK(shop.model("rfm").version() == model.version());
  Random random(6);
  ChangeSet good;
  shop.put_order(good, shop.customers()[1], shop.today(), random);
  shop.session().apply(good);
  CHECK(differing(shop, {shop.customers()[1].value}) == 0);
}

TEST_CASE("live: a model of no known kind cannot be put in as live, and is welcome otherwise") {
  Shop shop(300);
  ChangeSet changes;
  changes.put("model").set("name", "of my own").set("live", true);
  Problem problem;
  CHECK(code_of_failure([&] { shop.session().apply(changes); }, problem) == Code::unsupported);
  CHECK(problem.entity == "model");
  CHECK(problem.field == "name");
  CHECK(shop.session().view().count("model", Where::equal("name", "of my own")) == 0);
  ChangeSet idle;
  idle.put("model").set("name", "of my own").set("live", false);
  CHECK(shop.session().apply(idle).inserted == 1);
}

TEST_CASE("live: asked as of a later day, scores are those of that day, while the records stay") {
  Shop shop(300);
  shop.make_live();
  const Scores before = shop.standing(), later = shop.scores_in_full(shop.today() + 45);
  const std::int64_t customer = shop.customers()[3].value;
  const json::object told =
      json::parse(live_scores(shop.session(), Id{customer}, {.as_of = Date{shop.today() + 45}, .reasons = true}))
          .as_object();
  for (const char* name : live_names) {
    const std::string text(name), model = text.substr(0, text.find('.'));
    const double value = value_in(told, model, name);
    CHECK(value == doctest::Approx(later.at({customer, name})).epsilon(1e-14));  // through JSON
  }
  CHECK(shop.standing() == before);
  const json::array& reasons =
      told.at("models").as_object().at("churn").as_object().at("because").as_object().at("reasons").as_array();
  CHECK(reasons.size() == churn_feature_count);
  CHECK(reasons.front().as_object().at("adds").as_double() >= reasons.back().as_object().at("adds").as_double());
}

TEST_CASE("live: an alert is raised once while the chance is above the threshold, and expires below it") {
  Shop shop(300);
  // The customer who is likeliest to fall silent, of those who bought within 90 days; the threshold is their chance.
  const Scores full = shop.scores_in_full(shop.today());
  std::int64_t customer = 0;
  double chance = 0;
  for (const auto& [key, value] : full) {
    if (key.second != "churn.chance" || full.at({key.first, "rfm.recency"}) >= 90 || value <= chance) continue;
    customer = key.first;
    chance = value;
  }
  KeptChurn kept = load_churn(shop.fitted("churn"));
  kept.threshold = chance;
  const bool boosting = shop.model("churn").get("algorithm").text().ends_with("gradient_boosting");
  ChangeSet model;
  model.put("model", shop.model("churn").id())
      .set("fitted", Value::bytes(save_churn(boosting ? ChurnModelKind::boosting : ChurnModelKind::logistic, kept)));
  shop.session().apply(model);
  set_live(shop.session(), "churn", true);
  const auto alerts = [&](const char* status) {
    return shop.session().view().count(
        "alert", Where::all({Where::equal("customer_id", Id{customer}), Where::equal("status", status)}));
  };
  const std::int64_t open_before = alerts("open");
  for (int i = 0; i < 2; ++i) {
    ChangeSet touch;  // tells nothing that a feature knows
    touch.put("customer", Id{customer}).set("name", i == 0 ? "Ada King" : "Ada Lovelace");
    shop.session().apply(touch);
    CHECK(alerts("open") == 1);
  }
  CHECK(open_before <= 1);
  ChangeSet bought;
  Random random(1);
  for (int i = 0; i < 4; ++i) shop.put_order(bought, Id{customer}, shop.today() - i, random);
  shop.session().apply(bought);
  REQUIRE(shop.standing().at({customer, "churn.chance"}) < chance);
  CHECK(alerts("open") == 0);
  CHECK(alerts("expired") == 1);
  CHECK(shop.session().verify(true).intact);
}

TEST_CASE("analyse: a model since which few customers changed is kept, and only these are scored again") {
  Shop shop(300);
  const Date day{shop.today()};
  const std::int64_t version = shop.model("churn").version();
  const auto keep = [&](double share) { return keep_insight(shop.session(), "churn", {share, day}); };
  CHECK(keep(0)->at("verdict") == json::value("kept: 0 % of customers changed since " + to_string(day)));
  ChangeSet changes;
  Random random(8);
  std::set<std::int64_t> touched;
  for (const std::size_t i : {3, 9, 12}) {
    shop.put_order(changes, shop.customers()[i], shop.today(), random);
    touched.insert(shop.customers()[i].value);
  }
  shop.session().apply(changes);
  CHECK(!keep(.009));
  const Scores before = shop.standing();
  const auto kept = keep(.01);
  REQUIRE(kept);
  CHECK(kept->at("verdict") == json::value("kept: 1 % of customers changed since " + to_string(day)));
  CHECK(kept->at("scored") == json::value(3));
  const Scores full = shop.scores_in_full(shop.today()), after = shop.standing();
  for (const auto& [key, value] : after) {
    const bool again = touched.contains(key.first) && key.second == "churn.chance";
    CHECK(same(after, again ? full : before, key));
  }
  CHECK(shop.model("churn").version() == version);
  CHECK(!keep_insight(shop.session(), "churn", {.changed_share = 1, .as_of = Date{day.days + kept_days + 1}}));
  CHECK(!keep_insight(shop.session(), "value_class", {.changed_share = 1, .as_of = day}));
}

TEST_CASE("analyse: an order that went to another customer touches both, and a share outside 0 to 1 is refused") {
  Shop shop(300);
  const Record order =
      shop.session().view().select({.entity = "order", .order = {{"ordered_at", true}}, .limit = 1}).at(0);
  const std::int64_t from = order.get("customer_id").id().value;
  const std::int64_t to = shop.customers()[from == shop.customers()[0].value ? 1 : 0].value;
  ChangeSet moved;
  moved.put("order", order.id()).set("customer_id", Id{to});
  for (const Record& line :
       shop.session().view().select({.entity = "order_line", .where = Where::equal("order_id", order.id())}))
    moved.put("order_line", line.id()).set("customer_id", Id{to});
  shop.session().apply(moved);
  const auto kept = keep_insight(shop.session(), "rfm", {.changed_share = .1, .as_of = Date{shop.today()}});
  REQUIRE(kept);
  CHECK(kept->at("changed_customers") == json::value(2));
  const Scores full = shop.scores_in_full(shop.today()), standing = shop.standing();
  for (const std::int64_t customer : {from, to})
    for (const char* name : {"rfm.recency", "rfm.frequency", "rfm.monetary", "rfm.segment"})
      CHECK(same(full, standing, {customer, name}));
  CHECK_THROWS_AS(analyse(shop.session(), {.changed_share = 1.5}), Error);
}
