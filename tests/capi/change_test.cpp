#include <doctest/doctest.h>

#include <string>

#include "support/capi_world.hpp"

using namespace emptor::test;

namespace {

std::string name_of_customer(emptor_session* session, std::int64_t id) {
  emptor_record* record = nullptr;
  if (emptor_get(session, "customer", id, &record, nullptr) != EMPTOR_OK) return "(none)";
  emptor_text text{};
  CHECK(emptor_record_get_text(record, "name", &text, nullptr) == EMPTOR_OK);
  const std::string name(text.data, text.size);
  emptor_record_free(record, nullptr);
  return name;
}

struct Changes {
  explicit Changes(emptor_session* session) { REQUIRE(emptor_changes_new(session, &set, nullptr) == EMPTOR_OK); }
  ~Changes() { emptor_changes_free(set, nullptr); }
  Changes(const Changes&) = delete;
  Changes& operator=(const Changes&) = delete;
  emptor_changes* set = nullptr;
};

std::int64_t first_id(emptor_receipt* receipt) {
  std::int64_t id = 0;
  CHECK(emptor_receipt_change(receipt, 0, &id, nullptr, nullptr) == EMPTOR_OK);
  emptor_receipt_free(receipt, nullptr);
  return id;
}

}  // namespace

TEST_CASE("c api: a record that is put gets an id, and is found by it and by the id of another system") {
  const CapiWorld world;
  emptor_record* found = nullptr;
  REQUIRE(emptor_find(world.session, "customer", "erp", "A-1", EMPTOR_NUL, &found, nullptr) == EMPTOR_OK);
  std::int64_t id = 0, version = 0;
  std::int32_t present = 0;
  CHECK(emptor_record_get_id(found, "id", &id, &present, nullptr) == EMPTOR_OK);
  CHECK(emptor_record_get_integer(found, "version", &version, &present, nullptr) == EMPTOR_OK);
  CHECK(id == first_id(world.receipt));
  CHECK(version > 0);
  CHECK(name_of_customer(world.session, id) == "Ada");
  CHECK(emptor_find(world.session, "customer", "erp", "A-2", EMPTOR_NUL, &found, nullptr) == EMPTOR_NOT_FOUND);
  CHECK(found == nullptr);
}

TEST_CASE("c api: a record that changed since it was read is a conflict, and nothing is written") {
  const CapiWorld world;
  const std::int64_t id = first_id(world.receipt);
  emptor_record* mine = nullptr;
  emptor_record* yours = nullptr;
  REQUIRE(emptor_get(world.session, "customer", id, &mine, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_get(world.session, "customer", id, &yours, nullptr) == EMPTOR_OK);
  CHECK(emptor_record_set_text(yours, "name", "Yours", EMPTOR_NUL, nullptr) == EMPTOR_OK);
  CHECK(emptor_record_set_text(mine, "name", "Mine", EMPTOR_NUL, nullptr) == EMPTOR_OK);
  const Changes first(world.session), second(world.session);
  CHECK(emptor_changes_put(first.set, yours, nullptr, nullptr) == EMPTOR_OK);
  CHECK(emptor_changes_put(second.set, mine, nullptr, nullptr) == EMPTOR_OK);
  CHECK(emptor_apply(world.session, first.set, nullptr, nullptr, nullptr) == EMPTOR_OK);
  emptor_receipt* receipt = world.receipt;
  CHECK(emptor_apply(world.session, second.set, nullptr, &receipt, nullptr) == EMPTOR_CONFLICT);
  CHECK(receipt == nullptr);
  CHECK(name_of_customer(world.session, id) == "Yours");
  emptor_record_free(mine, nullptr);
  emptor_record_free(yours, nullptr);
}

TEST_CASE("c api: only the fields that were set are put; the others stay as they are stored") {
  const CapiWorld world;
  const std::int64_t id = first_id(world.receipt);
  const Changes changes(world.session);
  const std::string json = R"({"id":")" + std::to_string(id) + R"(","country":"PT"})";
  std::int64_t put_id = 0;
  CHECK(emptor_changes_put_json(changes.set, "customer", json.c_str(), EMPTOR_NUL, &put_id, nullptr) == EMPTOR_OK);
  CHECK(put_id == id);
  CHECK(emptor_apply(world.session, changes.set, nullptr, nullptr, nullptr) == EMPTOR_OK);
  CHECK(name_of_customer(world.session, id) == "Ada");
}

TEST_CASE("c api: a new record can be referred to by another of the same changes") {
  const CapiWorld world;
  const Changes changes(world.session);
  std::int64_t company = 0;
  CHECK(emptor_changes_put_json(changes.set, "customer", R"({"name":"Works"})", EMPTOR_NUL, &company, nullptr) ==
        EMPTOR_OK);
  CHECK(company < 0);
  emptor_record* branch = nullptr;
  REQUIRE(emptor_record_new(world.session, "customer", &branch, nullptr) == EMPTOR_OK);
  CHECK(emptor_record_set_text(branch, "name", "Branch", EMPTOR_NUL, nullptr) == EMPTOR_OK);
  CHECK(emptor_record_set_id(branch, "parent_id", company, nullptr) == EMPTOR_OK);
  CHECK(emptor_changes_put(changes.set, branch, nullptr, nullptr) == EMPTOR_OK);
  emptor_record_free(branch, nullptr);
  emptor_receipt* receipt = nullptr;
  REQUIRE(emptor_apply(world.session, changes.set, nullptr, &receipt, nullptr) == EMPTOR_OK);
  std::int64_t parent = 0, child = 0, stored_parent = 0;
  CHECK(emptor_receipt_change(receipt, 0, &parent, nullptr, nullptr) == EMPTOR_OK);
  CHECK(emptor_receipt_change(receipt, 1, &child, nullptr, nullptr) == EMPTOR_OK);
  emptor_receipt_free(receipt, nullptr);
  REQUIRE(emptor_get(world.session, "customer", child, &branch, nullptr) == EMPTOR_OK);
  CHECK(emptor_record_get_id(branch, "parent_id", &stored_parent, nullptr, nullptr) == EMPTOR_OK);
  CHECK(stored_parent == parent);
  emptor_record_free(branch, nullptr);
}

TEST_CASE("c api: an operation id is applied once, and its receipt comes back") {
  const CapiWorld world;
  emptor_apply_options options = EMPTOR_APPLY_OPTIONS_INIT;
  options.op_id = "order-17";
  emptor_receipt_summary summary = EMPTOR_RECEIPT_SUMMARY_INIT;
  for (int time = 0; time < 2; ++time) {
    const Changes changes(world.session);
    CHECK(emptor_changes_put_json(changes.set, "customer", R"({"name":"Bo"})", EMPTOR_NUL, nullptr, nullptr) ==
          EMPTOR_OK);
    emptor_receipt* receipt = nullptr;
    CHECK(emptor_apply(world.session, changes.set, &options, &receipt, nullptr) == EMPTOR_OK);
    CHECK(emptor_receipt_read(receipt, &summary, nullptr) == EMPTOR_OK);
    emptor_receipt_free(receipt, nullptr);
    CHECK(summary.repeated == time);
  }
  std::int64_t count = 0;
  CHECK(emptor_count(world.session, "customer", nullptr, &count, nullptr) == EMPTOR_OK);
  CHECK(count == 2);
}

TEST_CASE("c api: a dry run writes nothing; an erased record is gone but can be counted") {
  const CapiWorld world;
  const std::int64_t id = first_id(world.receipt);
  const Changes changes(world.session);
  CHECK(emptor_changes_erase(changes.set, "customer", id, 0, nullptr) == EMPTOR_OK);
  emptor_apply_options dry = EMPTOR_APPLY_OPTIONS_INIT;
  dry.dry_run = 1;
  CHECK(emptor_apply(world.session, changes.set, &dry, nullptr, nullptr) == EMPTOR_OK);
  CHECK(name_of_customer(world.session, id) == "Ada");
  CHECK(emptor_apply(world.session, changes.set, nullptr, nullptr, nullptr) == EMPTOR_OK);
  CHECK(name_of_customer(world.session, id) == "(none)");
  emptor_query query = EMPTOR_QUERY_INIT;
  query.with_deleted = 1;
  std::int64_t count = 0;
  CHECK(emptor_count(world.session, "customer", &query, &count, nullptr) == EMPTOR_OK);
  CHECK(count == 1);
  CHECK(emptor_count(world.session, "customer", nullptr, &count, nullptr) == EMPTOR_OK);
  CHECK(count == 0);
}

TEST_CASE("c api: every problem of a refused set is counted, and the first is told with its row") {
  const CapiWorld world;
  const Changes changes(world.session);
  CHECK(emptor_changes_put_json(changes.set, "customer", R"({"name":"Bo"})", EMPTOR_NUL, nullptr, nullptr) ==
        EMPTOR_OK);
  for (const char* json : {R"({"kind":"robot"})", R"({"kind":"plant"})"})
    CHECK(emptor_changes_put_json(changes.set, "customer", json, EMPTOR_NUL, nullptr, nullptr) == EMPTOR_OK);
  emptor_error error = EMPTOR_ERROR_INIT;
  CHECK(emptor_apply(world.session, changes.set, nullptr, nullptr, &error) == EMPTOR_INVALID);
  CHECK(error.problems >= 2);
  CHECK(error.row == 1);
  CHECK(std::string(error.field) == "kind");
}
