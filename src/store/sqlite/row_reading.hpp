/// The cells of a row, wherever SQLite hands them over.
#pragma once

#include <sqlite3.h>

#include "store/sql/row_reading.hpp"

namespace emptor::sqlite {

/// The cells of the row that a statement stands on.
struct ResultCells {
  sqlite3_stmt* row;
  std::int64_t integer(int i) const noexcept { return sqlite3_column_int64(row, i); }
  double real(int i) const noexcept { return sqlite3_column_double(row, i); }
  bool missing(int i) const noexcept { return sqlite3_column_type(row, i) == SQLITE_NULL; }
  const void* text(int i) const noexcept { return sqlite3_column_text(row, i); }
  const void* blob(int i) const noexcept { return sqlite3_column_blob(row, i); }
  int bytes(int i) const noexcept { return sqlite3_column_bytes(row, i); }
};

/// The arguments of a function.
struct ArgumentCells {
  sqlite3_value** row;
  std::int64_t integer(int i) const noexcept { return sqlite3_value_int64(row[i]); }
  double real(int i) const noexcept { return sqlite3_value_double(row[i]); }
  bool missing(int i) const noexcept { return sqlite3_value_type(row[i]) == SQLITE_NULL; }
  const void* text(int i) const noexcept { return sqlite3_value_text(row[i]); }
  const void* blob(int i) const noexcept { return sqlite3_value_blob(row[i]); }
  int bytes(int i) const noexcept { return sqlite3_value_bytes(row[i]); }
};

}  // namespace emptor::sqlite
