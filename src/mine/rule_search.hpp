/// The search for rules in the tree of frequent sets, as a whole or in parts.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/rules.hpp"
#include "mine/set_trie.hpp"

namespace emptor::mine {

/// Neighbouring children of one set and, with `below`, all that lies below them.
struct RuleNodes {
  std::uint32_t first, end;
  bool below;
};
struct RuleStretch {
  std::vector<std::uint32_t> path;  ///< ranks of the set, descending
  RuleNodes nodes;
  std::uint64_t sets;  ///< in all
};

/// All sets of the tree in the order of the search: stretches of at most `most` sets, but for single sets.
inline std::vector<RuleStretch> stretches_of(const SetTrie& trie, std::uint64_t most) {
  std::vector<RuleStretch> stretches;
  std::vector<std::uint32_t> path;
  // Nodes lie in the order in which their parents are met: what is below a set ends where its successor's begins.
  const auto cut = [&](auto& self, const SetTrie::Node& node, std::uint64_t end_of_node) -> void {
    bool open = false;  // the last stretch can still grow
    for (std::uint32_t at = node.first; at < node.first + node.children; ++at) {
      const SetTrie::Node& set = trie.node(at);
      const bool last = at + 1 == node.first + node.children;
      const std::uint64_t end = last ? end_of_node : trie.node(at + 1).first, sets = 1 + end - set.first;
      const bool small = sets <= most;
      if (small && open && stretches.back().sets + sets <= most) {
        stretches.back().nodes.end = at + 1;
        stretches.back().sets += sets;
        continue;
      }
      stretches.push_back({path, {at, at + 1, small}, small ? sets : 1});
      open = small;
      if (small) continue;
      path.push_back(set.rank);
      self(self, set, end);
      path.pop_back();
    }
  };
  cut(cut, trie.root(), trie.sets() + 1);
  return stretches;
}

/// In lines of its own, for each thread has one beside the others.
class alignas(128) RuleSearch {
 public:
  RuleSearch(const SetTrie& trie, const RuleOptions& options) : trie_(trie), options_(options) {
    for (std::uint32_t rank = 0; rank < trie.ranks(); ++rank) {
      const std::uint32_t item = trie.item(rank);
      may_left_.push_back(names(options.left_only, item));
      may_right_.push_back(names(options.right_only, item));
      needed_.push_back(!options.itemsets.all_of.empty() && has(options.itemsets.all_of, item));
      any_.push_back(names(options.itemsets.any_of, item));
    }
    std::vector<std::uint32_t> all_of = options.itemsets.all_of;
    std::sort(all_of.begin(), all_of.end());
    needed_count_ = static_cast<std::size_t>(std::unique(all_of.begin(), all_of.end()) - all_of.begin());
    sides_are_free_ = options.left_only.empty() && options.right_only.empty();
    sets_are_free_ = needed_count_ == 0 && options.itemsets.any_of.empty() && options.itemsets.min_length <= 2;
  }

  /// Calls found(rule) for every candidate of the stretches that judge(counts) lets through.
  template <class Judge, class Found>
  void each(std::span<const RuleStretch> stretches, Judge&& judge, Found&& found) {
    candidates_ = 0;
    stopped_ = false;
    for (const RuleStretch& stretch : stretches) {
      if (stopped_) return;
      enter(stretch.path);
      descend(set_of(path_), path_.size(), stretch.nodes, judge, found);
    }
  }
  /// The same of all there are.
  template <class Judge, class Found>
  void each(Judge&& judge, Found&& found) {
    const RuleStretch all{{}, below(trie_.root()), trie_.sets()};
    each(std::span(&all, 1), judge, found);
  }
  void stop() noexcept { stopped_ = true; }
  std::uint64_t candidates() const noexcept { return candidates_; }

  bool is_redundant(const Rule& rule) const {
    std::vector<std::uint32_t> some;
    const std::vector<std::uint32_t> left = ranks_of(rule.left), right = ranks_of(rule.right);
    return as_confident(left, right, rule.counts, 0, some);
  }

 private:
  std::vector<std::uint32_t> ranks_of(std::span<const std::uint32_t> items) const {
    std::vector<std::uint32_t> ranks;
    for (const std::uint32_t rank : path_) {  // whose items they are; it descends
      if (std::find(items.begin(), items.end(), trie_.item(rank)) != items.end()) ranks.push_back(rank);
    }
    return ranks;
  }
  static bool has(const std::vector<std::uint32_t>& items, std::uint32_t item) {
    return std::find(items.begin(), items.end(), item) != items.end();
  }
  static bool names(const std::vector<std::uint32_t>& items, std::uint32_t item) {
    return items.empty() || has(items, item);
  }

  static RuleNodes below(const SetTrie::Node& node) noexcept { return {node.first, node.first + node.children, true}; }

  const SetTrie::Node& set_of(std::span<const std::uint32_t> ranks) const {
    if (const SetTrie::Node* const set = trie_.find(ranks)) return *set;
    throw Error(Code::invalid, "a set is there without one of its parts");
  }

  void enter(std::span<const std::uint32_t> path) {
    path_.assign(path.begin(), path.end());
    const std::size_t depth = path.size();
    if (without_.size() < depth + 1) without_.resize(depth + 1);
    without_[depth].resize(depth);
    std::vector<std::uint32_t> rest;
    for (std::size_t j = 0; j < depth; ++j) {
      rest = path_;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(j));
      without_[depth][j] = trie_.number_of(set_of(rest));
    }
  }

  /// `without_[depth][j]`: the node of the path less its j-th item. They go along as the path grows: the node of a
  /// longer path less that item is a child of it.
  template <class Judge, class Found>
  void descend(const SetTrie::Node& node, std::size_t depth, RuleNodes nodes, Judge& judge, Found& found) {
    if (without_.size() < depth + 2) {
      without_.resize(depth + 2);
      cursors_.resize(depth + 2);
    }
    cursors_[depth].resize(depth);
    for (std::size_t j = 0; j < depth; ++j) cursors_[depth][j] = trie_.node(without_[depth][j]).first;
    for (std::uint32_t at = nodes.first; at < nodes.end && !stopped_; ++at) {
      const SetTrie::Node& set = trie_.node(at);
      path_.push_back(set.rank);
      std::vector<std::uint32_t>& parts = without_[depth + 1];
      parts.resize(depth + 1);
      for (std::size_t j = 0; j < depth; ++j) {
        std::uint32_t cursor = cursors_[depth][j];
        while (trie_.node(cursor).rank < set.rank) ++cursor;
        cursors_[depth][j] = cursor;
        parts[j] = cursor;
      }
      parts[depth] = trie_.number_of(node);
      split(set, parts, judge, found);
      if (set.children != 0 && nodes.below) {
        if ((++steps_ & 1023) == 0) beat("rules", at, trie_.sets());
        descend(set, depth + 1, below(set), judge, found);
      }
      path_.pop_back();
    }
  }

  bool set_is_asked_for() const {
    if (path_.size() < options_.itemsets.min_length) return false;
    std::size_t needed = 0;
    bool any = false;
    for (const std::uint32_t rank : path_) {
      needed += needed_[rank];
      any = any || any_[rank];
    }
    return needed == needed_count_ && any;
  }

  /// All rules of one set.
  template <class Judge, class Found>
  void split(const SetTrie::Node& set, std::span<const std::uint32_t> parts, Judge& judge, Found& found) {
    if (!sets_are_free_ && !set_is_asked_for()) return;
    if (path_.size() == 1 && !options_.empty_left) return;
    bool named = false;
    for (std::size_t j = 0; j < parts.size() && !stopped_; ++j) {
      const std::uint32_t right = path_[j];
      if (!sides_are_free_ && !sides_fit(std::uint64_t{1} << j)) continue;
      ++candidates_;
      const RuleCounts counts{set.support, trie_.node(parts[j]).support, trie_.support(right), trie_.root().support};
      if (!judge(counts)) continue;
      if (!named) name_path();
      named = true;
      const std::uint32_t item = trie_.item(right);
      std::uint32_t* at = left_.data();
      for (const std::uint32_t other : named_) {
        *at = other;
        at += other != item;
      }
      found(Rule{{left_.data(), named_.size() - 1}, {&item, 1}, counts});
    }
    if (options_.max_right != 1) split_wider(set, judge, found);
  }

  /// Right sides of two and more items, as bits of the path's positions.
  template <class Judge, class Found>
  void split_wider(const SetTrie::Node& set, Judge& judge, Found& found) {
    if (path_.size() > 30)
      throw Error(Problem{.code = Code::budget,
                          .message = "sets of more than 30 items have too many right sides",
                          .field = "max_right"});
    const auto whole = static_cast<std::uint32_t>((std::uint64_t{1} << path_.size()) - 1);
    const std::size_t most = options_.max_right == 0 ? path_.size() : options_.max_right;
    for (std::uint32_t side = 3; side <= whole && !stopped_; ++side) {
      const auto size = static_cast<std::size_t>(std::popcount(side));
      if (size < 2 || size > most || (side == whole && !options_.empty_left)) continue;
      if (!sides_fit(side)) continue;
      ++candidates_;
      std::vector<std::uint32_t> left, right;
      for (std::size_t at = 0; at < path_.size(); ++at) ((side >> at & 1) != 0 ? right : left).push_back(path_[at]);
      const RuleCounts counts{set.support, trie_.support_of(left), trie_.support_of(right), trie_.root().support};
      if (!judge(counts)) continue;
      name(left);
      name(right);
      found(Rule{left, right, counts});
    }
  }

  /// Ranks become items, ascending.
  void name(std::vector<std::uint32_t>& ranks) const {
    for (std::uint32_t& rank : ranks) rank = trie_.item(rank);
    std::sort(ranks.begin(), ranks.end());
  }
  void name_path() {
    named_ = path_;
    name(named_);
    left_.resize(named_.size() + 1);
  }

  bool sides_fit(std::uint64_t right) const {
    for (std::size_t at = 0; at < path_.size(); ++at) {
      if (!((right >> at & 1) != 0 ? may_right_ : may_left_)[path_[at]]) return false;
    }
    return true;
  }

  /// Whether some part of `left`, of which `some` was taken and positions from `from` on may be, tells as much.
  bool as_confident(std::span<const std::uint32_t> left, std::span<const std::uint32_t> right, const RuleCounts& counts,
                    std::size_t from, std::vector<std::uint32_t>& some) const {
    if (some.size() < left.size()) {
      std::vector<std::uint32_t> whole(some);
      whole.insert(whole.end(), right.begin(), right.end());
      std::sort(whole.begin(), whole.end(), std::greater<>());
      const std::uint64_t both = trie_.support_of(whole), alone = trie_.support_of(some);
      if (both * counts.left >= std::uint64_t{counts.both} * alone) return true;
    }
    for (std::size_t at = from; at < left.size(); ++at) {
      some.push_back(left[at]);
      const bool found = as_confident(left, right, counts, at + 1, some);
      some.pop_back();
      if (found) return true;
    }
    return false;
  }

  const SetTrie& trie_;
  const RuleOptions& options_;
  std::vector<bool> may_left_, may_right_, needed_, any_;
  std::size_t needed_count_ = 0;
  bool sides_are_free_ = true, sets_are_free_ = true;
  std::vector<std::uint32_t> path_, named_, left_;
  std::vector<std::vector<std::uint32_t>> without_, cursors_;
  std::uint64_t candidates_ = 0;
  bool stopped_ = false;
  std::uint32_t steps_ = 0;
};

}  // namespace emptor::mine
