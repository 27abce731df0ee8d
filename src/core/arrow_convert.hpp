/// Cells of foreign tables as the values that computations take.
#pragma once

#include <optional>

#include "core/arrow_table.hpp"

namespace emptor {

/// A number (also one written as text) in micros, rounded half to even at the sixth digit; nothing for what
/// is no number or does not fit.
std::optional<std::int64_t> micros_of(const ArrowCell& cell);
/// The same of a 64-bit float, whose exact value is rounded; nothing for NaN.
std::optional<std::int64_t> micros_of_double(double value);
/// A whole number; nothing for anything else.
std::optional<std::int64_t> whole_of(const ArrowCell& cell);
/// Micros since 1970-01-01 of an instant, of a wall clock or a day (as if in UTC), or of a text in ISO 8601.
std::optional<std::int64_t> micros_since_epoch(const ArrowCell& cell);
/// The civil day of a day, a wall-clock time, an instant (in that zone) or a text in ISO 8601.
std::optional<Date> day_of(const ArrowCell& cell, const Zone& zone);

}  // namespace emptor
