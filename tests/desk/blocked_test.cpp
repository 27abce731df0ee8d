#include "emptor/desk/blocked.hpp"

#include <doctest/doctest.h>

#include "desk/card_ground.hpp"
#include "emptor/core/error.hpp"
#include "support/import_ground.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

Id block(CardGround& desk, Id customer, const char* kind, Value from = {}, Value to = {}) {
  Cells cells = {{"customer_id", Value(customer)}, {"kind", kind}, {"cause", "competitor"}};
  if (from.present()) cells.emplace_back("valid_from", from);
  if (to.present()) cells.emplace_back("valid_to", to);
  return desk.put("block", cells);
}

}  // namespace

TEST_CASE("[B23] blocked: a block holds from its first day to its last") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "+49 30 1234567");
    CHECK(blocked(desk.session, ada).served());
    CHECK_FALSE(blocked(desk.session, ada).any());
    block(desk, ada, "no_service", Value(desk.day(1)));
    block(desk, ada, "no_service", {}, Value(desk.day(-1)));
    CHECK_FALSE(blocked(desk.session, ada).any());
    const Id today = block(desk, ada, "ask_first", Value(desk.day(0)), Value(desk.day(0)));
    const Blocked asks = blocked(desk.session, ada);
    REQUIRE(asks.blocks.size() == 1);
    CHECK(asks.blocks.front().id == today);
    CHECK(asks.blocks.front().cause == "competitor");
    CHECK(asks.served());
    CHECK(asks.has("ask_first"));
    block(desk, ada, "no_service");
    CHECK_FALSE(blocked(desk.session, ada).served());
  });
}

TEST_CASE("[B23] blocked: by a number or an address, of everybody who is reached there") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "+49 30 1234567"), bob = desk.person("Bob", "+49 30 1234567");
    desk.reach(bob, "email", "Bob@Example.com");
    block(desk, bob, "no_service");
    CHECK_FALSE(blocked_contact(desk.session, "030 1234567", "DE").served());
    CHECK_FALSE(blocked_contact(desk.session, "bob@example.com").served());
    CHECK(blocked_contact(desk.session, "+49 30 7654321").served());
    CHECK(blocked(desk.session, ada).served());
    CHECK(to_json(blocked_contact(desk.session, "bob@example.com")).find(R"("served":false)") != std::string::npos);
  });
}

TEST_CASE("[B23] blocked: nobody is not blocked, but an unknown customer is told") {
  at_every_desk([](CardGround& desk) {
    bool told = false;
    try {
      blocked(desk.session, Id{999});
    } catch (const Error& error) {
      told = error.code() == Code::not_found;
    }
    CHECK(told);
  });
}

TEST_CASE("[B23] blocked: a block list and rules of the pool come in as files") {
  ImportGround base;
  const std::string customers = base.file("customers.csv", "customer_id,name,country\nC1,Ada,GB\nC2,Bob,DE\n");
  const std::string blocks =
      base.file("blocks.csv", "external_id,customer_id,kind,cause,valid_from\nB1,C2,no_service,fraud,2024-01-01\n");
  const std::string rules = base.file("pool_rules.csv", "external_id,name,kind,days,tier\nR1,sleepers,idle,180,gold\n");
  base.import({customers, blocks, rules}, {.source = "erp"});
  CHECK(blocked(base.session(), base.one("customer", "name", "Ada").id()).served());
  const Blocked bob = blocked(base.session(), base.one("customer", "name", "Bob").id());
  CHECK_FALSE(bob.served());
  CHECK(bob.blocks.front().cause == "fraud");
  CHECK(base.one("pool_rule", "name", "sleepers").get("days") == Value(180));
}
