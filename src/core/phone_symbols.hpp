// The text of a telephone number as symbols of a byte each: what scripts write differently is made one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace emptor::phone {

inline constexpr std::size_t longest_text = 250;  ///< bytes; more are no telephone number

/// ASCII stands for itself (letters small, digits of every script as ASCII digits); above are characters that mean
/// something in numbers and their extensions.
namespace symbol {
inline constexpr char first_other = '\x80';
inline constexpr char hard_blank = '\x80';       ///< U+00A0
inline constexpr char punctuation = '\x81';      ///< dashes, brackets, blanks of other scripts
inline constexpr char wide_stop = '\x82';        ///< U+FF0E
inline constexpr char wide_hash = '\x83';        ///< U+FF03
inline constexpr char wide_letters = '\x84';     ///< full-width e, x, t, n, i: five symbols
inline constexpr char accented_o = '\x89';       ///< U+00F3
inline constexpr char acute = '\x8A';            ///< U+0301
inline constexpr char cyrillic_dob = '\x8B';     ///< three symbols: the Russian abbreviation of extension
inline constexpr char extension_words = '\x8E';  ///< the Chinese and Japanese letters of words for extension
inline constexpr char other = '\x9F';            ///< anything else
}  // namespace symbol

bool is_digit(char symbol) noexcept;
bool is_letter(char symbol) noexcept;  ///< a to z
/// May stand between the digits of a number; the letter x is one of these.
bool is_punctuation(char symbol) noexcept;

class Symbols {
 public:
  /// Reads at most `longest_text` bytes of `text`; malformed bytes are `other`.
  explicit Symbols(std::string_view text) noexcept;
  std::string_view view() const noexcept { return {symbols_.data(), size_}; }

 private:
  std::array<char, longest_text> symbols_;
  std::size_t size_ = 0;
};

}  // namespace emptor::phone
