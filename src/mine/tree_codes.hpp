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
    while (nodes_[at].left != 0) at = nodes_[at].left + (has(nodes_[at].set, nodes_[at].codes[row]) ? 0 : 1);
    return at;
  }

 private:
  struct Node {
    std::uint32_t left = 0;
    const std::uint8_t* codes = nullptr;
    CodeSet set{};
  };
  std::vector<Node> nodes_;
};

}  // namespace emptor::mine
