/// What SQLite's result codes mean to our callers.
#pragma once

#include <sqlite3.h>

#include <string>

#include "emptor/core/error.hpp"

namespace emptor::sqlite {

Code code_of(int result) noexcept;
/// Throws the Error for a result code of a call on this connection (null where none could be opened).
[[noreturn]] void fail(sqlite3* connection, int result);
inline void check(sqlite3* connection, int result) {
  if (result != SQLITE_OK) [[unlikely]]
    fail(connection, result);
}

}  // namespace emptor::sqlite
