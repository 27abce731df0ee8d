#include <doctest/doctest.h>

#include <fstream>

#include "store/sqlite_place.hpp"
#include "support/fault_vfs.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

constexpr std::int64_t rows_a_write = 20;

OpenOptions through_faults() {
  return {
      .create = true, .durability = Durability::full, .wait = std::chrono::milliseconds(200), .vfs = fault_vfs_name};
}

// One write: rows, an entry and a setting that must always agree.
void write_once(Store& store) {
  const auto writer = store.write();
  const Entity& entity = writer->schema()->entity("customer");
  const Id first = writer->allocate(entity, rows_a_write);
  const std::string text(3000, 'x');
  for (std::int64_t i = 0; i < rows_a_write; ++i)
    put_one(*writer, "customer", first.value + i, {{"name", Value("n")}, {"notes", Value(text)}});
  JournalEntry entry = entry_of();
  writer->append(entry);
  writer->set_setting("position", std::to_string(entry.position));
  writer->commit();
}

// The number of writes that are whole in the store; -1 where one is there by half.
std::int64_t whole_writes(Store& store) {
  const auto reader = store.read();
  const std::int64_t position = reader->info().position;
  const auto rows = static_cast<std::int64_t>(ids_of(*reader, {.entity = "customer", .fields = {"id"}}).size());
  const std::string setting = reader->setting("position");
  const bool agree = rows == position * rows_a_write && setting == (position == 0 ? "" : std::to_string(position));
  return agree ? position : -1;
}

struct Tally {
  std::uint64_t points = 0, errors = 0;
};

// Lets the n-th operation of a write fail, for n = 1, 2 ... until none is left to fail.
Tally fail_everywhere(Store& store, Fault fault, bool stays) {
  Tally tally;
  for (std::uint64_t nth = 1;; ++nth) {
    const std::int64_t before = whole_writes(store);
    Code code = Code::ok;
    std::uint64_t failures = 0;
    {
      const FaultPlan plan(nth, fault, stays);
      code = code_of([&] { write_once(store); });
      failures = plan.failures();
    }
    const std::int64_t after = whole_writes(store);
    REQUIRE(before >= 0);
    if (code == Code::ok) REQUIRE(after == before + 1);
    if (code != Code::ok) {
      const bool expected = code == Code::io || code == Code::full;
      CHECK_MESSAGE(expected, "unexpected code " << static_cast<int>(code));
      // A failed sync leaves open whether the commit arrived; wholly or not at all, it does.
      REQUIRE((after == before || after == before + 1));
      ++tally.errors;
    }
    if (failures == 0) return tally;
    ++tally.points;
  }
}

}  // namespace

TEST_CASE("sqlite: whatever operation of a write fails, nothing is half-written and the store goes on") {
  register_fault_vfs();
  const Place place;
  place.open();
  const auto store = place.open(through_faults());
  write_once(*store);
  for (const bool stays : {false, true}) {
    for (const Fault fault : {Fault::io_error, Fault::full}) {
      const Tally tally = fail_everywhere(*store, fault, stays);
      CHECK(tally.errors > 0);
      const std::string kind =
          std::string(fault == Fault::full ? "full disk" : "I/O error") + (stays ? " for good" : "");
      MESSAGE(kind << ": " << tally.points << " points, " << tally.errors << " errors");
    }
  }
  const std::int64_t writes = whole_writes(*store);
  CHECK(writes > 0);
  CHECK(whole_writes(*place.open({})) == writes);
}

TEST_CASE("sqlite: whatever operation fails while a store is made, it can be made afterwards") {
  register_fault_vfs();
  std::uint64_t points = 0;
  for (std::uint64_t nth = 1, failures = 1; failures > 0; nth += 3) {
    const Place place;
    {
      const FaultPlan plan(nth, Fault::io_error);
      const Code code = code_of([&] { place.open(through_faults()); });
      failures = plan.failures();
      if (failures > 0) CHECK((code == Code::io || code == Code::ok));
      points += failures > 0;
    }
    CHECK(place.open()->read()->info().position == 0);
  }
  CHECK(points > 10);
}

TEST_CASE("sqlite: a damaged page is reported as damage, not as wrong data") {
  const Place place;
  {
    const auto store = place.open();
    for (int i = 0; i < 20; ++i) write_once(*store);
    store->backup(place.path("damaged.emptor"), {});
  }
  const std::string path = place.path("damaged.emptor");
  std::size_t reported = 0;
  const auto pages = static_cast<std::size_t>(std::filesystem::file_size(path)) / 4096;
  for (std::size_t page = 1; page < pages; page += 5) {
    const std::string copy = place.path("copy" + std::to_string(page));
    std::filesystem::copy_file(path, copy);
    {
      std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(static_cast<std::streamoff>(page) * 4096);
      file << std::string(4096, '\xee');
    }
    const Code code = code_of([&] { whole_writes(*open_sqlite(copy, {.durability = Durability::off})); });
    CHECK((code == Code::ok || code == Code::corrupt));
    reported += code == Code::corrupt;
  }
  CHECK(reported > 0);
}
