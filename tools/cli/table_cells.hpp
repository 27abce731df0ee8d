/// A file of delimited text as columns of cells.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace emptor::cli {

struct TableCells {
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> columns;  ///< by column, a cell a row

  std::size_t rows() const noexcept { return columns.empty() ? 0 : columns.front().size(); }
  /// The number of a column; Exit::usage where there is none of that name.
  std::size_t find(const std::string& name) const;
  std::vector<std::string_view> views(std::size_t column) const;
};

/// Reads the whole of one table, whatever its encoding and separator. Throws what opening a table throws.
TableCells read_cells(const std::string& path);
/// "a,b" as its names.
std::vector<std::string> names_in(const std::string& text);

}  // namespace emptor::cli
