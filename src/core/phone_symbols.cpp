#include "core/phone_symbols.hpp"

#include <algorithm>
#include <iterator>

#include "emptor/core/text.hpp"

namespace emptor::phone {
namespace {

// The zero of every run of ten decimal digits in Unicode 14 (general category Nd) beyond ASCII.
constexpr char32_t zeros[] = {0x660,   0x6F0,   0x7C0,   0x966,   0x9E6,   0xA66,   0xAE6,   0xB66,   0xBE6,   0xC66,
                              0xCE6,   0xD66,   0xDE6,   0xE50,   0xED0,   0xF20,   0x1040,  0x1090,  0x17E0,  0x1810,
                              0x1946,  0x19D0,  0x1A80,  0x1A90,  0x1B50,  0x1BB0,  0x1C40,  0x1C50,  0xA620,  0xA8D0,
                              0xA900,  0xA9D0,  0xA9F0,  0xAA50,  0xABF0,  0xFF10,  0x104A0, 0x10D30, 0x11066, 0x110F0,
                              0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950,
                              0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC,
                              0x1D7F6, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0};

struct Range {
  char32_t first, last;
};

// Blanks, invisible marks of direction, dashes, dots, brackets and tildes.
constexpr Range marks[] = {{0xAD, 0xAD},     {0xB7, 0xB7},     {0x2000, 0x2015}, {0x2028, 0x202F}, {0x2053, 0x2053},
                           {0x205F, 0x206F}, {0x2212, 0x2212}, {0x223C, 0x223C}, {0x3000, 0x3000}, {0x3010, 0x3011},
                           {0x30FB, 0x30FC}, {0xFE58, 0xFE58}, {0xFE63, 0xFE63}, {0xFEFF, 0xFEFF}, {0xFF08, 0xFF09},
                           {0xFF0D, 0xFF0D}, {0xFF0F, 0xFF0F}, {0xFF3B, 0xFF3B}, {0xFF3D, 0xFF3D}};

struct Meaning {
  char32_t code_point;
  char symbol;
};

constexpr char following(char symbol, int places) { return static_cast<char>(symbol + places); }

constexpr Meaning meanings[] = {{0xA0, symbol::hard_blank},
                                {0xF3, symbol::accented_o},
                                {0xD3, symbol::accented_o},
                                {0x301, symbol::acute},
                                {0x411, following(symbol::cyrillic_dob, 2)},
                                {0x414, symbol::cyrillic_dob},
                                {0x41E, following(symbol::cyrillic_dob, 1)},
                                {0x431, following(symbol::cyrillic_dob, 2)},
                                {0x434, symbol::cyrillic_dob},
                                {0x43E, following(symbol::cyrillic_dob, 1)},
                                {0x5167, following(symbol::extension_words, 3)},
                                {0x5185, following(symbol::extension_words, 3)},
                                {0x5206, symbol::extension_words},
                                {0x673A, following(symbol::extension_words, 1)},
                                {0x6A5F, following(symbol::extension_words, 1)},
                                {0x7DDA, following(symbol::extension_words, 4)},
                                {0x7EBF, following(symbol::extension_words, 4)},
                                {0x8F49, following(symbol::extension_words, 2)},
                                {0x8F6C, following(symbol::extension_words, 2)},
                                {0xFF03, symbol::wide_hash},
                                {0xFF0B, '+'},
                                {0xFF0E, symbol::wide_stop},
                                {0xFF25, symbol::wide_letters},
                                {0xFF29, following(symbol::wide_letters, 4)},
                                {0xFF2E, following(symbol::wide_letters, 3)},
                                {0xFF34, following(symbol::wide_letters, 2)},
                                {0xFF38, following(symbol::wide_letters, 1)},
                                {0xFF45, symbol::wide_letters},
                                {0xFF49, following(symbol::wide_letters, 4)},
                                {0xFF4E, following(symbol::wide_letters, 3)},
                                {0xFF54, following(symbol::wide_letters, 2)},
                                {0xFF58, following(symbol::wide_letters, 1)},
                                {0xFF5E, '~'}};

char digit_or_other(char32_t c) {
  const auto* const above = std::upper_bound(std::begin(zeros), std::end(zeros), c);
  if (above == std::begin(zeros) || c - *std::prev(above) > 9) return symbol::other;
  return static_cast<char>('0' + (c - *std::prev(above)));
}

char symbol_of(char32_t c) {
  const bool mark = std::any_of(std::begin(marks), std::end(marks),
                                [c](const Range& range) { return c >= range.first && c <= range.last; });
  if (mark) return symbol::punctuation;
  const auto* const meaning =
      std::find_if(std::begin(meanings), std::end(meanings), [c](const Meaning& each) { return each.code_point == c; });
  return meaning == std::end(meanings) ? digit_or_other(c) : meaning->symbol;
}

constexpr std::array<bool, 256> table_of(std::string_view symbols) {
  std::array<bool, 256> table{};
  for (const char symbol : symbols) table[static_cast<unsigned char>(symbol)] = true;
  return table;
}

constexpr std::array<bool, 256> punctuation_table = table_of("-x/ ().[]~\t\x80\x81\x82");  // with its three symbols

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

bool is_digit(char symbol) noexcept { return symbol >= '0' && symbol <= '9'; }

bool is_letter(char symbol) noexcept { return symbol >= 'a' && symbol <= 'z'; }

bool is_punctuation(char symbol) noexcept { return punctuation_table[static_cast<unsigned char>(symbol)]; }

Symbols::Symbols(std::string_view text) noexcept {
  text = text.substr(0, longest_text);
  for (std::size_t at = 0; at < text.size();) {
    const bool ascii = text[at] > 0;
    symbols_[size_++] = ascii ? small(text[at++]) : symbol_of(next_code_point(text, at));
  }
}

}  // namespace emptor::phone
