/// How a row finds its leaf.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "emptor/mine/tree.hpp"

namespace emptor::mine {

inline bool goes_left(const Tree& tree, const TreeNode& node, double value) noexcept {
  if (value != value) return node.missing_left != 0;
  if (node.categorical == 0) return value <= node.threshold;
  const std::vector<std::uint32_t>& set = tree.sets[static_cast<std::size_t>(node.threshold)];
  if (!(value >= 0 && value <= 4'294'967'295.0)) return node.missing_left != 0;
  // The set goes to the other side than what is missing, with which go categories that the fit did not meet.
  return std::binary_search(set.begin(), set.end(), static_cast<std::uint32_t>(value)) == (node.missing_left == 0);
}

template <class ValueOf>
std::uint32_t leaf_of(const Tree& tree, ValueOf value_of) noexcept {
  std::uint32_t at = 0;
  while (!tree.nodes[at].leaf()) {
    const TreeNode& node = tree.nodes[at];
    at = node.left + (goes_left(tree, node, value_of(node.feature)) ? 0 : 1);
  }
  return at;
}

}  // namespace emptor::mine
