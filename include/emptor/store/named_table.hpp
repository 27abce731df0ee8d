/// A table that stands in memory: the answer of insights and operations that tell more than figures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/arrow.hpp"
#include "emptor/store/batch.hpp"

namespace emptor {

/// A column whose values are lists: row r holds values[codes[starts[r]]] ... values[codes[starts[r + 1] - 1]].
struct ListColumn {
  std::string name;
  std::vector<std::uint64_t> starts;  ///< rows + 1
  std::vector<std::uint32_t> codes;
  std::shared_ptr<const Column> values;

  std::size_t size() const noexcept { return starts.empty() ? 0 : starts.size() - 1; }
};

/// Columns of one length, each with a name. Lists stand before the others.
struct NamedTable {
  std::vector<ListColumn> lists;
  std::vector<std::string> names;
  std::vector<Column> columns;

  std::size_t rows() const noexcept {
    if (!lists.empty()) return lists.front().size();
    return columns.empty() ? 0 : columns.front().size();
  }
  bool empty() const noexcept { return columns.empty() && lists.empty(); }
  /// Adds an empty column; the reference holds until the next one is added.
  Column& add(std::string_view name, Type type);
};

/// The table as an Arrow stream, in batches. Requires `out` to hold no stream. Throws Code::memory.
void to_arrow(NamedTable table, ArrowArrayStream* out);

}  // namespace emptor
