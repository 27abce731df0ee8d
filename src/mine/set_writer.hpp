/// Many sets at once from bits to items.
#pragma once

#include <cstddef>
#include <cstdint>

namespace emptor::mine {

/// Writes the items of the chosen cells (a bit a cell) one set after another: bit b of a cell's members is names[b], of
/// 64 names. `starts[0]` is where the first set begins in `items`; the end of each set and its support follow. `items`
/// has room for 16 more than are written. Returns how many sets.
std::size_t write_sets(const std::uint64_t* members, const std::uint32_t* supports, const std::uint64_t* chosen,
                       std::size_t cells, const std::uint32_t* names, std::uint32_t* items, std::uint64_t* starts,
                       std::uint32_t* set_supports);

}  // namespace emptor::mine
