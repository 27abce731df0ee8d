// Live models against the insights run in full: the oracle reads all facts and touches and scores everybody with the
// same model on the same day; none of it knows `customer_history`.
#include "emptor/insight/live.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <boost/json.hpp>
#include <cmath>
#include <map>
#include <set>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/insight/analyse.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/store/open.hpp"
#include "insight/churn/churn_model.hpp"
#include "insight/churn/churn_work.hpp"
#include "insight/lifetime/lifetime_work.hpp"
#include "insight/writing/kept_insight.hpp"
#include "mine/model_frame.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_folder.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

namespace json = boost::json;

constexpr std::int32_t first_day = 19'000, days = 400;
constexpr const char* churn_json_options = R"({"horizon_days":60})";

Instant noon(std::int32_t day) { return {day * micros_per_day + micros_per_day / 2}; }

double exponential(Random& random) { return -std::log((static_cast<double>(random.below(1'000'000)) + 1) / 1'000'001); }

/// How much a customer spends, from which Gamma-Gamma learns: the inverse of a gamma of shape 4.
double level_of_spend(Id customer) {
  Random random(static_cast<std::uint64_t>(customer.value));
  double sum = 0;
  for (int i = 0; i < 4; ++i) sum += exponential(random);
  return 3 / sum;
}

using Scores = std::map<std::pair<std::int64_t, std::string>, double>;

/// A shop whose customers buy and leave as BG/NBD has it, with three models kept.
class Shop {
 public:
  explicit Shop(std::size_t customers = 500) : clock_(noon(first_day + days)) {
    store_ = open_sqlite(folder_.file("shop.emptor"),
                         {.create = true, .durability = Durability::off, .currency = *Currency::parse("EUR")});
    reopen();
    ChangeSet made;
    for (std::size_t i = 0; i < customers; ++i) customers_.push_back(made.put("customer").set("name", "Ada").id());
    survey_ = made.put("survey").set("name", "asked").set("kind", "nps").id();
    Receipt receipt = session().apply(made);
    survey_ = receipt.ids.back();
    customers_.assign(receipt.ids.begin(), receipt.ids.end() - 1);
    buy_as_they_do();
    run("rfm", "{}");
    run("lifetime", R"({"diagnostics":false})");
    run("churn", churn_json_options);
  }

  Session& session() { return *session_; }
  Session& other_session() {
    if (!other_) other_ = std::make_unique<Session>(*store_, SessionOptions{.clock = clock_.clock()});
    return *other_;
  }
  Store& store() { return *store_; }
  ManualClock& clock() { return clock_; }
  const std::vector<Id>& customers() const { return customers_; }
  Id survey() const { return survey_; }
  std::int32_t today() { return static_cast<std::int32_t>(clock_.now().micros / micros_per_day); }

  void reopen() { session_ = std::make_unique<Session>(*store_, SessionOptions{.clock = clock_.clock()}); }
  void run(const char* insight, const char* options) {
    run_insight(session(), insight, {.as_of = Date{first_day + days}, .json = options});
  }
  void make_live() {
    for (const char* name : {"rfm", "lifetime", "churn"}) set_live(session(), name, true);
  }
  void put_order(ChangeSet& changes, Id customer, std::int32_t day, Random& random) {
    const Id order =
        changes.put("order").set("customer_id", customer).set("ordered_at", Instant{noon(day).micros + 1'000'000}).id();
    for (std::uint64_t line = 0; line < 1 + random.below(3); ++line) {
      ChangeSet::Put put = changes.put("order_line");
      put.set("order_id", order).set("customer_id", customer);
      const bool back = random.below(12) == 0;
      put.set("quantity", Decimal(back ? -1 : 1));
      const double amount = level_of_spend(customer) * static_cast<double>(1 + random.below(9'000));
      put.set("amount", Decimal::from_micros((back ? -1 : 1) * static_cast<std::int64_t>(amount) * 10'000));
      if (random.below(4) == 0) put.set("discount", Decimal::from_micros(50'000));
    }
  }
  Record model(const char* name) {
    return session().view().select({.entity = "model", .where = Where::equal("name", name)}).at(0);
  }
  std::string fitted(const char* name) { return std::string(model(name).get("fitted").text()); }

  /// The scores of all customers by the insights in full, with the models as they are kept.
  Scores scores_in_full(std::int32_t day) {
    Scores all;
    const Facts facts = read_facts(session());
    add_rfm(facts, Date{day}, all);
    add_lifetimes(facts, Date{day}, all);
    add_chances(facts, Date{day}, all);
    return all;
  }
  /// The values that stand as records.
  Scores standing() {
    Scores all;
    for (const Record& score : session().view().select({.entity = "score", .limit = 1'000'000}))
      if (score.get("value").present())
        all[{score.get("customer_id").id().value, std::string(score.get("name").text())}] = score.get("value").real();
    return all;
  }

 private:
  void buy_as_they_do() {
    Random random(5);
    ChangeSet changes;
    for (const Id customer : customers_) {
      // A rate of shape 1, a chance of leaving of Beta(1, 6).
      const double gap = 25 / exponential(random), leaving = 1 - std::exp(-exponential(random) / 6);
      for (double at = static_cast<double>(random.below(250)); at < days; at += gap * exponential(random)) {
        put_order(changes, customer, first_day + static_cast<std::int32_t>(at), random);
        if (random.below(20) == 0)
          changes.put("interaction").set("customer_id", customer).set("at", noon(first_day + static_cast<int>(at)));
        if (static_cast<double>(random.below(10'000)) < leaving * 10'000) break;
      }
    }
    session().apply(changes);
  }

  /// Between the cut points that were kept, which are the first values of the higher bins.
  void add_rfm(const Facts& facts, Date day, Scores& all) {
    const json::object state = json::parse(model("rfm").get("state").text()).as_object();
    const auto bin = [&](const char* measure, std::int64_t value) {
      double above = 1;
      for (const json::value& cut : state.at(measure).as_array())
        above +=
            value >= (cut.is_string() ? Decimal::parse(std::string_view(cut.as_string()))->micros() : cut.as_int64());
      return above;
    };
    const Measures measures = measure_purchases(facts, {.as_of = day});
    for (std::size_t i = 0; i < measures.size(); ++i) {
      const auto give = [&](const char* name, double value) { all[{measures.customer[i], name}] = value; };
      const double r = 6 - bin("recency", measures.recency[i]), f = bin("frequency", measures.frequency[i]),
                   m = bin("monetary", measures.monetary[i]);
      give("rfm.recency", static_cast<double>(measures.recency[i]));
      give("rfm.frequency", static_cast<double>(measures.frequency[i]));
      give("rfm.monetary", Decimal::from_micros(measures.monetary[i]).to_double());
      give("rfm.r", r);
      give("rfm.f", f);
      give("rfm.m", m);
      give("rfm.segment", 100 * r + 10 * f + m);
    }
  }

  void add_lifetimes(const Facts& facts, Date day, Scores& all) {
    const mine::ModelFrame frame = mine::frame_of(fitted("lifetime"), "lifetime_and_spend", 1);
    ByteReader reader(frame.payload);
    LifetimeRequest request;
    request.rows.until = day;
    request.diagnostics = false;
    request.parameters = mine::load_lifetime(reader.sized()).parameters;
    const mine::SpendModel spend = mine::load_spend(reader.sized());
    request.spend_parameters = {spend.p, spend.q, spend.gamma};
    const CustomerLines lines = lines_of(facts);
    const LifetimeRows rows = lifetime_rows(lines, request.rows);
    const LifetimeOutcome outcome = predict_lifetimes(lines, rows, {}, request, {});
    for (std::size_t i = 0; i < rows.size(); ++i) {
      all[{rows.customer[i], "lifetime.alive"}] = outcome.alive[i];
      all[{rows.customer[i], "lifetime.expected"}] = outcome.expected[i];
      all[{rows.customer[i], "lifetime.spend"}] = outcome.spend[i];
      all[{rows.customer[i], "lifetime.value"}] = outcome.value[i];
    }
  }

  void add_chances(const Facts& facts, Date day, Scores& all) {
    const KeptChurn kept = load_churn(fitted("churn"));
    const CustomerTouches touches = read_touches(session().view());
    const Date days_of[] = {day};
    const ChurnRows rows = churn_rows(lines_of(facts), days_of, {.horizon = 60}, &touches).front();
    const std::vector<double> chances = kept.model.chances(rows, {});
    for (std::size_t i = 0; i < rows.size(); ++i) all[{rows.customer[i], "churn.chance"}] = chances[i];
  }

  TempFolder folder_;
  ManualClock clock_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Session> session_, other_;
  std::vector<Id> customers_;
  Id survey_;
};

constexpr const char* live_names[] = {
    "rfm.recency", "rfm.frequency",  "rfm.monetary",      "rfm.r",          "rfm.f",          "rfm.m",
    "rfm.segment", "lifetime.alive", "lifetime.expected", "lifetime.spend", "lifetime.value", "churn.chance"};

bool same(const Scores& a, const Scores& b, const std::pair<std::int64_t, std::string>& key) {
  const auto one = a.find(key), other = b.find(key);
  if (one == a.end() || other == b.end()) return one == a.end() && other == b.end();
  return std::bit_cast<std::uint64_t>(one->second) == std::bit_cast<std::uint64_t>(other->second);
}

/// How many scores of these customers are not those of the insights in full.
std::size_t differing(Shop& shop, const std::set<std::int64_t>& customers) {
  const Scores full = shop.scores_in_full(shop.today()), standing = shop.standing();
  std::size_t different = 0;
  for (const std::int64_t customer : customers)
    for (const char* name : live_names)
      if (!same(full, standing, {customer, name})) {
        ++different;
        MESSAGE("customer " << customer << ", " << name);
      }
  return different;
}

/// Something that happens to customers, as one write; returns whom it touches.
class Happening {
 public:
  Happening(Shop& shop, Session& session, Random& random) : shop_(shop), session_(session), random_(random) {}

  std::set<std::int64_t> happen() {
    const Id customer = somebody();
    const std::uint64_t what = random_.below(14);
    const std::int32_t today = shop_.today();
    if (what < 5) {
      const std::int32_t when = today - (random_.below(3) == 0 ? static_cast<std::int32_t>(random_.below(300)) - 3 : 0);
      shop_.put_order(changes_, customer, when, random_);
      if (random_.below(5) == 0) shop_.put_order(changes_, touch(somebody()), today, random_);
    } else if (what == 5) {
      changes_.put("case")
          .set("customer_id", customer)
          .set("subject", "late")
          .set("kind", "complaint")
          .set("opened_at", noon(today));
    } else if (what == 6) {
      changes_.put("response")
          .set("customer_id", customer)
          .set("survey_id", shop_.survey())
          .set("score", Decimal(7))
          .set("answered_at", noon(today));
    } else if (what == 7) {
      changes_.put("interaction").set("customer_id", customer).set("at", noon(today));
    } else {
      return change_what_is_there(what);
    }
    touch(customer);
    return apply();
  }

 private:
  Id somebody() { return shop_.customers()[random_.below(shop_.customers().size())]; }
  Id touch(Id customer) {
    touched_.insert(customer.value);
    return customer;
  }
  std::set<std::int64_t> apply() {
    session_.apply(changes_);
    return touched_;
  }
  std::optional<Record> one_of(const char* entity, Id customer) {
    const std::vector<Record> all =
        session_.view().select({.entity = entity, .where = Where::equal("customer_id", customer), .limit = 50});
    if (all.empty()) return std::nullopt;
    return all[random_.below(all.size())];
  }

  std::set<std::int64_t> change_what_is_there(std::uint64_t what) {
    const Id customer = somebody();
    const std::optional<Record> line = one_of("order_line", customer), order = one_of("order", customer);
    if (!line || !order) return {};
    touch(customer);
    if (what == 8) changes_.erase("order_line", line->id());
    if (what == 9) changes_.erase("order", order->id());
    const Decimal paid = Decimal::from_micros(static_cast<std::int64_t>(1 + random_.below(1'000'000)) * 100);
    if (what == 10) changes_.put("order_line", line->id()).set("amount", paid).set("base_amount", paid);
    if (what == 11)
      changes_.put("order", order->id()).set("due_at", noon(shop_.today() - 5)).set("shipped_at", noon(shop_.today()));
    if (what == 12) {
      const Id to = somebody();
      if (to == customer) return {};
      move_order(*order, touch(to));
    }
    if (what == 13) {
      const bool of_ten = session_.view().get("survey", shop_.survey())->get("kind").text() == "nps";
      changes_.put("survey", shop_.survey()).set("kind", of_ten ? "csat" : "nps");
      for (const Record& answer : session_.view().select({.entity = "response", .limit = 10'000}))
        touch(answer.get("customer_id").id());
      touched_.erase(customer.value);
      if (touched_.empty()) return {};
    }
    return apply();
  }
  /// As a merge of customers does with what is theirs.
  void move_order(const Record& order, Id to) {
    changes_.put("order", order.id()).set("customer_id", to);
    for (const Record& line :
         session_.view().select({.entity = "order_line", .where = Where::equal("order_id", order.id()), .limit = 100}))
      changes_.put("order_line", line.id()).set("customer_id", to);
  }

  Shop& shop_;
  Session& session_;
  Random& random_;
  ChangeSet changes_;
  std::set<std::int64_t> touched_;
};

double value_in(const json::object& told, const std::string& model, const char* score) {
  const json::object& scores = told.at("models").as_object().at(model).as_object().at("scores").as_object();
  return scores.at(score).as_object().at("value").to_number<double>();
}

Code code_of_failure(const std::function<void()>& work, Problem& problem) {
  try {
    work();
  } catch (const Error& error) {
    problem = error.first();
    return error.code();
  }
  return Code{};
}

}  // namespace

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
  run_insight(shop.session(), "value_class");
  CHECK(code_of_failure([&] { set_live(shop.session(), "value_class", true); }, problem) == Code::unsupported);
  CHECK(problem.hint.find("rfm, lifetime, churn") != std::string::npos);
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
