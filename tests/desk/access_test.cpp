// Users, roles and grants by name: what is made of them, and that the rights of sessions follow.
#include "emptor/desk/access.hpp"

#include <doctest/doctest.h>

#include "emptor/core/error.hpp"
#include "support/office.hpp"

using namespace emptor;
using namespace emptor::test;

TEST_CASE("[A1][A3][A4] access: a role with a grant, given to a user by name, is what the user then may do") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    Session& system = office.system();
    office.put("team", {{"name", Value("south")}});
    put_role(system, "agent", "looks after customers");
    const Id permission = grant(system, {.role = "agent", .action = "read", .scope = "own"});
    const Id ann = put_user(system, {.name = "Ann", .team = "south", .roles = {"agent"}});
    office.customer("of Ann", ann);
    office.customer("of nobody");
    const auto session = office.as(ann);
    CHECK(session->view().count("customer") == 1);
    CHECK(put_user(system, {.name = "Ann", .roles = {"agent"}}) == ann);
    CHECK(grant(system, {.role = "agent", .action = "read", .scope = "own", .hidden = {"city"}}) == permission);
    CHECK(system.view().count("user_role") == 1);
    CHECK(
        access_json(system.view()) ==
        R"({"in_force":true,"roles":[{"id":"1","name":"agent","permissions":[{"action":"read","scope":"own","hidden_fields":"city"}]}],)"
        R"("users":[{"id":"1","name":"Ann","team":"south","roles":["agent"]}]})");
    CHECK(revoke(system, {.role = "agent", .action = "read", .scope = ""}) == 1);
    CHECK(session->view().count("customer") == 0);
    grant(system, {.role = "agent", .action = "read", .scope = "all"});
    CHECK(session->view().count("customer") == 2);
    put_user(system, {.name = "Ann", .not_roles = {"agent"}});
    CHECK(session->view().count("customer") == 0);
  });
}

TEST_CASE("[A2] access: a grant by a rule is kept in the rule's one text, and found again by it") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    Session& system = office.system();
    put_role(system, "agent");
    const Id ann = put_user(system, {.name = "Ann", .roles = {"agent"}});
    office.customer("of Ann", ann);
    office.customer("of nobody");
    const Id mine = grant(system, {.role = "agent", .action = "read", .rule = "owner is me"});
    const Id free = grant(system, {.role = "agent", .action = "read", .rule = "owner is missing", .hidden = {"city"}});
    CHECK(mine != free);
    CHECK(grant(system, {.role = "agent", .action = "read", .rule = "owner_id=ME"}) == mine);
    CHECK(access_json(system.view()).find(R"({"action":"read","scope":"rule","rule":"owner_id = me"})") !=
          std::string::npos);
    const auto session = office.as(ann);
    CHECK(session->view().count("customer") == 2);
    CHECK(revoke(system, {.role = "agent", .action = "read", .scope = "", .rule = "owner is null"}) == 1);
    CHECK(session->view().count("customer") == 1);
    CHECK_THROWS_AS(grant(system, {.role = "agent", .action = "read", .rule = "owner is mine"}), Error);
    CHECK_THROWS_AS(grant(system, {.role = "agent", .action = "read", .scope = "rule"}), Error);
    CHECK(revoke(system, {.role = "agent", .action = "read", .scope = ""}) == 1);
  });
}

TEST_CASE("[A2] access: everything that is unknown in a grant is told, and nothing is written") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    Session& system = office.system();
    put_role(system, "agent");
    const auto problems = [&](const GrantEntry& entry) {
      try {
        grant(system, entry);
      } catch (const Error& error) {
        return error.problems().size();
      }
      return std::size_t{0};
    };
    CHECK(problems({.role = "agent", .action = "peek", .entity = "customr", .scope = "mine", .hidden = {"citty"}}) ==
          4);
    CHECK(problems({.role = "nobody", .action = "read"}) == 1);
    CHECK(problems({.role = "agent", .action = "read", .entity = "customer", .hidden = {"amount"}}) == 1);
    CHECK(system.view().count("permission") == 0);
    CHECK_THROWS_AS(put_user(system, {.name = "Ann", .team = "none"}), Error);
    CHECK_THROWS_AS(put_user(system, {.name = "Ann", .roles = {"none"}}), Error);
    CHECK(system.view().count("user") == 0);
  });
}
