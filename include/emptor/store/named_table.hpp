/// A table that stands in memory: the answer of insights and operations that tell more than figures.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/arrow.hpp"
#include "emptor/store/batch.hpp"

namespace emptor {

/// Columns of one length, each with a name.
struct NamedTable {
  std::vector<std::string> names;
  std::vector<Column> columns;

  std::size_t rows() const noexcept { return columns.empty() ? 0 : columns.front().size(); }
  bool empty() const noexcept { return columns.empty(); }
  /// Adds an empty column; the reference holds until the next one is added.
  Column& add(std::string_view name, Type type);
};

/// The table as an Arrow stream, in batches. Requires `out` to hold no stream. Throws Code::memory.
void to_arrow(NamedTable table, ArrowArrayStream* out);

}  // namespace emptor
