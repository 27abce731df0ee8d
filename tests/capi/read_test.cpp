#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/capi_world.hpp"

using namespace emptor::test;

namespace {

void add_customers(emptor_session* session) {
  emptor_changes* changes = nullptr;
  REQUIRE(emptor_changes_new(session, &changes, nullptr) == EMPTOR_OK);
  for (const char* json : {R"({"name":"Cai","country":"CN","employees":"3"})", R"({"name":"Bo","country":"CN"})",
                           R"({"name":"Dee","country":"PT"})"})
    CHECK(emptor_changes_put_json(changes, "customer", json, EMPTOR_NUL, nullptr, nullptr) == EMPTOR_OK);
  CHECK(emptor_apply(session, changes, nullptr, nullptr, nullptr) == EMPTOR_OK);
  emptor_changes_free(changes, nullptr);
}

std::vector<std::string> names(emptor_session* session, const emptor_query& query) {
  emptor_records* records = nullptr;
  REQUIRE(emptor_select(session, "customer", &query, &records, nullptr) == EMPTOR_OK);
  std::size_t count = 0;
  CHECK(emptor_records_count(records, &count, nullptr) == EMPTOR_OK);
  std::vector<std::string> all;
  for (std::size_t i = 0; i < count; ++i) {
    emptor_record* record = nullptr;
    emptor_text name{};
    CHECK(emptor_records_at(records, i, &record, nullptr) == EMPTOR_OK);
    CHECK(emptor_record_get_text(record, "name", &name, nullptr) == EMPTOR_OK);
    all.emplace_back(name.data, name.size);
    emptor_record_free(record, nullptr);
  }
  emptor_records_free(records, nullptr);
  return all;
}

}  // namespace

TEST_CASE("c api: a selection by a value, in an order, up to a limit") {
  const CapiWorld world;
  add_customers(world.session);
  emptor_query query = EMPTOR_QUERY_INIT;
  query.field = "country";
  query.value = "CN";
  query.value_size = EMPTOR_NUL;
  query.order_by = "name";
  CHECK(names(world.session, query) == std::vector<std::string>{"Bo", "Cai"});
  query.descending = 1;
  query.limit = 1;
  CHECK(names(world.session, query) == std::vector<std::string>{"Cai"});
}

TEST_CASE("c api: a selection by a number, and of records without a value") {
  const CapiWorld world;
  add_customers(world.session);
  emptor_query query = EMPTOR_QUERY_INIT;
  query.field = "employees";
  query.value = "3";
  query.value_size = 1;
  CHECK(names(world.session, query) == std::vector<std::string>{"Cai"});
  query.field = "country";
  query.value_size = 0;
  CHECK(names(world.session, query) == std::vector<std::string>{"Ada"});
  query.field = "employees";
  query.value = "three";
  query.value_size = EMPTOR_NUL;
  std::int64_t count = 0;
  emptor_error error = EMPTOR_ERROR_INIT;
  CHECK(emptor_count(world.session, "customer", &query, &count, &error) == EMPTOR_INVALID);
  CHECK(std::string(error.field) == "employees");
}

TEST_CASE("c api: the model tells its entities and fields, custom ones too") {
  const CapiWorld world;
  std::size_t entities = 0, before = 0, after = 0;
  CHECK(emptor_entity_count(world.session, &entities, nullptr) == EMPTOR_OK);
  CHECK(entities > 30);
  CHECK(emptor_field_count(world.session, "customer", &before, nullptr) == EMPTOR_OK);
  emptor_text stored{};
  CHECK(emptor_define_field(world.session, "customer", "shoe_size", EMPTOR_TYPE_INTEGER, EMPTOR_FIELD_INDEXED,
                            "size of shoes", EMPTOR_NUL, &stored, nullptr) == EMPTOR_OK);
  CHECK(std::string(stored.data, stored.size) == "x_shoe_size");
  CHECK(emptor_field_count(world.session, "customer", &after, nullptr) == EMPTOR_OK);
  CHECK(after == before + 1);
  emptor_field field = EMPTOR_FIELD_INIT;
  CHECK(emptor_field_at(world.session, "customer", before, &field, nullptr) == EMPTOR_OK);
  CHECK(std::string(field.name.data, field.name.size) == "x_shoe_size");
  CHECK(std::string(field.doc.data, field.doc.size) == "size of shoes");
  CHECK(field.type == EMPTOR_TYPE_INTEGER);
  CHECK((field.flags & EMPTOR_FIELD_CUSTOM) != 0);
  CHECK(emptor_define_field(world.session, "customer", "shoe_size", EMPTOR_TYPE_TEXT, 0, nullptr, 0, nullptr,
                            nullptr) == EMPTOR_DUPLICATE);
}

TEST_CASE("c api: the feed tells every change once, and where to go on") {
  const CapiWorld world;
  emptor_store_state before = EMPTOR_STORE_STATE_INIT;
  CHECK(emptor_store_info(world.store, &before, nullptr) == EMPTOR_OK);
  CHECK(std::string(before.currency) == "EUR");
  CHECK(std::string(before.store_id).size() == 32);
  add_customers(world.session);
  emptor_document* document = nullptr;
  REQUIRE(emptor_feed(world.session, before.position, 0, &document, nullptr) == EMPTOR_OK);
  emptor_text json{};
  CHECK(emptor_document_text(document, &json, nullptr) == EMPTOR_OK);
  const std::string text(json.data, json.size);
  CHECK(text.find(R"("position":")" + std::to_string(before.position + 1)) != std::string::npos);
  CHECK(text.find(R"("kind":"insert")") != std::string::npos);
  emptor_document_free(document, nullptr);
}

namespace {

struct Receiver {
  std::vector<std::string> taken;
  std::size_t most = 1'000;
};

int take_payload(void* context, const char* payload, std::size_t size) {
  auto& receiver = *static_cast<Receiver*>(context);
  if (receiver.taken.size() == receiver.most) return 0;
  receiver.taken.emplace_back(payload, size);
  return 1;
}

}  // namespace

TEST_CASE("c api: the feed is told to a function in order, and goes on where it was not taken") {
  const CapiWorld world;
  add_customers(world.session);
  Receiver all, first{.most = 2}, rest;
  int64_t end = 0, position = 0;
  REQUIRE(emptor_feed_deliver(world.session, 0, 0, take_payload, &all, &end, nullptr) == EMPTOR_OK);
  REQUIRE(all.taken.size() > 3);
  CHECK(all.taken.front().find(R"("event_type":"customer.created")") != std::string::npos);
  REQUIRE(emptor_feed_deliver(world.session, 0, 0, take_payload, &first, &position, nullptr) == EMPTOR_OK);
  CHECK(first.taken.size() == 2);
  CHECK(position < end);
  REQUIRE(emptor_feed_deliver(world.session, position, 0, take_payload, &rest, &position, nullptr) == EMPTOR_OK);
  CHECK(position == end);
  CHECK(rest.taken.back() == all.taken.back());
  CHECK(first.taken.size() + rest.taken.size() >= all.taken.size());
  CHECK(emptor_feed_deliver(world.session, 0, 0, nullptr, nullptr, &position, nullptr) == EMPTOR_MISUSE);
  CHECK(emptor_feed_deliver(world.session, -1, 0, take_payload, &all, &position, nullptr) == EMPTOR_INVALID);
  CHECK(emptor_feed_deliver(world.session, 0, 0, take_payload, &all, nullptr, nullptr) == EMPTOR_MISUSE);
}

TEST_CASE("c api: verify finds a store intact") {
  const CapiWorld world;
  emptor_document* document = nullptr;
  REQUIRE(emptor_verify(world.session, 1, &document, nullptr) == EMPTOR_OK);
  emptor_text json{};
  CHECK(emptor_document_text(document, &json, nullptr) == EMPTOR_OK);
  CHECK(std::string(json.data, json.size).find(R"("intact":true)") == 1);
  emptor_document_free(document, nullptr);
}

TEST_CASE("c api: a store with open sessions is not closed") {
  CapiWorld world;
  CHECK(emptor_store_close(world.store, nullptr) == EMPTOR_MISUSE);
  CHECK(emptor_session_close(world.session, nullptr) == EMPTOR_OK);
  CHECK(emptor_store_close(world.store, nullptr) == EMPTOR_OK);
}

TEST_CASE("c api: statuses have words") {
  CHECK(std::string(emptor_status_name(EMPTOR_NOT_FOUND)) == "not_found");
  CHECK(std::string(emptor_status_name(-1)) == "unknown");
  CHECK(std::string(emptor_status_name(17)) == "unknown");
  CHECK(std::string(emptor_version()) == "0.1.0");
}
