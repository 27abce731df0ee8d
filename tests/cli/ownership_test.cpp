// Assigning, handing over and the pool from the command line.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"
#include "support/run_program.hpp"
#include "support/temp_folder.hpp"

using namespace emptor;
using namespace emptor::test;
namespace json = boost::json;

namespace {

// Dan (1) owns Ada (1) and Bob (2); Eve (2) nobody yet.
std::string shop_in(const TempFolder& folder) {
  const std::string path = folder.file("shop.emptor");
  const auto store = open_store(path, {.create = true});
  Session session(*store);
  ChangeSet set;
  const Id dan = set.put("user").set("name", "Dan").id();
  set.put("user").set("name", "Eve");
  set.put("customer").set("name", "Ada").set("owner_id", dan);
  set.put("customer").set("name", "Bob").set("owner_id", dan).set("country", "DE");
  session.apply(set);
  return path;
}

json::value told(const std::string& arguments, int exit = 0) {
  const Ran ran = run_program(arguments + " --json");
  CHECK(ran.exit == exit);
  return json::parse(ran.output);
}

}  // namespace

TEST_CASE("[B20] command line: assign and handover tell what went to whom") {
  const TempFolder folder;
  const std::string shop = shop_in(folder);
  CHECK(told("assign " + shop + " --where country=DE --pool --dry-run").at("given").at(0).at("count").as_string() ==
        "1");
  CHECK(told("assign " + shop + " --rule \"country in ('DE', 'AT')\" --pool --dry-run")
            .at("given")
            .at(0)
            .at("count")
            .as_string() == "1");
  CHECK(run_program("assign " + shop + " --rule \"contry = 'DE'\" --pool").exit == 3);
  CHECK(told("assign " + shop + " --customers 1 --to 2").at("given").at(0).at("user_id").as_string() == "2");
  CHECK(told("handover " + shop + " 1 --to 2 --by team").at("kept").at(0).at("reason").as_string() == "no_successor");
  CHECK(told("handover " + shop + " 1 --to 2 --reason left").at("given").at(0).at("count").as_string() == "1");
  CHECK(run_program("assign " + shop + " --customers x --to 2").exit == 2);
  CHECK(run_program("assign " + shop + " --customers 1").exit == 2);
  CHECK(run_program("assign " + shop + " --customers 1 --to 1").exit == 3);  // Dan has left
}

TEST_CASE("[B21] command line: the pool's rules, who goes back and who takes whom") {
  const TempFolder folder;
  const std::string shop = shop_in(folder);
  CHECK(run_program("pool rule " + shop + " idle sleepers --days 90").exit == 0);
  CHECK(run_program("pool rule " + shop + " capacity one --most 1").exit == 0);
  CHECK(run_program("pool rule " + shop + " sometimes nothing").exit == 3);
  CHECK(told("pool recycle " + shop).at("returns").as_array().empty());
  CHECK(told("pool recycle " + shop + " --day 2999-01-01").at("returns").as_array().size() == 2);
  CHECK(told("pool claim " + shop + " 1 2").at("state").as_string() == "claimed");
  CHECK(told("pool claim " + shop + " 2 2", 1).at("state").as_string() == "full");
}
