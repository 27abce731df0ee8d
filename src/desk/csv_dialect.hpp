/// How a delimited text is written, guessed from its beginning.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "desk/csv_reader.hpp"

namespace emptor {

/// What a text was found to be.
struct CsvGuess {
  std::string not_table;  ///< why it is none; empty for a table
  CsvDialect dialect;
  std::size_t preamble = 0;  ///< rows before the header: titles, or Excel's "sep=;"
  bool header = true;
  bool row_names = false;          ///< the first column has values and no place in the header
  std::vector<std::string> names;  ///< of all columns, trimmed; empty where a column has none
};

/// `beginning` is UTF-8. `whole` says that the text ends there; else its last row may be cut. `delimited`:
/// the file's name says that it is a table, so less proof is asked of its content.
CsvGuess guess_csv(std::string_view beginning, bool whole, bool delimited);

}  // namespace emptor
