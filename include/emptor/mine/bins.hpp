/// Bins: numbers cut at exact order statistics into at most 255 classes of one byte each, the form in which trees
/// learn. The cuts depend on the set of values alone: not on the order of rows, their batches or threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/numbers.hpp"
#include "emptor/mine/row_batches.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

/// How one feature is cut. Code b holds x <= cuts[b] and, but for b = 0, x > cuts[b - 1]; values above the last cut
/// have code cuts.size(). Of a categorical feature code b is the category `categories[b]`. The code after these is
/// `missing()`: NaN, and categories that were not met or are too rare to have a code.
struct FeatureBins {
  bool categorical = false;
  bool single_values = false;      ///< each bin holds one value
  std::vector<double> cuts;        ///< ascending; empty for categorical features
  std::vector<double> categories;  ///< ascending; empty for numeric features
  double lowest = 0, highest = 0;  ///< of the values that were met

  std::size_t size() const noexcept { return categorical ? categories.size() : cuts.size() + 1; }
  std::uint8_t missing() const noexcept { return static_cast<std::uint8_t>(size()); }
  std::uint8_t code_of(double value) const noexcept;
  friend bool operator==(const FeatureBins&, const FeatureBins&) = default;
};

struct BinOptions {
  std::size_t bins = 255;                    ///< at most, of each feature; 2 to 255
  std::span<const std::size_t> categorical;  ///< columns whose numbers are names: integers of 0 to 2^31 - 1
  std::size_t names = 0;                     ///< at most, of each such column; 2 to 255, 0: as many as bins
};

/// The codes of a table: by column, and row by row in blocks of up to `block_width` columns.
struct BinnedRows {
  static constexpr std::size_t block_width = 20;

  std::vector<FeatureBins> features;
  std::size_t rows = 0;
  std::vector<std::uint8_t> by_column;  ///< features x rows
  std::vector<std::uint8_t> by_row;     ///< for each block of columns: rows x columns of the block

  const std::uint8_t* column(std::size_t feature) const noexcept { return by_column.data() + feature * rows; }
};

/// Cuts every column so that each bin holds as equal a number of rows as ties allow; a column with no more than
/// `bins` different values gets one bin for each, cut half-way between neighbours. Rows of weight 0 do not count.
/// A column without any value has one bin. O(rows x columns). Throws Code::invalid (field "x") for infinities, for
/// categories that are no integers of 0 to 2^31 - 1 and for options out of range.
std::vector<FeatureBins> find_bins(NumberView x, std::span<const double> weights, const BinOptions& options = {},
                                   const Run& run = {});
/// The codes of rows under cuts found before. Throws Code::invalid where the columns do not match.
BinnedRows bin_rows(NumberView x, std::vector<FeatureBins> features, const Run& run = {});

/// What a fit needs of a table that was read in batches: one byte a number, and the targets.
struct BinnedTable {
  BinnedRows rows;
  std::vector<double> y;
  std::vector<double> weights;
  std::vector<std::uint64_t> ids;
};

/// Reads the batches four times (sample, count, collect, encode) and holds two bytes a number; the same cuts as
/// find_bins gives for the whole.
BinnedTable bin_batches(const RowBatches& batches, const BinOptions& options = {}, const Run& run = {});

}  // namespace emptor::mine
