/// The rows of a batch that holds all fields, as a writer takes them.
#pragma once

#include <span>
#include <vector>

#include "emptor/store/batch.hpp"

namespace emptor {

class BatchRows {
 public:
  /// Texts view the batch. The rows stand until the next call.
  std::span<const Row> of(const Batch& batch) {
    values_.clear();
    for (std::size_t i = 0; i < batch.rows(); ++i) batch.copy_row(i, values_);
    rows_.clear();
    const std::size_t width = batch.columns.size();
    for (std::size_t i = 0; i < batch.rows(); ++i) rows_.emplace_back(values_.data() + i * width, width);
    return rows_;
  }

 private:
  std::vector<Value> values_;
  std::vector<Row> rows_;
};

}  // namespace emptor
