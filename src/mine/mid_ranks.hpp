/// Ranks of numbers, equal ones with the mean of their ranks: what rank correlations, rank sums and concentrations are
/// made of.
#pragma once

#include <span>
#include <vector>

namespace emptor::mine {

/// From 1; a number that is NaN has no rank and keeps NaN. O(n log n).
std::vector<double> mid_ranks(std::span<const double> values);

}  // namespace emptor::mine
