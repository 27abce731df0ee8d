/// A short cell as plain ASCII: what the readers of numbers and dates work on.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace emptor {

/// Full-width forms become half-width, all kinds of blanks ' ', typographic minus signs and apostrophes
/// plain ones, currency signs '$', the Chinese year and month marks '/', accented letters of month names
/// plain letters. Trimmed.
class PlainText {
 public:
  /// Empty where the text is longer than any number or date, or holds a character that neither can hold.
  explicit PlainText(std::string_view text) noexcept;
  std::string_view view() const noexcept { return {first_, size_}; }

 private:
  static constexpr std::size_t capacity = 64;
  std::array<char, capacity> copy_;  // not cleared: only what is written is read
  const char* first_ = nullptr;
  std::size_t size_ = 0;

  bool convert(std::string_view text) noexcept;
};

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace emptor
