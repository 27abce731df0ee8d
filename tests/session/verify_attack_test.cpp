// An attacker who knows format and code, and can write the file: edits, deletes, reorders, truncates, splices or rolls
// back entries and recomputes every hash from there on. Only a head that was noted outside can tell; it must, each
// time.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <cstdlib>

#include "emptor/core/random.hpp"
#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"
#include "support/temp_folder.hpp"

using namespace emptor;

namespace {

using Entries = std::vector<JournalEntry>;

// A journal as an attacker has it in hand: all entries, to be written back.
class Attacker {
 public:
  explicit Attacker(const std::string& path) { sqlite3_open(path.c_str(), &database_); }
  ~Attacker() { sqlite3_close(database_); }
  Attacker(const Attacker&) = delete;
  Attacker& operator=(const Attacker&) = delete;

  Entries read() {
    Entries entries;
    sqlite3_stmt* row = prepare(
        "SELECT position, at, actor, op_id, reason, \"count\", root, hash, changes FROM emptor_journal ORDER BY "
        "position");
    while (sqlite3_step(row) == SQLITE_ROW) {
      JournalEntry entry;
      entry.position = entry.version = sqlite3_column_int64(row, 0);
      entry.at = {sqlite3_column_int64(row, 1)};
      entry.actor = {sqlite3_column_int64(row, 2)};
      entry.op_id = text(row, 3);
      entry.reason = text(row, 4);
      entry.count = static_cast<std::uint32_t>(sqlite3_column_int64(row, 5));
      entry.changes = text(row, 8);
      entries.push_back(std::move(entry));
    }
    sqlite3_finalize(row);
    return entries;
  }

  // Numbers, roots and hashes anew: the chain as the engine would have written it.
  void write(Entries entries) {
    run("BEGIN");
    run("DELETE FROM emptor_journal");
    Hash last{};
    std::int64_t position = 0;
    for (JournalEntry& entry : entries) {
      entry.position = entry.version = ++position;
      entry.root = merkle_root(entry);
      entry.hash = chain_hash(entry, last);
      last = entry.hash;
      insert(entry);
    }
    run("COMMIT");
  }

 private:
  static std::string text(sqlite3_stmt* row, int column) {
    const void* bytes = sqlite3_column_blob(row, column);
    return {static_cast<const char*>(bytes == nullptr ? "" : bytes),
            static_cast<std::size_t>(sqlite3_column_bytes(row, column))};
  }
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    REQUIRE(sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr) == SQLITE_OK);
    return statement;
  }
  void run(const char* sql) { REQUIRE(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK); }

  void insert(const JournalEntry& entry) {
    sqlite3_stmt* row = prepare(
        "INSERT INTO emptor_journal(position, at, actor, op_id, reason, \"count\", root, hash, changes) "
        "VALUES(?, ?, ?, nullif(?, ''), nullif(?, ''), ?, ?, ?, ?)");
    sqlite3_bind_int64(row, 1, entry.position);
    sqlite3_bind_int64(row, 2, entry.at.micros);
    sqlite3_bind_int64(row, 3, entry.actor.value);
    sqlite3_bind_text(row, 4, entry.op_id.data(), static_cast<int>(entry.op_id.size()), SQLITE_TRANSIENT);
    sqlite3_bind_text(row, 5, entry.reason.data(), static_cast<int>(entry.reason.size()), SQLITE_TRANSIENT);
    sqlite3_bind_int64(row, 6, entry.count);
    sqlite3_bind_blob(row, 7, entry.root.data(), 32, SQLITE_TRANSIENT);
    sqlite3_bind_blob(row, 8, entry.hash.data(), 32, SQLITE_TRANSIENT);
    sqlite3_bind_blob(row, 9, entry.changes.data(), static_cast<int>(entry.changes.size()), SQLITE_TRANSIENT);
    REQUIRE(sqlite3_step(row) == SQLITE_DONE);
    sqlite3_finalize(row);
  }

  sqlite3* database_ = nullptr;
};

const OpenOptions made{.create = true, .durability = Durability::off, .currency = *Currency::parse("EUR")};

void fill(const std::string& path, std::uint64_t seed, int sets) {
  const auto store = open_sqlite(path, made);
  Random random(seed);
  Session session(*store, {.clock = [] { return Instant{1'700'000'000'000'000}; }});
  for (int set = 0; set < sets; ++set) {
    ChangeSet changes;
    for (std::uint64_t left = 1 + random.below(3); left > 0; --left)
      changes.put("product").set("name", "p" + std::to_string(random.below(1000)));
    session.apply(changes, {.reason = "r" + std::to_string(random.below(5))});
  }
}

// Returns what was done; the entries differ from what they were.
std::string tamper(Entries& entries, const Entries& foreign, std::size_t before, Random& random) {
  const std::size_t at = random.below(before);
  switch (random.below(6)) {
    case 0:
      entries[at].reason += "!";
      return "edit";
    case 1:
      entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(at));
      return "delete";
    case 2: {
      const std::size_t other = (at + 1) % before;
      std::swap(entries[at], entries[other]);
      if (entries[at].changes == entries[other].changes && entries[at].reason == entries[other].reason)
        entries[at].actor = Id{9};
      return "reorder";
    }
    case 3:
      entries.resize(at);
      return "truncate";
    case 4:
      entries[at] = foreign[random.below(foreign.size())];
      return "splice";
    default:
      entries.resize(at);
      for (std::size_t i = at; i < foreign.size(); ++i) entries.push_back(foreign[i]);
      return "roll back and write anew";
  }
}

}  // namespace

TEST_CASE("[M6] verify: whatever an attacker does to entries before a noted head is found, hashes made anew or not") {
  const char* runs = std::getenv("EMPTOR_RUNS");
  const std::uint64_t cases = runs == nullptr ? 300 : std::strtoull(runs, nullptr, 10);
  test::TempFolder folder;
  fill(folder.file("mine.emptor"), 1, 12);
  fill(folder.file("foreign.emptor"), 2, 14);
  const Entries honest = Attacker(folder.file("mine.emptor")).read();
  const Entries foreign = Attacker(folder.file("foreign.emptor")).read();
  const auto verify = [&](const std::optional<JournalHead>& noted) {
    const auto store = open_sqlite(folder.file("mine.emptor"), {.read_only = true});
    return Session(*store).verify(false, {}, noted);
  };
  const JournalHead newest{static_cast<std::int64_t>(honest.size()), verify({}).head};
  REQUIRE(verify(newest).intact);
  CHECK(parse_head(to_string(newest)) == newest);
  Random random(3);
  std::size_t unnoticed_alone = 0;
  for (std::uint64_t i = 0; i < cases; ++i) {
    Entries entries = honest;
    const std::string done = tamper(entries, foreign, honest.size(), random);
    CAPTURE(i);
    CAPTURE(done);
    Attacker(folder.file("mine.emptor")).write(entries);
    unnoticed_alone += verify({}).intact;
    REQUIRE_FALSE(verify(newest).intact);
  }
  // Without the head outside, the hashes made anew are as good as honest ones: that is why there is one.
  CHECK(unnoticed_alone == cases);
  Attacker(folder.file("mine.emptor")).write(honest);
  CHECK(verify(newest).intact);
}

TEST_CASE("verify: a head is position, colon and hash, and nothing else") {
  const std::string digits(64, 'a');
  CHECK(parse_head("3:" + digits).has_value());
  for (const std::string& text : {std::string(), "3" + digits, "3:" + digits.substr(1), "3:" + digits + "a",
                                  "0:" + digits, "-3:" + digits, "x:" + digits, "3:" + std::string(64, 'g')})
    CHECK_FALSE(parse_head(text).has_value());
}
