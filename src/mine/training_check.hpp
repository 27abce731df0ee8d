/// What every miner that learns classes asks of its rows, refused in the same words.
#pragma once

#include <cstddef>
#include <string>

#include "emptor/mine/numbers.hpp"

namespace emptor::mine {

/// Throws Code::invalid with this message, field and hint.
[[noreturn]] void refuse_input(std::string message, std::string field, std::string hint = {});

/// Sizes that match; at least one column. Throws Code::invalid.
void check_training_rows(const TrainingRows& rows);
/// y as a whole number from 0 to most - 1. Throws Code::invalid with the row.
double checked_class(double y, std::size_t most, std::size_t row);
/// A finite weight >= 0. Throws Code::invalid with the row.
double checked_weight(const TrainingRows& rows, std::size_t row);
/// Throws Code::invalid, naming the first number of x that is not finite, or saying that one is too large.
[[noreturn]] void refuse_number(const NumberView& x);
/// Throws Code::invalid where x has other columns than the model was fitted on.
void check_columns(const NumberView& x, std::size_t features);

}  // namespace emptor::mine
