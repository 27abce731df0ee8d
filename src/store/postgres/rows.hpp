/// The rows that answer a statement, in PostgreSQL's binary format.
#pragma once

#include <string_view>

#include "store/postgres/libpq.hpp"
#include "store/sql/binary.hpp"
#include "store/sql/row_reading.hpp"

namespace emptor::postgres {

/// One row; valid as long as its Rows.
struct AnswerRow {
  const PGresult* result;
  int row;

  bool missing(int column) const noexcept { return libpq().PQgetisnull(result, row, column) != 0; }
  std::int64_t integer(int column) const noexcept {
    return missing(column) ? 0 : sql::read_number<std::int64_t>(libpq().PQgetvalue(result, row, column));
  }
  std::string_view text(int column) const noexcept {
    return {libpq().PQgetvalue(result, row, column),
            static_cast<std::size_t>(libpq().PQgetlength(result, row, column))};
  }
  Value value(int column, Type type) const noexcept {
    if (missing(column)) return {};
    if (type == Type::text) return Value(text(column));
    if (type == Type::bytes) return Value::bytes(text(column));
    return Value::of_bits(type, integer(column));
  }
};

/// The same row as cells of a batch.
struct AnswerCells {
  const PGresult* result;
  int row;
  std::int64_t integer(int i) const noexcept { return AnswerRow{result, row}.integer(i); }
  double real(int i) const noexcept { return std::bit_cast<double>(integer(i)); }
  bool missing(int i) const noexcept { return libpq().PQgetisnull(result, row, i) != 0; }
  const void* text(int i) const noexcept { return libpq().PQgetvalue(result, row, i); }
  const void* blob(int i) const noexcept { return libpq().PQgetvalue(result, row, i); }
  int bytes(int i) const noexcept { return libpq().PQgetlength(result, row, i); }
};

class Rows {
 public:
  explicit Rows(Result result) : result_(std::move(result)) {}
  std::size_t size() const noexcept { return static_cast<std::size_t>(libpq().PQntuples(result_.get())); }
  bool empty() const noexcept { return size() == 0; }
  AnswerRow operator[](std::size_t row) const noexcept { return {result_.get(), static_cast<int>(row)}; }
  AnswerCells cells(std::size_t row) const noexcept { return {result_.get(), static_cast<int>(row)}; }

 private:
  Result result_;
};

/// Appends `most` rows at most to a batch: column 0 is the id, then the batch's columns. Returns how many.
inline std::size_t append_rows(const Rows& rows, std::size_t most, Batch& out) {
  const std::size_t begin = out.rows();
  const std::size_t count = std::min(most, rows.size());
  sql::resize(out, begin + count);
  for (std::size_t i = 0; i < count; ++i) sql::read_row(rows.cells(i), out, begin + i);
  return count;
}

}  // namespace emptor::postgres
