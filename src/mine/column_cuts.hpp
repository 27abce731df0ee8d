/// How one column is cut into bins, from three passes over its values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "emptor/mine/bins.hpp"
#include "mine/distinct_values.hpp"
#include "mine/order_statistics.hpp"

namespace emptor::mine {

/// One flag a column: whether it is categorical. Throws Code::invalid for options out of range.
std::vector<char> checked_columns(const BinOptions& options, std::size_t columns);

/// Takes all values three times, in any order and split, with ready() after the first and the second time. Each pass
/// is sums and sets, so the result is that of the set of values. The first time some are enough if they are of more
/// different values than there are bins (few() tells).
class ColumnCuts {
 public:
  ColumnCuts(std::size_t bins, bool categorical, std::size_t column);

  void sample(std::span<const double> values);
  void count(std::span<const double> values);
  void collect(std::span<const double> values);
  void ready();
  /// Whether every value may yet get a bin of its own; always so of categories.
  bool few() const noexcept { return categorical_ || distinct_.few(); }
  bool categorical() const noexcept { return categorical_; }
  FeatureBins finish();

 private:
  void count_categories(std::span<const double> values);
  void check(std::span<const double> values) const;
  FeatureBins categories() const;
  FeatureBins one_bin_a_value() const;
  FeatureBins at_ranks();

  std::size_t bins_;
  bool categorical_;
  std::size_t column_;
  int passes_ = 0;
  std::vector<double> sample_;
  std::size_t seen_ = 0, step_ = 1;
  DistinctValues distinct_;
  std::unordered_map<std::uint32_t, std::uint64_t> counts_;
  std::optional<OrderStatistics> order_;
};

}  // namespace emptor::mine
