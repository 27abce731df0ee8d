/// What trials and other lists of numbers are refused for, with the row.
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "emptor/core/error.hpp"

namespace emptor::mine {

[[noreturn]] inline void refuse_row(std::string message, std::string field, std::size_t row, std::string hint = {}) {
  throw Error(Problem{.code = Code::invalid,
                      .message = std::move(message),
                      .field = std::move(field),
                      .row = static_cast<std::int64_t>(row),
                      .hint = std::move(hint)});
}

/// Beyond this the squares that a variance needs leave the range of doubles.
inline void check_outcome(double y, std::size_t row) {
  if (!(std::abs(y) <= 1e150)) refuse_row("y is not finite, or beyond 1e150", "y", row);
}
inline bool is_treated(double treated, std::size_t row) {
  if (treated != 0 && treated != 1) refuse_row("treated is neither 0 nor 1", "treated", row);
  return treated == 1;
}

}  // namespace emptor::mine
