// The audit and the past from the command line.
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

// On 2024-01-01 Ada (1) and Bob (2) are made by the system; on 2024-02-01 user 1 moves Ada to Faro.
std::string shop_in(const TempFolder& folder) {
  const std::string path = folder.file("shop.emptor");
  const auto store = open_store(path, {.create = true});
  Instant now = *parse_instant("2024-01-01T09:00:00Z");
  const Clock clock = [&] { return now; };
  ChangeSet made, moved;
  made.put("user").set("name", "Dan");
  made.put("customer").set("name", "Ada").set("city", "Porto");
  made.put("customer").set("name", "Bob").set("country", "DE");
  Session(*store, {.clock = clock}).apply(made);
  now = *parse_instant("2024-02-01T09:00:00Z");
  moved.put("customer", Id{1}).set("city", "Faro");
  Session(*store, {.actor = {.user = Id{1}, .name = "Dan"}, .clock = clock}).apply(moved, {.reason = "moved"});
  return path;
}

std::string told(const std::string& arguments) {
  const Ran ran = run_program(arguments);
  CHECK(ran.exit == 0);
  return ran.output;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("[M6] command line: audit tells who changed what, as text and as JSON lines") {
  const TempFolder folder;
  const std::string shop = shop_in(folder);
  const std::string all = told("audit " + shop);
  CHECK(has(all, "1  2024-01-01T09:00:00Z  system\n"));
  CHECK(has(all, "2  2024-02-01T09:00:00Z  user 1  moved\n    update customer 1: city Porto -> Faro\n"));
  CHECK_FALSE(has(told("audit " + shop + " --customer 1"), "Bob"));
  CHECK(told("audit " + shop + " --entity customer --id 2 --since 2024-01-02").empty());
  CHECK(has(told("audit " + shop + " --user 0"), "Porto"));
  CHECK_FALSE(has(told("audit " + shop + " --user 0"), "Faro"));
  CHECK_FALSE(has(told("audit " + shop + " --until 2024-01-01"), "Faro"));
  const std::string file = folder.file("journal.jsonl");
  CHECK(told("audit " + shop + " --json --out " + file).empty());
  const std::string lines = read_file(file);
  const json::value second = json::parse(lines.substr(lines.find('\n') + 1));
  CHECK(second.at("changes").at(0).at("fields").at("city").at("before").as_string() == "Porto");
  CHECK(run_program("audit " + shop + " --since soon").exit == 2);
  CHECK(run_program("audit " + shop + " --id 1").exit == 2);
  CHECK(run_program("audit " + shop + " --entity nothing").exit == 3);
}

TEST_CASE("[M6] command line: as-of gives a record, a list and the 360 view of then") {
  const TempFolder folder;
  const std::string shop = shop_in(folder);
  CHECK(json::parse(told("as-of " + shop + " 2024-01-31 get customer 1 --json")).at("city").as_string() == "Porto");
  CHECK(json::parse(told("as-of " + shop + " 2024-02-01 get customer 1 --json")).at("city").as_string() == "Faro");
  const json::value list = json::parse(told("as-of " + shop + " 2024-01-01T09:00:00Z list customer --json"));
  CHECK(list.at("records").as_array().size() == 2);
  const std::string table = told("as-of " + shop + " 2024-06-01 list customer --where country=DE --order-by name");
  CHECK(has(table, "Bob"));
  CHECK_FALSE(has(table, "Ada"));
  CHECK(has(told("as-of " + shop + " 2024-01-31 profile 1"), "Porto"));
  CHECK(run_program("as-of " + shop + " 2023-12-31 get customer 1").exit == 3);
  CHECK(run_program("as-of " + shop + " then get customer 1").exit == 2);
  CHECK(run_program("as-of " + shop + " 2024-01-31").exit == 2);
}

TEST_CASE("[M6] command line: a journal is trimmed, and what needs the rest is refused") {
  const TempFolder folder;
  const std::string shop = shop_in(folder);
  CHECK(told("audit " + shop + " --trim 2024-01-01") == "nothing is older\n");
  const std::string trimmed = told("audit " + shop + " --trim 2024-02-01");
  CHECK(has(trimmed, "trimmed up to: 1:"));
  CHECK(has(told("audit " + shop), "the journal begins after position 1, 2024-01-01T09:00:00Z\n"));
  const std::string verified = told("verify " + shop);
  CHECK(has(verified, "intact"));
  CHECK(has(verified, trimmed.substr(0, trimmed.size() - 1)));
  CHECK(json::parse(told("verify " + shop + " --json")).at("trimmed_to").as_string() == "2024-01-01T09:00:00Z");
  CHECK(run_program("as-of " + shop + " 2023-12-31 get customer 1").exit == 3);
  CHECK(run_program("feed " + shop).exit == 3);
  CHECK(told("as-of " + shop + " 2024-01-01 get customer 1 --json").find("Porto") != std::string::npos);
}

TEST_CASE("[M5] command line: a user is told of the journal by their rights, and trims nothing") {
  const TempFolder folder;
  const std::string shop = shop_in(folder);
  told("role " + shop + " agent");
  told("grant " + shop + " agent read --entity customer --scope all --hide city --in-force");
  CHECK(told("--as Dan audit " + shop).empty());
  told("user " + shop + " Dan --role agent");
  const std::string seen = told("--as Dan audit " + shop + " --json");
  CHECK(has(seen, "Bob"));
  CHECK(has(seen, "moved"));
  for (const char* kept_back : {"Porto", "Faro", "hash", "\"user\"", "\"permission\""})
    CHECK_FALSE(has(seen, kept_back));
  CHECK(run_program("--as Dan audit " + shop + " --trim 2024-02-01").exit == 4);
  CHECK(run_program("--as Dan audit " + shop + " --log-reads on").exit == 4);
  CHECK(run_program("--as Dan audit " + shop + " --who-saw 1").exit == 4);
}

TEST_CASE("[A6] command line: reads are logged on request, and told by customer") {
  const TempFolder folder;
  const std::string shop = shop_in(folder);
  CHECK(json::parse(told("audit " + shop + " --who-saw 1 --json")).as_array().empty());
  CHECK(told("audit " + shop + " --log-reads on") == "reads are logged: on\n");
  {
    const auto store = open_store(shop);
    Session dan(*store, {.actor = {.user = Id{1}, .name = "Dan"}});
    dan.view().get("customer", Id{1});
  }
  const json::value reads = json::parse(told("audit " + shop + " --who-saw 1 --json"));
  REQUIRE(reads.as_array().size() == 1);
  CHECK(reads.at(0).at("user").as_string() == "Dan");
  CHECK(has(told("audit " + shop + " --who-saw 1"), "Dan"));
  CHECK(json::parse(told("audit " + shop + " --who-saw 2 --json")).as_array().empty());
  CHECK(has(told("--as Dan as-of " + shop + " 2024-01-31 get customer 2"), "Bob"));
  CHECK(json::parse(told("audit " + shop + " --who-saw 2 --json")).as_array().size() == 1);
  CHECK(run_program("audit " + shop + " --log-reads sometimes").exit == 2);
}
