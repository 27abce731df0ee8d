// Who looks after whom, by operations alone: as C and Python reach it.
#include <doctest/doctest.h>

#include "support/capi_operations.hpp"

using namespace emptor::test;
namespace json = boost::json;

namespace {

// The world's customer Ada (1), and two users.
struct Sellers {
  explicit Sellers(emptor_session* session)
      : dan(put(session, "user", R"({"name":"Dan"})")), eve(put(session, "user", R"({"name":"Eve"})")) {}
  std::string dan, eve;
};

}  // namespace

TEST_CASE("[B20] operations: assign, hand over, and the owners over time") {
  const CapiWorld world;
  const Sellers users(world.session);
  put(world.session, "task", R"({"customer_id":"1","subject":"call","user_id":")" + users.dan + "\"}");
  const json::value first =
      run(world.session, "assign", R"({"customers":[1],"owner_id":)" + users.dan + R"(,"reason":"new"})");
  CHECK(first.at("given").at(0).at("entity").as_string() == "customer");
  CHECK(run(world.session, "assign", R"({"where":["owner_id="],"owner_id":)" + users.eve + R"(,"dry_run":true})")
            .at("given")
            .as_array()
            .empty());
  CHECK(run(world.session, "assign",
            R"({"where":["owner is present and name is present"],"owner_id":)" + users.eve + R"(,"dry_run":true})")
            .at("given")
            .as_array()
            .size() == 2);  // Ada, and the task
  const json::value left =
      run(world.session, "handover",
          R"({"leaver_id":)" + users.dan + R"(,"successors":[)" + users.eve + R"(],"reason":"left","language":"zh"})");
  CHECK(left.at("given").as_array().size() == 2);  // Ada, and the task
  const json::value owners = run(world.session, "owners", R"({"customer_id":1})");
  REQUIRE(owners.as_array().size() == 3);
  CHECK(owners.at(1).at("owner").as_string() == "Dan");
  CHECK(owners.at(2).at("owner").as_string() == "Eve");
  CHECK(owners.at(2).at("reason").as_string() == "left");
  CHECK(status_of(world.session, "assign", R"({"customers":[1],"owner_id":)" + users.dan + "}") == EMPTOR_INVALID);
  CHECK(status_of(world.session, "assign", R"({"customers":[77]})") == EMPTOR_NOT_FOUND);
  CHECK(status_of(world.session, "assign", R"({"where":["owner_id"]})") == EMPTOR_INVALID);
  CHECK(status_of(world.session, "handover", "{}") == EMPTOR_INVALID);
}

TEST_CASE("[B21] operations: recycle and claim, with their words") {
  const CapiWorld world;
  const Sellers users(world.session);
  run(world.session, "assign", R"({"customers":[1],"owner_id":)" + users.dan + "}");
  put(world.session, "pool_rule", R"({"kind":"idle","name":"sleepers","days":"90"})");
  put(world.session, "pool_rule", R"({"kind":"rest","name":"a month","days":"30"})");
  CHECK(run(world.session, "recycle", "{}").at("returns").as_array().empty());
  const json::value back = run(world.session, "recycle", R"({"day":"2999-01-01","language":"zh"})");
  REQUIRE(back.at("returns").as_array().size() == 1);
  CHECK(back.at("returns").at(0).at("words").as_string().find("没有动态") != std::string::npos);
  const json::value refused = run(world.session, "claim", R"({"customer_id":1,"user_id":)" + users.dan + "}");
  CHECK(refused.at("state").as_string() == "resting");
  CHECK(refused.at("rule").as_string() == "a month");
  CHECK(run(world.session, "claim", R"({"customer_id":1,"user_id":)" + users.eve + "}").at("state").as_string() ==
        "claimed");
}

TEST_CASE("[B17] operations: stage places customers by their orders") {
  const CapiWorld world;
  const json::value told = run(world.session, "stage", R"({"day":"2999-01-01","dry_run":true})");
  const auto changed = told.at("changes").as_array().size();
  CHECK(changed > 0);
  run(world.session, "stage", R"({"reason":"every night"})");
  CHECK(run(world.session, "stage", "{}").at("changed").as_string() == "0");
  CHECK(status_of(world.session, "stage", R"({"dormant_days":400})") == EMPTOR_INVALID);
  CHECK(status_of(world.session, "stage", R"({"new_days":0})") == EMPTOR_INVALID);
}

TEST_CASE("[B19] [B23] operations: known and blocked") {
  const CapiWorld world;
  put(world.session, "contact_point", R"({"customer_id":"1","channel":"phone","value":"+49 30 1234567"})");
  CHECK(run(world.session, "known", R"({"phone":"030 1234567","region":"DE"})").at("known").as_bool());
  CHECK(run(world.session, "known", R"({"system":"erp","external_id":"A-1"})").at("known").as_bool());
  CHECK_FALSE(run(world.session, "known", R"({"name":"Bob"})").at("known").as_bool());
  CHECK(run(world.session, "blocked", R"({"customer_id":1})").at("served").as_bool());
  put(world.session, "block", R"({"customer_id":"1","kind":"no_service","cause":"fraud"})");
  CHECK_FALSE(run(world.session, "blocked", R"({"contact":"+49 30 1234567"})").at("served").as_bool());
  CHECK(run(world.session, "known", R"({"name":"Ada"})").at("blocked").as_bool());
  CHECK(status_of(world.session, "known", "{}") == EMPTOR_INVALID);
  CHECK(status_of(world.session, "blocked", "{}") == EMPTOR_INVALID);
}
