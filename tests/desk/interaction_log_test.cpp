#include "emptor/desk/interaction_log.hpp"

#include <doctest/doctest.h>

#include "desk/card_ground.hpp"
#include "emptor/core/error.hpp"
#include "emptor/store/open.hpp"
#include "support/fault_vfs.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

Interaction call_of(Id customer) {
  Interaction call;
  call.customer_id = customer;
  call.channel = "phone";
  call.direction = "in";
  return call;
}

}  // namespace

TEST_CASE("interaction log: the same call is logged once, however often it is reported") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "1");
    const LoggedInteraction first = log_interaction(desk.session, call_of(ada), {.call_id = "pbx:17"});
    const LoggedInteraction again = log_interaction(desk.session, call_of(ada), {.call_id = "pbx:17"});
    const LoggedInteraction other = log_interaction(desk.session, call_of(ada), {.call_id = "pbx:18"});
    CHECK_FALSE(first.repeated);
    CHECK(again.repeated);
    CHECK(again.id == first.id);
    CHECK(again.position == first.position);
    CHECK(other.id != first.id);
    CHECK(desk.session.view().count("interaction") == 2);
    CHECK(log_interaction(desk.session, call_of(ada)).id != log_interaction(desk.session, call_of(ada)).id);
  });
}

TEST_CASE("interaction log: a call without a time is now, and its customer's summary follows") {
  at_every_desk([](CardGround& desk) {
    const Id ada = desk.person("Ada", "1");
    const LoggedInteraction logged = log_interaction(desk.session, call_of(ada), {.durability = Durability::normal});
    const View view = desk.session.view();
    CHECK(view.get("interaction", logged.id)->get("at") == Value(desk.session.now()));
    CHECK(view.get("customer_summary", ada)->get("last_touch_at") == Value(desk.session.now()));
    CHECK(desk.session.verify().intact);
  });
}

TEST_CASE("interaction log: what has an id already is refused") {
  at_every_desk([](CardGround& desk) {
    Interaction call = call_of({});
    call.id = Id{5};
    bool refused = false;
    try {
      log_interaction(desk.session, call);
    } catch (const Error& error) {
      refused = error.code() == Code::misuse;
    }
    CHECK(refused);
  });
}

TEST_CASE("interaction log: a grouped commit does not wait for the disk; the next full one and a sync do") {
  register_fault_vfs();
  const TempFolder folder;
  const auto store = open_sqlite(folder.file("calls.emptor"), {.create = true, .vfs = fault_vfs_name});
  Session session(*store);
  log_interaction(session, call_of({}));  // the first write of a log syncs its header
  const auto syncs_of = [](const auto& work) {
    const FaultPlan plan;
    work();
    return plan.syncs();
  };
  CHECK(syncs_of([&] { log_interaction(session, call_of({}), {.durability = Durability::normal}); }) == 0);
  CHECK(syncs_of([&] { store->sync(); }) == 1);
  CHECK(syncs_of([&] { log_interaction(session, call_of({})); }) >= 1);
  CHECK(syncs_of([&] { log_interaction(session, call_of({}), {.durability = Durability::normal}); }) == 0);
  CHECK(session.view().count("interaction") == 4);
}

TEST_CASE("interaction log: a sync that the disk refuses is told") {
  register_fault_vfs();
  const TempFolder folder;
  const auto store = open_sqlite(folder.file("calls.emptor"), {.create = true, .vfs = fault_vfs_name});
  Session session(*store);
  log_interaction(session, call_of({}), {.durability = Durability::normal});
  bool told = false;
  for (std::uint64_t nth = 1; nth <= 20 && !told; ++nth) {
    const FaultPlan plan(nth);
    try {
      store->sync();
    } catch (const Error& error) {
      told = error.code() == Code::io;
    }
  }
  CHECK(told);
  store->sync();
  CHECK(session.view().count("interaction") == 1);
}
