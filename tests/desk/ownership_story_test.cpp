// A salesperson leaves: what becomes of the customers, who sees them, and that the past is still there.
#include <doctest/doctest.h>

#include "desk/staff.hpp"
#include "emptor/desk/handover.hpp"
#include "emptor/desk/pool.hpp"

using namespace emptor;
using namespace emptor::test;

TEST_CASE("[B20] [B21] [B22] ownership: a salesperson leaves and nothing is lost") {
  at_every_office([](Staff& staff) {
    for (const Id user : {staff.dan, staff.eve, staff.fay})
      for (const char* action : {"read", "update", "assign"}) staff.office.allow(user, action, "own");
    const Id ada = staff.office.customer("Ada", staff.dan, staff.south);
    const Id bob = staff.office.customer("Bob", staff.dan, staff.south);
    const Id vip = staff.office.customer("Vic", staff.dan, staff.south);
    staff.office.put("customer", {{"tier", Value("VIP")}}, vip);
    const Id call = staff.call(ada, staff.dan), deal = staff.deal(ada, staff.dan);
    const Instant in_dans_days = staff.office.now;
    staff.pass(30);
    const Instant day_of_leaving = staff.office.now;
    CHECK(staff.office.as(staff.dan)->view().count("customer") == 3);

    hand_over(staff.system(), {.leaver = staff.dan, .successors = {staff.eve}}, {.reason = "Dan leaves"});

    // The leaver sees nothing, the new owner the whole history.
    CHECK(staff.office.as(staff.dan)->view().count("customer") == 0);
    const auto eve = staff.office.as(staff.eve);
    CHECK(eve->view().count("customer") == 3);
    CHECK(eve->view().get("interaction", call)->get("user_id").id() == staff.dan);
    CHECK(eve->view().get("opportunity", deal)->get("owner_id").id() == staff.eve);
    CHECK(eve->view().history("customer", ada).back().record.get("owner_id").id() == staff.dan);

    // The idle return to the pool, but for the VIP; who bought stays.
    staff.rule("idle", "sleepers", {{"days", Value(180)}});
    staff.rule("protect", "VIPs stay", {{"tier", Value("VIP")}});
    staff.pass(200);
    staff.order(ada, 3);
    const Recycled back = recycle(staff.system(), {}, {.reason = "idle"});
    REQUIRE(back.returns.size() == 1);
    CHECK(back.returns.front().customer == bob);
    REQUIRE(back.stays.size() == 1);
    CHECK(back.stays.front().customer == vip);
    CHECK(staff.owner(ada) == staff.eve);
    staff.pass(1);
    CHECK(claim_customer(staff.system(), bob, staff.fay, {.reason = "a call came in"}).claimed());

    // The owners over time, and the state of any day.
    std::vector<std::string> names;
    for (const OwnerSpell& spell : owners(staff.system().view(), bob)) names.push_back(spell.owner_name);
    CHECK(names == std::vector<std::string>{"Dan", "Eve", "", "Fay"});
    CHECK(owners(staff.system().view(), bob)[1].from == day_of_leaving);
    CHECK(owners(staff.system().view(), bob)[1].reason == "Dan leaves");
    {
      const AsOf then(staff.system(), in_dans_days);
      const View view = staff.system().view();
      CHECK(view.count("customer", Where::equal("owner_id", staff.dan)) == 3);
      CHECK(view.get("opportunity", deal)->get("owner_id").id() == staff.dan);
      CHECK_FALSE(view.get("user", staff.dan)->get("left_on").present());
    }
    CHECK(staff.system().verify().intact);
  });
}
