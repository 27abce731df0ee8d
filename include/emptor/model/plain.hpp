/// Plain notation: one value as text that is the same on every system and reads back exactly.
///
/// Integers and ids in digits, decimals with '.' as the point, reals in the shortest form that reads
/// back to the same bits, booleans as true and false, dates and instants in ISO 8601, bytes in
/// hexadecimal. What JSON, CSV and the C API show and accept.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "emptor/model/value.hpp"

namespace emptor {

/// Empty for a missing value.
std::string to_plain(const Value& value);
/// The value of that type which the text stands for, missing for an empty text; nothing where the text
/// is no such value. A text value views the input. Bytes are not read (nothing).
std::optional<Value> parse_plain(Type type, std::string_view text);

}  // namespace emptor
