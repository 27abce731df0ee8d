// A leaver's hand-over. What is expected is written out by hand.
#include "emptor/desk/handover.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "desk/staff.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

std::size_t given(const Transferred& all, std::string_view entity, Id user) {
  for (const GivenRecords& each : all.given)
    if (each.entity == entity && each.user == user) return each.count;
  return 0;
}

std::size_t kept(const Transferred& all, std::string_view entity, KeptReason reason) {
  for (const KeptRecords& each : all.kept)
    if (each.entity == entity && each.reason == reason) return each.count;
  return 0;
}

}  // namespace

TEST_CASE("[B20] handover: everything open goes to the successor, what is closed keeps naming the leaver") {
  at_every_office([](Staff& staff) {
    const Id ada = staff.office.customer("Ada", staff.dan, staff.south);
    const Id other = staff.office.customer("of Fay", staff.fay, staff.north);
    const Id open = staff.task(ada, staff.dan), own = staff.task(no_id, staff.dan),
             at_other = staff.task(other, staff.dan);
    const Id done = staff.task(ada, staff.dan, "done"), won = staff.deal(ada, staff.dan, "won");
    const Id deal = staff.deal(ada, staff.dan), broken = staff.a_case(other, staff.dan),
             call = staff.call(ada, staff.dan);
    const Id campaign = staff.office.put("campaign", {{"name", Value("spring")}, {"owner_id", Value(staff.dan)}});
    const Transferred done_so =
        hand_over(staff.system(), {.leaver = staff.dan, .successors = {staff.eve}}, {.reason = "Dan leaves"});
    CHECK(given(done_so, "customer", staff.eve) == 1);
    CHECK(given(done_so, "task", staff.eve) == 3);
    CHECK(given(done_so, "opportunity", staff.eve) == 1);
    CHECK(given(done_so, "case", staff.eve) == 1);
    CHECK(given(done_so, "campaign", staff.eve) == 1);
    CHECK(kept(done_so, "task", KeptReason::closed) == 1);
    CHECK(kept(done_so, "opportunity", KeptReason::closed) == 1);
    CHECK(kept(done_so, "interaction", KeptReason::fact) == 1);
    for (const Id task : {open, own, at_other}) CHECK(staff.of("task", task, "user_id").id() == staff.eve);
    CHECK(staff.of("task", done, "user_id").id() == staff.dan);
    CHECK(staff.of("opportunity", won, "owner_id").id() == staff.dan);
    CHECK(staff.of("opportunity", deal, "owner_id").id() == staff.eve);
    CHECK(staff.of("case", broken, "owner_id").id() == staff.eve);
    CHECK(staff.of("campaign", campaign, "owner_id").id() == staff.eve);
    CHECK(staff.of("interaction", call, "user_id").id() == staff.dan);
    CHECK(staff.owner(ada) == staff.eve);
    CHECK(staff.owner(other) == staff.fay);
    CHECK(staff.of("user", staff.dan, "active") == Value(false));
    CHECK(staff.of("user", staff.dan, "left_on") == Value(staff.today()));
    CHECK(staff.of("user", staff.dan, "version") == staff.of("customer", ada, "version"));
  });
}

TEST_CASE("[B20] handover: several successors get as many customers each, and what is open goes with its customer") {
  at_every_office([](Staff& staff) {
    std::vector<Id> customers, tasks;
    for (int i = 0; i < 5; ++i) {
      customers.push_back(staff.office.customer("somebody", staff.dan));
      tasks.push_back(staff.task(customers.back(), staff.dan));
    }
    const Transferred all = hand_over(staff.system(), {.leaver = staff.dan, .successors = {staff.eve, staff.fay}});
    CHECK(given(all, "customer", staff.eve) == 3);
    CHECK(given(all, "customer", staff.fay) == 2);
    for (std::size_t i = 0; i < customers.size(); ++i)
      CHECK(staff.of("task", tasks[i], "user_id").id() == staff.owner(customers[i]));
  });
}

TEST_CASE("[B20] handover: by territory each customer goes to the nearest successor, and who fits nobody stays") {
  at_every_office([](Staff& staff) {
    const Id europe = staff.office.put("territory", {{"name", Value("Europe")}});
    const Id spain = staff.office.put("territory", {{"name", Value("Spain")}, {"parent_id", Value(europe)}});
    const Id asia = staff.office.put("territory", {{"name", Value("Asia")}});
    const Id hal = staff.office.user("Hal", staff.south, europe), ida = staff.office.user("Ida", staff.south, spain);
    const Id madrid = staff.office.customer("Madrid", staff.dan, no_id, spain);
    const Id paris = staff.office.customer("Paris", staff.dan, no_id, europe);
    const Id tokyo = staff.office.customer("Tokyo", staff.dan, no_id, asia);
    const Transferred all =
        hand_over(staff.system(), {.leaver = staff.dan, .successors = {hal, ida}, .division = Division::territory});
    CHECK(staff.owner(madrid) == ida);
    CHECK(staff.owner(paris) == hal);
    CHECK(staff.owner(tokyo) == staff.dan);
    CHECK(kept(all, "customer", KeptReason::no_successor) == 1);
  });
}

TEST_CASE("[B20] handover: by team each customer goes to the team's successor, or to that of a team above") {
  at_every_office([](Staff& staff) {
    const Id deep = staff.office.put("team", {{"name", Value("deep south")}, {"parent_id", Value(staff.south)}});
    const Id below = staff.office.customer("below", staff.dan, deep),
             up = staff.office.customer("up", staff.dan, staff.north);
    hand_over(staff.system(), {.leaver = staff.dan, .successors = {staff.fay, staff.eve}, .division = Division::team});
    CHECK(staff.owner(below) == staff.eve);
    CHECK(staff.owner(up) == staff.fay);
  });
}

TEST_CASE("[B20] handover: to the pool go customers with what is open of them; the rest waits for a successor") {
  at_every_office([](Staff& staff) {
    const Id ada = staff.office.customer("Ada", staff.dan, staff.south);
    const Id open = staff.task(ada, staff.dan), own = staff.task(no_id, staff.dan);
    const Transferred all = hand_over(staff.system(), {.leaver = staff.dan, .to_pool = true});
    CHECK(given(all, "customer", no_id) == 1);
    CHECK(staff.owner(ada) == no_id);
    CHECK_FALSE(staff.of("task", open, "user_id").present());
    CHECK(staff.of("task", own, "user_id").id() == staff.dan);
    CHECK(kept(all, "task", KeptReason::no_successor) == 1);
    hand_over(staff.system(), {.leaver = staff.dan, .successors = {staff.eve}});  // what was left
    CHECK(staff.of("task", own, "user_id").id() == staff.eve);
  });
}

TEST_CASE("[B20] handover: a day to come leaves the user active until then; somebody absent stays as they are") {
  at_every_office([](Staff& staff) {
    const Date monday{staff.today().days + 7};
    hand_over(staff.system(), {.leaver = staff.dan, .successors = {staff.eve}, .left_on = monday});
    CHECK(staff.of("user", staff.dan, "left_on") == Value(monday));
    CHECK_FALSE(staff.of("user", staff.dan, "active").present());
    hand_over(staff.system(), {.leaver = staff.fay, .successors = {staff.eve}, .leaves = false});
    CHECK_FALSE(staff.of("user", staff.fay, "left_on").present());
  });
}

TEST_CASE("[B20] handover: teams and people that the leaver leads are told, for a right is not handed over") {
  at_every_office([](Staff& staff) {
    staff.office.put("team", {{"manager_id", Value(staff.dan)}}, staff.south);
    staff.office.put("user", {{"manager_id", Value(staff.dan)}}, staff.eve);
    const Transferred all = hand_over(staff.system(), {.leaver = staff.dan, .successors = {staff.eve}});
    CHECK(kept(all, "team", KeptReason::leads) == 1);
    CHECK(kept(all, "user", KeptReason::leads) == 1);
    CHECK(words_of(KeptReason::leads, Language::chinese) != words_of(KeptReason::leads, Language::english));
    CHECK(to_json(all).find(R"("reason":"leads")") != std::string::npos);
  });
}

TEST_CASE("[B20] handover: a dry run tells the same and writes nothing") {
  at_every_office([](Staff& staff) {
    const Id ada = staff.office.customer("Ada", staff.dan);
    const Handover handover{.leaver = staff.dan, .successors = {staff.eve}};
    const Transferred told = hand_over(staff.system(), handover, {.dry_run = true});
    CHECK(staff.owner(ada) == staff.dan);
    CHECK_FALSE(staff.of("user", staff.dan, "left_on").present());
    const Transferred done = hand_over(staff.system(), handover);
    CHECK(told.given_of("customer") == done.given_of("customer"));
    CHECK(told.position == 0);
    CHECK(done.position > 0);
  });
}

TEST_CASE("[B20] handover: nobody, the leaver, somebody twice or somebody who has left is refused") {
  at_every_office([](Staff& staff) {
    staff.office.put("user", {{"active", Value(false)}}, staff.fay);
    const auto to = [&](std::vector<Id> successors) {
      return refusal_of([&] { hand_over(staff.system(), {.leaver = staff.dan, .successors = std::move(successors)}); });
    };
    CHECK(to({}) == Code::invalid);
    CHECK(to({staff.dan}) == Code::invalid);
    CHECK(to({staff.eve, staff.eve}) == Code::invalid);
    CHECK(to({staff.fay}) == Code::invalid);
    CHECK(to({Id{999}}) == Code::not_found);
    CHECK(refusal_of([&] { hand_over(staff.system(), {.leaver = Id{999}, .successors = {staff.eve}}); }) ==
          Code::not_found);
  });
}

TEST_CASE("[B20] handover: what the actor may not see is counted and stays, and ending a user needs its own right") {
  at_every_office([](Staff& staff) {
    const Id ada = staff.office.customer("Ada", staff.dan, staff.south);
    const Id hidden = staff.office.customer("Hid", staff.dan, staff.north);
    for (const char* action : {"read", "assign"}) staff.office.allow(staff.eve, action, "team", "task");
    staff.office.allow(staff.eve, "read", "all", "user");
    const Id task = staff.task(no_id, staff.dan);
    const auto eve = staff.office.as(staff.eve);
    const Handover handover{.leaver = staff.dan, .successors = {staff.eve}};
    CHECK(refusal_of([&] { hand_over(*eve, handover); }) == Code::denied);
    Handover absent = handover;
    absent.leaves = false;
    const Transferred all = hand_over(*eve, absent);
    CHECK(given(all, "task", staff.eve) == 1);
    CHECK(kept(all, "customer", KeptReason::unseen) == 2);
    CHECK(staff.owner(ada) == staff.dan);
    CHECK(staff.owner(hidden) == staff.dan);
    CHECK(staff.of("task", task, "user_id").id() == staff.eve);
  });
}
