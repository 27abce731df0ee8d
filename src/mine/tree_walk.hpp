/// How rows find their leaves.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "emptor/mine/tree.hpp"

namespace emptor::mine {

/// Whether a category is on the left. The set goes to the other side than what is missing, with which go categories
/// that the fit did not meet.
inline bool category_goes_left(const Tree& tree, const TreeNode& node, double value) noexcept {
  const std::vector<std::uint32_t>& set = tree.sets[static_cast<std::size_t>(node.threshold)];
  const bool in_set = value >= 0 && value <= 4'294'967'295.0 &&
                      std::binary_search(set.begin(), set.end(), static_cast<std::uint32_t>(value));
  return in_set == (node.missing_left == 0);
}

/// Numbers are compared without a jump, for which way a row goes cannot be guessed.
inline bool goes_left(const Tree& tree, const TreeNode& node, double value) noexcept {
  if (node.categorical != 0) [[unlikely]]
    return category_goes_left(tree, node, value);
  return static_cast<int>(value <= node.threshold) | (static_cast<int>(value != value) & node.missing_left);
}

/// As many walks as wait for memory side by side.
inline constexpr std::size_t walks_together = 8;

/// Walks up to `walks_together` pairs of a tree and a row to their leaves.
template <class TreeOf, class RowOf>
void walk_together(std::size_t count, TreeOf tree_of, RowOf row_of, std::uint32_t* leaves) noexcept {
  std::fill_n(leaves, count, 0U);
  for (bool on_the_way = true; on_the_way;) {
    on_the_way = false;
    for (std::size_t i = 0; i < count; ++i) {
      const Tree& tree = tree_of(i);
      const TreeNode& node = tree.nodes[leaves[i]];
      const std::uint32_t child = node.left + (goes_left(tree, node, row_of(i)[node.feature]) ? 0 : 1);
      on_the_way |= !node.leaf();
      leaves[i] = node.leaf() ? leaves[i] : child;
    }
  }
}

}  // namespace emptor::mine
