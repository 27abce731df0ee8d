/// What every miner that learns classes asks of its rows, refused in the same words.
#pragma once

#include <cstddef>
#include <limits>
#include <string>

#include "emptor/mine/numbers.hpp"

namespace emptor::mine {

/// Throws Code::invalid with this message, field and hint.
[[noreturn]] void refuse_input(std::string message, std::string field, std::string hint = {});

/// Sizes that match; at least one column. Throws Code::invalid.
void check_training_rows(const TrainingRows& rows);
[[noreturn]] void refuse_class(std::size_t most, std::size_t row);
[[noreturn]] void refuse_weight(std::size_t row);
/// y as a whole number from 0 to most - 1. Throws Code::invalid with the row.
inline std::size_t checked_class(double y, std::size_t most, std::size_t row) {
  if (!(y >= 0 && y < static_cast<double>(most))) refuse_class(most, row);
  const auto number = static_cast<std::size_t>(y);
  if (static_cast<double>(number) != y) refuse_class(most, row);
  return number;
}
/// A finite weight >= 0. Throws Code::invalid with the row.
inline double checked_weight(const TrainingRows& rows, std::size_t row) {
  if (rows.weights.empty()) return 1;
  const double weight = rows.weights[row];
  if (!(weight >= 0 && weight <= std::numeric_limits<double>::max())) refuse_weight(row);
  return weight;
}
/// Throws Code::invalid, naming the first number of x that is not finite, or saying that one is too large.
[[noreturn]] void refuse_number(const NumberView& x);
/// Throws Code::invalid where x has other columns than the model was fitted on.
void check_columns(const NumberView& x, std::size_t features);

}  // namespace emptor::mine
