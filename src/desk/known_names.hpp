// Names that the world agrees on, for finding those that are misspelt: countries (ISO 3166 English short
// names and common other ones) and industries.
#pragma once

#include <cstddef>
#include <string_view>

namespace emptor::desk {

class Sample;

enum class KnownNames { countries, industries };

/// What is meant by a name that is not on the list but nearly so; empty where it is on the list or far from
/// everything there.
std::string_view meant_by(KnownNames list, std::string_view name);
bool is_known(KnownNames list, std::string_view name);

/// Most of the values of a column are countries.
bool tells_country(const Sample& sample, std::size_t column);

}  // namespace emptor::desk
