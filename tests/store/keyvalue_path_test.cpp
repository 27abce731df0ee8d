#include <doctest/doctest.h>

#include "emptor/store/open.hpp"
#include "store/keyvalue/path.hpp"

using namespace emptor;

namespace {

// Which way the memory store takes to the identities of a condition.
std::vector<keyvalue::Path> paths_of(const Where& where) {
  const auto store = open_store(":memory:", {.create = true});
  const SchemaPtr schema = store->read()->schema();
  const Entity& entity = schema->entity("identity");
  return keyvalue::paths(entity, keyvalue::Condition(entity, where));
}

Where of_system(std::vector<Value> external_ids) {
  return Where::all({Where::equal("entity", "customer"), Where::equal("system", "erp"),
                     Where::in("external_id", std::move(external_ids))});
}

}  // namespace

TEST_CASE("path: a list of values of a key's last field is a stretch of the key each") {
  const auto paths = paths_of(of_system({"C-2", "C-1", "C-2"}));
  REQUIRE(!paths.empty());
  CHECK(paths.front().ranges.size() == 2);
  CHECK_FALSE(paths.front().single_key);
  CHECK(paths.front().ranges[0].low < paths.front().ranges[1].low);
}

TEST_CASE("path: one value of each field of a key is one stretch") {
  const auto paths = paths_of(of_system({"C-1"}));
  REQUIRE(!paths.empty());
  CHECK(paths.front().ranges.size() == 1);
  CHECK(paths.front().single_key);
}

TEST_CASE("path: lists that multiply past what is worth it are no way") {
  std::vector<std::string> texts;
  for (int i = 0; i < 5000; ++i) texts.push_back("C-" + std::to_string(i));
  CHECK(paths_of(of_system({texts.begin(), texts.end()})).empty());
}
