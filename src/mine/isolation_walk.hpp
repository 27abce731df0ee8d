/// Many rows down many trees at once: 16 rows a register.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace emptor::mine {

inline constexpr std::size_t walk_rows = 128;  ///< of one tile
inline constexpr int path_bits = 20;
inline constexpr std::size_t least_levels = 5;  ///< of a heap; they are decided apart from the others
inline constexpr std::size_t most_levels = 12;

/// Trees of one depth, each as a heap: node i has the children 2 i + 1 and 2 i + 2. What lies below a leaf ends all at
/// the leaf's path, wherever the walk goes.
struct HeapForest {
  std::size_t trees = 0, levels = least_levels;
  /// Tree by tree, two numbers a node: the bits of the threshold (32-bit float), and the column times walk_rows.
  std::vector<std::int32_t> nodes;
  std::vector<std::int32_t> paths;  ///< tree by tree, 2^levels of them, in units of 2^-path_bits

  std::size_t nodes_a_tree() const noexcept { return (std::size_t{1} << levels) - 1; }
};
/// Adds to sums[row] the paths of all trees. `tile` is column by column, walk_rows numbers each, none of them NaN; a
/// number above the threshold goes right.
void walk(const HeapForest& forest, const float* tile, std::uint64_t* sums);

}  // namespace emptor::mine
