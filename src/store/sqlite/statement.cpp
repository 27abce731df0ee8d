#include "store/sqlite/statement.hpp"

#include <algorithm>
#include <bit>

namespace emptor::sqlite {
namespace {

constexpr std::size_t rows_a_step = 1024;  // columns grow by so many rows at a time

void resize(Batch& batch, std::size_t rows) {
  batch.ids.resize(rows);
  for (Column& column : batch.columns) {
    column.valid.resize(rows);
    column.is_text() ? column.ends.resize(rows) : column.bits.resize(rows);
  }
}

void read_text(sqlite3_stmt* statement, int from, Column& column, std::size_t row) {
  const void* text = column.type == Type::text ? static_cast<const void*>(sqlite3_column_text(statement, from))
                                               : sqlite3_column_blob(statement, from);
  const int size = text ? sqlite3_column_bytes(statement, from) : 0;
  if (size > 0) column.bytes.append(static_cast<const char*>(text), static_cast<std::size_t>(size));
  column.ends[row] = static_cast<std::uint32_t>(column.bytes.size());
  column.valid[row] = size > 0;
}

// The type is asked only where 0 could also mean "missing".
void read_bits(sqlite3_stmt* statement, int from, Column& column, std::size_t row) {
  const std::int64_t bits = column.type == Type::real
                                ? std::bit_cast<std::int64_t>(sqlite3_column_double(statement, from))
                                : sqlite3_column_int64(statement, from);
  column.bits[row] = bits;
  column.valid[row] = bits != 0 || sqlite3_column_type(statement, from) != SQLITE_NULL;
}

void read_row(sqlite3_stmt* statement, Batch& out, std::size_t row) {
  out.ids[row] = Id{sqlite3_column_int64(statement, 0)};
  int from = 0;
  for (Column& column : out.columns)
    column.is_text() ? read_text(statement, ++from, column, row) : read_bits(statement, ++from, column, row);
}

}  // namespace

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
    if (row == out.ids.size()) resize(out, row + std::min(rows_a_step, most - (row - begin)));
    read_row(statement.handle(), out, row);
  }
  resize(out, row);
  return row - begin;
}

}  // namespace emptor::sqlite
