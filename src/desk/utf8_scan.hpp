/// Fast looks at long UTF-8 text.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace emptor {

/// How many bytes at the beginning are ASCII.
inline std::size_t ascii_prefix(std::string_view text) noexcept {
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    if ((word & 0x8080808080808080U) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

/// Length of the well-formed multi-byte character at `at`; 0 if there is none.
inline std::size_t utf8_sequence(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U; };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80; };
  const unsigned lead = byte(0), second = byte(1);
  if (lead < 0xC2 || lead > 0xF4 || !continues(1)) return 0;
  if (lead < 0xE0) return 2;
  if (!continues(2)) return 0;
  if (lead < 0xF0) return (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second >= 0xA0) ? 0 : 3;
  return continues(3) && !(lead == 0xF0 && second < 0x90) && !(lead == 0xF4 && second >= 0x90) ? 4 : 0;
}

struct Utf8Count {
  std::uint64_t sequences = 0;  ///< well-formed characters above ASCII
  std::uint64_t malformed = 0;  ///< bytes that belong to none
  std::uint64_t mojibake = 0;   ///< characters that look like a UTF-8 lead and continuation, each encoded again
  std::size_t first_mojibake = 0;
};

Utf8Count count_utf8(std::string_view text) noexcept;

}  // namespace emptor
