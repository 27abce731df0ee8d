// The public pool: who goes back, who is protected, who may take whom. What is expected is written out by hand.
#include "emptor/desk/pool.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "desk/staff.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

std::vector<Id> returned(Staff& staff, std::optional<Date> day = {}) {
  std::vector<Id> customers;
  for (const PoolReturn& back : recycle(staff.system(), {.day = day}, {.dry_run = true}).returns)
    customers.push_back(back.customer);
  return customers;
}

// Put long ago, so that what happens later tells.
struct OldCustomers {
  explicit OldCustomers(Staff& staff) {
    ada = staff.office.customer("Ada", staff.dan, staff.south);
    bob = staff.office.customer("Bob", staff.dan, staff.south);
    staff.pass(400);
  }
  Id ada, bob;
};

}  // namespace

TEST_CASE("[B21] pool: after so many days without order, contact or won deal a customer is due, and not a day before") {
  at_every_office([](Staff& staff) {
    const OldCustomers old(staff);
    staff.order(old.ada, 89);
    staff.order(old.bob, 200);
    CHECK(returned(staff).empty());  // there is no rule
    const Id rule = staff.rule("idle", "sleepers", {{"days", Value(90)}});
    CHECK(returned(staff) == std::vector<Id>{old.bob});
    CHECK(returned(staff, Date{staff.today().days + 1}) == std::vector<Id>{old.ada, old.bob});
    staff.call(old.bob, staff.dan, 10);
    CHECK(returned(staff).empty());
    CHECK(returned(staff, Date{staff.today().days - 20}) == std::vector<Id>{old.bob});  // the call came later
    staff.office.put("pool_rule", {{"active", Value(false)}}, rule);
    CHECK(returned(staff, Date{staff.today().days + 500}).empty());
  });
}

TEST_CASE("[B21] pool: a won deal is a sign of life, a lost one and a credit note are none") {
  at_every_office([](Staff& staff) {
    const OldCustomers old(staff);
    staff.rule("idle", "sleepers", {{"days", Value(90)}});
    staff.deal(old.ada, staff.dan, "won");
    staff.deal(old.bob, staff.dan, "lost");
    staff.office.put(
        "order",
        {{"customer_id", Value(old.bob)}, {"kind", Value("credit_note")}, {"ordered_at", Value(staff.office.now)}});
    CHECK(returned(staff) == std::vector<Id>{old.bob});
  });
}

TEST_CASE("[B21] pool: a rule that names the tier goes before one that names none, and may count contacts alone") {
  at_every_office([](Staff& staff) {
    const OldCustomers old(staff);
    staff.office.put("customer", {{"tier", Value("gold")}}, old.ada);
    staff.rule("idle", "all", {{"days", Value(30)}});
    staff.rule("idle", "gold", {{"days", Value(60)}, {"tier", Value("gold")}, {"counts", Value("contacts")}});
    staff.order(old.ada, 1);  // does not count for gold
    staff.call(old.ada, staff.dan, 45);
    staff.call(old.bob, staff.dan, 45);
    CHECK(returned(staff) == std::vector<Id>{old.bob});
    CHECK(returned(staff, Date{staff.today().days + 15}) == std::vector<Id>{old.ada, old.bob});
  });
}

TEST_CASE("[B21] pool: a new owner has all the days of the rule, whatever else changed in the record") {
  at_every_office([](Staff& staff) {
    const OldCustomers old(staff);
    staff.rule("idle", "sleepers", {{"days", Value(90)}});
    assign(staff.system(), {.customers = {old.ada, old.bob}, .owner = staff.eve});
    staff.office.put("customer", {{"country", Value("DE")}}, old.ada);
    CHECK(returned(staff).empty());
    staff.pass(89);
    staff.office.put("customer", {{"country", Value("FR")}}, old.ada);
    CHECK(returned(staff).empty());
    staff.pass(1);
    CHECK(returned(staff) == std::vector<Id>{old.ada, old.bob});
  });
}

TEST_CASE("[B21] pool: after the last contract's end, unless another holds or renews itself") {
  at_every_office([](Staff& staff) {
    const OldCustomers old(staff);
    staff.rule("contract_end", "no contract", {{"days", Value(30)}});
    const auto contract = [&](Id customer, std::int64_t ended_days_ago, bool renews) {
      staff.office.put("contract",
                       {{"customer_id", Value(customer)},
                        {"status", Value("active")},
                        {"renews", Value(renews)},
                        {"ends_on", Value(Date{static_cast<std::int32_t>(staff.today().days - ended_days_ago)})}});
    };
    CHECK(returned(staff).empty());  // who never had one is not due by it
    contract(old.ada, 100, false);
    contract(old.ada, 31, false);
    contract(old.bob, 100, true);
    const Recycled told = recycle(staff.system(), {}, {.dry_run = true});
    REQUIRE(told.returns.size() == 1);
    CHECK(told.returns.front().customer == old.ada);
    CHECK(told.returns.front().contract_ended);
    CHECK(told.returns.front().days == 31);
    contract(old.ada, -10, false);
    CHECK(returned(staff).empty());
  });
}

TEST_CASE("[B21] pool: a rule protects so many days after an order, and a tier for ever") {
  at_every_office([](Staff& staff) {
    const OldCustomers old(staff);
    staff.office.put("customer", {{"tier", Value("VIP")}}, old.ada);
    staff.rule("idle", "calls", {{"days", Value(30)}, {"counts", Value("contacts")}});
    const Id vip = staff.rule("protect", "VIPs stay", {{"tier", Value("VIP")}});
    staff.rule("protect", "buyers stay", {{"days", Value(180)}});
    staff.order(old.bob, 100);
    const Recycled told = recycle(staff.system(), {}, {.dry_run = true});
    CHECK(told.returns.empty());
    REQUIRE(told.stays.size() == 2);
    CHECK(told.stays[0].rule == vip);
    CHECK_FALSE(told.stays[0].until.has_value());
    CHECK(told.stays[1].until == Date{staff.today().days + 80});
    CHECK(returned(staff, Date{staff.today().days + 81}) == std::vector<Id>{old.bob});
    CHECK(words_of(told.stays[0], Language::english) == "protected for ever by the rule \"VIPs stay\"");
  });
}

TEST_CASE("[B21] pool: recycling writes one entry, tells why in words, and takes the open records from the owner") {
  at_every_office([](Staff& staff) {
    const OldCustomers old(staff);
    staff.rule("idle", "sleepers", {{"days", Value(90)}});
    staff.order(old.bob, 5);
    const Id open = staff.task(old.ada, staff.dan);
    const Recycled done = recycle(staff.system(), {}, {.reason = "idle"});
    REQUIRE(done.returns.size() == 1);
    CHECK(words_of(done.returns.front(), Language::english) == "no sign of life for 400 days, since " +
                                                                   to_string(Date{staff.today().days - 400}) +
                                                                   "; the rule \"sleepers\" allows 90");
    CHECK(words_of(done.returns.front(), Language::chinese).find("400天没有动态") != std::string::npos);
    CHECK(done.owned == 2);
    CHECK(staff.owner(old.ada) == no_id);
    CHECK(staff.of("customer", old.ada, "team_id").id() == staff.south);
    CHECK_FALSE(staff.of("task", open, "user_id").present());
    CHECK(staff.of("task", open, "version").integer() == done.transferred.position);
    CHECK(staff.system().view().count("customer", in_pool()) == 1);
    CHECK(to_json(done).find(R"("cause":"idle")") != std::string::npos);
    CHECK(recycle(staff.system()).returns.empty());
  });
}

TEST_CASE("[B21] pool: an actor sends back what they may assign, and an order that they may not read still counts") {
  at_every_office([](Staff& staff) {
    const OldCustomers old(staff);
    const Id far = staff.office.customer("far", staff.fay, staff.north);
    staff.pass(400);
    staff.order(old.bob, 5);
    staff.rule("idle", "sleepers", {{"days", Value(90)}});
    for (const char* action : {"read", "assign"}) staff.office.allow(staff.eve, action, "team", "customer");
    const Recycled done = recycle(*staff.office.as(staff.eve));
    CHECK(done.owned == 2);
    REQUIRE(done.returns.size() == 1);
    CHECK(staff.owner(old.ada) == no_id);
    CHECK(staff.owner(old.bob) == staff.dan);
    CHECK(staff.owner(far) == staff.fay);
  });
}

TEST_CASE("[B21] pool: a claim gives the customer and what is open of them, and only out of the pool") {
  at_every_office([](Staff& staff) {
    const Id ada = staff.office.customer("Ada");
    const Id open = staff.task(ada, no_id), of_eve = staff.task(ada, staff.eve);
    const Claim claim = claim_customer(staff.system(), ada, staff.fay);
    CHECK(claim.claimed());
    CHECK(staff.owner(ada) == staff.fay);
    CHECK(staff.of("customer", ada, "team_id").id() == staff.north);
    CHECK(staff.of("task", open, "user_id").id() == staff.fay);
    CHECK(staff.of("task", of_eve, "user_id").id() == staff.eve);
    CHECK(claim_customer(staff.system(), ada, staff.dan).state == ClaimState::owned);
    CHECK(staff.owner(ada) == staff.fay);
    CHECK(refusal_of([&] { claim_customer(staff.system(), Id{999}, staff.dan); }) == Code::not_found);
    CHECK(refusal_of([&] { claim_customer(staff.system(), ada, Id{999}); }) == Code::not_found);
  });
}

TEST_CASE("[B21] pool: beyond the capacity nothing is taken; a team and a tier may have one of their own") {
  at_every_office([](Staff& staff) {
    const auto free = [&](const char* tier = "") {
      return staff.office.put("customer", {{"name", Value("somebody")}, {"tier", Value(tier)}});
    };
    staff.rule("capacity", "two", {{"most", Value(2)}});
    staff.rule("capacity", "north: three", {{"most", Value(3)}, {"team_id", Value(staff.north)}});
    staff.rule("capacity", "one VIP", {{"most", Value(1)}, {"tier", Value("VIP")}});
    CHECK(claim_customer(staff.system(), free("VIP"), staff.dan).claimed());
    const Claim second = claim_customer(staff.system(), free("VIP"), staff.dan);
    CHECK(second.state == ClaimState::full);
    CHECK(second.rule_name == "one VIP");
    CHECK(claim_customer(staff.system(), free(), staff.dan).claimed());
    const Claim third = claim_customer(staff.system(), free(), staff.dan);
    CHECK(third.state == ClaimState::full);
    CHECK(third.held == 2);
    CHECK(words_of(third, Language::english) == "the user holds 2 customers; the rule \"two\" allows 2");
    CHECK(words_of(third, Language::chinese).find("上限为2") != std::string::npos);
    for (int i = 0; i < 3; ++i) CHECK(claim_customer(staff.system(), free(), staff.fay).claimed());
    CHECK(claim_customer(staff.system(), free(), staff.fay).rule_name == "north: three");
  });
}

TEST_CASE("[B21] pool: the last owner takes nobody back within the days of the rule, others may") {
  at_every_office([](Staff& staff) {
    const Id ada = staff.office.customer("Ada", staff.dan);
    staff.rule("rest", "thirty days", {{"days", Value(30)}});
    assign(staff.system(), {.customers = {ada}});
    const Date until{staff.today().days + 30};
    staff.pass(29);
    const Claim early = claim_customer(staff.system(), ada, staff.dan);
    CHECK(early.state == ClaimState::resting);
    CHECK(early.until == until);
    CHECK(claim_customer(staff.system(), ada, staff.eve, {.dry_run = true}).claimed());
    CHECK(staff.owner(ada) == no_id);
    staff.pass(1);
    CHECK(claim_customer(staff.system(), ada, staff.dan).claimed());
  });
}

TEST_CASE("[B21] pool: who has left claims nobody, and an actor claims what they may assign") {
  at_every_office([](Staff& staff) {
    const Id ada = staff.office.customer("Ada", no_id, staff.south),
             far = staff.office.customer("far", no_id, staff.north);
    staff.office.put("user", {{"active", Value(false)}}, staff.fay);
    CHECK(claim_customer(staff.system(), ada, staff.fay).state == ClaimState::inactive);
    staff.office.allow(staff.eve, "read", "all");
    staff.office.allow(staff.eve, "assign", "team");
    const auto eve = staff.office.as(staff.eve);
    CHECK(refusal_of([&] { claim_customer(*eve, far, staff.eve); }) == Code::denied);
    CHECK(claim_customer(*eve, ada, staff.eve).claimed());
    CHECK(staff.owner(ada) == staff.eve);
    CHECK(staff.owner(far) == no_id);
  });
}

TEST_CASE("[B21] pool: a rule that lacks what its kind needs is refused by name when it would be applied") {
  at_every_office([](Staff& staff) {
    staff.rule("idle", "no days");
    CHECK(refusal_of([&] { recycle(staff.system()); }) == Code::invalid);
    CHECK(refusal_of([&] { staff.rule("sometimes", "no kind"); }) == Code::invalid);
  });
}

TEST_CASE(
    "[B21] pool: whom the trimmed journal tells nothing of counts as taken over where it begins, and may be claimed") {
  at_every_office([](Staff& staff) {
    const OldCustomers old(staff);
    const Id free = staff.office.customer("Free", staff.dan);
    staff.rule("rest", "a month", {{"days", Value(30)}});
    assign(staff.system(), {.customers = {free}});
    staff.rule("idle", "sleepers", {{"days", Value(90)}});
    staff.pass(10);
    CHECK(returned(staff) == std::vector<Id>{old.ada, old.bob});
    CHECK(claim_customer(staff.system(), free, staff.dan, {.dry_run = true}).state == ClaimState::resting);
    staff.system().trim_journal(staff.office.now);
    CHECK(returned(staff).empty());
    CHECK(claim_customer(staff.system(), free, staff.dan).claimed());
    staff.pass(79);
    CHECK(returned(staff).empty());
    staff.pass(1);
    CHECK(returned(staff) == std::vector<Id>{old.ada, old.bob});
  });
}
