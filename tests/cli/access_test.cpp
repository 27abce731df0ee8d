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
  // On behalf of a user, whose rights then hold.
  CHECK(run_program("--as Ann export " + path + " customer").exit == 4);  // reading is not exporting
  REQUIRE(emptor("grant", "agent export").exit == 0);
  const Ran as_ann = run_program("--as Ann export " + path + " customer --format jsonl");
  CHECK(as_ann.output.find("of Ann") != std::string::npos);
  CHECK(as_ann.output.find("of nobody") == std::string::npos);
  CHECK(run_program("--as Eve export " + path + " customer").exit != 0);
  CHECK(run_program("--as Ann user " + path + " Eve").exit != 0);
  CHECK(run_program("--as Ann --as Bob export " + path + " customer").exit == 2);  // whoever comes second is nobody
  CHECK(run_program("--as Ann export " + path + " customer --as Bob").exit == 2);
  REQUIRE(emptor("grant", "agent read --rule \"name contains 'nobody'\"").exit == 0);
  CHECK(seen() == 2);
  CHECK(emptor("grant", "agent read --rule \"nme contains 'nobody'\"").exit == 3);
  const Ran exported = run_program("export " + path + " customer --fields name --where \"owner is missing\"");
  CHECK(exported.output.find("of nobody") != std::string::npos);
  CHECK(exported.output.find("of Ann") == std::string::npos);
  CHECK(run_program("export " + path + " customer --fields name --where name=nobody").output.find("of") ==
        std::string::npos);
  // The feed as payloads, and the page of one customer.
  const Ran payloads = run_program("feed " + path + " --payloads --entity customer");
  CHECK(payloads.output.find(R"("event_type":"customer.created")") != std::string::npos);
  CHECK(payloads.output.find(R"("entity":"permission")") == std::string::npos);
  CHECK(run_program("feed " + path + " --schema customer").output.find("json-schema.org/draft/2020-12") !=
        std::string::npos);
  CHECK(run_program("feed " + path + " --schema custmer").exit == 3);
  CHECK(run_program("--as-customer 1 profile " + path + " 1").exit == 0);
  CHECK(run_program("--as-customer 1 profile " + path + " 2").exit == 3);
  CHECK(run_program("--as-customer 1 feed " + path).exit == 4);
  CHECK(run_program("--as-customer 1 --as Ann export " + path + " customer").exit == 2);
  CHECK(run_program("--as-customer 2 export " + path + " customer").output.find("of Ann") == std::string::npos);
  REQUIRE(run_program("tag put " + path + " 1 vip --source cli --confidence 0.5 --from 2024-01-01").exit == 0);
  CHECK(run_program("tag list " + path + " 1 --on 2024-01-01").output.find(R"("confidence":0.5)") != std::string::npos);
  REQUIRE(run_program("tag remove " + path + " 1 vip --from 2024-01-05").exit == 0);
  CHECK(run_program("tag list " + path + " 1 --on 2024-01-05").output == "[]\n");
  CHECK(run_program("tag put " + path + " 1 vip --confidence 2").exit == 2);
  CHECK(run_program("tag put " + path + " 99 vip").exit == 3);
  REQUIRE(emptor("user", "Ann --left 2020-01-01").exit == 0);
  CHECK(seen() == 0);
  CHECK(emptor("grant", "agent peek").exit != 0);
  CHECK(emptor("grant", "nobody read").exit != 0);
}
