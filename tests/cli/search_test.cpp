// Searching from the command line and by name from C.
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

std::string notes_in(const TempFolder& folder) {
  const std::string path = folder.file("notes.emptor");
  const auto store = open_store(path, {.create = true});
  Session session(*store);
  ChangeSet set;
  const Id ada = set.put("customer").set("name", "Ada").id();
  set.put("interaction").set("customer_id", ada).set("body", "客户说没有收到").set("at", Instant{86'400'000'000});
  set.put("interaction").set("body", "not\nreached").set("at", Instant{2 * 86'400'000'000});
  session.apply(set);
  return path;
}

}  // namespace

TEST_CASE("[J15] command line: search tells each hit in a line, with what was found between brackets, or as JSON") {
  const TempFolder folder;
  const std::string path = notes_in(folder);
  CHECK(run_program("search " + path + " 收到").output ==
        "interaction 1 (customer 1) 1970-01-02  body: 客户说没有[收到]\n");
  CHECK(run_program("search " + path + " 'rea*'").output == "interaction 2 1970-01-03  body: not [rea]ched\n");
  CHECK(run_program("search " + path + " '没 reached' --any").output.find("interaction 2") == 0);
  CHECK(run_program("search " + path + " reached --until 1970-01-02").output.empty());
  const json::value told = json::parse(run_program("search " + path + " ada --entity customer --json").output);
  CHECK(told.at("hits").at(0).at("customer_id").as_string() == "1");
  CHECK(run_program("search " + path + " '\"open'").exit != 0);
}
