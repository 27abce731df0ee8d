#include "insight/facts/row_cells.hpp"

#include <algorithm>

#include "insight/facts/each_row.hpp"

namespace emptor {

void each_versioned_row(const View& view, const char* entity, std::vector<std::string> fields,
                        std::int64_t& data_version, const std::function<void(const RowCells&)>& take) {
  constexpr std::size_t rows_a_batch = 20'000;
  fields.insert(fields.begin(), "version");
  each_row(view, {.entity = entity, .fields = std::move(fields), .limit = rows_a_batch},
           [&](const Batch& batch, std::size_t i) {
             const RowCells cells(batch, i);
             if (cells.has(0)) data_version = std::max(data_version, cells.bits(0));
             take(cells);
           });
}

}  // namespace emptor
