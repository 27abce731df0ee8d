// Assigning customers, and their owners over time. What is expected is written out by hand.
#include "emptor/desk/ownership.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "desk/duties.hpp"
#include "desk/staff.hpp"

using namespace emptor;
using namespace emptor::test;

TEST_CASE("[B20] assign: customers go to an owner and their team, with what is open and was the old owner's") {
  at_every_office([](Staff& staff) {
    const Id ada = staff.office.customer("Ada", staff.dan, staff.south);
    const Id bob = staff.office.customer("Bob", staff.eve, staff.south);
    const Id open = staff.task(ada, staff.dan), done = staff.task(ada, staff.dan, "done");
    const Id of_eve = staff.task(ada, staff.eve);
    const Id deal = staff.deal(ada, staff.dan), won = staff.deal(ada, staff.dan, "won");
    const Id broken = staff.a_case(bob, staff.eve);
    const Transferred given =
        assign(staff.system(), {.customers = {ada, bob}, .owner = staff.fay}, {.reason = "north"});
    CHECK(given.given_of("customer") == 2);
    CHECK(given.given_of("task") == 1);
    CHECK(given.given_of("opportunity") == 1);
    CHECK(given.given_of("case") == 1);
    CHECK(staff.owner(ada) == staff.fay);
    CHECK(staff.of("customer", ada, "team_id").id() == staff.north);
    CHECK(staff.of("task", open, "user_id").id() == staff.fay);
    CHECK(staff.of("task", done, "user_id").id() == staff.dan);
    CHECK(staff.of("task", of_eve, "user_id").id() == staff.eve);
    CHECK(staff.of("opportunity", deal, "owner_id").id() == staff.fay);
    CHECK(staff.of("opportunity", won, "owner_id").id() == staff.dan);
    CHECK(staff.of("case", broken, "owner_id").id() == staff.fay);
    for (const auto& [entity, id] :
         {std::pair{"customer", ada}, std::pair{"customer", bob}, std::pair{"task", open}, std::pair{"case", broken}})
      CHECK(staff.of(entity, id, "version").integer() == given.position);  // one entry
  });
}

TEST_CASE("[B20] assign: open records stay where they are if that is asked for, and a team can be named") {
  at_every_office([](Staff& staff) {
    const Id ada = staff.office.customer("Ada", staff.dan, staff.south);
    const Id open = staff.task(ada, staff.dan);
    assign(staff.system(), {.customers = {ada}, .owner = staff.fay, .team = staff.south, .with_open_records = false});
    CHECK(staff.owner(ada) == staff.fay);
    CHECK(staff.of("customer", ada, "team_id").id() == staff.south);
    CHECK(staff.of("task", open, "user_id").id() == staff.dan);
  });
}

TEST_CASE("[B20] assign: by a condition, as a dry run, and to nobody") {
  at_every_office([](Staff& staff) {
    const Id ada = staff.office.customer("Ada", staff.dan, staff.south);
    const Id bob = staff.office.customer("Bob", staff.eve, staff.south);
    const Assignment assignment{.where = Where::equal("owner_id", staff.dan)};
    const Transferred told = assign(staff.system(), assignment, {.dry_run = true});
    CHECK(told.given_of("customer") == 1);
    CHECK(told.position == 0);
    CHECK(staff.owner(ada) == staff.dan);
    assign(staff.system(), assignment);
    CHECK(staff.owner(ada) == no_id);
    CHECK(staff.of("customer", ada, "team_id").id() == staff.south);
    CHECK(staff.owner(bob) == staff.eve);
  });
}

TEST_CASE("[B20] assign: whole or not at all, and nothing to those who have left") {
  at_every_office([](Staff& staff) {
    const Id ada = staff.office.customer("Ada", staff.dan);
    const auto giving = [&](std::vector<Id> customers, Id owner) {
      return refusal_of([&] { assign(staff.system(), {.customers = std::move(customers), .owner = owner}); });
    };
    CHECK(giving({ada, Id{999}}, staff.eve) == Code::not_found);
    CHECK(giving({ada}, Id{999}) == Code::not_found);
    CHECK(giving({}, staff.eve) == Code::invalid);
    staff.office.put("user", {{"active", Value(false)}}, staff.fay);
    CHECK(giving({ada}, staff.fay) == Code::invalid);
    staff.office.put("user", {{"left_on", Value(staff.today())}}, staff.eve);
    CHECK(giving({ada}, staff.eve) == Code::invalid);
    CHECK(staff.owner(ada) == staff.dan);
  });
}

TEST_CASE("[B20] assign: the same operation sent again does nothing") {
  at_every_office([](Staff& staff) {
    const Id ada = staff.office.customer("Ada", staff.dan);
    const Assignment assignment{.customers = {ada}, .owner = staff.eve};
    const Transferred first = assign(staff.system(), assignment, {.op_id = "move-1"});
    assign(staff.system(), {.customers = {ada}, .owner = staff.fay});
    const Transferred again = assign(staff.system(), assignment, {.op_id = "move-1"});
    CHECK_FALSE(first.repeated);
    CHECK(again.repeated);
    CHECK(again.position == first.position);
    CHECK(staff.owner(ada) == staff.fay);
  });
}

TEST_CASE("[B20] assign: an actor gives what they may assign, and is told what they may not") {
  at_every_office([](Staff& staff) {
    const Id ada = staff.office.customer("Ada", staff.dan, staff.south);
    const Id bob = staff.office.customer("Bob", staff.fay, staff.north);
    const Id open = staff.task(ada, staff.dan), broken = staff.a_case(ada, staff.dan);
    staff.office.allow(staff.eve, "read", "all");
    staff.office.allow(staff.eve, "assign", "team", "customer");
    staff.office.allow(staff.eve, "assign", "team", "task");
    const auto eve = staff.office.as(staff.eve);
    CHECK(refusal_of([&] { assign(*eve, {.customers = {ada, bob}, .owner = staff.eve}); }) == Code::denied);
    CHECK(staff.owner(ada) == staff.dan);
    const Transferred given = assign(*eve, {.where = Where::present("owner_id"), .owner = staff.eve});
    CHECK(given.given_of("customer") == 1);
    CHECK(given.kept_of("customer") == 1);
    CHECK(given.kept_of("case") == 1);
    CHECK(staff.owner(ada) == staff.eve);
    CHECK(staff.owner(bob) == staff.fay);
    CHECK(staff.of("task", open, "user_id").id() == staff.eve);
    CHECK(staff.of("case", broken, "owner_id").id() == staff.dan);
  });
}

TEST_CASE("[B20] assign: more customers than are looked up one by one go all the same") {
  at_every_office([](Staff& staff) {
    ChangeSet set;
    for (int i = 0; i < 1'200; ++i) set.put("customer").set("name", "somebody").set("owner_id", staff.dan);
    const std::vector<Id> customers = staff.system().apply(set).ids;
    const Id open = staff.task(customers.back(), staff.dan);
    const Transferred given = assign(staff.system(), {.customers = customers, .owner = staff.eve});
    CHECK(given.given_of("customer") == 1'200);
    CHECK(staff.of("task", open, "user_id").id() == staff.eve);
    CHECK(staff.system().view().count("customer", Where::equal("owner_id", staff.eve)) == 1'200);
  });
}

TEST_CASE("[B22] owners: who looked after a customer from when to when, by whom it was made so, and why") {
  at_every_office([](Staff& staff) {
    const Id ada = staff.office.customer("Ada", staff.dan, staff.south);
    const Instant first = staff.office.now;
    staff.pass(10);
    staff.office.put("customer", {{"country", Value("DE")}}, ada);  // no change of owner
    staff.pass(10);
    const Instant second = staff.office.now;
    staff.office.allow(staff.eve, "read", "all");
    staff.office.allow(staff.eve, "assign", "all");
    assign(*staff.office.as(staff.eve), {.customers = {ada}, .owner = staff.fay}, {.reason = "moved north"});
    staff.pass(10);
    assign(staff.system(), {.customers = {ada}});
    const std::vector<OwnerSpell> spells = owners(staff.system().view(), ada);
    REQUIRE(spells.size() == 3);
    CHECK(spells[0].owner_name == "Dan");
    CHECK(spells[0].from == first);
    CHECK(spells[0].to == second);
    CHECK(spells[1].owner == staff.fay);
    CHECK(spells[1].team == staff.north);
    CHECK(spells[1].by_name == "Eve");
    CHECK(spells[1].reason == "moved north");
    CHECK(spells[2].owner == no_id);
    CHECK_FALSE(spells[2].to.has_value());
    CHECK(to_json(spells).find(R"("owner":"Fay")") != std::string::npos);
    CHECK(owners(staff.system().view(), Id{999}).empty());
  });
}

TEST_CASE("[B20] duties: every entity for which somebody is responsible says what of it is open") {
  const auto store = open_store(":memory:", {.create = true});
  const SchemaPtr schema = store->read()->schema();
  std::set<std::string, std::less<>> known{"customer"};
  for (const desk::Duty& duty : desk::duties()) {
    REQUIRE(schema->entity(duty.entity).responsible_field.has_value());
    known.emplace(duty.entity);
  }
  for (const Entity& entity : schema->entities())
    CHECK_MESSAGE(entity.responsible_field.has_value() == known.contains(entity.name), entity.name);
}
