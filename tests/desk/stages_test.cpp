// The place of customers in the life of the relation. What is expected is written out by hand.
#include "emptor/desk/stages.hpp"

#include <doctest/doctest.h>

#include "desk/staff.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

Stage stage(std::int64_t orders, int first, int last, const StageRules& rules = {}) {
  return stage_of({orders, Date{first}, Date{last}}, Date{1'000}, rules);
}

std::string stage_now(Staff& staff, Id customer) {
  const auto record = staff.system().view().get("customer", customer);
  return record ? std::string(record->get("stage").text()) : "none";
}

}  // namespace

TEST_CASE("[B17] stages: by the number and the age of orders, each border to the day") {
  CHECK(stage_of({}, Date{1'000}, {}) == Stage::prospect);
  CHECK(stage(1, 1'001, 1'001) == Stage::prospect);  // the first order is yet to come
  CHECK(stage(1, 1'000, 1'000) == Stage::fresh);
  CHECK(stage(3, 911, 990) == Stage::fresh);
  CHECK(stage(3, 910, 990) == Stage::active);
  CHECK(stage(4, 990, 990) == Stage::regular);
  CHECK(stage(9, 100, 821) == Stage::regular);
  CHECK(stage(9, 100, 820) == Stage::dormant);
  CHECK(stage(1, 636, 636) == Stage::dormant);
  CHECK(stage(1, 635, 635) == Stage::lost);
  CHECK(stage(2, 900, 990, {.new_days = 200, .regular_orders = 2}) == Stage::regular);
  CHECK(stage(2, 900, 990, {.new_days = 200}) == Stage::fresh);
}

TEST_CASE("[B17] stages: are written where they changed, and the history tells when") {
  at_every_office([](Staff& staff) {
    const Id ada = staff.office.customer("Ada"), bob = staff.office.customer("Bob"), cat = staff.office.customer("Cat");
    staff.order(ada, 10);
    for (const int days : {300, 200, 100, 20}) staff.order(bob, days);
    const Staged first = stage_customers(staff.system(), {.reason = "every night"});
    CHECK(first.customers == std::vector<std::size_t>{1, 1, 0, 1, 0, 0});
    REQUIRE(first.changes.size() == 3);
    CHECK(stage_now(staff, ada) == "new");
    CHECK(stage_now(staff, bob) == "regular");
    CHECK(stage_now(staff, cat) == "prospect");
    CHECK(stage_customers(staff.system()).changes.empty());

    const Date later{staff.today().days + 170};
    const Staged told = stage_customers(staff.system(), {.day = later, .dry_run = true});
    REQUIRE(told.changes.size() == 2);
    CHECK(told.changes[0].customer == ada);
    CHECK(told.changes[0].from == "new");
    CHECK(told.changes[0].to == Stage::dormant);
    CHECK(told.changes[1].to == Stage::dormant);
    CHECK(stage_now(staff, ada) == "new");
    staff.pass(400);
    stage_customers(staff.system());
    CHECK(stage_now(staff, ada) == "lost");
    const auto history = staff.system().view().history("customer", ada);
    REQUIRE(history.size() == 3);
    CHECK(history[1].record.get("stage").text() == "new");
    CHECK(history[1].reason == "every night");
    CHECK(to_json(first).find(R"("customers":{"prospect":"1","new":"1","active":"0","regular":"1")") !=
          std::string::npos);
  });
}

TEST_CASE("[B17] stages: a user places those whose purchases they may see, and no others") {
  at_every_office([](Staff& staff) {
    const Id ada = staff.office.customer("Ada", staff.dan), bob = staff.office.customer("Bob", staff.eve);
    staff.order(ada, 10);
    staff.order(bob, 10);
    for (const char* action : {"read", "update"}) staff.office.allow(staff.dan, action, "own", "customer");
    const auto session = staff.office.as(staff.dan);
    CHECK(stage_customers(*session).changes.empty());  // what Ada bought is kept back
    for (const char* entity : {"order", "order_line", "interaction", "customer_summary"})
      staff.office.allow(staff.dan, "read", "own", entity);
    const Staged staged = stage_customers(*session);
    REQUIRE(staged.changes.size() == 1);
    CHECK(staged.changes[0].customer == ada);
    CHECK(stage_now(staff, ada) == "new");
    CHECK(stage_now(staff, bob).empty());
  });
}

TEST_CASE("[B17] stages: rules out of range are refused by name") {
  at_every_office([](Staff& staff) {
    const auto refused = [&](const StageRules& rules, std::string_view field) {
      try {
        stage_customers(staff.system(), {.rules = rules});
      } catch (const Error& error) {
        return error.code() == Code::invalid && error.problems().front().field == field;
      }
      return false;
    };
    CHECK(refused({.new_days = 0}, "new_days"));
    CHECK(refused({.regular_orders = 1}, "regular_orders"));
    CHECK(refused({.dormant_days = 0}, "dormant_days"));
    CHECK(refused({.dormant_days = 365}, "lost_days"));
    CHECK(refused({.lost_days = 36'501}, "lost_days"));
  });
}
