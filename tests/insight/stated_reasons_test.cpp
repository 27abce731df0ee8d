#include "insight/churn/stated_reasons.hpp"

#include <doctest/doctest.h>

#include "emptor/store/open.hpp"
#include "support/made_facts.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

constexpr std::int32_t last_day = 20'000;

Instant noon(std::int32_t day) { return Instant{day * micros_per_day + micros_per_day / 2}; }

/// Purchases and touches of few customers, put into a store.
class Shop {
 public:
  Shop() : store_(open_store(":memory:", {.create = true})), session_(*store_) {}

  Id customer() { return changes_.put("customer").set("name", "somebody").id(); }
  void complain(Id customer, std::int32_t day, const char* about, std::optional<std::int32_t> closed = {}) {
    ChangeSet::Put put = changes_.put("case");
    put.set("customer_id", customer).set("kind", "complaint").set("category", about).set("opened_at", noon(day));
    if (closed) put.set("closed_at", noon(*closed));
  }
  void contact(Id customer, std::int32_t day, const char* outcome) {
    changes_.put("interaction").set("customer_id", customer).set("at", noon(day)).set("outcome", outcome);
  }
  void answer(Id customer, std::int32_t day, const char* kind, int score) {
    const Id survey = changes_.put("survey").set("name", kind).set("kind", kind).id();
    changes_.put("response")
        .set("customer_id", customer)
        .set("survey_id", survey)
        .set("answered_at", noon(day))
        .set("score", Decimal(score));
  }
  Id order(Id customer, std::int32_t day, std::int32_t due, std::int32_t shipped) {
    return changes_.put("order")
        .set("customer_id", customer)
        .set("ordered_at", noon(day))
        .set("due_at", noon(due))
        .set("shipped_at", noon(shipped))
        .id();
  }
  ChangeSet& changes() { return changes_; }
  Session& session() { return session_; }
  CustomerTouches touches() {
    session_.apply(changes_);
    changes_ = ChangeSet();
    return read_touches(session_.view());
  }

 private:
  std::unique_ptr<Store> store_;
  Session session_;
  ChangeSet changes_;
};

}  // namespace

TEST_CASE("touches: each stands on the day on which it was known, by customer and day") {
  Shop shop;
  const Id ann = shop.customer(), ben = shop.customer();
  shop.contact(ben, 120, "reached");
  shop.complain(ann, 130, "service", 140);
  shop.answer(ann, 100, "nps", 4);
  shop.answer(ann, 110, "csat", 5);
  shop.order(ann, 90, 94, 97);
  shop.order(ann, 80, 84, 83);
  const CustomerTouches all = shop.touches();
  const Id ids[] = {shop.session().view().select({.entity = "case", .limit = 1}).front().get("customer_id").id()};
  const std::span<const Touch> own = all.of(ids[0].value);
  REQUIRE(own.size() == 5);
  CHECK(own[0].kind == TouchKind::late_order);
  CHECK(own[0].day == 97);
  CHECK(own[1].kind == TouchKind::answer);
  CHECK(own[1].score == .4);
  CHECK(own[2].kind == TouchKind::dissatisfied);
  CHECK(own[3].score == 1);
  CHECK(own[4].kind == TouchKind::complaint);
  CHECK(own[4].closed == 140);
  CHECK(all.topics[own[4].topic] == "service");
  CHECK(CustomerTouches::until(own, 110).size() == 4);
  CHECK(CustomerTouches::until(own, 109).size() == 3);
  CHECK(all.of(987'654).empty());
  CHECK(all.data_version > 0);
}

TEST_CASE("touches: opinions, notices, returns and discounts are read too, and what is deleted is not") {
  Shop shop;
  const Id ann = shop.customer();
  ChangeSet& changes = shop.changes();
  changes.put("feedback")
      .set("customer_id", ann)
      .set("kind", "praise")
      .set("topic", "staff")
      .set("received_at", noon(10));
  changes.put("feedback").set("customer_id", ann).set("kind", "complaint").set("received_at", noon(20));
  changes.put("subscription").set("customer_id", ann).set("cancelled_at", noon(30)).set("cancel_reason", "too dear");
  changes.put("return").set("customer_id", ann).set("returned_at", noon(40)).set("reason", "broken");
  const Id order = changes.put("order").set("customer_id", ann).set("ordered_at", noon(50)).id();
  changes.put("order_line")
      .set("order_id", order)
      .set("customer_id", ann)
      .set("discount", Decimal::of(25, 2))
      .set("amount", Decimal(10));
  shop.contact(ann, 60, "reached");
  shop.session().apply(changes);
  ChangeSet gone;
  gone.erase("interaction", shop.session().view().select({.entity = "interaction", .limit = 1}).front().id());
  shop.session().apply(gone);
  const CustomerTouches all = read_touches(shop.session().view());
  REQUIRE(all.customer.size() == 1);
  const std::span<const Touch> own = all.of(all.customer.front());
  REQUIRE(own.size() == 5);
  const auto topic = [&](std::size_t i) { return all.topics[own[i].topic]; };
  CHECK((own[0].kind == TouchKind::opinion && topic(0) == "staff"));
  CHECK((own[1].kind == TouchKind::complaint && topic(1) == "complaint"));
  CHECK((own[2].kind == TouchKind::notice && topic(2) == "too dear"));
  CHECK((own[3].kind == TouchKind::goods_back && topic(3) == "broken"));
  CHECK((own[4].kind == TouchKind::discount && own[4].score == .25));
}

TEST_CASE("touches as features: nothing after the day is known, and a case closed later is open") {
  CustomerTouches touches;
  touches.customer = {1};
  touches.starts = {0, 6};
  touches.topics = {"service"};
  touches.touches = {{.day = 40, .closed = 41, .kind = TouchKind::complaint, .topic = 0},
                     {.day = 130, .closed = 170, .kind = TouchKind::complaint, .topic = 0},
                     {.day = 140, .kind = TouchKind::answer, .score = .3},
                     {.day = 150, .kind = TouchKind::discount, .score = .2},
                     {.day = 160, .kind = TouchKind::late_order},
                     {.day = 161, .kind = TouchKind::contact}};
  const Facts facts = made_facts({{1, 1, 100, 10}, {1, 2, 120, 30}});
  const Date days[] = {{160}, {171}};
  const std::vector<ChurnRows> rows = churn_rows(lines_of(facts), days, {.horizon = 60}, &touches);
  const auto at = [&](std::size_t day, ChurnFeature feature) { return rows[day].at(0, feature); };
  CHECK(at(0, ChurnFeature::complaints) == 1);
  CHECK(at(0, ChurnFeature::open_cases) == 1);
  CHECK(at(1, ChurnFeature::open_cases) == 0);
  CHECK(at(0, ChurnFeature::satisfaction) == .3);
  CHECK(at(0, ChurnFeature::discount) == .2);
  CHECK(at(0, ChurnFeature::late_orders) == 1);
  CHECK(at(0, ChurnFeature::contacts) == 0);
  CHECK(at(1, ChurnFeature::contacts) == 1);
  CHECK(at(0, ChurnFeature::requests) == 0);
  CHECK(std::isnan(churn_rows(lines_of(facts), days, {}).front().at(0, ChurnFeature::complaints)));
}

TEST_CASE("stated reasons: counts by hand, and of each customer those that tell") {
  // 200 buy every 30 days for two years; of the first 60 the last purchase is at last_day - 100, with a complaint five
  // days later; every fifth customer is called now and then.
  std::vector<MadePurchase> purchases;
  CustomerTouches touches;
  touches.topics = {"service", "reached"};
  const auto touch = [&](std::int32_t day, TouchKind kind, std::uint32_t topic) {
    touches.touches.push_back({.day = day, .kind = kind, .topic = topic});
  };
  for (std::int64_t id = 1; id <= 200; ++id) {
    const std::int32_t end = id <= 60 ? last_day - 100 : last_day;
    for (std::int32_t day = end; day > last_day - 700; day -= 30)
      purchases.push_back({id, static_cast<std::int64_t>(purchases.size()) + 1, day, 10});
    touches.customer.push_back(id);
    if (id % 5 == 0)
      for (std::int32_t day = last_day - 690; day < end; day += 60) touch(day, TouchKind::contact, 1);
    if (id <= 60) touch(end + 5, TouchKind::complaint, 0);
    touches.starts.push_back(touches.touches.size());
  }
  const Facts facts = made_facts(purchases);
  const CustomerLines lines = lines_of(facts);
  const Date days[] = {{last_day}};
  const ChurnRows rows = churn_rows(lines, days, {.horizon = 90}, &touches).front();
  const StatedReasons reasons = stated_reasons(lines, touches, rows, {.horizon = 90});
  // On the day a horizon ago (last_day - 90) the 60 had bought ten days before, and bought no more; before that all
  // stayed, on six days with a purchase within the horizon before: 660 days up to last_day - 180 ... - 630.
  CHECK(reasons.silent == 60);
  CHECK(reasons.stayed == 140 + 200 * 6);
  REQUIRE(reasons.reasons.size() == 2);
  CHECK(stated_text(reasons, 0, Language::english) == "complaint about service");
  CHECK(stated_text(reasons, 0, Language::chinese) == "投诉：service");
  CHECK(reasons.reasons[0].silent == 60);
  CHECK(reasons.reasons[0].stayed == 0);
  CHECK(reasons.reasons[0].tells());
  CHECK_FALSE(reasons.reasons[1].tells());
  CHECK(reasons.of[0] == std::vector<std::uint32_t>{0});
  CHECK(reasons.of[4] == std::vector<std::uint32_t>{0});
  CHECK(reasons.of[100].empty());
  CHECK(reasons.recent[99] == std::vector<std::uint32_t>{1});
}
