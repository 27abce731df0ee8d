// The write-ahead log written in one piece a commit: by the count of operations, and by what another connection reads,
// which gathers nothing.
#include "store/sqlite/gathered_log.hpp"

#include <doctest/doctest.h>

#include <map>

#include "emptor/core/random.hpp"
#include "store/sqlite_place.hpp"
#include "support/fault_vfs.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

class Raw {
 public:
  explicit Raw(const std::string& path) { REQUIRE(sqlite3_open(path.c_str(), &connection_) == SQLITE_OK); }
  ~Raw() { sqlite3_close(connection_); }
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;

  void run(const std::string& text) {
    REQUIRE(sqlite3_exec(connection_, text.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  }
  /// The second column by the first.
  std::map<int, std::string> ask(const std::string& text) {
    std::map<int, std::string> rows;
    const auto add = [](void* to, int, char** values, char**) {
      (*static_cast<std::map<int, std::string>*>(to))[std::atoi(values[0])] = values[1];
      return 0;
    };
    REQUIRE(sqlite3_exec(connection_, text.c_str(), add, &rows, nullptr) == SQLITE_OK);
    return rows;
  }
  sqlite3_file* log() {
    sqlite3_file* log = nullptr;
    REQUIRE(sqlite3_file_control(connection_, nullptr, SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK);
    return log;
  }

 private:
  sqlite3* connection_ = nullptr;
};

using Rows = std::map<int, std::string>;

/// Some rows put, some of it taken back; more than a small cache holds.
void write_some(Raw& store, Rows& rows, Random& random) {
  for (std::uint64_t left = 1 + random.below(30); left > 0; --left) {
    const int id = static_cast<int>(random.below(80));
    const std::string text(1 + random.below(6'000), static_cast<char>('a' + random.below(26)));
    const bool taken_back = random.below(4) == 0;
    if (taken_back) store.run("SAVEPOINT s");
    store.run("INSERT OR REPLACE INTO t VALUES(" + std::to_string(id) + ", '" + text + "')");
    if (taken_back)
      store.run("ROLLBACK TO s; RELEASE s");
    else
      rows[id] = text;
  }
}

void put_rows(Store& store, std::int64_t count) {
  const auto writer = store.write();
  const Id first = writer->allocate(writer->schema()->entity("customer"), static_cast<std::size_t>(count));
  const std::string text(3'000, 'x');
  for (std::int64_t i = 0; i < count; ++i) put_one(*writer, "customer", first.value + i, {{"notes", Value(text)}});
  JournalEntry entry = entry_of();
  writer->append(entry);
  writer->commit();
}

}  // namespace

TEST_CASE("sqlite: a commit reaches its log in few operations, however many pages it has") {
  register_fault_vfs();
  const Place place;
  place.open();
  const auto store = place.open({.create = true, .durability = Durability::off, .vfs = fault_vfs_name});
  put_rows(*store, 20);
  for (const std::int64_t rows : {1, 20, 60}) {
    const FaultPlan plan(0, Fault::full);  // counts what needs room
    put_rows(*store, rows);
    CHECK(plan.operations() >= 1);
    CHECK(plan.operations() <= 4);
  }
}

TEST_CASE("sqlite: others read what was committed, through spilled pages, what is taken back, and a log begun anew") {
  for (const char* synchronous : {"OFF", "NORMAL", "FULL"}) {
    const Place place;
    Rows rows;
    {
      sqlite::GatheredLog gathered;
      Raw writer(place.path());
      writer.run("PRAGMA journal_mode=WAL; PRAGMA cache_size=8; PRAGMA wal_autocheckpoint=0; PRAGMA synchronous=" +
                 std::string(synchronous) + "; CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)");
      Raw reader(place.path());
      Random random(7);
      for (int step = 0; step < 200; ++step) {
        CAPTURE(synchronous);
        CAPTURE(step);
        Rows changed = rows;
        writer.run("BEGIN IMMEDIATE");
        gathered.take(writer.log());
        write_some(writer, changed, random);
        const bool kept = random.below(4) != 0;
        writer.run(kept ? "COMMIT" : "ROLLBACK");
        if (kept) rows = changed;
        REQUIRE(reader.ask("SELECT id, v FROM t") == rows);
        if (step % 23 == 0) writer.run("PRAGMA wal_checkpoint(PASSIVE)");
        if (step % 41 == 0) writer.run("PRAGMA wal_checkpoint(TRUNCATE)");
      }
      REQUIRE(reader.ask("SELECT 0, integrity_check FROM pragma_integrity_check") == Rows{{0, "ok"}});
    }
    Raw again(place.path());
    CHECK(again.ask("SELECT id, v FROM t") == rows);
  }
}
