/// One connection to the file, with its prepared statements.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "emptor/store/store.hpp"
#include "store/sql/compiler.hpp"
#include "store/sqlite/known_queries.hpp"
#include "store/sqlite/whole_scan.hpp"

namespace emptor::sqlite {

enum class Access {
  read_only,  ///< the file must not be touched
  read,       ///< queries only, but the log of a process that died may be put in order
  write,
  create
};

class Connection {
 public:
  /// Throws Code::not_found, Code::corrupt (not a database), Code::io.
  Connection(const std::string& path, Access access, const OpenOptions& options);
  /// In a forked child it leaves the file and its locks alone (and leaks).
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  sqlite3* handle() const noexcept;
  /// The statement for this text, prepared once; valid until `forget` (a few hundred are kept).
  Statement& prepared(const std::string& text);
  /// The statement with its parameters bound.
  Statement& prepared(const sql::Compiled& compiled);
  /// Queries by their shape, with statements of their own.
  KnownQueries& known() noexcept;
  /// For scans of whole tables.
  RowTaker& taker() noexcept;
  void forget() noexcept;
  /// Runs statements that give no rows.
  void execute(const std::string& text);
  bool in_transaction() const noexcept { return sqlite3_get_autocommit(handle()) == 0; }
  void roll_back() noexcept;
  /// Ends a transaction that only read. Requires no statement to be under way.
  void end_reading() noexcept;

  /// Statements that run past this moment end with Code::cancelled; nothing ends none.
  void stop_at(std::optional<std::chrono::steady_clock::time_point> moment) noexcept;
  /// How far the next transactions' commits wait for the disk. Requires no transaction.
  void set_durability(Durability durability);
  /// From here on a commit's part of the log is written in one piece. Requires a transaction.
  void gather_log();
  /// Makes what was committed safe against loss of power.
  void sync_log();

  /// Pages in the write-ahead log after this connection's last commit.
  int wal_pages() const noexcept;
  /// Moves the log into the file as far as readers allow. Requires the write lock. A failure costs
  /// nothing but the room that the log takes, so it is not told.
  void checkpoint() noexcept;
  /// Moves all of it and cuts the log off; false where somebody reads it just now. Requires the write lock.
  bool empty_log() noexcept;

 private:
  sqlite3_file* log();

  struct State;
  std::unique_ptr<State> state_;
  std::int64_t process_;
};

}  // namespace emptor::sqlite
