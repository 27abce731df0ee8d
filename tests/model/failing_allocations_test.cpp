#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <new>
#include <string>
#include <vector>

#include "emptor/core/executor.hpp"
#include "emptor/core/text.hpp"
#include "emptor/model/json.hpp"
#include "model/row_codec.hpp"
#include "model/shapes.hpp"
#include "support/failing_allocator.hpp"

using namespace emptor;

namespace {

/// Runs `step` with the first, the second ... allocation failing until none is left to fail; `check` looks
/// at what each exception left behind. Returns how many allocations failed.
std::uint64_t fail_everywhere(const std::function<void()>& step, const std::function<void()>& check) {
  for (std::uint64_t nth = 1;; ++nth) {
    bool threw = false;
    bool failed = false;
    {
      const test::FailingAllocations failing(nth);
      try {
        step();
      } catch (const std::bad_alloc&) {
        threw = true;
      }
      failed = failing.failed();
    }
    if (!failed) return nth - 1;
    if (threw) check();
  }
}

const std::string long_text(200, 'x');

}  // namespace

TEST_CASE("failing allocations: a schema is built whole or not at all") {
  CHECK(fail_everywhere([] { shapes::schema(); }, [] {}) > 20);
}

TEST_CASE("failing allocations: a record keeps its former value where a new one cannot be kept") {
  const SchemaPtr schema = shapes::schema();
  std::uint64_t failures = 0;
  for (int round = 0; round < 40; ++round) {
    Record record(schema, 500);
    record.set("code", "before");
    const std::string text(static_cast<std::size_t>(round) * 300 + 5'000, 'q');
    failures += fail_everywhere([&] { record.set("code", std::string_view(text)); },
                                [&] { REQUIRE(record.get("code").text() == "before"); });
    REQUIRE(record.get("code").text() == text);
  }
  CHECK(failures >= 40);
}

TEST_CASE("failing allocations: an assignment of records leaves the target as it was") {
  const Record from = shapes::record_of(shapes::full_shape());
  Record to(shapes::schema(), 500);
  to.set("sides", 3);
  const auto unchanged = [&] {
    REQUIRE(to.get("sides") == Value(3));
    REQUIRE(!to.get("code").present());
  };
  CHECK(fail_everywhere([&] { to = from; }, unchanged) > 1);
  CHECK(to.get("code") == from.get("code"));
}

TEST_CASE("failing allocations: a name is looked up without an allocation, also a long one") {
  const SchemaPtr schema = shapes::schema();
  const test::FailingAllocations counted;
  CHECK(schema->find(std::string_view(long_text)) == nullptr);
  CHECK(schema->entity("shape").find(std::string_view(long_text)) == nullptr);
  CHECK(counted.seen() == 0);
}

TEST_CASE("failing allocations: rows, differences, JSON and folded text fail with bad_alloc and nothing else") {
  const Record record = shapes::record_of(shapes::full_shape());
  const Record empty(shapes::schema(), 500);
  std::string bytes;
  encode_row(record.entity(), record.row(), bytes);
  const auto everything = [&] {
    std::string out;
    encode_row(record.entity(), record.row(), out);
    encode_difference(record.entity(), empty.row(), record.row(), out);
    std::vector<Value> row;
    decode_row(record.entity(), bytes, row);
    Record copy = empty;
    set_from_json(copy, R"({"label": "odd", "area": 12.5, "code": "a text that is longer than the small buffer"})");
    to_json(record);
    fold(long_text);
    edit_distance(long_text, long_text, 3);
  };
  CHECK(fail_everywhere(everything, [] {}) > 20);
}

TEST_CASE("failing allocations: parallel work runs every task once or none") {
  std::vector<std::atomic<int>> runs(64);
  const Executor executor = thread_executor(3);
  const auto reset = [&] {
    for (std::atomic<int>& run : runs) run = 0;
  };
  for (std::uint64_t nth = 1; nth < 30; ++nth) {
    reset();
    bool threw = false;
    try {
      const test::FailingAllocations failing(nth);
      executor.run(runs.size(), [&](std::size_t task) { ++runs[task]; });
    } catch (const std::bad_alloc&) {
      threw = true;
    }
    for (const std::atomic<int>& run : runs) REQUIRE(run == (threw ? 0 : 1));
  }
}
