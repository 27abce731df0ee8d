#include "mine/grow.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <mutex>
#include <numeric>

#include "mine/exact_split.hpp"
#include "mine/shares.hpp"

namespace emptor::mine {
namespace {

/// A node that is not settled yet.
struct OpenNode {
  std::uint32_t index = 0;  ///< in the tree
  std::size_t depth = 0;
  RowRange rows;
  SplitNode sums;
  Histogram histogram;
  NodeSplit split;
};

class Grower {
 public:
  Grower(const GrowTable& table, const RowSums& sums, std::span<const std::uint32_t> rows, const GrowRules& rules,
         GrowSpace& space, const Run& run, std::vector<SmallNode>* small_nodes)
      : table_(table),
        sums_(sums),
        rules_(rules),
        space_(space),
        run_(run),
        small_nodes_(small_nodes),
        lists_(table.bins, rows, rules.exact, space.rows),
        builder_(table.bins, table.bundles, sums, table.layout),
        features_(rules.features) {
    form_ = sums.wide()                           ? Histogram::Form::wide
            : lists_.root().size() <= packed_rows ? Histogram::Form::packed
                                                  : Histogram::Form::plain;
    space_.leaf_of_row.resize(table.bins.rows);
    space_.scratch.resize(workers_of(run));
    for (HistogramScratch& scratch : space_.scratch) builder_.prepare(scratch);
    if (features_.empty()) {
      features_.resize(table.bins.features.size());
      std::iota(features_.begin(), features_.end(), 0U);
    }
  }

  Tree grow() {
    open_root();
    std::vector<OpenNode> now;
    while (!open_.empty()) {
      take(now);
      expand(now);
    }
    return std::move(tree_);
  }

 private:
  void open_root() {
    OpenNode root;
    root.rows = lists_.root();
    for (std::size_t i = 0; i < root.rows.size(); ++i) {
      const std::uint32_t* list = lists_.list_of(root.rows);
      root.sums.all += sums_.of(list == nullptr ? i : list[i]);
    }
    // Of packed rows h stands for their number.
    if (!sums_.wide()) root.sums.all.n = root.sums.all.h;
    add_node(root.sums, root.rows.size());
    std::vector<OpenNode> level;
    level.push_back(std::move(root));
    if (may_split(level[0])) {
      count(level, std::array<std::size_t, 1>{0});
      search(level);
    }
    settle(level);
  }

  void add_node(const SplitNode& node, std::size_t rows) {
    tree_.nodes.emplace_back();
    tree_.values.push_back(node.bounds.clamp(rules_.split.value(node.all)));
    tree_.facts.push_back({static_cast<double>(node.all.h) * rules_.split.h_unit, 0, rows});
  }

  bool may_split(const OpenNode& node, bool here = true) const {
    return (!here || node.rows.size() > rules_.small_rows) &&
           (rules_.max_depth == 0 || node.depth < rules_.max_depth) && node.rows.size() >= rules_.min_split &&
           node.sums.all.h >= 2 * rules_.split.min_h && node.sums.all.n >= 2 * rules_.split.min_n;
  }

  /// Nodes with a split stay open; of the others the rows learn their leaf.
  void settle(std::vector<OpenNode>& level) {
    for (OpenNode& node : level) {
      if (node.split) {
        open_.push_back(std::move(node));
        continue;
      }
      if (may_split(node, false) && node.rows.size() <= rules_.small_rows) leave(node);
      const std::uint32_t* list = lists_.list_of(node.rows);
      for (std::size_t i = node.rows.begin; i < node.rows.end; ++i)
        space_.leaf_of_row[list == nullptr ? i : list[i]] = node.index;
      give_back(std::move(node.histogram));
    }
  }

  void leave(const OpenNode& node) {
    SmallNode& small = small_nodes_->emplace_back(SmallNode{node.index, node.depth, {}});
    const std::uint32_t* list = lists_.list_of(node.rows);
    for (std::size_t i = node.rows.begin; i < node.rows.end; ++i)
      small.rows.push_back(list == nullptr ? static_cast<std::uint32_t>(i) : list[i]);
  }

  /// The nodes to split next: all, or the one with the largest gain.
  void take(std::vector<OpenNode>& now) {
    now.clear();
    if (rules_.max_leaves == 0) {
      now.swap(open_);
      return;
    }
    if (tree_.leaves() >= rules_.max_leaves) {
      for (OpenNode& node : open_) node.split = {};
      now.swap(open_);
      settle(now);
      now.clear();
      return;
    }
    const auto best = std::max_element(open_.begin(), open_.end(), [](const OpenNode& a, const OpenNode& b) {
      return a.split.gain != b.split.gain ? a.split.gain < b.split.gain : a.index > b.index;
    });
    now.push_back(std::move(*best));
    open_.erase(best);
  }

  void expand(std::vector<OpenNode>& parents) {
    std::vector<RowDivision> divisions;
    for (OpenNode& parent : parents) {
      if (rules_.exact) set_between(parent);
      const auto left = static_cast<std::uint32_t>(tree_.nodes.size());
      const bool last = rules_.max_depth != 0 && parent.depth + 1 == rules_.max_depth;
      divisions.push_back({parent.rows, &parent.split, last ? left : 0});
      add_children(parent, left);
    }
    lists_.divide(divisions, space_.leaf_of_row, run_);
    std::vector<OpenNode> children;
    for (std::size_t p = 0; p < parents.size(); ++p) {
      const std::uint32_t left = tree_.nodes[parents[p].index].left;
      tree_.facts[left].rows = divisions[p].left_rows;
      tree_.facts[left + 1].rows = parents[p].rows.size() - divisions[p].left_rows;
      if (divisions[p].left_leaf != 0) {
        give_back(std::move(parents[p].histogram));
        continue;
      }
      open_children(parents[p], left, divisions[p].left_rows, children);
    }
    grow_level(parents, children);
  }

  void set_between(OpenNode& parent) { cut_half_way(exact(parent), parent.split); }

  /// Both children's nodes, so that they stand beside each other.
  void add_children(const OpenNode& parent, std::uint32_t left) {
    tree_.nodes[parent.index] = node_of(parent.split, table_.bins, left, tree_);
    tree_.facts[parent.index].gain = parent.split.gain;
    const auto [low, high] = child_sums(parent);
    add_node(low, 0);
    add_node(high, 0);
  }

  /// What the children are to be, with the bounds that monotone features put on them.
  std::pair<SplitNode, SplitNode> child_sums(const OpenNode& parent) const {
    SplitNode low{parent.split.left, parent.sums.bounds};
    SplitNode high{parent.sums.all - parent.split.left, parent.sums.bounds};
    const int direction = rules_.split.free() ? 0 : rules_.split.monotone[parent.split.feature];
    if (direction != 0) {
      const double a = low.bounds.clamp(rules_.split.value(low.all));
      const double b = high.bounds.clamp(rules_.split.value(high.all));
      const double middle = a / 2 + b / 2;
      (direction > 0 ? low.bounds.high : low.bounds.low) = middle;
      (direction > 0 ? high.bounds.low : high.bounds.high) = middle;
    }
    return {low, high};
  }

  void open_children(OpenNode& parent, std::uint32_t left, std::size_t left_rows, std::vector<OpenNode>& children) {
    const auto [low, high] = child_sums(parent);
    const std::uint8_t list = RowLists::list_after(parent.rows);
    const std::size_t middle = parent.rows.begin + left_rows;
    children.push_back({left, parent.depth + 1, {parent.rows.begin, middle, list}, low, {}, {}});
    children.push_back({left + 1, parent.depth + 1, {middle, parent.rows.end, list}, high, {}, {}});
  }

  /// Children stand in pairs, in the order of their parents; there are none where all are leaves already.
  void grow_level(std::vector<OpenNode>& parents, std::vector<OpenNode>& children) {
    std::vector<std::size_t> small, large;
    for (std::size_t left = 0; left < children.size(); left += 2) {
      const std::size_t right = left + 1;
      const bool left_is_small = children[left].rows.size() <= children[right].rows.size();
      Histogram& histogram = parents[left / 2].histogram;
      if (!may_split(children[left]) && !may_split(children[right])) {
        give_back(std::move(histogram));
        continue;
      }
      small.push_back(left_is_small ? left : right);
      large.push_back(left_is_small ? right : left);
      children[large.back()].histogram = std::move(histogram);
    }
    count(children, small);
    run_shares(run_, small.size(), "subtract",
               [&](std::size_t i) { children[large[i]].histogram.subtract(children[small[i]].histogram); });
    search(children);
    settle(children);
  }

  /// Fills the histograms of nodes from their rows.
  void count(std::vector<OpenNode>& nodes, std::span<const std::size_t> which) {
    struct Item {
      std::size_t node, block, first, rows;
    };
    std::vector<Item> items;
    for (const std::size_t n : which) {
      nodes[n].histogram = fresh();
      const RowRange& range = nodes[n].rows;
      for (std::size_t first = range.begin; first < range.end; first += packed_rows)
        for (std::size_t block = 0; block < builder_.blocks(); ++block)
          items.push_back({n, block, first, std::min(packed_rows, range.end - first)});
    }
    std::vector<std::mutex> locks(nodes.size());
    run_workers(run_, items.size(), "count", [&](std::size_t i, std::size_t worker) {
      const Item& item = items[i];
      OpenNode& node = nodes[item.node];
      builder_.count(item.block, lists_.list_of(node.rows), item.first, item.rows, space_.scratch[worker]);
      const std::lock_guard lock(locks[item.node]);
      builder_.flush(item.block, space_.scratch[worker], node.histogram);
    });
  }

  /// The best split of each node that may be split.
  void search(std::span<OpenNode> nodes) {
    std::vector<OpenNode*> asked;
    for (OpenNode& node : nodes)
      if (may_split(node) && !node.histogram.empty()) asked.push_back(&node);
    const std::size_t width = features_.size();
    std::vector<NodeSplit> found(asked.size() * width);
    const std::size_t together = asked.size() > 64 ? width : 1;  // few nodes: a piece of work a feature
    run_shares(run_, asked.size() * width / together, "search", [&](std::size_t piece) {
      for (std::size_t i = piece * together; i < (piece + 1) * together; ++i) {
        const std::uint32_t f = features_[i % width];
        const OpenNode& node = *asked[i / width];
        found[i] =
            best_split(table_.bins.features[f], f, node.histogram, table_.layout.first[f], node.sums, rules_.split);
      }
    });
    run_shares(run_, asked.size(), "search", [&](std::size_t n) {
      OpenNode& node = *asked[n];
      for (std::size_t f = 0; f < width; ++f)
        if (better(found[n * width + f], node.split)) node.split = found[n * width + f];
      if (rules_.exact) refine(node, {found.data() + n * width, width});
    });
  }

  void refine(OpenNode& node, std::span<const NodeSplit> found) const {
    node.split = best_exact_split(exact(node), features_, found);
  }

  ExactNode exact(const OpenNode& node) const {
    return {table_.bins,     table_.layout, sums_,          *rules_.exact, lists_.list_of(node.rows),
            node.rows.begin, node.rows.end, node.histogram, node.sums,     rules_.split};
  }

  Histogram fresh() {
    Histogram histogram;
    if (!space_.spare.empty()) {
      histogram = std::move(space_.spare.back());
      space_.spare.pop_back();
    }
    histogram.reset(table_.layout.size(), form_);
    return histogram;
  }
  void give_back(Histogram&& histogram) {
    if (!histogram.empty()) space_.spare.push_back(std::move(histogram));
  }

  const GrowTable& table_;
  const RowSums& sums_;
  const GrowRules& rules_;
  GrowSpace& space_;
  const Run& run_;
  std::vector<SmallNode>* small_nodes_;
  RowLists lists_;
  HistogramBuilder builder_;
  std::vector<std::uint32_t> features_;
  Histogram::Form form_;
  std::vector<OpenNode> open_;
  Tree tree_;
};

/// The categories that part from what is missing, as numbers.
std::vector<std::uint32_t> categories_of(const NodeSplit& split, const FeatureBins& bins) {
  std::vector<std::uint32_t> out;
  for (std::size_t code = 0; code < bins.size(); ++code)
    if (has(split.set, static_cast<std::uint8_t>(code)) != split.missing_left)
      out.push_back(static_cast<std::uint32_t>(bins.categories[code]));
  return out;
}

}  // namespace

TreeNode node_of(const NodeSplit& split, const BinnedRows& bins, std::uint32_t left, Tree& tree) {
  const FeatureBins& feature = bins.features[split.feature];
  TreeNode node;
  node.left = left;
  node.feature = split.feature;
  node.missing_left = split.missing_left ? 1 : 0;
  if (split.categorical) {
    node.categorical = 1;
    node.threshold = static_cast<double>(tree.sets.size());
    tree.sets.push_back(categories_of(split, feature));
  } else if (split.threshold) {
    node.threshold = *split.threshold;
  } else if (split.bin < feature.cuts.size()) {
    node.threshold = feature.cuts[split.bin];
  } else {
    node.threshold = std::numeric_limits<double>::max();  // all that is not missing
  }
  return node;
}

Tree grow_tree(const GrowTable& table, const RowSums& sums, std::span<const std::uint32_t> rows, const GrowRules& rules,
               GrowSpace& space, const Run& run, std::vector<SmallNode>* small_nodes) {
  return Grower(table, sums, rows, rules, space, run, small_nodes).grow();
}

}  // namespace emptor::mine
