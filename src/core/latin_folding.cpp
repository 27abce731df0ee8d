#include "core/latin_folding.hpp"

#include <algorithm>
#include <iterator>

namespace emptor {
namespace {

// One small letter a code point, '.' where it has none: the first letters of the canonical decompositions
// of Unicode 14, and the letters with a stroke. From U+00C0 on and from U+1E00 on.
constexpr std::string_view extended_latin =
    "aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkk.lllllll"
    "lllnnnnnn...oooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
    "b......................i........oo.............uu....zz........."
    ".............aaiioouuuuuuuuuu.aaaa....ggkkoooo..j...gg..nnaa..oo"
    "aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy............"
    "...b............";
constexpr std::string_view additional_latin =
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
    "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
    "wwwwwwwwwwxxxxyyzzzzzzhtwy......aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
    "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";
static_assert(extended_latin.size() == 0x250 - 0xC0 && additional_latin.size() == 0x100);

struct Ligature {
  char32_t code_point;
  std::string_view letters;
};
constexpr Ligature ligatures[] = {{0xC6, "ae"},  {0xDE, "th"},  {0xDF, "ss"},  {0xE6, "ae"},  {0xFE, "th"},
                                  {0x132, "ij"}, {0x133, "ij"}, {0x152, "oe"}, {0x153, "oe"}, {0x1E2, "ae"},
                                  {0x1E3, "ae"}, {0x1FC, "ae"}, {0x1FD, "ae"}, {0x1E9E, "ss"}};

struct Case {
  char16_t capital;
  char16_t small;
};
// Letters of living alphabets (Azerbaijani, West African, Sami) that no rule covers.
constexpr Case other_latin[] = {{0x14A, 0x14B}, {0x181, 0x253}, {0x186, 0x254}, {0x189, 0x256}, {0x18A, 0x257},
                                {0x18F, 0x259}, {0x190, 0x25B}, {0x194, 0x263}, {0x196, 0x269}, {0x198, 0x199},
                                {0x19D, 0x272}, {0x1A9, 0x283}, {0x1B2, 0x28B}, {0x1B3, 0x1B4}, {0x1B7, 0x292},
                                {0x1E4, 0x1E5}, {0x1EE, 0x1EF}};

constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz";

std::string_view letter(char c) {
  return c == '.' ? std::string_view() : alphabet.substr(static_cast<std::size_t>(c - 'a'), 1);
}

std::string_view ligature(char32_t code_point) {
  const auto* const found = std::find_if(std::begin(ligatures), std::end(ligatures),
                                         [code_point](const Ligature& each) { return each.code_point == code_point; });
  return found == std::end(ligatures) ? std::string_view() : found->letters;
}

bool between(char32_t code_point, char32_t first, char32_t last) { return code_point >= first && code_point <= last; }

char32_t small_greek(char32_t c) {
  if (between(c, 0x391, 0x3AB) && c != 0x3A2) return c + 32;
  if (between(c, 0x388, 0x38A)) return c + 37;
  switch (c) {
    case 0x386:
      return 0x3AC;
    case 0x38C:
      return 0x3CC;
    case 0x38E:
      return 0x3CD;
    case 0x38F:
      return 0x3CE;
    case 0x3C2:
      return 0x3C3;  // a final sigma is a sigma
    default:
      return c;
  }
}

char32_t small_cyrillic(char32_t c) {
  if (c <= 0x40F) return c + 80;
  if (between(c, 0x410, 0x42F)) return c + 32;
  if (c == 0x4C0) return 0x4CF;
  if (between(c, 0x4C1, 0x4CE)) return c + (c & 1);
  const bool paired = between(c, 0x460, 0x481) || between(c, 0x48A, 0x52F);
  return paired && (c & 1) == 0 ? c + 1 : c;
}

}  // namespace

std::string_view latin_letters(char32_t code_point) noexcept {
  std::string_view found;
  if (between(code_point, 0xC0, 0x24F)) found = letter(extended_latin[code_point - 0xC0]);
  if (between(code_point, 0x1E00, 0x1EFF)) found = letter(additional_latin[code_point - 0x1E00]);
  return found.empty() ? ligature(code_point) : found;
}

char32_t small_letter(char32_t code_point) noexcept {
  if (between(code_point, 0x386, 0x3C2)) return small_greek(code_point);
  if (between(code_point, 0x400, 0x52F)) return small_cyrillic(code_point);
  if (!between(code_point, 0x14A, 0x1EE)) return code_point;
  const auto* const found = std::find_if(std::begin(other_latin), std::end(other_latin),
                                         [code_point](const Case& each) { return each.capital == code_point; });
  return found == std::end(other_latin) ? code_point : found->small;
}

}  // namespace emptor
