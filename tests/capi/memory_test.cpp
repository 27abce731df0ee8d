// Every allocation of every function of the C API fails once: a defined status each time, and the call works
// afterwards.

#include <doctest/doctest.h>

#include "support/capi_calls.hpp"
#include "support/failing_allocator.hpp"

using namespace emptor::test;

namespace {

// The status of the call when its nth allocation fails; `reached` tells whether there was one.
emptor_status call_failing(const CapiCall& call, const CapiArguments& arguments, std::uint64_t nth, bool& reached) {
  const FailingAllocations failing(nth);
  const emptor_status status = call.call(arguments);
  reached = failing.failed();
  return status;
}

// What a failure may be told as: as such; as what SQLite or an import makes of it; or not at all, where the
// function could do without (a cache).
bool is_defined(const CapiCall& call, emptor_status status) { return status == EMPTOR_MEMORY || status == call.good; }

constexpr std::uint64_t most_failures = 400;

}  // namespace

TEST_CASE("c api: a failing allocation anywhere is a status, and nothing is lost by it") {
  std::uint64_t failures = 0;
  for (const CapiCall& call : capi_calls()) {
    bool reached = true;
    for (std::uint64_t nth = 1; reached && nth < most_failures; ++nth) {
      const CapiWorld world;
      emptor_error error = EMPTOR_ERROR_INIT;
      CapiArguments arguments;
      arguments.handle = world.handles();
      arguments.error = &error;
      const emptor_status status = call_failing(call, arguments, nth, reached);
      CHECK_MESSAGE(is_defined(call, status), call.name, ": allocation ", nth, ": ", error.message);
      CHECK(error.code == status);
      std::int64_t count = 0;
      if (call.name != "emptor_session_close")
        CHECK_MESSAGE(emptor_count(world.session, "customer", nullptr, &count, nullptr) == EMPTOR_OK, call.name);
      failures += reached ? 1 : 0;
    }
  }
  MESSAGE(failures, " allocations failed");
  CHECK(failures > 100);
}

TEST_CASE("c api: after a put that ran out of memory, a set of changes can only be freed") {
  const CapiWorld world;
  bool broken = false;
  for (std::uint64_t nth = 1; nth < 50 && !broken; ++nth) {
    emptor_changes* changes = nullptr;
    REQUIRE(emptor_changes_new(world.session, &changes, nullptr) == EMPTOR_OK);
    emptor_status status = EMPTOR_OK;
    {
      const FailingAllocations failing(nth);
      status = emptor_changes_put(changes, world.record, nullptr, nullptr);
    }
    if (status == EMPTOR_MEMORY && emptor_apply(world.session, changes, nullptr, nullptr, nullptr) == EMPTOR_MISUSE) {
      broken = true;
      CHECK(emptor_changes_put(changes, world.record, nullptr, nullptr) == EMPTOR_MISUSE);
    }
    CHECK(emptor_changes_free(changes, nullptr) == EMPTOR_OK);
  }
  CHECK(broken);
}
