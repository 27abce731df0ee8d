/// Unsigned LEB128 and zigzag numbers: the integers of every byte format of ours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "emptor/core/error.hpp"

namespace emptor {

/// Small numbers of either sign as small numbers without one: 0, -1, 1, -2 become 0, 1, 2, 3.
constexpr std::uint64_t zigzag(std::int64_t value) noexcept {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) noexcept {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

inline constexpr std::size_t max_varint_bytes = 10;

/// Writes at `at`, which has room for `max_varint_bytes`; returns the end.
inline char* write_varint(char* at, std::uint64_t value) noexcept {
  while (value >= 0x80) {
    *at++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *at++ = static_cast<char>(value);
  return at;
}

inline void append_varint(std::string& out, std::uint64_t value) {
  char buffer[max_varint_bytes];
  out.append(buffer, static_cast<std::size_t>(write_varint(buffer, value) - buffer));
}
inline void append_zigzag(std::string& out, std::int64_t value) { append_varint(out, zigzag(value)); }

/// Length, then the bytes.
inline void append_sized(std::string& out, std::string_view bytes) {
  append_varint(out, bytes.size());
  out.append(bytes);
}

/// Reads what the functions above wrote, from front to back. Every read throws Code::corrupt where the
/// bytes end too early or are not in the shortest form.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) noexcept : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool done() const noexcept { return at_ == end_; }
  std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }

  std::uint64_t varint() {
    if (at_ != end_ && static_cast<unsigned char>(*at_) < 0x80) return static_cast<unsigned char>(*at_++);
    return long_varint();
  }
  std::int64_t zigzag() { return unzigzag(varint()); }
  std::string_view bytes(std::uint64_t count) {
    if (count > left()) fail();
    const std::string_view result(at_, static_cast<std::size_t>(count));
    at_ += count;
    return result;
  }
  /// What `append_sized` wrote.
  std::string_view sized() { return bytes(varint()); }
  /// Eight bytes, little endian.
  std::uint64_t fixed64() {
    const std::string_view eight = bytes(8);
    std::uint64_t value = 0;
    for (std::size_t i = 8; i-- > 0;) value = (value << 8) | static_cast<unsigned char>(eight[i]);
    return value;
  }

 private:
  [[noreturn]] static void fail() { throw Error(Code::corrupt, "encoded bytes end too early or are not canonical"); }

  std::uint64_t long_varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; at_ != end_ && shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(*at_++);
      if (shift == 63 && byte > 1) fail();
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte >= 0x80) continue;
      if (byte == 0 && shift > 0) fail();
      return value;
    }
    fail();
  }

  const char* at_;
  const char* end_;
};

inline void append_fixed64(std::string& out, std::uint64_t value) {
  char buffer[8];
  for (char& byte : buffer) {
    byte = static_cast<char>(value);
    value >>= 8;
  }
  out.append(buffer, sizeof buffer);
}

}  // namespace emptor
