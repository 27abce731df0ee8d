/// A cell as a line of CSV has it.
#pragma once

#include <string>
#include <string_view>

namespace emptor {

/// Appends the cell, in quotes where it needs them.
void append_csv_cell(std::string& line, std::string_view cell);

}  // namespace emptor
