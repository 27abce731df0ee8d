/// The shape of a written number, before it is decided which mark is the point.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "emptor/desk/locale_values.hpp"

namespace emptor {

/// What is left of a number when signs, currency, percent and exponent are taken off.
struct NumberShape {
  std::string_view digits;  ///< digits with their marks: "1.234,56"
  bool negative = false;
  bool percent = false;
  int exponent = 0;
};

/// Nothing for a text that is not written like a number at all.
std::optional<NumberShape> shape_of_number(std::string_view plain) noexcept;

/// Where the fraction begins if `digits` is a number in this format: digits.size() for a whole number.
std::optional<std::size_t> split_number(std::string_view digits, const NumberFormat& format) noexcept;

/// All formats, the preferred first.
inline constexpr std::array<NumberFormat, 8> number_formats = {{
    {'.', 0},
    {'.', ','},
    {',', 0},
    {',', '.'},
    {'.', ' '},
    {',', ' '},
    {'.', '\''},
    {',', '\''},
}};

}  // namespace emptor
