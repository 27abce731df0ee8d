// Fingerprints of keys and lines: what an import remembers of millions of records instead of their text.
// The 64-bit form is kept in stores (order_line.source_key), so it is the same on every machine and never
// changes.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace emptor::desk {

struct Fingerprint {
  std::uint64_t high = 0, low = 0;
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

/// The two halves of a 128-bit product, folded: every bit of the factors reaches every bit.
inline std::uint64_t fold_product(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline std::uint64_t little_endian(const char* bytes, std::size_t count) noexcept {
  std::uint64_t word = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&word, bytes, count);
  } else {
    for (std::size_t i = count; i-- > 0;) word = word << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return word;
}

/// Takes words and texts one after another; a text's length is part of it, so that "ab","c" is not "a","bc".
class Fingerprinter {
 public:
  explicit Fingerprinter(std::uint64_t seed = 0) noexcept : a_(seed ^ first), b_(seed ^ second) {}

  Fingerprinter& add(std::uint64_t word) noexcept {
    a_ = fold_product(a_ ^ word, first);
    b_ = fold_product(b_ ^ std::rotl(word, 32), second) + word;
    return *this;
  }
  Fingerprinter& add(std::string_view text) noexcept {
    add(static_cast<std::uint64_t>(text.size()) + third);
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) add(little_endian(text.data() + at, 8));
    if (at < text.size()) add(little_endian(text.data() + at, text.size() - at));
    return *this;
  }
  std::uint64_t narrow() const noexcept { return fold_product(a_ ^ third, b_ ^ second); }
  Fingerprint wide() const noexcept { return {narrow(), fold_product(a_ + second, std::rotl(b_, 17) ^ first)}; }

 private:
  static constexpr std::uint64_t first = 0x9e3779b97f4a7c15;   // odd, half of the bits set
  static constexpr std::uint64_t second = 0xd6e8feb86659fd93;  // likewise
  static constexpr std::uint64_t third = 0xa3b195354a39b70d;   // likewise
  std::uint64_t a_, b_;
};

inline Fingerprint fingerprint(std::string_view text) noexcept { return Fingerprinter().add(text).wide(); }

/// As 32 digits.
inline std::string hexadecimal(const Fingerprint& print) {
  std::string text;
  for (const std::uint64_t half : {print.high, print.low})
    for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[(half >> shift) & 15];
  return text;
}

}  // namespace emptor::desk
