/// The best way to cut a column at some of its edges, by dynamic programme.
///
/// What a chain of bins that ends at an edge may still become depends on its last share of events alone. So each edge
/// keeps the chains that no other beats both in share and in value (few, mostly), and each bin that begins there takes
/// the best of those that its own share allows.
#pragma once

#include <span>

#include "mine/bin_value.hpp"

namespace emptor::mine {

enum class ChainShape : std::uint8_t { any, ascending, peak };

/// What is known before the search; may be empty.
struct ChainBounds {
  std::span<const double> rest = {};  ///< by edge: no chain from there to the end is worth more
  double floor = -1;                  ///< a chain worth less than that is of no interest
};

struct BinChain {
  double value = -1;                 ///< below 0: there is none
  std::vector<std::uint32_t> edges;  ///< where it is cut, ascending, without the ends

  bool found() const noexcept { return value >= 0; }
};

/// `places` are the edges that may be cut at, ascending, the ends among them.
BinChain best_chain(const BinEdges& edges, const BinValue& value, const BinLimits& limits, ChainShape shape,
                    std::span<const std::uint32_t> places, const ChainBounds& bounds = {});

}  // namespace emptor::mine
