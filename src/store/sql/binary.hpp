/// PostgreSQL's binary format: numbers with their highest byte first, texts and octets as they are, arrays, and the
/// rows of COPY.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "emptor/model/value.hpp"

namespace emptor::sql {

template <class Number>
Number turned(Number number) noexcept {  // to or from the order of the wire
  if constexpr (std::endian::native == std::endian::big) return number;
  if constexpr (sizeof number == 8) return static_cast<Number>(__builtin_bswap64(static_cast<std::uint64_t>(number)));
  if constexpr (sizeof number == 4) return static_cast<Number>(__builtin_bswap32(static_cast<std::uint32_t>(number)));
  if constexpr (sizeof number == 2) return static_cast<Number>(__builtin_bswap16(static_cast<std::uint16_t>(number)));
}

template <class Number>
Number read_number(const char* bytes) noexcept {
  Number number;
  std::memcpy(&number, bytes, sizeof number);
  return turned(number);
}

template <class Number>
void append_number(std::string& out, Number number) {
  number = turned(number);
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

/// Its size and content; -1 and nothing for a missing value.
inline void append_cell(std::string& out, const Value& value) {
  if (!value.present()) return append_number(out, std::int32_t{-1});
  if (!value.is_text()) {
    append_number(out, std::int32_t{8});
    return append_number(out, value.bits());
  }
  append_number(out, static_cast<std::int32_t>(value.text().size()));
  out += value.text();
}

/// Values of one type, some of them missing.
class BinaryArray {
 public:
  explicit BinaryArray(Type type) {
    for (const std::int32_t number : {1, 1, element(type), 0, 1}) append_number(bytes_, number);
  }
  void add(const Value& value) {
    append_cell(bytes_, value);
    ++size_;
  }
  std::string take() {
    const std::int32_t size = turned(size_);
    std::memcpy(bytes_.data() + 12, &size, sizeof size);
    return std::move(bytes_);
  }

 private:
  static std::int32_t element(Type type) noexcept {
    constexpr std::int32_t octets = 17, bigint = 20, text = 25, real = 701;
    if (type == Type::text) return text;
    if (type == Type::bytes) return octets;
    return type == Type::real ? real : bigint;
  }

  std::string bytes_;
  std::int32_t size_ = 0;
};

}  // namespace emptor::sql
