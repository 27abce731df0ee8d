#include "emptor/mine/packed_trees.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string>
#include <unordered_map>

#include "core/large_pages.hpp"
#include "mine/tree_link.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t most_features = 1'024, most_cuts = 65'534, most_nodes = std::size_t{1} << 31;
constexpr std::uint32_t beyond_all = 65'535;
constexpr std::size_t line_nodes = 8, line_pairs = line_nodes / 2;  ///< in 64 bytes; a pair is both children of a node
constexpr std::size_t page_pairs = 192;                             ///< fit into 4 KiB, with what lines leave empty

constexpr std::uint64_t node_of(std::uint32_t child, std::uint32_t code, std::uint32_t key) noexcept {
  return std::uint64_t{code << 16 | key} << 32 | child;
}

/// The key of a feature where what is missing goes right; the next one is that where it goes left.
constexpr std::uint32_t key_of(std::size_t feature) noexcept { return static_cast<std::uint32_t>(1 + 2 * feature); }

constexpr std::uint32_t unknown = UINT32_MAX;

std::uint64_t hash_of(const double* numbers, std::size_t count) noexcept {
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < count; ++i)
    hash = (std::rotl(hash, 23) ^ std::bit_cast<std::uint64_t>(numbers[i])) * 0x9E3779B97F4A7C15;
  return hash >> 32;
}

bool fits(const TreeEnsemble& ensemble) {
  std::size_t nodes = 0;
  for (const Tree& tree : ensemble.trees) {
    if (!tree.sets.empty() || tree.outputs != ensemble.trees.front().outputs || tree.nodes.empty()) return false;
    nodes += 4 * tree.nodes.size();  // with what lines leave empty, and a value's own
  }
  return nodes < most_nodes;
}

}  // namespace

/// Makes the layout.
class TreePacker {
 public:
  explicit TreePacker(const TreeEnsemble& ensemble) : ensemble_(ensemble) {}

  bool pack() {
    if (!fits(ensemble_) || !find_features()) return false;
    name_values();
    for (std::size_t t = 0; t < ensemble_.trees.size(); ++t) lay_out(ensemble_.trees[t], leaf_values_[t]);
    const std::size_t lines = (nodes_.size() + line_nodes - 1) / line_nodes;
    packed_.lines_.reserve(lines);
    wish_for_large_pages(packed_.lines_.data(), lines * sizeof(PackedTrees::Line));
    packed_.lines_.resize(lines);
    for (std::size_t i = 0; i < nodes_.size(); ++i) packed_.lines_[i / line_nodes].nodes[i % line_nodes] = nodes_[i];
    packed_.outputs_ = ensemble_.outputs;
    packed_.link_ = ensemble_.link;
    packed_.factor_ = ensemble_.factor;
    packed_.base_ = ensemble_.base;
    return true;
  }
  PackedTrees take() { return std::move(packed_); }

 private:
  /// Which features are asked, and by which thresholds.
  bool find_features() {
    std::vector<std::vector<double>> cuts(ensemble_.features);
    for (const Tree& tree : ensemble_.trees)
      for (const TreeNode& node : tree.nodes) {
        if (node.leaf()) continue;
        if (node.threshold != node.threshold) return false;
        std::vector<double>& of = cuts[node.feature];
        of.push_back(node.threshold);
        if (of.size() >= 2 * most_cuts && !tidy(of)) return false;
      }
    feature_of_.assign(ensemble_.features, 0);
    for (std::size_t column = 0; column < cuts.size(); ++column) {
      if (cuts[column].empty()) continue;
      if (!tidy(cuts[column])) return false;
      feature_of_[column] = packed_.features_.size();
      packed_.features_.push_back({static_cast<std::uint32_t>(column), static_cast<std::uint32_t>(packed_.cuts_.size()),
                                   static_cast<std::uint32_t>(cuts[column].size())});
      packed_.cuts_.insert(packed_.cuts_.end(), cuts[column].begin(), cuts[column].end());
    }
    return packed_.features_.size() <= most_features;
  }
  static bool tidy(std::vector<double>& cuts) {
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    return cuts.size() <= most_cuts;
  }

  /// Leaves that tell the same share a node, so that the few values of pure leaves stay at hand.
  void name_values() {
    const std::size_t outputs = ensemble_.trees.empty() ? 1 : ensemble_.trees.front().outputs;
    packed_.tree_outputs_ = outputs;
    std::unordered_map<std::string, std::uint32_t> known;
    std::array<std::uint32_t, 1'024> recent;  // what was met last of each hash: most leaves repeat a few values
    recent.fill(unknown);
    for (const Tree& tree : ensemble_.trees) {
      std::vector<std::uint32_t>& of = leaf_values_.emplace_back(tree.nodes.size());
      for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
        if (!tree.nodes[i].leaf()) continue;
        const double* const value = tree.values.data() + i * outputs;
        std::uint32_t& last = recent[hash_of(value, outputs) % recent.size()];
        if (last != unknown &&
            std::memcmp(packed_.values_.data() + last * outputs, value, outputs * sizeof(double)) == 0) {
          of[i] = last;
          continue;
        }
        std::string bytes(outputs * sizeof(double), '\0');
        std::memcpy(bytes.data(), value, bytes.size());
        const auto [at, fresh] = known.try_emplace(std::move(bytes), static_cast<std::uint32_t>(known.size()));
        of[i] = last = at->second;
        if (!fresh) continue;
        packed_.values_.insert(packed_.values_.end(), value, value + outputs);
        nodes_.push_back(node_of(at->second, 0, 0));
      }
    }
  }

  /// The root, then pairs of children: of the top of the tree a line at a time, of what fits into a page as a whole.
  void lay_out(const Tree& tree, const std::vector<std::uint32_t>& values) {
    const auto root = static_cast<std::uint32_t>(nodes_.size());
    packed_.roots_.push_back(root);
    packed_.first_outputs_.push_back(tree.first_output);
    nodes_.resize(root + 1 + (root + 1) % 2);  // pairs begin at even places
    place_.assign(tree.nodes.size(), root);
    count_below(tree);
    std::vector<std::uint32_t> tops{0};
    for (std::size_t next = 0; next < tops.size(); ++next) {
      if (tree.nodes[tops[next]].leaf()) continue;
      if (below_[tops[next]] <= page_pairs) {
        lay_whole(tree, tops[next]);
      } else {
        lay_line(tree, tops[next], tops);
      }
    }
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
      const TreeNode& node = tree.nodes[i];
      nodes_[place_[i]] = node.leaf() ? node_of(values[i], 0, 0) : question(node);
    }
  }

  std::uint64_t question(const TreeNode& node) const {
    const PackedTrees::Feature& feature = packed_.features_[feature_of_[node.feature]];
    const double* const first = packed_.cuts_.data() + feature.first;
    const auto code = std::lower_bound(first, first + feature.count, node.threshold) - first;
    const std::uint32_t key = key_of(feature_of_[node.feature]) + (node.missing_left != 0 ? 1 : 0);
    return node_of(place_[node.left], static_cast<std::uint32_t>(code), key);
  }

  /// How many pairs lie below each node.
  void count_below(const Tree& tree) {
    below_.assign(tree.nodes.size(), 0);
    for (std::size_t i = tree.nodes.size(); i-- > 0;) {
      const TreeNode& node = tree.nodes[i];
      if (!node.leaf()) below_[i] = 1 + below_[node.left] + below_[node.left + 1];
    }
  }

  /// A line's worth of pairs from the node down, level by level; those whose children have no room are added to `rest`.
  void lay_line(const Tree& tree, std::uint32_t node, std::vector<std::uint32_t>& rest) {
    std::array<std::uint32_t, 1 + 2 * line_pairs> open{node};
    std::array<std::uint32_t, line_pairs> lefts{};
    std::size_t end = 1, pairs = 0;
    for (std::size_t next = 0; next < end; ++next) {
      if (tree.nodes[open[next]].leaf()) continue;
      if (pairs == line_pairs) {
        rest.push_back(open[next]);
        continue;
      }
      const std::uint32_t left = lefts[pairs++] = tree.nodes[open[next]].left;
      open[end++] = left;
      open[end++] = left + 1;
    }
    const std::size_t used = nodes_.size() % line_nodes;
    if (used + 2 * pairs > line_nodes) nodes_.resize(nodes_.size() + line_nodes - used);
    for (std::size_t pair = 0; pair < pairs; ++pair) {
      place_[lefts[pair]] = static_cast<std::uint32_t>(nodes_.size());
      place_[lefts[pair] + 1] = place_[lefts[pair]] + 1;
      nodes_.resize(nodes_.size() + 2);
    }
  }

  void lay_whole(const Tree& tree, std::uint32_t node) {
    std::vector<std::uint32_t> rest{node}, more;
    while (!rest.empty()) {
      const std::uint32_t next = rest.back();
      rest.pop_back();
      more.clear();
      lay_line(tree, next, more);
      rest.insert(rest.end(), more.rbegin(), more.rend());
    }
  }

  const TreeEnsemble& ensemble_;
  PackedTrees packed_;
  std::vector<std::size_t> feature_of_;  ///< of each column, its number among those that are asked
  std::vector<std::vector<std::uint32_t>> leaf_values_;
  std::vector<std::uint64_t> nodes_;
  std::vector<std::uint32_t> place_, below_;
};

std::optional<PackedTrees> PackedTrees::of(const TreeEnsemble& ensemble) {
  TreePacker packer(ensemble);
  if (!packer.pack()) return std::nullopt;
  return packer.take();
}

/// How many thresholds lie below each number, as the upper half of what a node is compared with.
void PackedTrees::encode(const double* row, std::uint32_t* keys) const noexcept {
  keys[0] = 0;
  for (std::size_t f = 0; f < features_.size(); ++f) {
    const Feature& feature = features_[f];
    const double value = row[feature.column];
    const double* from = cuts_.data() + feature.first;
    const double* const first = from;
    for (std::size_t left = feature.count; left > 1;) {
      const std::size_t half = left / 2;
      from += from[half - 1] < value ? half : 0;
      left -= half;
    }
    const auto code = static_cast<std::uint32_t>(from - first) + (*from < value ? 1 : 0);
    const bool missing = value != value;
    const std::uint32_t key = key_of(f);
    keys[key] = (missing ? beyond_all : code) << 16 | key;
    keys[key + 1] = (missing ? 0 : code) << 16 | (key + 1);
  }
}

/// From the roots of some trees to their values. All trees go down three levels a turn, so that many wait for memory at
/// once; those that have arrived are left out.
void PackedTrees::walk(const std::uint32_t* keys, std::size_t first, std::size_t count,
                       std::uint32_t* at) const noexcept {
  const std::uint64_t* const nodes = lines_.data()->nodes;
  std::array<std::uint16_t, 128> open;
  for (std::size_t tree = 0; tree < count; ++tree) {
    at[tree] = roots_[first + tree];
    open[tree] = static_cast<std::uint16_t>(tree);
  }
  while (count > 0) {
    std::size_t kept = 0;
    for (std::size_t each = 0; each < count; ++each) {
      const std::uint16_t tree = open[each];
      std::uint32_t here = at[tree], key = 0;
      for (int level = 0; level < 3; ++level) {
        const std::uint64_t node = nodes[here];
        const auto question = static_cast<std::uint32_t>(node >> 32);
        key = question & 0xFFFF;
        here = static_cast<std::uint32_t>(node) + (question < keys[key] ? 1 : 0);
      }
      at[tree] = here;
      open[kept] = tree;
      kept += key != 0 ? 1 : 0;
    }
    count = kept;
  }
}

void PackedTrees::raw_scores(const double* row, double* out) const noexcept {
  std::array<std::uint32_t, 1 + 2 * most_features> keys;
  encode(row, keys.data());
  std::fill_n(out, outputs_, 0.0);
  std::array<std::uint32_t, 128> at;
  for (std::size_t first = 0; first < roots_.size(); first += at.size()) {
    const std::size_t count = std::min(at.size(), roots_.size() - first);
    walk(keys.data(), first, count, at.data());
    for (std::size_t tree = 0; tree < count; ++tree) {
      const double* const value = values_.data() + std::size_t{at[tree]} * tree_outputs_;
      double* const sums = out + first_outputs_[first + tree];
      for (std::size_t k = 0; k < tree_outputs_; ++k) sums[k] += value[k];
    }
  }
  finish_score(base_.data(), factor_, out, outputs_);
}

void PackedTrees::predict(const double* row, double* out) const noexcept {
  raw_scores(row, out);
  link_row(link_, out, outputs_);
}

std::size_t PackedTrees::bytes() const noexcept {
  return lines_.capacity() * sizeof(Line) + (values_.capacity() + cuts_.capacity()) * sizeof(double) +
         (roots_.capacity() + first_outputs_.capacity()) * sizeof(std::uint32_t) +
         features_.capacity() * sizeof(Feature);
}

}  // namespace emptor::mine
