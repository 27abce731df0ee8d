#include "emptor/mine/rules.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/itemset_options.hpp"
#include "mine/rule_search.hpp"
#include "mine/set_trie.hpp"
#include "mine/shares.hpp"

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

/// Below so many sets threads would wait for each other more than they work.
constexpr std::uint64_t sets_a_part = 512;
constexpr std::size_t parts_a_thread = 16;

/// Rules of one part of the search, kept until it is their turn. In lines of their own: neighbours are written at once.
class alignas(128) KeptRules {
 public:
  void clear() {
    items_.clear();
    rules_.clear();
  }
  /// `candidate`: how many were counted by then.
  void add(const Rule& rule, std::uint64_t candidate) {
    rules_.push_back({items_.size(), static_cast<std::uint32_t>(rule.left.size()),
                      static_cast<std::uint32_t>(rule.right.size()), candidate, rule.counts});
    items_.insert(items_.end(), rule.left.begin(), rule.left.end());
    items_.insert(items_.end(), rule.right.begin(), rule.right.end());
  }
  /// Calls work(rule, candidate) with each until it returns false; returns whether it never did.
  template <class Work>
  bool each(Work&& work) const {
    return std::all_of(rules_.begin(), rules_.end(), [&](const Kept& kept) {
      const std::span<const std::uint32_t> items(items_.data() + kept.begin, kept.left + kept.right);
      return work(Rule{items.first(kept.left), items.subspan(kept.left), kept.counts}, kept.candidate);
    });
  }

  std::uint64_t candidates = 0;  ///< of the part

 private:
  struct Kept {
    std::size_t begin;
    std::uint32_t left, right;
    std::uint64_t candidate;
    RuleCounts counts;
  };
  std::vector<std::uint32_t> items_;
  std::vector<Kept> rules_;
};

/// The search in parts: some at a time on the run's threads, then what they found in their order. On one thread it is
/// one part.
class RuleParts {
 public:
  RuleParts(const SetTrie& trie, const RuleOptions& options, const Run& run)
      : run_(run), stretches_(stretches_of(trie, workers_of(run) > 1 ? sets_a_part : trie.sets())) {
    const std::uint64_t most = workers_of(run) > 1 ? sets_a_part : UINT64_MAX;
    std::uint64_t sets = most;
    for (std::size_t at = 0; at < stretches_.size(); ++at) {
      if (sets >= most) {
        starts_.push_back(at);
        sets = 0;
      }
      sets += stretches_[at].sets;
    }
    starts_.push_back(stretches_.size());
    for (std::size_t worker = 0; worker < workers_of(run); ++worker) searches_.emplace_back(trie, options);
  }

  std::size_t count() const noexcept { return starts_.size() - 1; }
  std::size_t in_a_round() const noexcept { return parts_a_thread * searches_.size(); }

  /// Calls work(search, stretches) with the only part.
  template <class Work>
  void alone(Work&& work) {
    work(searches_.front(), std::span<const RuleStretch>(stretches_));
  }
  /// Calls part(search, stretches, number) for each part on some thread, then turn(number), here, in order, until that
  /// returns false. Numbers are below in_a_round().
  template <class Part, class Turn>
  void each(Part&& part, Turn&& turn) {
    for (std::size_t first = 0; first < count(); first += in_a_round()) {
      const std::size_t parts = std::min(in_a_round(), count() - first);
      run_workers(run_, parts, "rules", [&](std::size_t number, std::size_t worker) {
        const std::size_t from = starts_[first + number], to = starts_[first + number + 1];
        part(searches_[worker], std::span<const RuleStretch>(stretches_).subspan(from, to - from), number);
      });
      for (std::size_t number = 0; number < parts; ++number) {
        if (!turn(number)) return;
      }
    }
  }

 private:
  const Run& run_;
  std::vector<RuleStretch> stretches_;
  std::vector<std::size_t> starts_;   ///< of the parts in them
  std::vector<RuleSearch> searches_;  ///< of each thread
};

/// How many candidates there are, and the log p of those for which it is at most `most`.
struct SmallChances {
  std::uint64_t candidates = 0;
  std::vector<double> log_p;
};
SmallChances small_chances(RuleSearch& search, std::span<const RuleStretch> stretches, double most, bool wanted) {
  SmallChances small;
  const auto note = [&](const RuleCounts& counts) {
    if (!wanted) return false;
    if (const double log_p = log_fisher(counts); log_p <= most) small.log_p.push_back(log_p);
    return false;
  };
  search.each(stretches, note, [](const Rule&) {});
  small.candidates = search.candidates();
  return small;
}

/// The log of p that a rule needs so that the control holds over all candidates.
double limit_of(RuleParts& parts, const RuleOptions& options) {
  if (options.control == RuleControl::none) return 0;
  const double log_alpha = elementary::log(options.alpha);  // nothing larger is ever let through
  const bool all = options.control == RuleControl::benjamini_hochberg;
  std::vector<SmallChances> some(parts.in_a_round());
  SmallChances small;
  parts.each([&](RuleSearch& search, std::span<const RuleStretch> stretches,
                 std::size_t number) { some[number] = small_chances(search, stretches, log_alpha, all); },
             [&](std::size_t number) {
               small.candidates += some[number].candidates;
               small.log_p.insert(small.log_p.end(), some[number].log_p.begin(), some[number].log_p.end());
               return true;
             });
  const auto candidates = static_cast<double>(std::max<std::uint64_t>(small.candidates, 1));
  if (!all) return log_alpha - elementary::log(candidates);
  // Benjamini and Hochberg, JRSS B 57, 1995: the largest p of rank k with p <= alpha k / candidates.
  std::sort(small.log_p.begin(), small.log_p.end());
  for (std::size_t k = small.log_p.size(); k > 0; --k) {
    if (small.log_p[k - 1] <= log_alpha + elementary::log(static_cast<double>(k) / candidates))
      return small.log_p[k - 1];
  }
  return log_alpha - elementary::log(candidates);
}

/// Which candidates are let through.
class RuleJudge {
 public:
  RuleJudge(const RuleOptions& options, double log_p_limit)
      : options_(options),
        log_p_limit_(log_p_limit),
        confidence_(static_cast<std::uint64_t>(std::llrint(options.min_confidence * static_cast<double>(billion)))),
        controlled_(options.control != RuleControl::none),
        free_(options.min_lift == 0 && options.min_leverage == -1 && !controlled_) {}

  bool operator()(const RuleCounts& counts) const {
    if (std::uint64_t{counts.both} * billion < counts.left * confidence_) return false;
    if (free_) return true;
    const double both = counts.both, n = counts.baskets;
    const double expected = static_cast<double>(counts.left) * counts.right;
    if (both * n < options_.min_lift * expected || both * n - expected < options_.min_leverage * n * n) return false;
    return !controlled_ || log_fisher(counts) <= log_p_limit_;
  }

 private:
  const RuleOptions& options_;
  double log_p_limit_;
  std::uint64_t confidence_;
  bool controlled_, free_;
};

RuleSummary search_rules(const SetTrie& trie, const RuleOptions& options, const RuleReceiver& receiver,
                         const Run& run) {
  RuleParts parts(trie, options, run);
  RuleSummary summary{.sets = trie.sets(), .baskets = trie.root().support};
  summary.log_p_limit = limit_of(parts, options);
  const RuleJudge judge(options, summary.log_p_limit);
  const auto give = [&](const Rule& rule) {
    const bool full = options.max_rules != 0 && summary.rules == options.max_rules;
    if (!full) ++summary.rules;
    if (!full && receiver(rule)) return true;
    summary.ending = full ? Ending::max_sets : Ending::receiver;
    return false;
  };
  if (parts.count() == 1) {
    parts.alone([&](RuleSearch& search, std::span<const RuleStretch> stretches) {
      search.each(stretches, judge, [&](const Rule& rule) {
        if (!(options.drop_redundant && search.is_redundant(rule)) && !give(rule)) search.stop();
      });
      summary.candidates = search.candidates();
    });
    return summary;
  }
  std::vector<KeptRules> kept(parts.in_a_round());
  parts.each(
      [&](RuleSearch& search, std::span<const RuleStretch> stretches, std::size_t number) {
        kept[number].clear();
        search.each(stretches, judge, [&](const Rule& rule) {
          if (!(options.drop_redundant && search.is_redundant(rule))) kept[number].add(rule, search.candidates());
        });
        kept[number].candidates = search.candidates();
      },
      [&](std::size_t number) {
        std::uint64_t counted = kept[number].candidates;
        const bool goes_on = kept[number].each([&](const Rule& rule, std::uint64_t candidate) {
          if (give(rule)) return true;
          counted = candidate;
          return false;
        });
        summary.candidates += counted;
        return goes_on;
      });
  return summary;
}

RuleTable gather(const SetTrie& trie, const RuleOptions& options, const Run& run) {
  RuleTable table;
  const auto take = [&table](const Rule& rule) {
    table.items.insert(table.items.end(), rule.left.begin(), rule.left.end());
    table.items.insert(table.items.end(), rule.right.begin(), rule.right.end());
    table.starts.push_back(table.items.size());
    table.left_size.push_back(static_cast<std::uint32_t>(rule.left.size()));
    table.counts.push_back(rule.counts);
    return true;
  };
  const RuleSummary summary = search_rules(trie, options, take, run);
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
  return search_rules(SetTrie(baskets, sets_for(options), run), options, receiver, run);
}

RuleTable mine_rules(const Baskets& baskets, const RuleOptions& options, const Run& run) {
  check(options);
  const LongCall call(run.progress);
  return gather(SetTrie(baskets, sets_for(options), run), options, run);
}

RuleTable rules_of(const ItemsetTable& sets, const RuleOptions& options, const Run& run) {
  check(options);
  const LongCall call(run.progress);
  if (!sets.summary.complete()) refuse("rules need all frequent sets", "sets", Code::budget);
  return gather(SetTrie(sets), options, run);
}

}  // namespace emptor::mine
