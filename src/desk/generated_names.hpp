/// Names and towns of made-up people, by the language of their country; and how another hand writes the
/// same name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "emptor/core/random.hpp"

namespace emptor {

enum class Tongue : std::uint8_t { chinese, german, english, french, portuguese, spanish, italian };
inline constexpr std::size_t tongue_count = 7;

std::string_view language_tag(Tongue tongue);
std::string_view country_of(Tongue tongue);

struct PersonName {
  Tongue tongue = Tongue::english;
  std::string family, given;
  std::string family_latin, given_latin;  ///< Chinese names in pinyin, others without marks
};
PersonName made_name(Random& random, Tongue tongue);
std::string made_firm(Random& random, Tongue tongue);
std::string_view made_town(Random& random, Tongue tongue);
std::string made_street(Random& random, Tongue tongue);
std::string made_postal_code(Random& random, Tongue tongue);

/// Chinese: family name first, nothing between.
std::string written(const PersonName& name);

/// How a name that is there already was typed again.
enum class Typing : std::uint8_t {
  same,
  transposed,
  missing_letter,
  doubled_letter,
  swapped,
  capitals,
  initial,
  latin
};
inline constexpr std::size_t typing_count = 8;
std::string_view name_of(Typing typing);
/// The name as that hand writes it.
std::string typed(const PersonName& name, Typing typing, Random& random);
/// The same for the name of an organisation: letters only.
std::string typed(const std::string& firm, Typing typing, Random& random);

/// Digits of which the first is 2 to 9.
std::string made_digits(Random& random, std::size_t count);

}  // namespace emptor
