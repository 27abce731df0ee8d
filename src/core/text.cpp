#include "emptor/core/text.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/latin_folding.hpp"

namespace emptor {
namespace {

constexpr char32_t replacement = 0xFFFD;

unsigned octet(char c) { return static_cast<unsigned char>(c); }
bool continues(char c) { return (octet(c) & 0xC0) == 0x80; }

/// What the first byte of a code point says: how many follow, and its own bits.
struct Lead {
  std::size_t following;
  char32_t bits;
  char32_t lowest;  ///< smaller code points are overlong in this form
};

constexpr Lead no_lead{0, replacement, replacement + 1};

Lead lead_of(unsigned byte) {
  if (byte < 0x80) return {0, byte, 0};
  if (byte >= 0xC2 && byte <= 0xDF) return {1, byte & 0x1F, 0x80};
  if (byte >= 0xE0 && byte <= 0xEF) return {2, byte & 0x0F, 0x800};
  if (byte >= 0xF0 && byte <= 0xF4) return {3, byte & 0x07, 0x10000};
  return no_lead;
}

struct Decoded {
  char32_t code_point;
  std::size_t bytes;  ///< 0 where malformed
};

Decoded decode(std::string_view text, std::size_t at) {
  const Lead lead = lead_of(octet(text[at]));
  if (text.size() - at <= lead.following) return {replacement, 0};
  char32_t code_point = lead.bits;
  for (std::size_t i = 1; i <= lead.following; ++i) {
    if (!continues(text[at + i])) return {replacement, 0};
    code_point = (code_point << 6) | (octet(text[at + i]) & 0x3F);
  }
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (code_point < lead.lowest || surrogate || code_point > 0x10FFFF) return {replacement, 0};
  return {code_point, lead.following + 1};
}

bool is_ascii_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_blank(char32_t c) { return (c < 0x80 && is_ascii_blank(static_cast<char>(c))) || c == 0xA0 || c == 0x3000; }

/// Bytes of the blank that `text` starts with; 0 for none.
std::size_t leading_blank(std::string_view text) {
  if (text.empty()) return 0;
  if (is_ascii_blank(text.front())) return 1;
  if (text.starts_with("\xC2\xA0")) return 2;
  return text.starts_with("\xE3\x80\x80") ? 3 : 0;
}

std::size_t trailing_blank(std::string_view text) {
  if (text.empty()) return 0;
  if (is_ascii_blank(text.back())) return 1;
  if (text.ends_with("\xC2\xA0")) return 2;
  return text.ends_with("\xE3\x80\x80") ? 3 : 0;
}

/// Full-width forms of ASCII are U+FF01 - U+FF5E.
char32_t half_width(char32_t c) { return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c; }

char small_ascii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

/// Puts folded code points one after another; a run of blanks is put as one, before what follows it.
class Folded {
 public:
  explicit Folded(std::size_t bytes) { text_.reserve(bytes); }

  void put(char32_t c) {
    if (is_blank(c)) {
      blank_ = !text_.empty();
      return;
    }
    if (is_combining_mark(c) && after_latin()) return;
    if (blank_) text_ += ' ';
    blank_ = false;
    put_visible(half_width(c));
  }
  // Bytes that stay as they are, and are neither blanks nor marks.
  void put_as_is(std::string_view bytes) {
    if (blank_) text_ += ' ';
    blank_ = false;
    text_ += bytes;
  }
  std::string take() { return std::move(text_); }
  std::size_t size() const noexcept { return text_.size(); }

 private:
  bool after_latin() const {
    return !blank_ && !text_.empty() && small_ascii(text_.back()) >= 'a' && small_ascii(text_.back()) <= 'z';
  }
  void put_visible(char32_t c) {
    if (c < 0x80) {
      text_ += small_ascii(static_cast<char>(c));
    } else if (const std::string_view letters = latin_letters(c); !letters.empty()) {
      text_ += letters;
    } else {
      append_utf8(text_, small_letter(c));
    }
  }

  std::string text_;
  bool blank_ = false;
};

/// How many bytes from `at` on stand for one Chinese character of the common ones (U+4000 - U+9FFF); 0 for anything
/// else.
std::size_t common_chinese(std::string_view text, std::size_t at) {
  const bool there = octet(text[at]) >= 0xE4 && octet(text[at]) <= 0xE9 && text.size() - at > 2 &&
                     continues(text[at + 1]) && continues(text[at + 2]);
  return there ? 3 : 0;
}

/// Folds the code point at `at`, which moves behind it.
void fold_next(std::string_view text, std::size_t& at, Folded& folded) {
  const char c = text[at];
  if (octet(c) < 0x80 && !is_ascii_blank(c)) {
    const char small = small_ascii(c);
    folded.put_as_is({&small, 1});
    ++at;
  } else if (const std::size_t bytes = common_chinese(text, at); bytes > 0) {
    folded.put_as_is(text.substr(at, bytes));
    at += bytes;
  } else {
    folded.put(next_code_point(text, at));
  }
}

std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> points;
  points.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) points.push_back(next_code_point(text, at));
  return points;
}

/// One row of the table of distances: `row[j]` was the distance to b's first j code points.
std::size_t next_row(std::vector<std::size_t>& row, char32_t letter, const std::vector<char32_t>& b) {
  std::size_t diagonal = row[0]++;
  std::size_t smallest = row[0];
  for (std::size_t j = 0; j < b.size(); ++j) {
    const std::size_t replaced = diagonal + (letter == b[j] ? 0 : 1);
    diagonal = row[j + 1];
    row[j + 1] = std::min(replaced, std::min(row[j], diagonal) + 1);
    smallest = std::min(smallest, row[j + 1]);
  }
  return smallest;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    if (octet(text[at]) - 1 < 0x7F) {
      ++at;
      continue;
    }
    const Decoded next = decode(text, at);
    if (next.bytes == 0 || next.code_point == 0) return false;
    at += next.bytes;
  }
  return true;
}

std::size_t length(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

void append_utf8(std::string& text, char32_t code_point) {
  const auto part = [code_point](int shift) { return static_cast<char>(0x80 | ((code_point >> shift) & 0x3F)); };
  if (code_point < 0x80) {
    text += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    text += {static_cast<char>(0xC0 | (code_point >> 6)), part(0)};
  } else if (code_point < 0x10000) {
    text += {static_cast<char>(0xE0 | (code_point >> 12)), part(6), part(0)};
  } else {
    text += {static_cast<char>(0xF0 | (code_point >> 18)), part(12), part(6), part(0)};
  }
}

char32_t next_code_point(std::string_view text, std::size_t& at) noexcept {
  const Decoded next = decode(text, at);
  at += std::max<std::size_t>(next.bytes, 1);
  return next.code_point;
}

std::string_view trim(std::string_view text) noexcept {
  while (const std::size_t bytes = leading_blank(text)) text.remove_prefix(bytes);
  while (const std::size_t bytes = trailing_blank(text)) text.remove_suffix(bytes);
  return text;
}

std::string fold(std::string_view text) {
  Folded folded(text.size());
  for (std::size_t at = 0; at < text.size();) fold_next(text, at, folded);
  return folded.take();
}

std::string fold(std::string_view text, std::vector<std::uint32_t>& origins) {
  Folded folded(text.size());
  origins.clear();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    fold_next(text, at, folded);
    origins.resize(folded.size(), static_cast<std::uint32_t>(from));
  }
  return folded.take();
}

std::string_view truncate(std::string_view text, std::size_t bytes) noexcept {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && continues(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::vector<char32_t> from = code_points(a);
  const std::vector<char32_t> to = code_points(b);
  const std::size_t difference = from.size() > to.size() ? from.size() - to.size() : to.size() - from.size();
  if (difference > limit) return limit + 1;
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (const char32_t letter : from) {
    if (next_row(row, letter, to) > limit) return limit + 1;
  }
  return std::min(row.back(), limit + 1);
}

}  // namespace emptor
