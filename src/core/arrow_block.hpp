/// Many values of a foreign column at once: what reading cell by cell gives, without a cell for each.
#pragma once

#include <array>

#include "core/arrow_table.hpp"

namespace emptor {

constexpr std::size_t rows_a_block = 1024;

/// Some rows of one batch, at most rows_a_block.
struct ArrowRows {
  std::size_t batch = 0, first = 0, count = 0;
};

enum class Taken : std::uint8_t {
  missing,  ///< nothing, not a number, or an empty text
  there,
  wrong,  ///< something else than was asked for
};

struct NumberBlock {
  std::array<std::int64_t, rows_a_block> number;
  std::array<Taken, rows_a_block> taken;
};

/// Whole numbers, as whole_of gives them.
void take_wholes(const ArrowTable& table, std::size_t column, const ArrowRows& rows, NumberBlock& out);
/// Millionths, as micros_of gives them.
void take_micros(const ArrowTable& table, std::size_t column, const ArrowRows& rows, NumberBlock& out);
/// Days since 1970-01-01, as day_of gives them.
void take_days(const ArrowTable& table, std::size_t column, const ArrowRows& rows, const Zone& zone, NumberBlock& out);
/// Micros since 1970-01-01, as micros_since_epoch gives them.
void take_instants(const ArrowTable& table, std::size_t column, const ArrowRows& rows, NumberBlock& out);

}  // namespace emptor
