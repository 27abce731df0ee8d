#include "emptor/mine/rules.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/itemset_options.hpp"
#include "mine/set_trie.hpp"

namespace emptor::mine {
namespace {

constexpr std::uint64_t billion = 1'000'000'000;

[[noreturn]] void refuse(std::string message, std::string field, Code code = Code::invalid) {
  throw Error(Problem{.code = code, .message = std::move(message), .field = std::move(field)});
}

void check(const RuleOptions& options) {
  check(options.itemsets);
  if (options.itemsets.kind != ItemsetKind::all) refuse("rules need all frequent sets", "itemsets.kind");
  if (options.itemsets.top != 0) refuse("rules need all frequent sets, not the best ones", "itemsets.top");
  if (!(options.min_confidence >= 0 && options.min_confidence <= 1)) refuse("0 to 1 is possible", "min_confidence");
  if (!(options.min_lift >= 0)) refuse("a lift is 0 or more", "min_lift");
  if (!(options.min_leverage >= -1 && options.min_leverage <= 1)) refuse("-1 to 1 is possible", "min_leverage");
  if (!(options.alpha > 0 && options.alpha < 1)) refuse("a probability between 0 and 1 is needed", "alpha");
}

/// Which sets are mined: all of them, whatever the rules are chosen by.
ItemsetOptions sets_for(const RuleOptions& options) {
  ItemsetOptions sets = options.itemsets;
  sets.min_length = 1;
  sets.all_of.clear();
  sets.any_of.clear();
  return sets;
}

class RuleSearch {
 public:
  RuleSearch(const SetTrie& trie, const RuleOptions& options) : trie_(trie), options_(options) {
    confidence_ = static_cast<std::uint64_t>(std::llrint(options.min_confidence * static_cast<double>(billion)));
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

  /// Calls found(rule) for every candidate that judge(counts) lets through.
  template <class Judge, class Found>
  void each(Judge&& judge, Found&& found) {
    candidates_ = 0;
    stopped_ = false;
    path_.clear();
    without_.assign(1, {});
    descend(trie_.root(), 0, judge, found);
  }
  void stop() noexcept { stopped_ = true; }
  std::uint64_t candidates() const noexcept { return candidates_; }

  bool is_redundant(const Rule& rule) const {
    std::vector<std::uint32_t> some;
    const std::vector<std::uint32_t> left = ranks_of(rule.left), right = ranks_of(rule.right);
    return as_confident(left, right, rule.counts, 0, some);
  }

  std::uint64_t confidence() const noexcept { return confidence_; }
  const RuleOptions& options() const noexcept { return options_; }
  const SetTrie& trie() const noexcept { return trie_; }

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

  /// `without_[depth][j]`: the node of the path less its j-th item. They go along as the path grows: the node of a
  /// longer path less that item is a child of it.
  template <class Judge, class Found>
  void descend(const SetTrie::Node& node, std::size_t depth, Judge& judge, Found& found) {
    if (without_.size() < depth + 2) {
      without_.resize(depth + 2);
      cursors_.resize(depth + 2);
    }
    cursors_[depth].resize(depth);
    for (std::size_t j = 0; j < depth; ++j) cursors_[depth][j] = trie_.node(without_[depth][j]).first;
    for (std::uint32_t at = node.first; at < node.first + node.children && !stopped_; ++at) {
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
      parts[depth] = static_cast<std::uint32_t>(&node - &trie_.root());
      split(set, parts, judge, found);
      if (set.children != 0) {
        if ((++steps_ & 1023) == 0) beat("rules", at, trie_.sets());
        descend(set, depth + 1, judge, found);
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
    if (path_.size() > 30) refuse("sets of more than 30 items have too many right sides", "max_right", Code::budget);
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
  std::uint64_t confidence_ = 0;
  std::vector<bool> may_left_, may_right_, needed_, any_;
  std::size_t needed_count_ = 0;
  bool sides_are_free_ = true, sets_are_free_ = true;
  std::vector<std::uint32_t> path_, named_, left_;
  std::vector<std::vector<std::uint32_t>> without_, cursors_;
  std::uint64_t candidates_ = 0;
  bool stopped_ = false;
  std::uint32_t steps_ = 0;
};

/// The log of p that a rule needs so that the control holds over all candidates.
double limit_of(RuleSearch& search) {
  const RuleOptions& options = search.options();
  if (options.control == RuleControl::none) return 0;
  std::vector<double> small;  // log p of at most alpha: nothing larger is ever let through
  const double log_alpha = elementary::log(options.alpha);
  const bool all = options.control == RuleControl::benjamini_hochberg;
  const auto note = [&](const RuleCounts& counts) {
    if (!all) return false;
    if (const double log_p = log_fisher(counts); log_p <= log_alpha) small.push_back(log_p);
    return false;
  };
  search.each(note, [](const Rule&) {});
  const auto candidates = static_cast<double>(std::max<std::uint64_t>(search.candidates(), 1));
  if (!all) return log_alpha - elementary::log(candidates);
  // Benjamini and Hochberg, JRSS B 57, 1995: the largest p of rank k with p <= alpha k / candidates.
  std::sort(small.begin(), small.end());
  for (std::size_t k = small.size(); k > 0; --k) {
    if (small[k - 1] <= log_alpha + elementary::log(static_cast<double>(k) / candidates)) return small[k - 1];
  }
  return log_alpha - elementary::log(candidates);
}

RuleSummary search_rules(const SetTrie& trie, const RuleOptions& options, const RuleReceiver& receiver) {
  RuleSearch search(trie, options);
  RuleSummary summary{.sets = trie.sets(), .baskets = trie.root().support};
  summary.log_p_limit = limit_of(search);
  const bool controlled = options.control != RuleControl::none;
  const auto judge = [&](const RuleCounts& counts) {
    if (std::uint64_t{counts.both} * billion < counts.left * search.confidence()) return false;
    if (options.min_lift == 0 && options.min_leverage == -1 && !controlled) return true;
    const double both = counts.both, n = counts.baskets;
    const double expected = static_cast<double>(counts.left) * counts.right;
    if (both * n < options.min_lift * expected || both * n - expected < options.min_leverage * n * n) return false;
    return !controlled || log_fisher(counts) <= summary.log_p_limit;
  };
  search.each(judge, [&](const Rule& rule) {
    if (options.drop_redundant && search.is_redundant(rule)) return;
    if (options.max_rules != 0 && summary.rules == options.max_rules) {
      summary.ending = Ending::max_sets;
      return search.stop();
    }
    ++summary.rules;
    if (receiver(rule)) return;
    summary.ending = Ending::receiver;
    search.stop();
  });
  summary.candidates = search.candidates();
  return summary;
}

RuleTable gather(const SetTrie& trie, const RuleOptions& options) {
  RuleTable table;
  const RuleSummary summary = search_rules(trie, options, [&table](const Rule& rule) {
    table.items.insert(table.items.end(), rule.left.begin(), rule.left.end());
    table.items.insert(table.items.end(), rule.right.begin(), rule.right.end());
    table.starts.push_back(table.items.size());
    table.left_size.push_back(static_cast<std::uint32_t>(rule.left.size()));
    table.counts.push_back(rule.counts);
    return true;
  });
  std::vector<std::size_t> order(table.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&table](std::size_t a, std::size_t b) {
    const Rule one = table[a], other = table[b];
    if (one.left.size() != other.left.size()) return one.left.size() < other.left.size();
    if (!std::equal(one.left.begin(), one.left.end(), other.left.begin())) {
      return std::lexicographical_compare(one.left.begin(), one.left.end(), other.left.begin(), other.left.end());
    }
    return std::lexicographical_compare(one.right.begin(), one.right.end(), other.right.begin(), other.right.end());
  });
  RuleTable sorted;
  for (const std::size_t rule : order) {
    const auto begin = table.items.begin() + static_cast<std::ptrdiff_t>(table.starts[rule]);
    const auto end = table.items.begin() + static_cast<std::ptrdiff_t>(table.starts[rule + 1]);
    sorted.items.insert(sorted.items.end(), begin, end);
    sorted.starts.push_back(sorted.items.size());
    sorted.left_size.push_back(table.left_size[rule]);
    sorted.counts.push_back(table.counts[rule]);
  }
  sorted.summary = summary;
  return sorted;
}

}  // namespace

RuleSummary mine_rules(const Baskets& baskets, const RuleOptions& options, const RuleReceiver& receiver,
                       const Run& run) {
  check(options);
  const LongCall call(run.progress);
  return search_rules(SetTrie(baskets, sets_for(options), run), options, receiver);
}

RuleTable mine_rules(const Baskets& baskets, const RuleOptions& options, const Run& run) {
  check(options);
  const LongCall call(run.progress);
  return gather(SetTrie(baskets, sets_for(options), run), options);
}

RuleTable rules_of(const ItemsetTable& sets, const RuleOptions& options, const Run& run) {
  check(options);
  const LongCall call(run.progress);
  if (!sets.summary.complete()) refuse("rules need all frequent sets", "sets", Code::budget);
  return gather(SetTrie(sets), options);
}

}  // namespace emptor::mine
