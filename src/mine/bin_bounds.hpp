/// What no chain of bins can exceed, found in time linear in the edges: where places need not be searched, and how far
/// from the optimum a coarse search may be.
///
/// Chains with rising shares of events are convex paths through the points (others, events). Of all convex paths the
/// lower hull has the most extreme slopes (it is below the others, and their slopes are averages of its own), and the
/// value of a path is the sum of a convex function of its slopes. So the hull's value is a bound. Slopes that no
/// allowed bin has count as continued along the tangent, which keeps the function convex.
#pragma once

#include <utility>

#include "mine/bin_value.hpp"

namespace emptor::mine {

struct RisingBounds {
  std::vector<double> before, rest;  ///< by edge: of chains from the first edge to it, and from it to the last

  double total() const noexcept { return before.back(); }
};
RisingBounds bound_rising(const BinEdges& edges, const BinValue& value, const BinLimits& limits);

/// Of chains without a shape between `places`, though bins may begin and end anywhere between them. Infinite where a
/// bin fits between two places. O(places^2).
double bound_any(const BinEdges& edges, const BinValue& value, const BinLimits& limits,
                 const std::vector<std::uint32_t>& places);

}  // namespace emptor::mine
