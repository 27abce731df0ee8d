#include "desk/locale_text.hpp"

#include <algorithm>

#include "emptor/core/text.hpp"

namespace emptor {
namespace {

struct Replacement {
  char32_t from;
  char to;
};

/// Sorted by code point. Letters are those of the month names that we read.
constexpr Replacement replacements[] = {
    {0x00A0, ' '}, {0x00A2, '$'}, {0x00A3, '$'}, {0x00A5, '$'}, {0x00B4, '\''}, {0x00C4, 'A'}, {0x00C7, 'C'},
    {0x00E4, 'a'}, {0x00E7, 'c'}, {0x2007, ' '}, {0x2009, ' '}, {0x200A, ' '},  {0x2013, '-'}, {0x2019, '\''},
    {0x202F, ' '}, {0x20A9, '$'}, {0x20AC, '$'}, {0x20B9, '$'}, {0x20BD, '$'},  {0x2212, '-'}, {0x3000, ' '},
    {0x5143, '$'}, {0x53F7, ' '}, {0x5E74, '/'}, {0x65E5, ' '}, {0x6708, '/'},  {0xFFE1, '$'}, {0xFFE5, '$'},
};

/// 0 for a character that stands in no number or date.
char plain_character(char32_t code_point) noexcept {
  if (code_point >= 0xFF01 && code_point <= 0xFF5E) return static_cast<char>(code_point - 0xFEE0);
  const auto* found = std::lower_bound(std::begin(replacements), std::end(replacements), code_point,
                                       [](const Replacement& r, char32_t c) { return r.from < c; });
  return found != std::end(replacements) && found->from == code_point ? found->to : '\0';
}

bool is_ascii(std::string_view text) noexcept {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

std::string_view without_blanks(std::string_view text) noexcept {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

PlainText::PlainText(std::string_view text) noexcept {
  text = without_blanks(text);
  if (text.size() > 3 * capacity) return;
  if (!is_ascii(text)) {
    if (!convert(text)) return;
    text = without_blanks({copy_.data(), size_});
  }
  first_ = text.data();
  size_ = text.size() <= capacity ? text.size() : 0;
}

bool PlainText::convert(std::string_view text) noexcept {
  std::size_t size = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t code_point = next_code_point(text, at);
    const char c = code_point < 0x80 ? static_cast<char>(code_point) : plain_character(code_point);
    if (c == '\0' || size == capacity) return false;
    copy_[size++] = c;
  }
  size_ = size;
  return true;
}

}  // namespace emptor
