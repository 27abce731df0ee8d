#include "mine/grow_deep.hpp"

namespace emptor::mine {

void graft(Tree& tree, std::uint32_t at, const Tree& branch) {
  const auto nodes = static_cast<std::uint32_t>(tree.nodes.size());
  const auto sets = static_cast<double>(tree.sets.size());
  for (std::size_t i = 0; i < branch.nodes.size(); ++i) {
    TreeNode node = branch.nodes[i];
    if (!node.leaf()) {
      node.left += nodes - 1;  // the branch's root takes the leaf's place, all others follow
      if (node.categorical != 0) node.threshold += sets;
    }
    if (i == 0) {
      tree.nodes[at] = node;
      tree.facts[at] = branch.facts[0];
      continue;
    }
    tree.nodes.push_back(node);
    tree.facts.push_back(branch.facts[i]);
  }
  tree.values.insert(tree.values.end(), branch.values.begin() + branch.outputs, branch.values.end());
  tree.sets.insert(tree.sets.end(), branch.sets.begin(), branch.sets.end());
}

}  // namespace emptor::mine
