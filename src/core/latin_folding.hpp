/// What single code points become when text is folded: the tables behind `fold`.
#pragma once

#include <string_view>

namespace emptor {

/// The small letters (ASCII) that a Latin letter with accents or a ligature stands
/// for; empty where the code point is none of these.
std::string_view latin_letters(char32_t code_point) noexcept;
/// The small letter of a Greek, Cyrillic or other Latin capital; the code point itself where it is none.
char32_t small_letter(char32_t code_point) noexcept;
/// A mark that combines with the letter before it (U+0300 - U+036F).
constexpr bool is_combining_mark(char32_t code_point) noexcept { return code_point >= 0x300 && code_point <= 0x36F; }

}  // namespace emptor
