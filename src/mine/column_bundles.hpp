/// Columns of few codes put together: the codes of several are one, so that a row adds to one sum instead of several.
/// What each column would have had is sums of those, and integers add up to the same in any order. (LightGBM bundles
/// columns that exclude each other; these need not.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "emptor/mine/bins.hpp"

namespace emptor::mine {

/// Columns of this many codes or more stand alone.
inline constexpr std::uint32_t few_codes = 16;

/// One column of a bundle: its codes below `size`; all others of it do not occur.
struct BundledColumn {
  std::uint32_t feature = 0;
  std::uint32_t size = 0;
};

struct ColumnBundle {
  std::vector<BundledColumn> columns;  ///< the first one's code counts fastest
  std::size_t size = 1;                ///< codes: the product of theirs
};

struct ColumnBundles {
  std::vector<ColumnBundle> bundles;
  std::vector<std::uint8_t> by_row;  ///< as that of BinnedRows, a bundle a column

  /// Empty where fewer than a quarter of the columns would be saved.
  explicit ColumnBundles(const BinnedRows& bins);
  bool empty() const noexcept { return bundles.empty(); }
};

}  // namespace emptor::mine
