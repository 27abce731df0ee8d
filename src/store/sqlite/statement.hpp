/// A prepared statement: bound, run, read, and used again.
#pragma once

#include <sqlite3.h>

#include <string_view>

#include "emptor/store/batch.hpp"
#include "store/sqlite/failure.hpp"

namespace emptor::sqlite {

class Statement {
 public:
  Statement(sqlite3* connection, std::string_view text);
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  sqlite3_stmt* handle() const noexcept { return statement_; }
  int parameters() const noexcept { return sqlite3_bind_parameter_count(statement_); }
  /// Parameters count from 1. Text is not copied: it must live until the statement is reset.
  void bind(int parameter, const Value& value);
  /// True where there is a row. On failure the statement is reset.
  bool step() {
    const int result = sqlite3_step(statement_);
    if (result == SQLITE_ROW) return true;
    if (result != SQLITE_DONE) [[unlikely]]
      step_failed();
    return false;
  }
  /// Runs a statement that gives no rows.
  void run() {
    step();
    sqlite3_reset(statement_);
  }
  void reset() noexcept { sqlite3_reset(statement_); }

  std::int64_t integer(int column) const noexcept { return sqlite3_column_int64(statement_, column); }
  /// Valid until the next step or reset.
  std::string_view text(int column) const noexcept;
  Value value(int column, Type type) const noexcept;

 private:
  [[noreturn]] void step_failed();
  sqlite3_stmt* statement_ = nullptr;
};

/// Resets a statement at the end of its use.
class Use {
 public:
  explicit Use(Statement& statement) noexcept : statement_(statement) {}
  ~Use() { statement_.reset(); }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  Statement* operator->() const noexcept { return &statement_; }
  Statement& operator*() const noexcept { return statement_; }

 private:
  Statement& statement_;
};

/// Appends up to `most` rows of a statement to the batch: column 0 is the id, then the batch's columns.
/// Returns how many. Throws where a step fails.
std::size_t append_rows(Statement& statement, std::size_t most, Batch& out);

}  // namespace emptor::sqlite
