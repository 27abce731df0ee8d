#include "desk/float_text.hpp"

#include <charconv>
#include <cmath>

namespace emptor {
namespace {

template <class Real>
std::string shortest(Real value) {
  char text[64];
  const auto size = std::abs(value);
  const bool plain = value == 0 || (size >= static_cast<Real>(1e-7) && size < static_cast<Real>(1e18));
  const auto end = plain ? std::to_chars(text, text + sizeof text, value, std::chars_format::fixed)
                         : std::to_chars(text, text + sizeof text, value);
  return {text, end.ptr};
}

}  // namespace

std::string shortest_decimal(double value) { return shortest(value); }

std::string shortest_float(double value) { return shortest(static_cast<float>(value)); }

bool is_from_float(double value) {
  const auto narrow = static_cast<double>(static_cast<float>(value));
  if (narrow == value) return true;
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, narrow, std::chars_format::scientific, 8).ptr;
  double nine_digits = 0;
  std::from_chars(text, end, nine_digits);
  return nine_digits == value;
}

}  // namespace emptor
