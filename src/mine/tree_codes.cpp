#include "mine/tree_codes.hpp"

#include "mine/tree_walk.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t shallow = 6;

}  // namespace

CodedTree::CodedTree(const Tree& tree, const BinnedRows& bins) : nodes_(tree.nodes.size()) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const TreeNode& node = tree.nodes[i];
    if (node.leaf()) {
      nodes_[i] = {static_cast<std::uint32_t>(i), bins.by_column.data(), {~0ULL, ~0ULL, ~0ULL, ~0ULL}};
      continue;
    }
    const FeatureBins& feature = bins.features[node.feature];
    nodes_[i].left = node.left;
    nodes_[i].codes = bins.column(node.feature);
    for (std::size_t code = 0; code < feature.size(); ++code) {
      const double value = feature.categorical          ? feature.categories[code]
                           : code < feature.cuts.size() ? feature.cuts[code]
                                                        : feature.highest;
      if (goes_left(tree, node, value)) nodes_[i].set[code / 64] |= std::uint64_t{1} << (code % 64);
    }
    const std::uint8_t missing = feature.missing();
    if (node.missing_left != 0) nodes_[i].set[missing / 64] |= std::uint64_t{1} << (missing % 64);
  }
  if (const std::size_t depth = tree.depth(); depth <= shallow) steps_ = depth;
}

}  // namespace emptor::mine
