// Where the extension begins in a telephone number ("... ext. 5", "... x5", "... Durchwahl 5", "...;ext=5").
#pragma once

#include <string_view>

namespace emptor::phone {

/// Symbols of a number, cut in two; `digits` is empty where there is no extension.
struct Extension {
  std::string_view before;
  std::string_view digits;
};

/// `symbols` ends with its last digit, letter or number sign.
Extension split_extension(std::string_view symbols) noexcept;

/// Whether symbols can be a number: at least three digits with nothing but punctuation between them, then also letters;
/// or just two digits.
bool is_viable(std::string_view symbols) noexcept;

}  // namespace emptor::phone
