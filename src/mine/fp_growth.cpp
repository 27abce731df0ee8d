#include <algorithm>

#include "core/long_call.hpp"
#include "mine/set_engines.hpp"

namespace emptor::mine {
namespace {

/// Baskets as paths from a root: a node for an item after the more frequent ones, and how many baskets go through it.
class PrefixTree {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  PrefixTree(std::size_t ranks, MemoryMeter& meter) : meter_(meter), heads_(ranks, none), supports_(ranks, 0) {
    nodes_.push_back({none, 0, none, none, none, none});
    hold(nodes_.capacity() * sizeof(Node) + ranks * 8);
  }
  ~PrefixTree() { meter_.give_back(held_); }
  PrefixTree(const PrefixTree&) = delete;
  PrefixTree& operator=(const PrefixTree&) = delete;

  /// `ranks` ascend.
  void add(std::span<const std::uint32_t> ranks, std::uint32_t count) {
    std::uint32_t at = 0;
    for (const std::uint32_t rank : ranks) {
      at = child(at, rank);
      nodes_[at].count += count;
      supports_[rank] += count;
    }
  }

  std::size_t ranks() const noexcept { return heads_.size(); }
  std::uint32_t support(std::uint32_t rank) const noexcept { return supports_[rank]; }

  /// Calls work(ranks above the node, ascending; its count) for each node of the rank.
  template <class Work>
  void each_path(std::uint32_t rank, Work&& work) const {
    std::vector<std::uint32_t> path;
    for (std::uint32_t node = heads_[rank]; node != none; node = nodes_[node].same) {
      path.clear();
      for (std::uint32_t up = nodes_[node].parent; up != 0; up = nodes_[up].parent) path.push_back(nodes_[up].rank);
      std::reverse(path.begin(), path.end());
      work(std::span<const std::uint32_t>(path), nodes_[node].count);
    }
  }

 private:
  struct Node {
    std::uint32_t rank, count, parent;
    std::uint32_t first;  ///< child, the one that was met last
    std::uint32_t next;   ///< of the same parent
    std::uint32_t same;   ///< the next node of the rank
  };

  std::uint32_t child(std::uint32_t parent, std::uint32_t rank) {
    std::uint32_t before = none;
    for (std::uint32_t at = nodes_[parent].first; at != none; before = at, at = nodes_[at].next) {
      if (nodes_[at].rank != rank) continue;
      if (before == none) return at;
      nodes_[before].next = nodes_[at].next;  // to the front: what was met lately is met again
      nodes_[at].next = nodes_[parent].first;
      return nodes_[parent].first = at;
    }
    const auto made = static_cast<std::uint32_t>(nodes_.size());
    const std::size_t before_growth = nodes_.capacity();
    nodes_.push_back({rank, 0, parent, none, nodes_[parent].first, heads_[rank]});
    hold((nodes_.capacity() - before_growth) * sizeof(Node));
    nodes_[parent].first = made;
    return heads_[rank] = made;
  }

  void hold(std::uint64_t bytes) {
    meter_.take(bytes);
    held_ += bytes;
  }

  MemoryMeter& meter_;
  std::uint64_t held_ = 0;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> heads_;
  std::vector<std::uint32_t> supports_;
};

class FpGrowth {
 public:
  FpGrowth(const RankedBaskets& baskets, std::uint32_t min_support, ItemsetOutput& output, MemoryMeter& meter)
      : baskets_(baskets), min_support_(min_support), output_(output), meter_(meter) {}

  void run() {
    const FrequentItems& frequent = baskets_.frequent();
    set_ = frequent.all_of;
    if (!set_.empty() && frequent.all_of_support >= min_support_) give(frequent.all_of_support);
    PrefixTree tree(frequent.size(), meter_);
    baskets_.each([&tree](std::span<const std::uint32_t> ranks) { tree.add(ranks, 1); });
    grow(tree, frequent.items);
  }

 private:
  void give(std::uint32_t support) {
    sorted_ = set_;
    std::sort(sorted_.begin(), sorted_.end());
    output_.add(sorted_, support);
  }

  void grow(const PrefixTree& tree, std::span<const std::uint32_t> items) {
    if (output_.room_for_more(set_.size()) == 0) return;
    for (std::uint32_t rank = 0; rank < tree.ranks() && !output_.stopped(); ++rank) {
      if ((++steps_ & 255) == 0) beat("fp-growth");
      set_.push_back(items[rank]);
      give(tree.support(rank));
      grow_before(tree, rank, items);
      set_.pop_back();
    }
  }

  /// The tree of the baskets with an item, cut to the items before it.
  void grow_before(const PrefixTree& tree, std::uint32_t rank, std::span<const std::uint32_t> items) {
    std::vector<std::uint32_t> counts(rank, 0);
    tree.each_path(rank, [&](std::span<const std::uint32_t> path, std::uint32_t count) {
      for (const std::uint32_t other : path) counts[other] += count;
    });
    std::vector<std::uint32_t> kept, ranks(rank, PrefixTree::none);
    for (std::uint32_t other = 0; other < rank; ++other) {
      if (counts[other] < min_support_) continue;
      ranks[other] = static_cast<std::uint32_t>(kept.size());
      kept.push_back(items[other]);
    }
    if (kept.empty()) return;
    PrefixTree inner(kept.size(), meter_);
    std::vector<std::uint32_t> cut;
    tree.each_path(rank, [&](std::span<const std::uint32_t> path, std::uint32_t count) {
      cut.clear();
      for (const std::uint32_t other : path) {
        if (ranks[other] != PrefixTree::none) cut.push_back(ranks[other]);
      }
      inner.add(cut, count);
    });
    grow(inner, kept);
  }

  const RankedBaskets& baskets_;
  std::uint32_t min_support_;
  ItemsetOutput& output_;
  MemoryMeter& meter_;
  std::vector<std::uint32_t> set_, sorted_;
  std::uint32_t steps_ = 0;
};

}  // namespace

void search_fp_growth(const RankedBaskets& baskets, std::uint32_t min_support, ItemsetOutput& output,
                      MemoryMeter& meter) {
  FpGrowth(baskets, min_support, output, meter).run();
}

}  // namespace emptor::mine
