/// What decision trees and forests share: sums of numbers as integers, shares of two classes, losses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/tree.hpp"
#include "mine/tree_rows.hpp"

namespace emptor::mine {

/// Of each row g = weight x (y - centre) and h = weight, as integers of a scale that its values set.
struct NumberSums {
  std::vector<std::int64_t> g, h;
  double g_unit = 1, h_unit = 1;
  double centre = 0;  ///< the mean for numbers, so that sums do not cancel; 0 for two classes
};
/// With room to count every row `times` times.
NumberSums number_sums(const TreeRows& rows, std::uint64_t times = 1);

/// From the share of class 1 to those of both.
void give_both_shares(Tree& tree);
/// 1 for a wrong class (of equal shares the lowest counts), or the squared error.
double loss_of_prediction(std::span<const double> prediction, std::size_t classes, double y);

}  // namespace emptor::mine
