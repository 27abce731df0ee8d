/// The rows of a fit: read in batches as often as needed, checked once, numbered through.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "emptor/mine/kmeans_rounds.hpp"
#include "mine/row_chunks.hpp"

namespace emptor::mine {

/// A batch and the number of its first row among all rows.
struct KmeansBatch {
  TrainingRows rows;
  std::size_t base = 0;

  std::uint64_t id(std::size_t row) const noexcept { return rows.ids.empty() ? base + row : rows.ids[row]; }
};

class KmeansRows {
 public:
  /// Whether all weights may be 0, as in a part of the rows.
  enum class Weightless : std::uint8_t { refused, allowed };

  /// Reads all rows once: their number and range. Throws Code::invalid for what cannot be clustered. Keeps both
  /// references.
  KmeansRows(const RowBatches& batches, const Run& run, Weightless weightless = Weightless::refused);

  const KmeansRange& range() const noexcept { return range_; }
  std::size_t count() const noexcept { return static_cast<std::size_t>(range_.rows); }
  std::size_t columns() const noexcept { return batches_.columns; }
  std::size_t weighing() const noexcept { return weighing_; }  ///< rows with a weight above 0
  bool single() const noexcept { return single_; }             ///< whether some rows are of 32 bits
  const Run& run() const noexcept { return run_; }

  void for_batches(const std::function<void(const KmeansBatch&)>& work) const;
  /// work(worker, batch, first, count) for every chunk of every batch. Throws Code::misuse where the number of rows
  /// has changed.
  void for_all(std::string_view stage, std::size_t chunk,
               const std::function<void(std::size_t, const KmeansBatch&, std::size_t, std::size_t)>& work) const;
  std::size_t workers() const noexcept { return run_.executor.threads > 1 ? run_.executor.threads : 1; }

 private:
  const RowBatches& batches_;
  const Run& run_;
  KmeansRange range_;
  std::size_t weighing_ = 0;
  bool single_ = false;
};

/// Throws Code::invalid where spans do not match the rows.
void check_shape(const TrainingRows& rows, std::size_t columns);
/// Throws Code::invalid, naming row and column, for the first number that is NaN, infinite or beyond 1e150.
void check_numbers(const NumberView& x, const Run& run);

}  // namespace emptor::mine
