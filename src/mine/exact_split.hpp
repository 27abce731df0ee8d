/// The best cut between any two values of a node, without sorting what cannot hold it.
///
/// The gain is convex in the sums of the left side. Inside a bin these sums lie in a parallelogram that is spanned by
/// the lowest and the highest target, so the gain at its corners is a bound; only bins whose bound reaches the best
/// gain found so far are sorted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "emptor/mine/bins.hpp"
#include "emptor/mine/numbers.hpp"
#include "mine/histogram.hpp"
#include "mine/split.hpp"

namespace emptor::mine {

/// A node, its rows (order[begin] ... order[end - 1], or begin ... end - 1 where order is null) and their sums.
struct ExactNode {
  const BinnedRows& bins;
  const HistogramLayout& layout;
  const RowSums& sums;
  const NumberView& x;
  const std::uint32_t* order;
  std::size_t begin, end;
  const Histogram& histogram;
  const SplitNode& node;
  const SplitRules& rules;

  std::size_t row(std::size_t i) const noexcept { return order == nullptr ? i : order[i]; }
};

/// The best split of all; `found` are the best ones at the edges of bins, by feature in the order of `features`.
NodeSplit best_exact_split(const ExactNode& node, std::span<const std::uint32_t> features,
                           std::span<const NodeSplit> found);
/// Moves the threshold of a split at the edge of a bin half-way between the values beside it in this node.
void cut_half_way(const ExactNode& node, NodeSplit& split);

/// Half-way between two numbers, but never the upper one.
double half_way(double low, double high) noexcept;

}  // namespace emptor::mine
