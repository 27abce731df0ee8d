#include "store/sqlite/statement.hpp"

#include <algorithm>

#include "store/sqlite/row_reading.hpp"

namespace emptor::sqlite {
Statement::Statement(sqlite3* connection, std::string_view text) {
  check(connection, sqlite3_prepare_v3(connection, text.data(), static_cast<int>(text.size()),
                                       SQLITE_PREPARE_PERSISTENT, &statement_, nullptr));
}

void Statement::bind(int parameter, const Value& value) {
  int result = SQLITE_OK;
  const std::string_view text = value.is_text() ? value.text() : std::string_view();
  if (!value.present()) {
    result = sqlite3_bind_null(statement_, parameter);
  } else if (value.type() == Type::text) {
    result = sqlite3_bind_text64(statement_, parameter, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
  } else if (value.type() == Type::bytes) {
    result = sqlite3_bind_blob64(statement_, parameter, text.data(), text.size(), SQLITE_STATIC);
  } else if (value.type() == Type::real) {
    result = sqlite3_bind_double(statement_, parameter, value.real());
  } else {
    result = sqlite3_bind_int64(statement_, parameter, value.bits());
  }
  check(sqlite3_db_handle(statement_), result);
}

std::string_view Statement::text(int column) const noexcept {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_blob(statement_, column));
  const int size = sqlite3_column_bytes(statement_, column);
  return text ? std::string_view(text, static_cast<std::size_t>(size)) : std::string_view();
}

Value Statement::value(int column, Type type) const noexcept {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return {};
  if (type == Type::text) return Value(text(column));
  if (type == Type::bytes) return Value::bytes(text(column));
  if (type == Type::real) return Value(sqlite3_column_double(statement_, column));
  return Value::of_bits(type, sqlite3_column_int64(statement_, column));
}

void Statement::step_failed() {
  sqlite3* connection = sqlite3_db_handle(statement_);
  // Resetting gives the error once more and would be overwritten by whatever comes next.
  fail(connection, sqlite3_reset(statement_));
}

std::size_t append_rows(Statement& statement, std::size_t most, Batch& out) {
  const std::size_t begin = out.rows();
  std::size_t row = begin;
  for (; row - begin < most && statement.step(); ++row) {
    sql::make_room(out, row, begin + most);
    sql::read_row(ResultCells{statement.handle()}, out, row);
  }
  sql::resize(out, row);
  return row - begin;
}

}  // namespace emptor::sqlite
