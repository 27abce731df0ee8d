/// A pass over a whole delimited text, for what its beginning cannot tell.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "desk/csv_reader.hpp"

namespace emptor {

struct CsvInspection {
  std::uint64_t rows = 0;
  std::uint64_t irregular = 0;  ///< rows of another width, or with stray quotes
  bool quote_left_open = false;
  std::vector<bool> has_value;  ///< by column: any row has a value there (the first `skip` rows left out)
  std::array<std::uint64_t, 3> line_ends{}, first_line{};  ///< by LineEnd: rows that end so, and the first such line

  bool mixed_line_ends() const noexcept;
  LineEnd main_line_end() const noexcept;
};

/// Reads everything and rewinds the reader. `skip` rows at the beginning say nothing about values.
CsvInspection inspect_csv(CsvReader& reader, std::size_t width, std::size_t skip);

}  // namespace emptor
