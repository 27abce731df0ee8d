/// One score out of the dimensions: places among the customers, weighed; the weights given, or learned from a window
/// that is over.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "insight/value/value_measures.hpp"

namespace emptor {

using ValueWeights = std::array<double, value_dimension_count>;

/// The place of each number among all, from 0 (least) to 1, equal ones sharing theirs; .5 where nothing is known. Empty
/// for an empty column.
std::vector<double> places_of(std::span<const double> numbers);
/// 100 x the weighted mean of the places; a dimension that is absent has no part in it. Where no weight is left,
/// all 50.
std::vector<double> score_value(const ValueMeasures& measures, const ValueWeights& weights);
/// Weights of at least 0, with sum 1, whose score comes nearest to the places of what the next window earned: least
/// squares without negative weights (Lawson and Hanson, Solving Least Squares Problems (1974), 23), solved exactly by
/// trying every set of dimensions. Nothing where no dimension helps.
std::optional<ValueWeights> learn_weights(const ValueRows& rows, const ValueMeasures& measures);

}  // namespace emptor
