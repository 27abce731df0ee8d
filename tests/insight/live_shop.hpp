// A shop with kept models, what happens in it, and the oracle of its scores: the insights run in full, which read all
// facts and touches and score everybody with the same model on the same day; none of it knows `customer_history`.
#pragma once

#include <doctest/doctest.h>

#include <bit>
#include <boost/json.hpp>
#include <cmath>
#include <map>
#include <set>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/insight/live.hpp"
#include "emptor/store/open.hpp"
#include "insight/churn/churn_model.hpp"
#include "insight/churn/churn_work.hpp"
#include "insight/lifetime/lifetime_work.hpp"
#include "mine/model_frame.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_folder.hpp"

namespace emptor::test {

namespace json = boost::json;

inline constexpr std::int32_t first_day = 19'000, days = 400;
inline constexpr const char* churn_json_options = R"({"horizon_days":60})";

inline Instant noon(std::int32_t day) { return {day * micros_per_day + micros_per_day / 2}; }

inline double exponential(Random& random) {
  return -std::log((static_cast<double>(random.below(1'000'000)) + 1) / 1'000'001);
}

/// How much a customer spends, from which Gamma-Gamma learns: the inverse of a gamma of shape 4.
inline double level_of_spend(Id customer) {
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

inline constexpr const char* live_names[] = {
    "rfm.recency", "rfm.frequency",  "rfm.monetary",      "rfm.r",          "rfm.f",          "rfm.m",
    "rfm.segment", "lifetime.alive", "lifetime.expected", "lifetime.spend", "lifetime.value", "churn.chance"};

inline bool same(const Scores& a, const Scores& b, const std::pair<std::int64_t, std::string>& key) {
  const auto one = a.find(key), other = b.find(key);
  if (one == a.end() || other == b.end()) return one == a.end() && other == b.end();
  return std::bit_cast<std::uint64_t>(one->second) == std::bit_cast<std::uint64_t>(other->second);
}

/// How many scores of these customers are not those of the insights in full.
inline std::size_t differing(Shop& shop, const std::set<std::int64_t>& customers) {
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

inline double value_in(const json::object& told, const std::string& model, const char* score) {
  const json::object& scores = told.at("models").as_object().at(model).as_object().at("scores").as_object();
  return scores.at(score).as_object().at("value").to_number<double>();
}

inline Code code_of_failure(const std::function<void()>& work, Problem& problem) {
  try {
    work();
  } catch (const Error& error) {
    problem = error.first();
    return error.code();
  }
  return Code{};
}

}  // namespace emptor::test
