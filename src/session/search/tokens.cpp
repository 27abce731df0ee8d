#include "session/search/tokens.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "emptor/core/text.hpp"

namespace emptor::seek {
namespace {

struct Range {
  char32_t first, last;
};

// Beyond ASCII: what is no letter of a script with blanks between words. In order.
constexpr Range singles[] = {
    {0x80, 0xA9},       {0xAB, 0xB4},       {0xB6, 0xB9},       {0xBB, 0xBF},     {0xD7, 0xD7},     {0xF7, 0xF7},
    {0xE00, 0xEFF},     {0x1000, 0x109F},   {0x1100, 0x11FF},   {0x1780, 0x17FF}, {0x2000, 0x2BFF}, {0x2E00, 0xA4CF},
    {0xA960, 0xA97F},   {0xAC00, 0xD7FF},   {0xE000, 0xFAFF},   {0xFE10, 0xFE6F}, {0xFF00, 0xFFFF}, {0x1B000, 0x1B16F},
    {0x1F000, 0x1FAFF}, {0x20000, 0x3FFFF}, {0xE0000, 0x10FFFF}};

constexpr std::array<Letter, 128> ascii = [] {
  std::array<Letter, 128> letters{};
  for (std::size_t c = 0; c < 128; ++c) {
    const bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    letters[c] = word ? Letter::word : c == ' ' ? Letter::blank : Letter::single;
  }
  return letters;
}();

bool continues(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace

Letter letter_of(char32_t c) noexcept {
  if (c < 128) return ascii[c];
  const Range* const range = std::ranges::lower_bound(singles, c, {}, &Range::last);
  return range != std::end(singles) && range->first <= c ? Letter::single : Letter::word;
}

Token next_token(std::string_view folded, std::size_t& at) noexcept {
  std::size_t begin = at;
  while (at < folded.size()) {
    const std::size_t here = at;
    const auto byte = static_cast<unsigned char>(folded[here]);
    const Letter letter = byte < 128 ? (++at, ascii[byte]) : letter_of(next_code_point(folded, at));
    if (letter == Letter::word) continue;
    if (here > begin) return at = here, Token{folded.substr(begin, here - begin), true};
    if (letter == Letter::single) return {folded.substr(here, at - here), false};
    begin = at;
  }
  return {folded.substr(begin), true};
}

PairKey pair_key(const Token& before, const Token& after) noexcept {
  const char* const end = before.text.data() + before.text.size();
  const char* first = end - 1;
  while (first > before.text.data() && continues(*first)) --first;
  std::size_t width = 0;
  next_code_point(after.text, width);
  std::uint32_t hash = 2'166'136'261U;
  for (const char* byte = first; byte != after.text.data() + width; ++byte)
    hash = (hash ^ static_cast<unsigned char>(*byte)) * 16'777'619U;
  hash ^= hash >> 16;
  const auto part = [&](unsigned shift, std::uint32_t mask) {
    return static_cast<char>(0x80 | (hash >> shift & mask));
  };
  return {{part(12, 0x0F), part(6, 0x3F), part(0, 0x3F)}};
}

bool begins_word(std::string_view folded, std::size_t at) noexcept {
  if (at == 0) return true;
  std::size_t before = at - 1;
  while (before > 0 && continues(folded[before])) --before;
  return letter_of(next_code_point(folded, before)) != Letter::word;
}

}  // namespace emptor::seek
