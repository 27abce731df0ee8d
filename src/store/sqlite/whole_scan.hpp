/// Scans of a whole table in the order of ids, with rows that are handed over from inside SQLite: a function in the
/// WHERE clause takes each row as it is met. Stepping from row to row costs more than reading the row does.
#pragma once

#include <string>

#include "store/sql/compiler.hpp"
#include "store/sqlite/statement.hpp"

namespace emptor::sqlite {

/// The function, on one connection.
class RowTaker {
 public:
  explicit RowTaker(sqlite3* connection);
  RowTaker(const RowTaker&) = delete;
  RowTaker& operator=(const RowTaker&) = delete;

  /// Runs a statement of `compile_whole_scan` and appends up to `most` rows to the batch. Returns how many.
  std::size_t take(Statement& statement, std::size_t most, Batch& out);

 private:
  static void take_row(sqlite3_context* context, int count, sqlite3_value** cells) noexcept;
  Batch* out_ = nullptr;
  std::size_t row_ = 0, end_ = 0;
};

/// Whether a query asks for all records by their ids, and so many at a time that it pays.
bool is_whole_scan(const sql::Layout& layout, const Query& query);
/// The rows after an id, which is parameter 1.
std::string compile_whole_scan(const sql::Layout& layout, const Entity& entity, const Query& query,
                               const sql::ScanPlan& plan);

}  // namespace emptor::sqlite
