#include "store/sqlite/among.hpp"

#include "emptor/store/query.hpp"
#include "store/sqlite/failure.hpp"

namespace emptor::sqlite {
namespace {

void is_among(sqlite3_context* context, int, sqlite3_value** arguments) noexcept {
  const bool present = sqlite3_value_type(arguments[0]) == SQLITE_INTEGER;
  const IdSet& ids = id_set_of(Value(static_cast<std::int64_t>(sqlite3_value_int64(arguments[1]))));
  sqlite3_result_int(context, present && ids.contains(Id{sqlite3_value_int64(arguments[0])}) ? 1 : 0);
}

}  // namespace

void add_among(sqlite3* connection) {
  constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  check(connection,
        sqlite3_create_function_v2(connection, "emptor_among", 2, flags, nullptr, is_among, nullptr, nullptr, nullptr));
}

}  // namespace emptor::sqlite
