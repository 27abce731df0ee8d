#include "store/sqlite/connection.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>

#include <algorithm>
#include <unordered_map>

#include "core/long_call.hpp"
#include "store/sqlite/among.hpp"
#include "store/sqlite/file_lock.hpp"
#include "store/sqlite/gathered_log.hpp"

namespace emptor::sqlite {
namespace {

constexpr std::size_t most_statements = 400;
constexpr int steps_a_question = 4000;        // of SQLite's machine: well under a millisecond
constexpr int truncate_beyond_pages = 16384;  // 64 MiB
constexpr int steps_between_looks = 1000;     // of SQLite's machine: some 20 microseconds

struct Cached {
  std::unique_ptr<Statement> statement;
  std::uint64_t used = 0;
};

int open_flags(Access access) {
  int flags = SQLITE_OPEN_NOMUTEX;
  if (access == Access::read_only) return flags | SQLITE_OPEN_READONLY;
  if (access == Access::create) flags |= SQLITE_OPEN_CREATE;
  return flags | SQLITE_OPEN_READWRITE;
}

int wait_milliseconds(const OpenOptions& options) {
  return static_cast<int>(std::clamp<std::int64_t>(options.wait.count(), 0, 1'000'000'000));
}

const char* synchronous_of(Durability durability) {
  switch (durability) {
    case Durability::full:
      return "PRAGMA synchronous=FULL";
    case Durability::normal:
      return "PRAGMA synchronous=NORMAL";
    default:
      return "PRAGMA synchronous=OFF";
  }
}

}  // namespace

struct Connection::State {
  GatheredLog gathered;  // outlives the connection
  SQLite::Database database;
  std::unordered_map<std::string, Cached> statements;
  std::uint64_t clock = 0;
  KnownQueries known{database.getHandle()};
  RowTaker taker{database.getHandle()};
  std::optional<std::chrono::steady_clock::time_point> end;
  Durability durability;
  int wal_pages = 0;
  int wait;

  State(const std::string& path, Access access, const OpenOptions& options)
      : database(path, open_flags(access), wait_milliseconds(options), options.vfs),
        durability(options.durability),
        wait(wait_milliseconds(options)) {}

  // Whether a statement that is under way is to stop.
  static int ask(void* self) {
    const auto& end = static_cast<State*>(self)->end;
    return (end && std::chrono::steady_clock::now() >= *end) || stop_wanted("store") ? 1 : 0;
  }

  void drop_oldest() {
    const auto oldest = std::ranges::min_element(statements, {}, [](const auto& entry) { return entry.second.used; });
    statements.erase(oldest);
  }
};

Connection::Connection(const std::string& path, Access access, const OpenOptions& options)
    : process_(process_number()) {
  try {
    state_ = std::make_unique<State>(path, access, options);
  } catch (const SQLite::Exception& error) {
    fail(nullptr, error.getExtendedErrorCode());
  }
  sqlite3* const database = handle();
  sqlite3_extended_result_codes(database, 1);
  sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_wal_autocheckpoint(database, 0);
  sqlite3_wal_hook(
      database, [](void* pages, sqlite3*, const char*, int now) { return *static_cast<int*>(pages) = now, SQLITE_OK; },
      &state_->wal_pages);
  add_among(database);
  sqlite3_progress_handler(database, steps_a_question, State::ask, state_.get());
  execute(synchronous_of(options.durability));
  // What is erased is overwritten, also where SQLite was built to leave it in free space (Debian's is not).
  execute("PRAGMA secure_delete=ON");
  const bool reads = access == Access::read_only || access == Access::read;
  // Readers keep SQLite's small cache: pages that are hot fit in, and the others are quicker copied anew from the
  // system's cache than found in a large one of ours (the statements of a card took 1.2 times as long with 16 MiB, 1.5
  // times with 64).
  execute(reads ? "PRAGMA query_only=1" : "PRAGMA cache_size=-65536");
}

Connection::~Connection() {
  if (process_ != process_number()) static_cast<void>(state_.release());
}

sqlite3* Connection::handle() const noexcept { return state_->database.getHandle(); }

Statement& Connection::prepared(const std::string& text) {
  Cached& cached = state_->statements[text];
  cached.used = ++state_->clock;
  if (cached.statement) return *cached.statement;
  try {
    cached.statement = std::make_unique<Statement>(handle(), text);
  } catch (...) {
    state_->statements.erase(text);
    throw;
  }
  Statement& statement = *cached.statement;
  if (state_->statements.size() > most_statements) state_->drop_oldest();
  return statement;
}

Statement& Connection::prepared(const sql::Compiled& compiled) {
  Statement& statement = prepared(compiled.text);
  for (std::size_t i = 0; i < compiled.parameters.size(); ++i)
    statement.bind(static_cast<int>(i) + 1, compiled.parameters[i]);
  return statement;
}

KnownQueries& Connection::known() noexcept { return state_->known; }

RowTaker& Connection::taker() noexcept { return state_->taker; }

void Connection::forget() noexcept {
  state_->statements.clear();
  state_->known.forget();
}

void Connection::execute(const std::string& text) {
  check(handle(), sqlite3_exec(handle(), text.c_str(), nullptr, nullptr, nullptr));
}

void Connection::roll_back() noexcept {
  if (!in_transaction()) return;
  for (const auto& [text, cached] : state_->statements) cached.statement->reset();
  sqlite3_exec(handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Connection::end_reading() noexcept {
  if (state_->end) stop_at({});
  try {
    prepared("COMMIT").run();
  } catch (...) {  // also an allocation, where the statement is made only now
    roll_back();
  }
}

void Connection::stop_at(std::optional<std::chrono::steady_clock::time_point> moment) noexcept {
  state_->end = moment;
  sqlite3_progress_handler(handle(), moment ? steps_between_looks : steps_a_question, State::ask, state_.get());
}

void Connection::set_durability(Durability durability) {
  if (durability == state_->durability) return;
  execute(synchronous_of(durability));
  state_->durability = durability;
}

// The log is opened with the first transaction that reads it.
sqlite3_file* Connection::log() {
  sqlite3_file* log = nullptr;
  check(handle(), sqlite3_file_control(handle(), nullptr, SQLITE_FCNTL_JOURNAL_POINTER, &log));
  return log != nullptr && log->pMethods != nullptr ? log : nullptr;
}

void Connection::gather_log() {
  if (sqlite3_file* const log = this->log()) state_->gathered.take(log);
}

// A checkpoint syncs both files by itself.
void Connection::sync_log() {
  sqlite3_file* const log = this->log();
  if (log == nullptr) return;
  if (const int result = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL); result != SQLITE_OK) fail(nullptr, result);
}

int Connection::wal_pages() const noexcept { return state_->wal_pages; }

void Connection::checkpoint() noexcept {
  int pages = 0;
  int moved = 0;
  const int result = sqlite3_wal_checkpoint_v2(handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &pages, &moved);
  if (result != SQLITE_OK || pages != moved || pages < truncate_beyond_pages) return;
  empty_log();
}

bool Connection::empty_log() noexcept {
  sqlite3_busy_timeout(handle(), 0);
  const int result = sqlite3_wal_checkpoint_v2(handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_timeout(handle(), state_->wait);
  return result == SQLITE_OK;
}

}  // namespace emptor::sqlite
