// Rules, tags, the feed's payloads and own pages by operations: as C and Python reach them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>

#include "support/capi_operations.hpp"
#include "support/json_schema.hpp"
#include "support/temp_folder.hpp"

using namespace emptor::test;
namespace json = boost::json;

TEST_CASE("[A2] operations: a role's permission by a rule, and what is said of a rule that cannot be read") {
  const CapiWorld world;
  run(world.session, "put_role", R"({"name":"agent"})");
  run(world.session, "grant", R"({"role":"agent","action":"read","rule":"owner is me"})");
  const json::value permission = run(world.session, "access", "{}").at("roles").at(0).at("permissions").at(0);
  CHECK(permission.at("rule").as_string() == "owner_id = me");
  CHECK(permission.at("scope").as_string() == "rule");
  CHECK(status_of(world.session, "grant", R"({"role":"agent","action":"read","rule":"owner is mine"})") ==
        EMPTOR_INVALID);
  CHECK(run(world.session, "revoke", R"({"role":"agent","rule":"owner=me"})").at("revoked").as_string() == "1");
}

TEST_CASE("queries: a rule asks beside a field, and a host that knows of none asks as before") {
  const CapiWorld world;
  put(world.session, "customer", R"({"name":"Bo","city":"Ulm","employees":"7"})");
  put(world.session, "customer", R"({"name":"Cy","city":"Ulm"})");
  emptor_query query = EMPTOR_QUERY_INIT;
  const auto count = [&] {
    std::int64_t found = -1;
    const emptor_status status = emptor_count(world.session, "customer", &query, &found, nullptr);
    return status == EMPTOR_OK ? found : -status;
  };
  CHECK(count() == 3);
  query.rule = "employees > 5 or city is missing";
  query.rule_size = EMPTOR_NUL;
  CHECK(count() == 2);
  query.field = "city";
  query.value = "Ulm";
  query.value_size = 3;
  CHECK(count() == 1);
  emptor_records* records = nullptr;
  std::size_t size = 0;
  REQUIRE(emptor_select(world.session, "customer", &query, &records, nullptr) == EMPTOR_OK);
  CHECK(emptor_records_count(records, &size, nullptr) == EMPTOR_OK);
  CHECK(size == 1);
  emptor_records_free(records, nullptr);
  query.rule = "employes > 5";
  CHECK(count() == -EMPTOR_NOT_FOUND);
  query.rule = "employees > five";
  CHECK(count() == -EMPTOR_INVALID);
  query.size = offsetof(emptor_query, rule);
  CHECK(count() == 2);
}

TEST_CASE("queries: a stream of a rule outlives the call that asked it") {
  const CapiWorld world;
  put(world.session, "customer", R"({"name":"a customer whose name is too long for any short text"})");
  ArrowArrayStream stream{};
  {
    std::string rule = "name = 'a customer whose name is too long for any short text'";
    emptor_query query = EMPTOR_QUERY_INIT;
    query.rule = rule.data();
    query.rule_size = rule.size();
    REQUIRE(emptor_select_arrow(world.session, "customer", &query, "name", &stream, nullptr) == EMPTOR_OK);
    std::fill(rule.begin(), rule.end(), 'x');
  }
  ArrowArray batch{};
  REQUIRE(stream.get_next(&stream, &batch) == 0);
  CHECK(batch.length == 1);
  batch.release(&batch);
  stream.release(&stream);
}

TEST_CASE("[B16] operations: a tag is put, listed and removed") {
  const CapiWorld world;
  CHECK(run(world.session, "put_tag",
            R"({"customer_id":1,"name":"vip","source":"test","confidence":0.5,"valid_from":"2024-01-01"})")
            .at("id")
            .is_string());
  const json::value tags = run(world.session, "tags", R"({"customer_id":1,"day":"2024-01-01"})");
  REQUIRE(tags.as_array().size() == 1);
  CHECK(tags.at(0).at("confidence").to_number<double>() == 0.5);
  CHECK(run(world.session, "tags", R"({"customer_id":1,"day":"2023-12-31"})").as_array().empty());
  CHECK(run(world.session, "remove_tag", R"({"customer_id":1,"name":"vip","from":"2024-02-01"})")
            .at("removed")
            .as_string() == "1");
  CHECK(run(world.session, "tags", R"({"customer_id":1,"day":"2024-02-01"})").as_array().empty());
  CHECK(status_of(world.session, "put_tag", R"({"customer_id":1,"name":"vip","confidence":2})") == EMPTOR_INVALID);
  CHECK(status_of(world.session, "tags", R"({"customer_id":77})") == EMPTOR_NOT_FOUND);
}

TEST_CASE("[J15] operations: search tells hits page by page, and refuses what it cannot read") {
  const CapiWorld world;
  for (const char* day : {"2024-01-01", "2024-01-02", "2024-01-03"})
    put(world.session, "interaction",
        R"({"customer_id":1,"body":"退款 refund","at":")" + std::string(day) + R"(T12:00:00Z"})");
  const json::value first = run(world.session, "search", R"({"text":"退款","entities":["interaction"],"limit":2})");
  REQUIRE(first.at("hits").as_array().size() == 2);
  CHECK(first.at("hits").at(0).at("at").as_string() == "2024-01-03T12:00:00Z");
  const json::value& next = first.at("next");
  const json::object after{{"text", "退款"},
                           {"entities", {"interaction"}},
                           {"after_at", next.at("at")},
                           {"after_entity", next.at("entity")},
                           {"after_id", std::stoll(std::string(next.at("id").as_string()))}};
  const json::value second = run(world.session, "search", json::serialize(after));
  CHECK(second.at("hits").as_array().size() == 1);
  CHECK_FALSE(second.as_object().contains("next"));
  CHECK(run(world.session, "search", R"({"text":"refund","since":"2024-01-02","until":"2024-01-02","ranked":true})")
            .at("hits")
            .at(0)
            .at("score")
            .is_double());
  CHECK(status_of(world.session, "search", R"({"text":"\"refund"})") == EMPTOR_INVALID);
  CHECK(status_of(world.session, "search", R"({"text":"a","since":"soon"})") == EMPTOR_INVALID);
  CHECK(status_of(world.session, "search", R"({"text":"a","entities":["none"]})") == EMPTOR_NOT_FOUND);
}

TEST_CASE("[A8] operations: payloads of the feed, and their schema") {
  const CapiWorld world;
  put(world.session, "product", R"({"name":"tea"})");
  const json::value told = run(world.session, "feed_payloads", R"({"entities":["product"]})");
  REQUIRE(told.at("payloads").as_array().size() == 1);
  const json::value& payload = told.at("payloads").at(0);
  CHECK(payload.at("event_type").as_string() == "product.created");
  CHECK(payload.at("record").at("name").as_string() == "tea");
  CHECK(schema_fault(payload, run(world.session, "feed_schema", R"({"entity":"product"})")) == "");
  const std::string position(told.at("position").as_string());
  CHECK(run(world.session, "feed_payloads", "{\"after\":" + position + "}").at("payloads").as_array().empty());
  CHECK(status_of(world.session, "feed_schema", R"({"entity":"customer_summary"})") == EMPTOR_INVALID);
  CHECK(status_of(world.session, "feed_payloads", R"({"entities":["produkt"]})") == EMPTOR_NOT_FOUND);
}

TEST_CASE("[F8] sessions: a customer on their own page, beside the session of the system") {
  const CapiWorld world;
  put(world.session, "customer", R"({"name":"Bo"})");
  emptor_session_options options = EMPTOR_SESSION_OPTIONS_INIT;
  options.customer = 1;
  emptor_session* page = nullptr;
  REQUIRE(emptor_session_open(world.store, &options, &page, nullptr) == EMPTOR_OK);
  std::int64_t count = 0;
  CHECK(emptor_count(page, "customer", nullptr, &count, nullptr) == EMPTOR_OK);
  CHECK(count == 1);
  CHECK(status_of(page, "feed", "{}") == EMPTOR_DENIED);
  CHECK(status_of(page, "backup", R"({"path":"/nowhere/copy.emptor"})") == EMPTOR_DENIED);
  CHECK(status_of(page, "copy", R"({"to":"/nowhere/copy.emptor"})") == EMPTOR_DENIED);
  CHECK(status_of(page, "state_hash", "{}") == EMPTOR_DENIED);
  CHECK(status_of(page, "seal_fields", "{}") == EMPTOR_DENIED);  // which only asks what is sealed
  CHECK(status_of(page, "join_copy", R"({"copy":":memory:"})") == EMPTOR_DENIED);
  CHECK(status_of(page, "rfm", "{}") == EMPTOR_DENIED);
  CHECK(status_of(page, "put_tag", R"({"customer_id":1,"name":"nice"})") == EMPTOR_DENIED);
  CHECK(emptor_session_close(page, nullptr) == EMPTOR_OK);
  options.customer = -1;
  CHECK(emptor_session_open(world.store, &options, &page, nullptr) == EMPTOR_INVALID);
  options.customer = 1;
  options.user = 1;
  CHECK(emptor_session_open(world.store, &options, &page, nullptr) == EMPTOR_MISUSE);
  options.size = offsetof(emptor_session_options, customer);  // of a host that knows nothing of it
  CHECK(emptor_session_open(world.store, &options, &page, nullptr) == EMPTOR_OK);
  CHECK(emptor_session_close(page, nullptr) == EMPTOR_OK);
}

TEST_CASE("sealing: with a key fields are sealed by an operation; without it the store tells nothing") {
  const TempFolder folder;
  const std::string path = folder.file("sealed.emptor");
  unsigned char keys[2 * EMPTOR_HOST_KEY_SIZE] = {1};  // the second is all zeros
  emptor_store_options options = EMPTOR_STORE_OPTIONS_INIT;
  options.create = 1;
  // Opens the store with some of the keys, and works in a session.
  const auto with = [&](const unsigned char* first, std::size_t count, const auto& work) {
    options.host_keys = first;
    options.host_key_count = count;
    emptor_store* store = nullptr;
    emptor_session* session = nullptr;
    REQUIRE(emptor_store_open(path.c_str(), EMPTOR_NUL, &options, &store, nullptr) == EMPTOR_OK);
    const emptor_status opened = emptor_session_open(store, nullptr, &session, nullptr);
    work(opened, session);
    if (opened == EMPTOR_OK) CHECK(emptor_session_close(session, nullptr) == EMPTOR_OK);
    CHECK(emptor_store_close(store, nullptr) == EMPTOR_OK);
  };
  const auto cities = [](emptor_session* session) {
    emptor_query query = EMPTOR_QUERY_INIT;
    query.field = "city";
    query.value = "Ulm";
    query.value_size = 3;
    std::int64_t found = -1;
    const emptor_status status = emptor_count(session, "customer", &query, &found, nullptr);
    return status == EMPTOR_OK ? found : -status;
  };
  with(keys, 1, [&](emptor_status, emptor_session* session) {
    put(session, "customer", R"({"name":"Bo","city":"Ulm"})");
    const json::value sealed = run(session, "seal_fields", R"({"fields":["customer.city"]})");
    CHECK(sealed.at("sealed").as_array().size() == 1);
    CHECK(cities(session) == 1);
  });
  with(nullptr, 0, [&](emptor_status opened, emptor_session* session) {
    CHECK((opened == EMPTOR_OK ? cities(session) : -opened) == -EMPTOR_DENIED);
  });
  unsigned char turned[2 * EMPTOR_HOST_KEY_SIZE] = {};
  turned[EMPTOR_HOST_KEY_SIZE] = 1;
  with(turned, 2, [&](emptor_status, emptor_session* session) { run(session, "rotate_keys", "{}"); });
  with(turned, 1, [&](emptor_status, emptor_session* session) { CHECK(cities(session) == 1); });
  options.host_key_count = 17;
  emptor_store* store = nullptr;
  CHECK(emptor_store_open(path.c_str(), EMPTOR_NUL, &options, &store, nullptr) == EMPTOR_INVALID);
  options.host_keys = nullptr;
  CHECK(emptor_store_open(path.c_str(), EMPTOR_NUL, &options, &store, nullptr) == EMPTOR_MISUSE);
}
