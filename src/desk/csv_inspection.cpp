#include "desk/csv_inspection.hpp"

#include <algorithm>

namespace emptor {

bool CsvInspection::mixed_line_ends() const noexcept { return std::count(line_ends.begin(), line_ends.end(), 0U) < 2; }

LineEnd CsvInspection::main_line_end() const noexcept {
  return static_cast<LineEnd>(std::max_element(line_ends.begin(), line_ends.end()) - line_ends.begin());
}

CsvInspection inspect_csv(CsvReader& reader, std::size_t width, std::size_t skip) {
  CsvInspection found;
  found.has_value.resize(width);
  std::vector<std::string_view> cells;
  CsvRow row;
  while (reader.next(cells, row)) {
    if (row.end != LineEnd::none) {
      const auto end = static_cast<std::size_t>(row.end);
      if (found.line_ends[end]++ == 0) found.first_line[end] = row.line;
    }
    if (found.rows++ < skip) continue;
    found.irregular += row.cells != width || row.stray_quotes;
    for (std::size_t i = 0; i < std::min(width, row.cells); ++i) {
      if (!cells[i].empty() && !found.has_value[i]) {
        found.has_value[i] = cells[i].find_first_not_of(" \t") != std::string_view::npos;
      }
    }
  }
  found.quote_left_open = reader.open_quote() != 0;
  reader.rewind();
  return found;
}

}  // namespace emptor
