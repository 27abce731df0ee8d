/// Countries by the names that people write.
#pragma once

#include <string_view>

namespace emptor {

/// The ISO 3166 alpha-2 code ("DE") of a country given as that code, as alpha-3 code ("DEU"), or by an English or
/// another common name ("Germany", "Deutschland", "德国"), case and accents aside. Empty where the name is not known.
std::string_view country_code(std::string_view name);

}  // namespace emptor
