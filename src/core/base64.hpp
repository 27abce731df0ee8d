/// Bytes as text of the standard alphabet (RFC 4648, 4), for where only text may stand.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace emptor {

/// Padded, without line ends.
std::string to_base64(std::string_view bytes);
/// Nothing for what is no such text.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace emptor
