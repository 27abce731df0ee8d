/// Binary numbers as the decimals that they stand for.
#pragma once

#include <string>

namespace emptor {

/// The shortest decimal that reads back as `value`; without an exponent from 1e-7 to 1e18.
std::string shortest_decimal(double value);
/// The shortest decimal that reads back as the same 32-bit float.
std::string shortest_float(double value);
/// Whether a number may have been stored from a 32-bit float: it is one, or is one printed with nine digits
/// (9.80000019), as databases do so that it reads back.
bool is_from_float(double value);

}  // namespace emptor
