/// Columns brought to a common scale: (x - centre) / spread, with both learnt from rows.
///
///     const Scaling scaling = fit_scaling(points, {.method = ScalingMethod::zscore});
///     std::vector<double> scaled(points.rows() * points.columns());
///     apply(scaling, points, scaled);
///
/// Centre and spread do not depend on the order of rows or on threads, to the last bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/numbers.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

enum class ScalingMethod : std::uint8_t {
  none,     ///< centre 0, spread 1
  zscore,   ///< mean and sample standard deviation (divided by n - 1)
  min_max,  ///< least value and range: 0 to 1
  robust,   ///< median and interquartile range (type-7 quantiles)
};

enum class ConstantColumn : std::uint8_t {
  refuse,  ///< Code::invalid names the column
  keep,    ///< spread 1, so that its rows become 0
};

struct ScalingOptions {
  ScalingMethod method = ScalingMethod::zscore;
  ConstantColumn constant = ConstantColumn::refuse;

  friend bool operator==(const ScalingOptions&, const ScalingOptions&) noexcept = default;
};

struct Scaling {
  ScalingOptions options;
  std::vector<double> centre, spread;  ///< of each column
  std::string data_version = {};       ///< of what it was learnt from; the caller's to set

  friend bool operator==(const Scaling&, const Scaling&) noexcept = default;
};

/// Learns centre and spread. A column whose spread is 0 is constant (also by its quartiles under `robust`). NaN is a
/// missing value and left out. Throws Code::invalid for infinite numbers, columns without a number, no rows, a
/// standard deviation of one row, and constant columns where they are refused. O(rows columns).
Scaling fit_scaling(const NumberView& x, const ScalingOptions& options = {}, const Run& run = {});

/// (x - centre) / spread of each row, row by row, into `out` of rows x columns. NaN stays NaN.
void apply(const Scaling& scaling, const NumberView& x, std::span<double> out, const Run& run = {});
/// The way back: x * spread + centre.
void undo(const Scaling& scaling, const NumberView& x, std::span<double> out, const Run& run = {});

std::string save(const Scaling& scaling);
/// Throws Code::corrupt, Code::newer, Code::unsupported as every model does.
Scaling load_scaling(std::string_view bytes);

}  // namespace emptor::mine
