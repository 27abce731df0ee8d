// New records whose unique value a softly deleted record holds (docs/decisions/0014), on every store.
#include <doctest/doctest.h>

#include "emptor/core/error.hpp"
#include "emptor/session/session.hpp"
#include "support/store_ground.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

// A coupon with a code, and what it is worth.
ChangeSet coupon(std::string_view code, std::int64_t promotion, Value valid_to = {}) {
  ChangeSet set;
  set.put("coupon").set("code", code).set("promotion_id", Id{promotion}).set("valid_to", valid_to);
  return set;
}

void make_promotions(Session& session) {
  ChangeSet set;
  set.put("promotion").set("name", "Spring");
  set.put("promotion").set("name", "Autumn");
  session.apply(set);
}

void erase(Session& session, const char* entity, Id id) {
  ChangeSet set;
  set.erase(entity, id);
  session.apply(set);
}

std::vector<Code> codes_of(Session& session, const ChangeSet& set) {
  std::vector<Code> codes;
  try {
    session.apply(set);
  } catch (const Error& error) {
    for (const Problem& problem : error.problems()) codes.push_back(problem.code);
  }
  return codes;
}

}  // namespace

TEST_CASE("conformance: a new record takes the place of a deleted one that holds its unique value") {
  on_every_store([](StoreGround& ground) {
    Session session(ground.store());
    make_promotions(session);
    const Id first = session.apply(coupon("A1", 1, Date{20'000})).ids.front();
    erase(session, "coupon", first);
    const Receipt receipt = session.apply(coupon("A1", 2));
    CHECK(receipt.ids.front() == first);
    CHECK(receipt.inserted == 0);
    CHECK(receipt.updated == 1);
    const auto record = session.view().get("coupon", first);
    REQUIRE(record);
    CHECK(record->get("promotion_id").id() == Id{2});
    CHECK_FALSE(record->get("valid_to").present());  // what the new record does not say, it does not have
    const auto history = session.view().history("coupon", first);
    REQUIRE(history.size() == 3);
    CHECK(history[0].kind == ChangeKind::update);
    CHECK(history[1].kind == ChangeKind::erase);
    CHECK(history[2].record.get("valid_to").date() == Date{20'000});
    CHECK(session.verify(true).faults == std::vector<std::string>{});
  });
}

TEST_CASE("conformance: a score that was deleted by hand is given again") {
  on_every_store([](StoreGround& ground) {
    Session session(ground.store());
    ChangeSet made;
    const Id customer = made.put("customer").set("name", "Ann").id();
    made.put("score").set("customer_id", Value(customer)).set("name", "rfm.recency").set("value", 4.0);
    const Receipt first = session.apply(made);
    erase(session, "score", first.ids[1]);
    ChangeSet again;
    again.put("score").set("customer_id", Value(first.ids[0])).set("name", "rfm.recency").set("value", 5.0);
    CHECK(session.apply(again).ids.front() == first.ids[1]);
    CHECK(session.view().get("score", first.ids[1])->get("value").real() == 5.0);
    CHECK(session.view().count("score") == 1);
    CHECK(session.verify(true).intact);
  });
}

TEST_CASE("conformance: a record put by a new identity takes a deleted one's place and is found by that identity") {
  on_every_store([](StoreGround& ground) {
    Session session(ground.store());
    make_promotions(session);
    const Id first = session.apply(coupon("A1", 1)).ids.front();
    erase(session, "coupon", first);
    ChangeSet set;
    set.put("coupon").by("shop", "7").set("code", "A1").set("promotion_id", Id{2});
    CHECK(session.apply(set).ids.front() == first);
    CHECK(session.apply(set).unchanged == 1);
    CHECK(session.view().find("coupon", "shop", "7")->id() == first);
  });
}

TEST_CASE("conformance: an identity that was deleted is given to the record that is put by it next") {
  on_every_store([](StoreGround& ground) {
    Session session(ground.store());
    ChangeSet set;
    set.put("customer").by("erp", "1").set("name", "Ann");
    const Id ann = session.apply(set).ids.front();
    erase(session, "identity", Id{1});
    const Id other = session.apply(set).ids.front();
    CHECK(other != ann);
    CHECK(session.view().find("customer", "erp", "1")->id() == other);
    CHECK(session.apply(set).unchanged == 1);
    CHECK(session.view().count("identity") == 1);
    CHECK(session.verify(true).intact);
  });
}

TEST_CASE("conformance: a deleted record revives once, for new records only, and living ones keep their values") {
  on_every_store([](StoreGround& ground) {
    Session session(ground.store());
    make_promotions(session);
    const Id dead = session.apply(coupon("A1", 1)).ids.front();
    const Id living = session.apply(coupon("B2", 1)).ids.front();
    erase(session, "coupon", dead);
    ChangeSet twice = coupon("A1", 1);
    twice.put("coupon").set("code", "A1").set("promotion_id", Id{2});
    CHECK(codes_of(session, twice) == std::vector{Code::duplicate});
    ChangeSet taken = coupon("A1", 1);
    taken.put("coupon").set("code", "B2").set("promotion_id", Id{2});
    CHECK(codes_of(session, taken) == std::vector{Code::duplicate});
    ChangeSet change;
    change.put("coupon", living).set("code", "A1");
    CHECK(codes_of(session, change) == std::vector{Code::duplicate});
    CHECK(session.view().count("coupon") == 1);
    CHECK(session.apply(coupon("A1", 1), {.dry_run = true}).updated == 1);
    CHECK(session.view().count("coupon") == 1);
    const Receipt done = session.apply(coupon("A1", 1), {.op_id = "once"});
    const Receipt again = session.apply(coupon("A1", 1), {.op_id = "once"});
    CHECK(again.repeated);
    CHECK(again.ids == done.ids);
    CHECK(again.updated == 1);
  });
}
