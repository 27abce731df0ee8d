/// A record's number: 64 bits, positive, given once and stable for ever, also through merges.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace emptor {

struct Id {
  std::int64_t value = 0;

  constexpr explicit operator bool() const noexcept { return value != 0; }
  friend constexpr auto operator<=>(Id, Id) noexcept = default;
};

inline constexpr Id no_id{};

}  // namespace emptor

template <>
struct std::hash<emptor::Id> {
  std::size_t operator()(emptor::Id id) const noexcept { return std::hash<std::int64_t>{}(id.value); }
};
