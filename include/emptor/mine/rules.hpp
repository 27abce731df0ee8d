/// Association rules: who buys this buys that, with every measure of the field and honest significance.
///
///     const RuleTable rules = mine_rules(baskets, {.itemsets = {.min_support = 20}, .min_confidence = 0.5});
///
/// A rule "left => right" is judged by four counts: baskets, those with left, with right, with both. Confidence is
/// compared exactly, as both * 10^9 >= left * (min_confidence rounded to a billionth).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/itemsets.hpp"

namespace emptor::mine {

struct RuleCounts {
  std::uint32_t both = 0, left = 0, right = 0;
  std::uint32_t baskets = 0;
  friend bool operator==(const RuleCounts&, const RuleCounts&) = default;
};

/// What four counts say. Infinity where a denominator is 0 and the numerator is not; NaN where both are.
/// Formulae, with P() the share of baskets (Tan, Kumar, Srivastava, Information Systems 29, 2004, table 1; the rest as
/// cited).
struct RuleMeasures {
  double support = 0;     ///< P(left, right)
  double confidence = 0;  ///< P(right | left)
  double lift = 0;        ///< P(left, right) / (P(left) P(right)); 1: independent
  double leverage = 0;    ///< P(left, right) - P(left) P(right)
  double conviction = 0;  ///< P(left) P(not right) / P(left, not right); infinite: never wrong
  double cosine = 0;      ///< P(left, right) / sqrt(P(left) P(right))
  double kulczynski = 0;  ///< mean of P(right | left) and P(left | right)
  double jaccard = 0;     ///< P(left, right) / P(left or right)
  double odds_ratio = 0;  ///< of the 2 x 2 table
  double chi_square = 0;  ///< Pearson's, without a correction
  double fisher = 0;      ///< p of Fisher's exact test, one-sided: left and right so often together by chance
};
RuleMeasures measures_of(const RuleCounts& counts) noexcept;
/// log of Fisher's p (p itself may be as small as 10^-10000); p is within a relative 1e-7. O(min(left, right)).
double log_fisher(const RuleCounts& counts) noexcept;

/// How many chance findings are allowed, over all candidates that were counted: every split of every frequent set into
/// a left and a right side that the options admit, also those that confidence or lift then leave out.
enum class RuleControl : std::uint8_t {
  none,
  bonferroni,          ///< family-wise error at most alpha: p <= alpha / candidates
  benjamini_hochberg,  ///< false discovery rate at most alpha (needs a second pass over the candidates)
};

struct RuleOptions {
  ItemsetOptions itemsets = {};  ///< which sets rules are made of; kind all, no top, no engine that is approximate
  std::uint32_t max_right = 1;   ///< items on the right side; 0: no limit
  bool empty_left = false;       ///< whether "=> right" is a rule
  double min_confidence = 0;     ///< 0 to 1
  double min_lift = 0;
  double min_leverage = -1;
  std::vector<std::uint32_t> left_only = {};   ///< items that may stand left (all if empty)
  std::vector<std::uint32_t> right_only = {};  ///< items that may stand right (all if empty)
  RuleControl control = RuleControl::none;
  double alpha = 0.05;
  /// Leaves out a rule if one with the same right side and a part of its left side is as confident.
  bool drop_redundant = false;
  std::uint64_t max_rules = 0;  ///< stops after so many, and says so; 0: no limit
};

struct Rule {
  std::span<const std::uint32_t> left, right;  ///< ascending
  RuleCounts counts;
};

struct RuleSummary {
  std::uint64_t rules = 0;       ///< that were given
  std::uint64_t candidates = 0;  ///< that were counted, the base of the control
  std::uint64_t sets = 0;
  std::uint64_t baskets = 0;
  double log_p_limit = 0;  ///< of the control: a rule needs a log p of at most this; 0 without one
  Ending ending = Ending::complete;

  bool complete() const noexcept { return ending == Ending::complete; }
  friend bool operator==(const RuleSummary&, const RuleSummary&) = default;
};

/// Takes a rule, which lives as long as the call; false means enough. Called from the calling thread, in an order
/// that depends on nothing but the baskets and the options.
using RuleReceiver = std::function<bool(const Rule&)>;

/// Rules that are kept, by left side's length, left, right.
struct RuleTable {
  std::vector<std::uint64_t> starts{0};  ///< of the rules in `items`
  std::vector<std::uint32_t> items;      ///< left side, then right side
  std::vector<std::uint32_t> left_size;
  std::vector<RuleCounts> counts;
  RuleSummary summary;

  std::size_t size() const noexcept { return counts.size(); }
  Rule operator[](std::size_t rule) const noexcept;
  friend bool operator==(const RuleTable&, const RuleTable&) = default;
};

/// Both throw Code::invalid (field), and what mine_itemsets throws. Memory: 16 bytes a frequent set, 30 while they are
/// laid out; a budget
/// (itemsets.memory_bytes) that this breaks, or max_sets, throws Code::budget, for rules of half the sets would be
/// judged wrongly. Time: about 10 ns a candidate.
RuleSummary mine_rules(const Baskets& baskets, const RuleOptions& options, const RuleReceiver& receiver,
                       const Run& run = {});
RuleTable mine_rules(const Baskets& baskets, const RuleOptions& options, const Run& run = {});
/// From sets that stand already: all frequent ones (kind all, complete, no length bound below).
RuleTable rules_of(const ItemsetTable& sets, const RuleOptions& options, const Run& run = {});

std::string save(const RuleTable& table);
RuleTable load_rules(std::string_view bytes);

}  // namespace emptor::mine
