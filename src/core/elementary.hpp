/// Elementary functions that give the same bits on every machine: additions, multiplications, divisions
/// and comparisons only, in a fixed order. (The C library's differ between processors.)
#pragma once

#include <cstdint>

namespace emptor::elementary {

/// e^x, within 1 unit in the last place; 0 below -745.14, infinity above 709.79.
double exp(double x) noexcept;
/// The natural logarithm, within 1 unit in the last place; -infinity for 0, NaN below.
double log(double x) noexcept;
/// log(n!), to a relative 1e-14.
double log_factorial(std::uint64_t n) noexcept;

}  // namespace emptor::elementary
