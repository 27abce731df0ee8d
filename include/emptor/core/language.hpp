/// The languages in which results are told to people.
#pragma once

#include <cstdint>

namespace emptor {

enum class Language : std::uint8_t { english, chinese };

}  // namespace emptor
