/// Single values out of the buffers of Arrow arrays, whose memory may be aligned or not.
#pragma once

#include <cstring>

#include "core/arrow_table.hpp"

namespace emptor {

constexpr std::int64_t first_arrow_day = -719'162;  // 0001-01-01
constexpr std::int64_t last_arrow_day = 2'932'896;  // 9999-12-31

template <class T>
T load(const void* buffer, std::int64_t index) noexcept {
  T value;
  std::memcpy(&value, static_cast<const char*>(buffer) + static_cast<std::size_t>(index) * sizeof(T), sizeof(T));
  return value;
}

inline bool bit_at(const void* bits, std::int64_t index) noexcept {
  return (static_cast<const unsigned char*>(bits)[index / 8] >> (index % 8) & 1) != 0;
}

/// Whether a value stands there. Requires an array with a buffer of marks.
inline bool present(const ArrowArray& array, std::int64_t at) noexcept {
  return array.null_count == 0 || array.buffers[0] == nullptr || bit_at(array.buffers[0], at);
}

/// Where the text of one value begins and how long it is; for views also in which buffer.
struct ArrowSpan {
  std::int64_t buffer = 2, begin = 0, size = 0;
};
ArrowSpan span_of(const ArrowType& type, const ArrowArray& array, std::int64_t at) noexcept;
/// Where a list begins among the values, and how many it has.
ArrowSpan list_at(const ArrowType& type, const ArrowArray& array, std::int64_t at) noexcept;
std::string_view text_at(const ArrowType& type, const ArrowArray& array, std::int64_t at) noexcept;
/// An integer of any width.
Wide integer_at(const ArrowType& type, const ArrowArray& array, std::int64_t at) noexcept;
/// The value at an index, which is present.
ArrowCell value_at(const ArrowType& type, const ArrowArray& array, std::int64_t at) noexcept;

}  // namespace emptor
