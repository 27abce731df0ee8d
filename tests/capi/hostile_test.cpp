// Hostile calls: whatever is passed, a defined status comes back and nothing is touched. The list of
// functions is the header's own; the same tests run under AddressSanitizer and UBSan.

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <set>
#include <thread>

#include "support/capi_calls.hpp"

using namespace emptor::test;

namespace {

void expect(const CapiCall& call, const CapiArguments& given, emptor_status wanted, const char* what) {
  emptor_error error = EMPTOR_ERROR_INIT;
  CapiArguments arguments = given;
  arguments.error = &error;
  const emptor_status status = call.call(arguments);
  CHECK_MESSAGE(status == wanted, call.name, ": ", what, ": ", error.message);
  CHECK_MESSAGE(error.code == status, call.name, ": ", what);
  if (status != EMPTOR_OK) CHECK_MESSAGE(error.message[0] != 0, call.name, ": ", what);
  arguments.error = nullptr;
  if (status != EMPTOR_OK) CHECK(call.call(arguments) == status);
}

// Handles that were never given out: small numbers, our own memory, all bits, and good ones with a bit
// turned over.
std::vector<void*> foreign_handles(void* good) {
  static int object = 0;
  std::vector<void*> handles = {reinterpret_cast<void*>(1), reinterpret_cast<void*>(~std::uintptr_t{0}), &object};
  for (int bit = 8; bit < 64; ++bit)
    handles.push_back(reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(good) ^ (std::uintptr_t{1} << bit)));
  return handles;
}

}  // namespace

TEST_CASE("hostile calls: every function of the header is among the tested ones, and no other") {
  std::set<std::string> tested = {"emptor_version", "emptor_status_name",
                                  "emptor_has"};  // take no handle and cannot fail
  for (const CapiCall& call : capi_calls()) tested.insert(call.name);
  CHECK(tested == functions_of_header());
}

TEST_CASE("hostile calls: with good arguments, each function does what it says") {
  for (const CapiCall& call : capi_calls()) {
    const CapiWorld world;
    CapiArguments arguments;
    arguments.handle = world.handles();
    emptor_error error = EMPTOR_ERROR_INIT;
    arguments.error = &error;
    CHECK_MESSAGE(call.call(arguments) == call.good, call.name, ": ", error.message);
    CHECK(error.code == call.good);
  }
}

TEST_CASE("hostile calls: no handle is misuse; to close none is nothing") {
  const CapiWorld world;
  for (const CapiCall& call : capi_calls()) {
    for (const CapiKind kind : call.handles) {
      CapiArguments arguments;
      arguments.handle = world.handles();
      arguments.handle[kind] = nullptr;
      expect(call, arguments, call.closes ? EMPTOR_OK : EMPTOR_MISUSE, "NULL");
    }
  }
}

TEST_CASE("hostile calls: closed handles are misuse, also when their place is used again") {
  const CapiWorld world;
  for (const CapiCall& call : capi_calls()) {
    for (const CapiKind kind : call.handles) {
      CapiArguments arguments;
      arguments.handle = world.handles();
      arguments.handle[kind] = world.closed()[kind];
      expect(call, arguments, EMPTOR_MISUSE, "closed");
    }
  }
}

TEST_CASE("hostile calls: handles of every other kind are misuse") {
  const CapiWorld world;
  const CapiHandles good = world.handles();
  for (const CapiCall& call : capi_calls()) {
    for (const CapiKind kind : call.handles) {
      for (int other = 0; other < capi_kinds; ++other) {
        if (other == kind) continue;
        CapiArguments arguments;
        arguments.handle = good;
        arguments.handle[kind] = good[other];
        expect(call, arguments, EMPTOR_MISUSE, "another kind");
      }
    }
  }
}

TEST_CASE("hostile calls: made-up handles are misuse") {
  const CapiWorld world;
  const CapiHandles good = world.handles();
  for (const CapiCall& call : capi_calls()) {
    for (const CapiKind kind : call.handles) {
      for (void* made_up : foreign_handles(good[kind])) {
        CapiArguments arguments;
        arguments.handle = good;
        arguments.handle[kind] = made_up;
        expect(call, arguments, EMPTOR_MISUSE, "made up");
      }
    }
  }
}

TEST_CASE("hostile calls: malformed UTF-8, NUL within, NULL and huge lengths are refused") {
  struct Hostile {
    const char* text;
    std::size_t size;
    emptor_status wanted;
    const char* what;
  };
  static const std::string long_text(std::size_t{65} << 20, 'x');
  const Hostile texts[] = {
      {"\xff\xfe", 2, EMPTOR_INVALID, "no UTF-8"},
      {"\xc0\xaf", EMPTOR_NUL, EMPTOR_INVALID, "overlong UTF-8"},
      {"\xed\xa0\x80", 3, EMPTOR_INVALID, "a surrogate"},
      {"a\0b", 3, EMPTOR_INVALID, "NUL within"},
      {"x", EMPTOR_NUL - 1, EMPTOR_INVALID, "a huge length"},
      {"x", std::size_t{1} << 40, EMPTOR_INVALID, "a huge length"},
      {long_text.data(), EMPTOR_NUL, EMPTOR_INVALID, "65 MiB"},
      {nullptr, 5, EMPTOR_MISUSE, "NULL with a length"},
      {nullptr, EMPTOR_NUL, EMPTOR_MISUSE, "NULL up to its NUL"},
  };
  const CapiWorld world;
  for (const CapiCall& call : capi_calls()) {
    if (!call.text) continue;
    for (const Hostile& hostile : texts) {
      CapiArguments arguments;
      arguments.handle = world.handles();
      arguments.hostile_text = true;
      arguments.text = hostile.text;
      arguments.text_size = hostile.size;
      expect(call, arguments, hostile.wanted, hostile.what);
    }
  }
}

TEST_CASE("hostile calls: NULL names and NULL places for results are misuse") {
  const CapiWorld world;
  for (const CapiCall& call : capi_calls()) {
    CapiArguments arguments;
    arguments.handle = world.handles();
    arguments.null_name = true;
    if (call.named) expect(call, arguments, EMPTOR_MISUSE, "NULL name");
    arguments.null_name = false;
    arguments.null_output = true;
    if (call.output) expect(call, arguments, EMPTOR_MISUSE, "NULL place");
  }
}

TEST_CASE("hostile calls: an error without its size is misuse and stays untouched") {
  for (const CapiCall& call : capi_calls()) {
    const CapiWorld world;
    emptor_error error;
    std::memset(&error, 0x5a, sizeof error);
    error.size = sizeof error - 1;
    const emptor_error before = error;
    CapiArguments arguments;
    arguments.handle = world.handles();
    arguments.error = &error;
    CHECK_MESSAGE(call.call(arguments) == EMPTOR_MISUSE, call.name);
    CHECK(std::memcmp(&error, &before, sizeof error) == 0);
  }
}

TEST_CASE("hostile calls: sizes of structs that are not set are misuse") {
  const CapiWorld world;
  emptor_store_state state = EMPTOR_STORE_STATE_INIT;
  state.size = 0;
  CHECK(emptor_store_info(world.store, &state, nullptr) == EMPTOR_MISUSE);
  emptor_query query = EMPTOR_QUERY_INIT;
  query.size = offsetof(emptor_query, rule) - 1;  // before the header that first had it
  std::int64_t count = 0;
  CHECK(emptor_count(world.session, "customer", &query, &count, nullptr) == EMPTOR_MISUSE);
  emptor_apply_options apply = EMPTOR_APPLY_OPTIONS_INIT;
  apply.size = 1;
  CHECK(emptor_apply(world.session, world.changes, &apply, nullptr, nullptr) == EMPTOR_MISUSE);
}

TEST_CASE("hostile calls: streams that are NULL, released or lack their functions are misuse, and not touched") {
  const CapiWorld world;
  emptor_document* document = nullptr;
  ArrowArrayStream out;
  ArrowArrayStream empty{}, without_functions{};
  without_functions.release = [](ArrowArrayStream*) { FAIL_CHECK("a stream without functions was released"); };
  for (ArrowArrayStream* in : {static_cast<ArrowArrayStream*>(nullptr), &empty, &without_functions}) {
    CHECK(emptor_import_arrow(world.session, "t", in, nullptr, &document, nullptr) == EMPTOR_MISUSE);
    CHECK(emptor_compute("rfm", nullptr, 0, in, nullptr, &out, &document, nullptr) == EMPTOR_MISUSE);
    emptor_model* model = nullptr;
    CHECK(emptor_model_fit_table("markov_chain", nullptr, 0, in, nullptr, &model, nullptr) == EMPTOR_MISUSE);
    CHECK(model == nullptr);
    CHECK((out.release == nullptr));
  }
  CHECK((without_functions.release != nullptr));
  CHECK(document == nullptr);
}

TEST_CASE("hostile calls: indexes, limits and numbers out of range are errors") {
  const CapiWorld world;
  emptor_text text;
  emptor_record* record = nullptr;
  emptor_document* document = nullptr;
  emptor_field field = EMPTOR_FIELD_INIT;
  CHECK(emptor_entity_name(world.session, SIZE_MAX, &text, nullptr) == EMPTOR_NOT_FOUND);
  CHECK(emptor_field_at(world.session, "customer", SIZE_MAX, &field, nullptr) == EMPTOR_NOT_FOUND);
  CHECK(emptor_records_at(world.records, SIZE_MAX, &record, nullptr) == EMPTOR_NOT_FOUND);
  CHECK(emptor_receipt_change(world.receipt, SIZE_MAX, nullptr, nullptr, nullptr) == EMPTOR_NOT_FOUND);
  CHECK(emptor_feed(world.session, 0, SIZE_MAX, &document, nullptr) == EMPTOR_INVALID);
  CHECK(emptor_feed(world.session, INT64_MIN, 1, &document, nullptr) == EMPTOR_INVALID);
  CHECK(emptor_get(world.session, "customer", INT64_MIN, &record, nullptr) == EMPTOR_NOT_FOUND);
  CHECK(emptor_get(world.session, "customer", INT64_MAX, &record, nullptr) == EMPTOR_NOT_FOUND);
  CHECK(emptor_changes_erase(world.changes, "customer", INT64_MIN, 0, nullptr) == EMPTOR_INVALID);
  CHECK(emptor_record_set_date(world.record, "birth_date", INT32_MIN, 1, 1, nullptr) == EMPTOR_INVALID);
  CHECK(emptor_record_set_date(world.record, "birth_date", 2023, 2, 29, nullptr) == EMPTOR_INVALID);
  CHECK(emptor_record_set_decimal(world.record, "annual_revenue", INT64_MAX, 0, nullptr) == EMPTOR_INVALID);
  CHECK(emptor_record_set_decimal(world.record, "annual_revenue", 1, 7, nullptr) == EMPTOR_INVALID);
  CHECK(emptor_record_set_decimal(world.record, "annual_revenue", 1, INT32_MIN, nullptr) == EMPTOR_INVALID);
  CHECK(emptor_define_field(world.session, "customer", "x", 99, 0, nullptr, 0, nullptr, nullptr) == EMPTOR_INVALID);
  CHECK(emptor_import(world.session, nullptr, 1, nullptr, &document, nullptr) == EMPTOR_MISUSE);
  CHECK(emptor_import(world.session, nullptr, 0, nullptr, &document, nullptr) == EMPTOR_INVALID);
  const emptor_text path{"x", 1};
  CHECK(emptor_import(world.session, &path, SIZE_MAX, nullptr, &document, nullptr) == EMPTOR_INVALID);
  const std::string long_name(256, 'x');
  CHECK(emptor_record_new(world.session, long_name.c_str(), &record, nullptr) == EMPTOR_INVALID);
  CHECK(emptor_record_new(world.session, "\xff", &record, nullptr) == EMPTOR_INVALID);
  CHECK(record == nullptr);
}

TEST_CASE("hostile calls: a session in another thread is misuse until that thread adopts it") {
  const CapiWorld world;
  for (const CapiCall& call : capi_calls()) {
    const bool of_session = std::ranges::find(call.handles, capi_session) != call.handles.end();
    if (!of_session || call.name == "emptor_session_adopt") continue;
    CapiArguments arguments;
    arguments.handle = world.handles();
    emptor_status status = EMPTOR_OK;
    std::thread([&] { status = call.call(arguments); }).join();
    CHECK_MESSAGE(status == EMPTOR_MISUSE, call.name);
  }
  std::int64_t count = 0;
  emptor_status there = EMPTOR_INTERNAL;
  std::thread([&] {
    emptor_session_adopt(world.session, nullptr);
    there = emptor_count(world.session, "customer", nullptr, &count, nullptr);
  }).join();
  CHECK(there == EMPTOR_OK);
  CHECK(count == 1);
  CHECK(emptor_count(world.session, "customer", nullptr, &count, nullptr) == EMPTOR_MISUSE);
  CHECK(emptor_session_adopt(world.session, nullptr) == EMPTOR_OK);
}

TEST_CASE("hostile calls: in a forked child every handle of the parent is misuse, and the child can open its own") {
  const CapiWorld world;
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    int wrong = 0;
    for (const CapiCall& call : capi_calls()) {
      if (call.handles.empty()) continue;
      CapiArguments arguments;
      arguments.handle = world.handles();
      if (call.call(arguments) != EMPTOR_MISUSE) ++wrong;
    }
    emptor_store* own = nullptr;
    emptor_store_options options = EMPTOR_STORE_OPTIONS_INIT;
    options.create = 1;
    if (emptor_store_open(":memory:", EMPTOR_NUL, &options, &own, nullptr) != EMPTOR_OK) ++wrong;
    if (emptor_store_close(own, nullptr) != EMPTOR_OK) ++wrong;
    _exit(wrong > 100 ? 100 : wrong);
  }
  int state = 0;
  REQUIRE(waitpid(child, &state, 0) == child);
  CHECK(WIFEXITED(state));
  CHECK(WEXITSTATUS(state) == 0);
  std::int64_t count = 0;
  CHECK(emptor_count(world.session, "customer", nullptr, &count, nullptr) == EMPTOR_OK);
}
