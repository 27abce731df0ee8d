#include "mine/model_archive.hpp"

#include <charconv>
#include <cmath>

namespace emptor::mine {
namespace {

[[noreturn]] void damaged() { throw Error(Code::corrupt, "the trees of a model do not hang together"); }

std::uint64_t flags_of(const TreeNode& node) {
  return std::uint64_t{node.feature} << 2 | std::uint64_t{node.missing_left} << 1 | node.categorical;
}

void append_node(std::string& out, const TreeNode& node) {
  append_varint(out, node.left);
  if (node.leaf()) return;
  append_varint(out, flags_of(node));
  append_double(out, node.threshold);
}

TreeNode read_node(ByteFiller& in, std::size_t index, std::size_t nodes, std::size_t features) {
  TreeNode node;
  const std::uint64_t left = in.reader().varint();
  if (left == 0) return node;
  if (left <= index || left + 1 >= nodes) damaged();
  node.left = static_cast<std::uint32_t>(left);
  const std::uint64_t flags = in.reader().varint();
  if (flags >> 2 >= features) damaged();
  node.feature = static_cast<std::uint32_t>(flags >> 2) & 0x3FFF'FFFF;
  node.missing_left = flags >> 1 & 1;
  node.categorical = flags & 1;
  node.threshold = read_double(in.reader());
  return node;
}

void append_tree(std::string& out, const Tree& tree) {
  append_varint(out, tree.first_output);
  append_varint(out, tree.outputs);
  append_varint(out, tree.nodes.size());
  for (const TreeNode& node : tree.nodes) append_node(out, node);
  for (const double value : tree.values) append_double(out, value);
  for (const TreeNodeFacts& facts : tree.facts) {
    append_double(out, facts.cover);
    append_double(out, facts.gain);
    append_varint(out, facts.rows);
  }
  append_varint(out, tree.sets.size());
  for (const std::vector<std::uint32_t>& set : tree.sets) {
    append_varint(out, set.size());
    for (const std::uint32_t category : set) append_varint(out, category);
  }
}

void check_sets(const Tree& tree) {
  for (const TreeNode& node : tree.nodes)
    if (node.categorical != 0 && !(node.threshold >= 0 && node.threshold < static_cast<double>(tree.sets.size())))
      damaged();
}

Tree read_tree(ByteFiller& in, const TreeEnsemble& ensemble) {
  Tree tree;
  const std::uint64_t first = in.reader().varint(), outputs = in.reader().varint();
  if (outputs == 0 || first > ensemble.outputs || outputs > ensemble.outputs - first) damaged();
  tree.first_output = static_cast<std::uint32_t>(first);
  tree.outputs = static_cast<std::uint32_t>(outputs);
  const std::size_t nodes = in.count();
  if (nodes == 0) damaged();
  for (std::size_t i = 0; i < nodes; ++i) tree.nodes.push_back(read_node(in, i, nodes, ensemble.features));
  if (outputs > in.reader().left() / 8 / nodes) damaged();
  for (std::size_t i = 0; i < nodes * outputs; ++i) tree.values.push_back(read_double(in.reader()));
  for (std::size_t i = 0; i < nodes; ++i) {
    TreeNodeFacts& facts = tree.facts.emplace_back();
    facts.cover = read_double(in.reader());
    facts.gain = read_double(in.reader());
    facts.rows = in.reader().varint();
  }
  tree.sets.resize(in.count());
  for (std::vector<std::uint32_t>& set : tree.sets) {
    set.resize(in.count());
    for (std::uint32_t& category : set) category = static_cast<std::uint32_t>(in.reader().varint());
  }
  check_sets(tree);
  return tree;
}

}  // namespace

std::string number_text(double value) {
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return {text, end};
}

void JsonWriter::write(double value) { out_ += std::isfinite(value) ? number_text(value) : "null"; }

void append_ensemble(std::string& out, const TreeEnsemble& ensemble) {
  append_varint(out, ensemble.features);
  append_varint(out, ensemble.outputs);
  append_varint(out, static_cast<std::uint64_t>(ensemble.link));
  append_double(out, ensemble.factor);
  for (const double base : ensemble.base) append_double(out, base);
  append_varint(out, ensemble.trees.size());
  for (const Tree& tree : ensemble.trees) append_tree(out, tree);
}

TreeEnsemble read_ensemble(ByteFiller& in) {
  TreeEnsemble ensemble;
  ensemble.features = static_cast<std::size_t>(in.reader().varint());
  ensemble.outputs = in.count();
  const std::uint64_t link = in.reader().varint();
  if (link > static_cast<std::uint64_t>(TreeLink::exponential)) damaged();
  ensemble.link = static_cast<TreeLink>(link);
  ensemble.factor = read_double(in.reader());
  if (ensemble.outputs > in.reader().left() / 8) damaged();
  for (std::size_t k = 0; k < ensemble.outputs; ++k) ensemble.base.push_back(read_double(in.reader()));
  const std::size_t trees = in.count();
  for (std::size_t t = 0; t < trees; ++t) ensemble.trees.push_back(read_tree(in, ensemble));
  return ensemble;
}

}  // namespace emptor::mine
