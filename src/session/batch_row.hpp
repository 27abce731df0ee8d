// A row of a batch that holds all fields, by their numbers.
#pragma once

#include <vector>

#include "emptor/store/batch.hpp"

namespace emptor {

inline std::vector<Value> row_of(const Batch& batch, std::size_t at) {
  std::vector<Value> row;
  row.reserve(batch.columns.size());
  batch.copy_row(at, row);
  return row;
}

}  // namespace emptor
