#include "insight/words/filled_words.hpp"

#include <charconv>
#include <cmath>

namespace emptor {
namespace {

/// Whole where it is large, else with one digit after the point.
std::string number_text(double value) {
  const bool whole = std::abs(value) >= 100 || value == std::trunc(value);
  char buffer[384];  // the largest double has 309 digits
  const auto end =
      std::to_chars(std::begin(buffer), std::end(buffer), value, std::chars_format::fixed, whole ? 0 : 1).ptr;
  return {buffer, end};
}

}  // namespace

std::string FilledWords::fill(double number, std::int32_t days, Language language) const {
  std::string out;
  for (const char c : language == Language::chinese ? chinese : english) {
    if (c == '#') {
      out += number_text(number);
    } else if (c == '@') {
      out += std::to_string(days);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace emptor
