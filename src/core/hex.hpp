/// Bytes as hexadecimal digits, two each.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace emptor {

/// Small letters.
std::string to_hex(std::string_view bytes);
/// Small or capital letters; nothing for what is no such text.
std::optional<std::string> from_hex(std::string_view text);

}  // namespace emptor
