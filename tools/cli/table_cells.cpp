#include "cli/table_cells.hpp"

#include <algorithm>

#include "cli/command.hpp"
#include "emptor/desk/table.hpp"

namespace emptor::cli {

std::size_t TableCells::find(const std::string& name) const {
  const auto at = std::find(names.begin(), names.end(), name);
  if (at != names.end()) return static_cast<std::size_t>(at - names.begin());
  std::string known;
  for (const std::string& one : names) known += (known.empty() ? "" : ", ") + one;
  fail(Exit::usage, "the file has no column '" + name + "'", "it has " + known);
}

std::vector<std::string_view> TableCells::views(std::size_t column) const {
  return {columns[column].begin(), columns[column].end()};
}

TableCells read_cells(const std::string& path) {
  const std::string paths[] = {path};
  const Tables tables = open_tables(paths);
  if (tables.sources.size() != 1) fail(Exit::input, "this file is no table: " + path);
  TableSource& source = *tables.sources.front();
  TableCells cells;
  cells.names.assign(source.columns().begin(), source.columns().end());
  cells.columns.resize(cells.names.size());
  for (TableRow row; source.next(row);)
    for (std::size_t column = 0; column < cells.columns.size(); ++column)
      cells.columns[column].emplace_back(row.cells[column]);
  return cells;
}

std::vector<std::string> names_in(const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    names.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return names;
}

}  // namespace emptor::cli
