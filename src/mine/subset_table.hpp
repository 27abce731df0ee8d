/// Counts of all subsets of a few items at once: a cell a subset, its bits the items.
///
/// What a depth-first search would find one by one at its leaves is found here by adding whole registers: each row is
/// added to its own cell, then every cell receives those of its supersets, an item at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace emptor::mine {

inline constexpr int max_table_items = 12;
inline constexpr std::size_t max_table_cells = std::size_t{1} << max_table_items;

using CellBits = std::array<std::uint64_t, max_table_cells / 64>;  ///< a bit a cell

/// Rows as bits of items; `tail` says which of the bits are the table's items, the lowest the lowest bit of a cell.
struct TableRows {
  const std::uint64_t* masks = nullptr;
  const std::uint64_t* closures = nullptr;  ///< of each row, for `close_table`
  const std::uint32_t* weights = nullptr;
  std::size_t rows = 0;
  std::uint64_t tail = 0;  ///< at most max_table_items bits
};

/// Room for one table; cells past 2^items are padding.
struct SubsetTable {
  alignas(64) std::array<std::uint32_t, max_table_cells> supports;
  alignas(64) std::array<std::uint64_t, max_table_cells> closures;  ///< AND over the rows that hold the cell
  alignas(64) std::array<std::uint64_t, max_table_cells> members;   ///< the cell's items as bits of the rows
  alignas(64) CellBits frequent;
  alignas(64) CellBits chosen;
};

/// Frequent subsets, the empty one included. Requires min_support >= 1.
std::uint64_t count_table(const TableRows& rows, std::uint32_t min_support, SubsetTable& table);
/// Fills `supports` and `frequent`.
void fill_table(const TableRows& rows, std::uint32_t min_support, SubsetTable& table);
/// Fills, after `fill_table`, `closures`, `members` and `chosen`: the frequent cells with closure == members | prefix.
/// Returns how many.
std::uint64_t close_table(const TableRows& rows, std::uint64_t prefix, SubsetTable& table);
/// Fills, after `fill_table`, `chosen`: the frequent cells without a frequent superset in the table that no set of
/// `known` (bits as the rows') contains either. Returns how many.
std::uint64_t peak_table(std::uint64_t tail, const std::uint64_t* known, std::size_t count, SubsetTable& table);

}  // namespace emptor::mine
