/// A tree that was grown on bins, asked with codes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "emptor/mine/bins.hpp"
#include "emptor/mine/tree.hpp"
#include "mine/split.hpp"

namespace emptor::mine {

/// Requires thresholds at cuts of the bins (the histogram method), or values that are missing to go with a code.
class CodedTree {
 public:
  CodedTree(const Tree& tree, const BinnedRows& bins);
  std::uint32_t leaf_of(std::size_t row) const noexcept {
    std::uint32_t at = 0;
    if (steps_ > 0) {
      for (std::size_t step = 0; step < steps_; ++step) at = after(at, row);
    } else {
      while (nodes_[at].left != at) at = after(at, row);
    }
    return at;
  }

 private:
  /// From a leaf every row goes back to it.
  struct Node {
    std::uint32_t left = 0;
    const std::uint8_t* codes = nullptr;
    CodeSet set{};
  };
  std::uint32_t after(std::uint32_t at, std::size_t row) const noexcept {
    const Node& node = nodes_[at];
    return node.left + (has(node.set, node.codes[row]) ? 0 : 1);
  }
  std::vector<Node> nodes_;
  std::size_t steps_ =
      0;  ///< of a tree that is so shallow that as many for every row are quicker than to ask for a leaf
};

}  // namespace emptor::mine
