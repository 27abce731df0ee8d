// The host's own store through the C API.
#include <doctest/doctest.h>

#include <cstring>
#include <string>

#include "emptor.h"
#include "support/log_host.hpp"
#include "support/temp_folder.hpp"

using namespace emptor::test;

namespace {

emptor_store_options creating() {
  emptor_store_options options = EMPTOR_STORE_OPTIONS_INIT;
  options.create = 1;
  options.currency = "EUR";
  return options;
}

// A log file's functions, of which one can do something else.
struct Spoilt {
  emptor_host_calls own;
  int answer = 0;
  emptor_store* store = nullptr;
  emptor_status of_calling = EMPTOR_OK;
};

int spoilt_get(void* context, const void* key, size_t key_size, const void** value, size_t* value_size) {
  auto& spoilt = *static_cast<Spoilt*>(context);
  if (spoilt.answer != 0) return spoilt.answer;
  if (spoilt.store != nullptr) {
    emptor_store_state state = EMPTOR_STORE_STATE_INIT;
    spoilt.of_calling = emptor_store_info(spoilt.store, &state, nullptr);
  }
  return spoilt.own.get(spoilt.own.context, key, key_size, value, value_size);
}

emptor_host_calls spoilt_calls(Spoilt& spoilt) {
  emptor_host_calls calls = spoilt.own;
  calls.context = &spoilt;
  calls.get = spoilt_get;
  calls.put = [](void* context, const void* key, size_t key_size, const void* value, size_t value_size) {
    const auto& own = static_cast<Spoilt*>(context)->own;
    return own.put(own.context, key, key_size, value, value_size);
  };
  calls.erase = [](void* context, const void* key, size_t key_size) {
    const auto& own = static_cast<Spoilt*>(context)->own;
    return own.erase(own.context, key, key_size);
  };
  calls.range = [](void* context, const void* low, size_t low_size, const void* high, size_t high_size, int descending,
                   emptor_host_visit visit, void* visit_context) {
    const auto& own = static_cast<Spoilt*>(context)->own;
    return own.range(own.context, low, low_size, high, high_size, descending, visit, visit_context);
  };
  calls.commit = [](void* context, emptor_host_commit how) {
    const auto& own = static_cast<Spoilt*>(context)->own;
    return own.commit(own.context, how);
  };
  return calls;
}

int64_t customers_of(emptor_store* store) {
  emptor_session* session = nullptr;
  int64_t count = -1;
  REQUIRE(emptor_session_open(store, nullptr, &session, nullptr) == EMPTOR_OK);
  CHECK(emptor_count(session, "customer", nullptr, &count, nullptr) == EMPTOR_OK);
  CHECK(emptor_session_close(session, nullptr) == EMPTOR_OK);
  return count;
}

void add_customer(emptor_store* store) {
  emptor_session* session = nullptr;
  emptor_record* record = nullptr;
  emptor_changes* changes = nullptr;
  REQUIRE(emptor_session_open(store, nullptr, &session, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_record_new(session, "customer", &record, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_record_set_text(record, "name", "Ada", EMPTOR_NUL, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_changes_new(session, &changes, nullptr) == EMPTOR_OK);
  REQUIRE(emptor_changes_put(changes, record, nullptr, nullptr) == EMPTOR_OK);
  CHECK(emptor_apply(session, changes, nullptr, nullptr, nullptr) == EMPTOR_OK);
  emptor_changes_free(changes, nullptr);
  emptor_record_free(record, nullptr);
  emptor_session_close(session, nullptr);
}

}  // namespace

TEST_CASE("host store in C: a store is made, kept and found again through five functions") {
  const TempFolder folder;
  for (int64_t round = 1; round <= 3; ++round) {
    const LogFile file = open_log(folder.file("shop.log"));
    const emptor_host_calls calls = log_store_calls(file.get());
    const emptor_store_options options = creating();
    emptor_store* store = nullptr;
    REQUIRE(emptor_store_open_host(&calls, &options, &store, nullptr) == EMPTOR_OK);
    add_customer(store);
    CHECK(customers_of(store) == round);
    emptor_store_state state = EMPTOR_STORE_STATE_INIT;
    CHECK(emptor_store_info(store, &state, nullptr) == EMPTOR_OK);
    CHECK(std::string(state.currency) == "EUR");
    CHECK(emptor_store_sync(store, nullptr) == EMPTOR_OK);
    CHECK(emptor_store_close(store, nullptr) == EMPTOR_OK);
  }
}

TEST_CASE("host store in C: a backup is a file that opens as a store") {
  const TempFolder folder;
  const LogFile file = open_log(folder.file("shop.log"));
  const emptor_host_calls calls = log_store_calls(file.get());
  const emptor_store_options options = creating();
  emptor_store *store = nullptr, *copy = nullptr;
  REQUIRE(emptor_store_open_host(&calls, &options, &store, nullptr) == EMPTOR_OK);
  add_customer(store);
  const std::string path = folder.file("copy.emptor");
  CHECK(emptor_store_backup(store, path.c_str(), EMPTOR_NUL, nullptr) == EMPTOR_OK);
  CHECK(emptor_store_backup(store, path.c_str(), EMPTOR_NUL, nullptr) == EMPTOR_INVALID);
  REQUIRE(emptor_store_open(path.c_str(), EMPTOR_NUL, nullptr, &copy, nullptr) == EMPTOR_OK);
  CHECK(customers_of(copy) == 1);
  CHECK(emptor_store_close(copy, nullptr) == EMPTOR_OK);
  CHECK(emptor_store_close(store, nullptr) == EMPTOR_OK);
}

TEST_CASE("host store in C: NULL, a size that is none and functions that are missing are misuse") {
  const TempFolder folder;
  const LogFile file = open_log(folder.file("shop.log"));
  const emptor_host_calls good = log_store_calls(file.get());
  const emptor_store_options options = creating();
  emptor_store* store = nullptr;
  CHECK(emptor_store_open_host(nullptr, &options, &store, nullptr) == EMPTOR_MISUSE);
  CHECK(emptor_store_open_host(&good, &options, nullptr, nullptr) == EMPTOR_MISUSE);
  CHECK(emptor_store_open_host(&good, nullptr, &store, nullptr) == EMPTOR_NOT_FOUND);
  const auto refused = [&](auto change) {
    emptor_host_calls calls = good;
    change(calls);
    CHECK(emptor_store_open_host(&calls, &options, &store, nullptr) == EMPTOR_MISUSE);
    CHECK(store == nullptr);
  };
  refused([](emptor_host_calls& calls) { calls.size = 0; });
  refused([](emptor_host_calls& calls) { calls.size = sizeof calls - 1; });
  refused([](emptor_host_calls& calls) { calls.get = nullptr; });
  refused([](emptor_host_calls& calls) { calls.put = nullptr; });
  refused([](emptor_host_calls& calls) { calls.erase = nullptr; });
  refused([](emptor_host_calls& calls) { calls.range = nullptr; });
  refused([](emptor_host_calls& calls) { calls.commit = nullptr; });
  const emptor_host_calls empty = EMPTOR_HOST_CALLS_INIT;
  CHECK(emptor_store_open_host(&empty, &options, &store, nullptr) == EMPTOR_MISUSE);
}

TEST_CASE("host store in C: a function's own code is in the error, and one that calls Emptor is refused") {
  const TempFolder folder;
  const LogFile file = open_log(folder.file("shop.log"));
  Spoilt spoilt{.own = log_store_calls(file.get())};
  const emptor_host_calls calls = spoilt_calls(spoilt);
  const emptor_store_options options = creating();
  emptor_error error = EMPTOR_ERROR_INIT;
  emptor_store* store = nullptr;
  spoilt.answer = -4711;
  CHECK(emptor_store_open_host(&calls, &options, &store, &error) == EMPTOR_IO);
  CHECK(std::strstr(error.message, "-4711") != nullptr);
  spoilt.answer = 0;
  REQUIRE(emptor_store_open_host(&calls, &options, &store, nullptr) == EMPTOR_OK);
  spoilt.store = store;
  add_customer(store);
  CHECK(spoilt.of_calling == EMPTOR_MISUSE);
  spoilt.store = nullptr;
  CHECK(customers_of(store) == 1);
  CHECK(emptor_store_close(store, nullptr) == EMPTOR_OK);
}
