// SHA-256 (FIPS 180-4), for those outside who ask for it by name. What the library keeps itself is BLAKE2b.
#pragma once

#include <string>
#include <string_view>

namespace emptor {

/// 64 hexadecimal digits, small letters.
std::string sha256_hex(std::string_view data);

}  // namespace emptor
