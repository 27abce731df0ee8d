/// Where the packed bins of a feature are best cut in two, several cuts at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace emptor::mine {

/// What a cut is judged by: the sums of the node, what both sides must keep of h, and the penalty in units of h.
struct CutNode {
  std::int64_t g = 0, h = 0, min_h = 1;
  double l2 = 0;
};

struct PackedCut {
  double gain = -1;  ///< g_L^2 / (h_L + l2) + g_R^2 / (h_R + l2); below 0 where no cut is allowed
  std::size_t at = 0;
  std::uint64_t left = 0;  ///< packed sums of the bins up to there
};

/// The best cut after any of these bins (histogram.hpp tells how they are packed), the first of equals; at most 256 of
/// them. The same bits on every processor.
PackedCut best_packed_cut(std::span<const std::uint64_t> bins, const CutNode& node) noexcept;

}  // namespace emptor::mine
