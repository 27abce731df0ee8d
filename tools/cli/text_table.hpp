/// Tables and JSON documents for people: aligned columns on a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace emptor::cli {

/// Rows of cells under a header; numbers to the right, texts to the left. Columns are two blanks apart.
std::string text_table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows);

/// A JSON document as text: objects as "name: value" lines, arrays of objects as tables.
std::string text_of_json(std::string_view json);

}  // namespace emptor::cli
