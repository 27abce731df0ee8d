// What is erased leaves the file: its rows, the log, and the room between the rows of pages.
#include <doctest/doctest.h>

#include <sqlite3.h>

#include <filesystem>
#include <thread>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "support/fault_vfs.hpp"
#include "support/raw_search.hpp"
#include "support/store_ground.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

std::string value_of(std::int64_t id) {
  std::string word = "value";
  Random random(static_cast<std::uint64_t>(id));
  for (int i = 0; i < 12; ++i) word += static_cast<char>('a' + random.below(26));
  return word;
}

// Values in no order, so that the pages of their index are split again and again.
void fill(Store& store, std::int64_t count) {
  for (std::int64_t id = 1; id <= count;) {
    const std::unique_ptr<Writer> writer = store.write();
    for (const std::int64_t end = std::min(count, id + 200); id <= end; ++id)
      put_row(*writer, "contact_point", Id{id},
              {{"customer_id", Value(Id{1})}, {"value_key", Value(value_of(id))}, {"value", Value(value_of(id))}});
    writer->commit();
  }
}

std::size_t found(const TempFolder& folder, const RawSearch& search) {
  return search.in_file(folder.file("s.emptor")).size() + search.in_file(folder.file("s.emptor-wal")).size();
}

std::string integrity_of(const std::string& path) {
  sqlite3* database = nullptr;
  std::string text;
  REQUIRE(sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  sqlite3_exec(
      database, "PRAGMA integrity_check",
      [](void* into, int, char** cells, char**) { return *static_cast<std::string*>(into) += cells[0], 0; }, &text,
      nullptr);
  sqlite3_close(database);
  return text;
}

}  // namespace

TEST_CASE("sqlite: a purge leaves nothing of erased rows in the file, and everything of others") {
  const TempFolder folder;
  constexpr std::int64_t count = 6'000;
  RawSearch erased, kept;
  {
    const auto store = open_sqlite(folder.file("s.emptor"), {.create = true, .durability = Durability::off});
    fill(*store, count);
    std::vector<Id> ids;
    for (std::int64_t id = 1; id <= count; ++id) {
      (id % 3 == 0 ? erased : kept).add(value_of(id));
      if (id % 3 == 0) ids.push_back(Id{id});
    }
    CHECK(found(folder, erased) >= erased.size());
    const std::unique_ptr<Writer> writer = store->write();
    writer->erase(writer->schema()->entity("contact_point"), ids);
    writer->commit();
    CHECK(store->purge(std::chrono::milliseconds(0)));
    CHECK(std::filesystem::file_size(folder.file("s.emptor-wal")) == 0);
    CHECK(found(folder, erased) == 0);
    CHECK(found(folder, kept) >= kept.size());
    CHECK(store->purge(std::chrono::milliseconds(0)));  // again, with nothing to do
    fill(*store, 0);
    const auto reader = store->read();
    CHECK(reader->aggregate({.entity = "contact_point", .measures = {{Measure::count, ""}}}).groups[0].results[0] ==
          Value(std::int64_t{count - count / 3}));
  }
  CHECK(integrity_of(folder.file("s.emptor")) == "ok");
}

TEST_CASE("sqlite: others write and read on while and after a file is purged, and bring nothing back") {
  const TempFolder folder;
  const auto store = open_sqlite(folder.file("s.emptor"), {.create = true, .durability = Durability::off});
  const auto other = open_sqlite(folder.file("s.emptor"), {.durability = Durability::off});
  constexpr std::int64_t count = 2'000;
  fill(*store, count);
  RawSearch erased;
  std::vector<Id> ids;
  for (std::int64_t id = 2; id <= count; id += 2) {
    erased.add(value_of(id));
    ids.push_back(Id{id});
  }
  // It has pages of before at hand.
  std::int64_t written = 100'000;
  const auto write = [&] {
    const std::unique_ptr<Writer> writer = other->write();
    for (int i = 0; i < 20; ++i, ++written)
      put_row(*writer, "contact_point", Id{written},
              {{"customer_id", Value(Id{2})}, {"value_key", Value(value_of(written))}, {"value", Value("other")}});
    writer->commit();
  };
  for (int i = 0; i < 20; ++i) write();
  {
    const std::unique_ptr<Writer> writer = store->write();
    writer->erase(writer->schema()->entity("contact_point"), ids);
    writer->commit();
  }
  std::jthread beside([&] {
    for (int i = 0; i < 100; ++i) write();
  });
  bool clean = false;
  for (int i = 0; i < 50 && !clean; ++i) clean = store->purge(std::chrono::milliseconds(200));
  beside.join();
  CHECK(clean);
  for (int i = 0; i < 20; ++i) write();
  CHECK(found(folder, erased) == 0);
  const auto reader = store->read();
  CHECK(
      ids_of(*reader, {.entity = "contact_point", .where = Where::equal("customer_id", Id{2}), .limit = 500}).size() ==
      static_cast<std::size_t>(written - 100'000));
  {
    const auto held = other->read();
    held->info();
    const std::unique_ptr<Writer> writer = store->write();
    put_row(*writer, "contact_point", Id{1}, {{"customer_id", Value(Id{1})}}, false);
    writer->commit();
    CHECK_FALSE(store->purge(std::chrono::milliseconds(50)));
  }
}

TEST_CASE("sqlite: whatever operation of a purge fails, the file is whole and can be purged afterwards") {
  register_fault_vfs();
  const TempFolder folder;
  const std::string path = folder.file("s.emptor");
  constexpr std::int64_t count = 600;
  {
    const auto store = open_sqlite(path, {.create = true, .durability = Durability::off});
    fill(*store, count);
  }
  const auto store = open_sqlite(path, {.vfs = fault_vfs_name});
  RawSearch erased;
  std::uint64_t points = 0, refused = 0;
  for (std::uint64_t nth = 1, failures = 1; failures > 0 && points < 60; ++nth) {
    const Id id{static_cast<std::int64_t>(nth)};
    erased.add(value_of(id.value));
    const std::unique_ptr<Writer> writer = store->write();
    writer->erase(writer->schema()->entity("contact_point"), std::span(&id, 1));
    writer->commit();
    bool clean = false;
    {
      const FaultPlan plan(nth);
      try {
        clean = store->purge(std::chrono::milliseconds(0));
      } catch (const Error& error) {
        CHECK(error.code() == Code::io);
      }
      failures = plan.failures();
    }
    points += failures > 0 ? 1 : 0;
    refused += clean ? 0 : 1;
    CHECK(ids_of(*store->read(), {.entity = "contact_point", .fields = {"id"}, .limit = 1'000}).size() ==
          static_cast<std::size_t>(count) - nth);
  }
  CHECK(points > 10);
  CHECK(refused > 10);
  CHECK(store->purge(std::chrono::milliseconds(0)));
  CHECK(found(folder, erased) == 0);
  CHECK(integrity_of(path) == "ok");
}
