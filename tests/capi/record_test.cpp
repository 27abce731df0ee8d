#include <doctest/doctest.h>

#include <string>

#include "support/capi_world.hpp"

using namespace emptor::test;

namespace {

std::string text_of(const emptor_text& text) { return {text.data, text.size}; }

std::string json_of(emptor_record* record) {
  emptor_text json{};
  CHECK(emptor_record_to_json(record, &json, nullptr) == EMPTOR_OK);
  return text_of(json);
}

}  // namespace

TEST_CASE("c api: what is set in a record is read back, type by type") {
  const CapiWorld world;
  emptor_record* r = world.record;
  CHECK(emptor_record_set_text(r, "name", "Zoë and more", 4, nullptr) == EMPTOR_OK);  // four bytes: Zoë
  CHECK(emptor_record_set_integer(r, "employees", INT64_MAX, nullptr) == EMPTOR_OK);
  CHECK(emptor_record_set_decimal(r, "annual_revenue", -12500, 3, nullptr) == EMPTOR_OK);
  CHECK(emptor_record_set_date(r, "birth_date", 1815, 12, 10, nullptr) == EMPTOR_OK);
  CHECK(emptor_record_set_instant(r, "since", -1, nullptr) == EMPTOR_OK);
  CHECK(emptor_record_set_id(r, "parent_id", 1, nullptr) == EMPTOR_OK);

  emptor_text text{};
  std::int64_t integer = 0;
  std::int32_t year = 0, month = 0, day = 0, scale = 0, present = 0;
  CHECK(emptor_record_get_text(r, "name", &text, nullptr) == EMPTOR_OK);
  CHECK(text_of(text) == "Zoë");
  CHECK(emptor_record_get_integer(r, "employees", &integer, &present, nullptr) == EMPTOR_OK);
  CHECK(integer == INT64_MAX);
  CHECK(present == 1);
  CHECK(emptor_record_get_decimal(r, "annual_revenue", &integer, &scale, &present, nullptr) == EMPTOR_OK);
  CHECK(integer == -125);  // -12.500 with the smallest scale that holds it
  CHECK(scale == 1);
  CHECK(emptor_record_get_date(r, "birth_date", &year, &month, &day, &present, nullptr) == EMPTOR_OK);
  CHECK(year * 10000 + month * 100 + day == 18151210);
  CHECK(emptor_record_get_instant(r, "since", &integer, &present, nullptr) == EMPTOR_OK);
  CHECK(integer == -1);
  CHECK(emptor_record_get_id(r, "parent_id", &integer, &present, nullptr) == EMPTOR_OK);
  CHECK(integer == 1);
}

TEST_CASE("c api: reals and booleans are read back from the entities that have them") {
  const CapiWorld world;
  emptor_record* score = nullptr;
  emptor_record* product = nullptr;
  REQUIRE(emptor_record_new(world.session, "score", &score, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_record_new(world.session, "product", &product, nullptr) == EMPTOR_OK);
  double real = 0;
  std::int32_t truth = -1, present = 0;
  CHECK(emptor_record_set_real(score, "value", 0.1, nullptr) == EMPTOR_OK);
  CHECK(emptor_record_get_real(score, "value", &real, &present, nullptr) == EMPTOR_OK);
  CHECK(real == 0.1);
  CHECK(emptor_record_set_boolean(product, "active", 7, nullptr) == EMPTOR_OK);
  CHECK(emptor_record_get_boolean(product, "active", &truth, &present, nullptr) == EMPTOR_OK);
  CHECK(truth == 1);
  emptor_record_free(score, nullptr);
  emptor_record_free(product, nullptr);
}

TEST_CASE("c api: a missing value is told by `present`, and reads as zero or empty") {
  const CapiWorld world;
  std::int64_t integer = 99;
  std::int32_t present = 99;
  emptor_text text{};
  CHECK(emptor_record_get_integer(world.record, "employees", &integer, &present, nullptr) == EMPTOR_OK);
  CHECK(integer == 0);
  CHECK(present == 0);
  CHECK(emptor_record_clear(world.record, "name", nullptr) == EMPTOR_OK);
  CHECK(emptor_record_get_text(world.record, "name", &text, nullptr) == EMPTOR_OK);
  CHECK(text.size == 0);
  CHECK(text.data != nullptr);
}

TEST_CASE("c api: an error names entity, field and what to do") {
  const CapiWorld world;
  emptor_error error = EMPTOR_ERROR_INIT;
  CHECK(emptor_record_set_integer(world.record, "name", 3, &error) == EMPTOR_INVALID);
  CHECK(error.code == EMPTOR_INVALID);
  CHECK(std::string(error.entity) == "customer");
  CHECK(std::string(error.field) == "name");
  CHECK(error.hint[0] != 0);
  CHECK(emptor_record_set_integer(world.record, "nonsense", 3, &error) == EMPTOR_NOT_FOUND);
  CHECK(std::string(error.entity) == "customer");
  CHECK(emptor_record_set_text(world.record, "name", "\xff", 1, &error) == EMPTOR_INVALID);
  CHECK(std::string(error.field) == "name");
  CHECK(emptor_record_set_text(world.record, "name", "Bo", EMPTOR_NUL, &error) == EMPTOR_OK);
  CHECK(error.code == EMPTOR_OK);
  CHECK(error.message[0] == 0);
}

TEST_CASE("c api: the library's own fields cannot be set") {
  const CapiWorld world;
  CHECK(emptor_record_set_integer(world.record, "version", 3, nullptr) == EMPTOR_MISUSE);
  CHECK(emptor_record_set_id(world.record, "id", 3, nullptr) == EMPTOR_MISUSE);
  CHECK(emptor_record_from_json(world.record, R"({"name":"Bo","id":"3"})", EMPTOR_NUL, nullptr) == EMPTOR_MISUSE);
  CHECK(json_of(world.record) == R"({"name":"Ada"})");
}

TEST_CASE("c api: a record goes to JSON and comes back") {
  const CapiWorld world;
  const char* json = R"({"name":"李雷","employees":"9007199254740993","annual_revenue":"12.5"})";
  CHECK(emptor_record_from_json(world.record, json, EMPTOR_NUL, nullptr) == EMPTOR_OK);
  CHECK(json_of(world.record) == json);
  CHECK(emptor_record_from_json(world.record, R"({"name":"x","employees":"many"})", EMPTOR_NUL, nullptr) ==
        EMPTOR_INVALID);
  CHECK(json_of(world.record) == json);
}

TEST_CASE("c api: a record outlives its session and its store") {
  emptor_record* kept = nullptr;
  {
    CapiWorld world;
    kept = world.record;
    world.record = nullptr;
  }
  CHECK(json_of(kept) == R"({"name":"Ada"})");
  emptor_text entity{};
  CHECK(emptor_record_entity(kept, &entity, nullptr) == EMPTOR_OK);
  CHECK(text_of(entity) == "customer");
  CHECK(emptor_record_free(kept, nullptr) == EMPTOR_OK);
  CHECK(emptor_record_free(kept, nullptr) == EMPTOR_MISUSE);
}
