// Users, roles and grants by the program, and a session of this process that they act on: two processes on one file.
#include <doctest/doctest.h>

#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"
#include "support/run_program.hpp"
#include "support/temp_folder.hpp"

using namespace emptor;
using namespace emptor::test;

TEST_CASE("[A1][A2][A3][A4] the program's grants act in another process at its next call, and so does their end") {
  const TempFolder folder;
  const std::string path = folder.file("s.emptor");
  const auto store = open_sqlite(path, {.create = true, .currency = *Currency::parse("EUR")});
  Session system(*store);
  const auto emptor = [&](const std::string& command, const std::string& arguments) {
    return run_program(command + " " + path + " " + arguments);
  };
  REQUIRE(emptor("role", "agent").exit == 0);
  const Ran made = emptor("user", "Ann --role agent");
  REQUIRE(made.exit == 0);
  CHECK(made.output.find(R"("id":"1","name":"Ann","roles":["agent"])") != std::string::npos);
  ChangeSet customers;
  customers.put("customer").set("name", "of Ann").set("owner_id", Id{1});
  customers.put("customer").set("name", "of nobody");
  system.apply(customers);

  Session ann(*store, {.actor = {.user = Id{1}, .name = "Ann"}});
  const auto seen = [&] { return ann.view().count("customer"); };
  CHECK(seen() == 2);
  REQUIRE(emptor("grant", "--in-force").exit == 0);
  CHECK(seen() == 0);
  REQUIRE(emptor("grant", "agent read --hide city").exit == 0);
  CHECK(seen() == 1);
  REQUIRE(emptor("grant", "agent read --scope all").exit == 0);
  CHECK(seen() == 2);
  REQUIRE(emptor("grant", "agent read --scope all --revoke").exit == 0);
  CHECK(seen() == 1);
  REQUIRE(emptor("grant", "agent read --rule \"name contains 'nobody'\"").exit == 0);
  CHECK(seen() == 2);
  CHECK(emptor("grant", "agent read --rule \"nme contains 'nobody'\"").exit == 3);
  const Ran exported = run_program("export " + path + " customer --fields name --where \"owner is missing\"");
  CHECK(exported.output.find("of nobody") != std::string::npos);
  CHECK(exported.output.find("of Ann") == std::string::npos);
  CHECK(run_program("export " + path + " customer --fields name --where name=nobody").output.find("of") ==
        std::string::npos);
  REQUIRE(emptor("user", "Ann --left 2020-01-01").exit == 0);
  CHECK(seen() == 0);
  CHECK(emptor("grant", "agent peek").exit != 0);
  CHECK(emptor("grant", "nobody read").exit != 0);
}
