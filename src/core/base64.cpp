#include "core/base64.hpp"

#include <array>
#include <cstdint>

namespace emptor {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_digit = 64;

constexpr std::array<std::uint8_t, 256> digits = [] {
  std::array<std::uint8_t, 256> all{};
  all.fill(no_digit);
  for (std::uint8_t i = 0; i < alphabet.size(); ++i) all[static_cast<unsigned char>(alphabet[i])] = i;
  return all;
}();

constexpr std::uint32_t octet(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
}

// How many characters at the end stand for nothing.
std::size_t padding_of(std::string_view text) {
  if (text.ends_with("==")) return 2;
  return text.ends_with("=") ? 1 : 0;
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '=');
  char* out = text.data();
  for (std::size_t at = 0; at < bytes.size(); at += 3, out += 4) {
    const std::uint32_t three = octet(bytes, at) << 16 | octet(bytes, at + 1) << 8 | octet(bytes, at + 2);
    out[0] = alphabet[three >> 18];
    out[1] = alphabet[three >> 12 & 63];
    if (at + 1 < bytes.size()) out[2] = alphabet[three >> 6 & 63];
    if (at + 2 < bytes.size()) out[3] = alphabet[three & 63];
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = padding_of(text);
  text.remove_suffix(padding);
  std::string bytes((text.size() + padding) / 4 * 3 - padding, '\0');
  std::uint32_t kept = 0;
  unsigned bits = 0;
  char* out = bytes.data();
  for (const char c : text) {
    const std::uint8_t digit = digits[static_cast<unsigned char>(c)];
    if (digit == no_digit) return std::nullopt;
    kept = kept << 6 | digit;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    *out++ = static_cast<char>(kept >> bits);
  }
  // What is left over is nothing, so that each text of bytes is written in one way.
  if ((kept & ((1U << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace emptor
