/// A cell as a line of CSV has it.
#pragma once

#include <string>
#include <string_view>

namespace emptor {

/// Appends the cell, in quotes where it needs them.
void append_csv_cell(std::string& line, std::string_view cell);
/// With an apostrophe in front where a spreadsheet would run it as a formula; `without_guard` takes that away again.
void append_guarded_csv_cell(std::string& line, std::string_view cell);

}  // namespace emptor
