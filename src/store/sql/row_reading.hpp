/// One row of an answer into a batch, whatever database hands its cells over.
#pragma once

#include <algorithm>
#include <bit>

#include "emptor/store/batch.hpp"

namespace emptor::sql {

inline void resize(Batch& batch, std::size_t rows) {
  batch.ids.resize(rows);
  for (Column& column : batch.columns) {
    column.valid.resize(rows);
    column.is_text() ? column.ends.resize(rows) : column.bits.resize(rows);
  }
}

/// Room for row number `row`; columns grow by many rows at a time, but few rows are given little.
inline void make_room(Batch& batch, std::size_t row, std::size_t end) {
  constexpr std::size_t first_rows = 32, most_rows = 1024;
  if (row == batch.ids.size()) resize(batch, std::min(row + std::clamp(row, first_rows, most_rows), end));
}

template <class Cells>
void read_text(const Cells& cells, int from, Column& column, std::size_t row) {
  const void* text = column.type == Type::text ? cells.text(from) : cells.blob(from);
  const int size = text ? cells.bytes(from) : 0;
  if (size > 0) column.bytes.append(static_cast<const char*>(text), static_cast<std::size_t>(size));
  column.ends[row] = static_cast<std::uint32_t>(column.bytes.size());
  column.valid[row] = size > 0;
}

/// The type is asked only where 0 could also mean "missing".
template <class Cells>
void read_bits(const Cells& cells, int from, Column& column, std::size_t row) {
  const std::int64_t bits =
      column.type == Type::real ? std::bit_cast<std::int64_t>(cells.real(from)) : cells.integer(from);
  column.bits[row] = bits;
  column.valid[row] = bits != 0 || !cells.missing(from);
}

/// Cell 0 is the id, the others are the batch's columns. Requires room for the row.
template <class Cells>
void read_row(const Cells& cells, Batch& out, std::size_t row) {
  out.ids[row] = Id{cells.integer(0)};
  int from = 0;
  for (Column& column : out.columns)
    column.is_text() ? read_text(cells, ++from, column, row) : read_bits(cells, ++from, column, row);
}

}  // namespace emptor::sql
