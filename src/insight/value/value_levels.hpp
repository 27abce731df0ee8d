/// Levels of spend, of which growth is the change: logarithms, so that a change is a ratio and a few large customers do
/// not drown the others.
#pragma once

#include <vector>

#include "insight/value/value_rows.hpp"

namespace emptor {

/// Rows of the customers who were such before the last two windows: of the others no former window is known.
std::vector<std::size_t> known_before(const ValueRows& rows);
/// The median of what was spent in a half of a window by those who spent.
double spend_unit_of(const ValueRows& rows);

struct LevelHalves {
  std::vector<double> a, b;
};
/// log(1 + spend / unit) of these rows.
LevelHalves levels_of(const SpendHalves& halves, const std::vector<std::size_t>& rows, double unit);

}  // namespace emptor
