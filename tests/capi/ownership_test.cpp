// Who looks after whom, by operations alone: as C and Python reach it.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "support/capi_world.hpp"
#include "support/taken_document.hpp"

using namespace emptor::test;
namespace json = boost::json;

namespace {

emptor_status status_of(emptor_session* session, const char* operation, const std::string& options) {
  emptor_document* document = nullptr;
  const emptor_status status = emptor_run(session, operation, options.data(), options.size(), &document, nullptr);
  if (document != nullptr) emptor_document_free(document, nullptr);
  return status;
}

json::value run(emptor_session* session, const char* operation, const std::string& options) {
  emptor_document* document = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  const emptor_status status = emptor_run(session, operation, options.data(), options.size(), &document, &error);
  REQUIRE_MESSAGE(status == EMPTOR_OK, operation, ": ", error.message);
  return take(document);
}

std::string put(emptor_session* session, const char* entity, const std::string& fields) {
  emptor_changes* changes = nullptr;
  emptor_receipt* receipt = nullptr;
  int64_t id = 0;
  REQUIRE(emptor_changes_new(session, &changes, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_changes_put_json(changes, entity, fields.data(), fields.size(), nullptr, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_apply(session, changes, nullptr, &receipt, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_receipt_change(receipt, 0, &id, nullptr, nullptr) == EMPTOR_OK);
  emptor_receipt_free(receipt, nullptr);
  emptor_changes_free(changes, nullptr);
  return std::to_string(id);
}

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

TEST_CASE("[A2] operations: a role's permission by a rule, and what is said of a rule that cannot be read") {
  const CapiWorld world;
  run(world.session, "put_role", R"({"name":"agent"})");
  run(world.session, "grant", R"({"role":"agent","action":"read","rule":"owner is me"})");
  const json::value permission = run(world.session, "access", "{}").at("roles").at(0).at("permissions").at(0);
  CHECK(permission.at("rule").as_string() == "owner_id = me");
  CHECK(permission.at("scope").as_string() == "rule");
  CHECK(status_of(world.session, "grant", R"({"role":"agent","action":"read","rule":"owner is mine"})") ==
        EMPTOR_INVALID);
  CHECK(run(world.session, "revoke", R"({"role":"agent","rule":"owner=me"})").at("revoked").as_string() == "1");
}
