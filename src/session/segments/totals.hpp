// What the records of each customer come to.
#pragma once

#include <span>
#include <vector>

#include "emptor/session/rule.hpp"
#include "emptor/store/batch.hpp"

namespace emptor::segments {

/// One value a customer: a measure over the rows given, by their owners. Missing where there is nothing to measure, but
/// for counts and sums, which are 0. Sums that 64 bits do not hold stand at their end; averages of integers and
/// decimals are rounded to six digits, halves away from zero. Texts are the column's.
std::vector<Value> totals(RuleMeasure measure, Type type, const Column* cell, std::span<const std::uint32_t> rows,
                          std::span<const std::uint32_t> owners, std::size_t customers);

}  // namespace emptor::segments
