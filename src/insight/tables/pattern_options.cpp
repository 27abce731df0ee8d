#include "insight/tables/pattern_options.hpp"

#include "emptor/core/error.hpp"

namespace emptor {
namespace {

using mine::Bounds;
using mine::OptionTable;

std::uint64_t support_of(std::uint64_t count, double share, std::uint64_t all) {
  if (count > 0) return count;
  if (share > 0) return std::max<std::uint64_t>(count_of_share(share, all), 1);
  throw Error(Problem{.code = Code::invalid,
                      .message = "how often a pattern must occur is not given",
                      .field = "min_support",
                      .hint = "give min_support, a count of at least 1, or min_share, above 0"});
}

}  // namespace

const OptionTable<ItemsetQuestion>& itemset_question() {
  using Own = mine::ItemsetOptions;
  static const auto own =
      OptionTable<Own>()
          .add("min_support", &Own::min_support, Bounds{1}, "baskets that a set must be in")
          .choice("kind", &Own::kind, {"all", "closed", "maximal"}, "which of the frequent sets")
          .add("min_length", &Own::min_length, Bounds{1}, "items of a set")
          .add("max_length", &Own::max_length, "0: no limit")
          .add("top", &Own::top, "so many sets of the highest support; 0: all")
          .add("max_sets", &Own::max_sets, "stops after so many, and says so; 0: no limit")
          .add("memory_bytes", &Own::memory_bytes, "what the search may hold; 0: no limit")
          .choice("engine", &Own::engine, {"automatic", "apriori", "eclat", "fp_growth", "projection"},
                  "how sets are searched for; what is found is the same");
  using Question = ItemsetQuestion;
  static const auto table =
      OptionTable<Question>()
          .add("basket", &Question::basket, "column of baskets: whole numbers or texts; 'basket' without it")
          .add("item", &Question::item, "column of items: whole numbers or texts; 'item' without it")
          .all_of(&Question::own, own)
          .add("min_share", &Question::min_share, Bounds{0, 1}, "of all baskets, instead of min_support")
          .add("only_items", &Question::only_items, "as if there were no others")
          .add("without_items", &Question::without_items, "as if these were not there")
          .add("all_of", &Question::all_of, "a set is given only if it holds all of these")
          .add("any_of", &Question::any_of, "... and at least one of these");
  return table;
}

const OptionTable<RuleQuestion>& rule_question() {
  using Own = mine::RuleOptions;
  static const auto own =
      OptionTable<Own>()
          .add("max_right", &Own::max_right, "items on the right side; 0: no limit")
          .add("empty_left", &Own::empty_left, "whether a rule may have no left side")
          .add("min_confidence", &Own::min_confidence, Bounds{0, 1}, "share of baskets with left that have right")
          .add("min_lift", &Own::min_lift, Bounds{0}, "1: independent")
          .add("min_leverage", &Own::min_leverage, Bounds{-1, 1}, "0: independent")
          .choice("control", &Own::control, {"none", "bonferroni", "benjamini_hochberg"},
                  "of chance findings, over every candidate counted")
          .add("alpha", &Own::alpha, Bounds{0, 1}, "of the control")
          .add("drop_redundant", &Own::drop_redundant, "without rules that a shorter left side does as well")
          .add("max_rules", &Own::max_rules, "stops after so many, and says so; 0: no limit");
  using Question = RuleQuestion;
  static const auto table = OptionTable<Question>()
                                .all_of(&Question::sets, itemset_question())
                                .all_of(&Question::own, own)
                                .add("left_only", &Question::left_only, "items that may stand left")
                                .add("right_only", &Question::right_only, "items that may stand right");
  return table;
}

const OptionTable<SequenceQuestion>& sequence_question() {
  using Own = mine::SequenceOptions;
  static const auto own =
      OptionTable<Own>()
          .add("min_support", &Own::min_support, Bounds{1}, "histories that a pattern must hold in")
          .choice("kind", &Own::kind, {"all", "closed"}, "which of the frequent patterns")
          .add("min_length", &Own::min_length, Bounds{1}, "items of a pattern")
          .add("max_length", &Own::max_length, "0: no limit")
          .add("max_elements", &Own::max_elements, "0: no limit")
          .add("min_gap", &Own::min_gap, Bounds{0}, "between neighbouring elements, in times")
          .add("max_gap", &Own::max_gap, Bounds{0}, "0: no limit")
          .add("max_window", &Own::max_window, Bounds{0}, "between the first and the last; 0: no limit")
          .add("max_patterns", &Own::max_patterns, "stops after so many, and says so; 0: no limit")
          .add("memory_bytes", &Own::memory_bytes, "what the search may hold; 0: no limit");
  using Question = SequenceQuestion;
  static const auto table =
      OptionTable<Question>()
          .add("history", &Question::history, "column of histories: whole numbers or texts; 'history' without it")
          .add("item", &Question::item, "column of items: whole numbers or texts; 'item' without it")
          .add("time", &Question::time,
               "column of times (whole numbers, days, times); without it each row comes after the one before")
          .all_of(&Question::own, own)
          .add("min_share", &Question::min_share, Bounds{0, 1}, "of all histories, instead of min_support");
  return table;
}

mine::ItemsetOptions options_of(const ItemsetQuestion& question, const PlainItems& plain, std::uint64_t baskets) {
  mine::ItemsetOptions options = question.own;
  options.min_support = support_of(options.min_support, question.min_share, baskets);
  options.only_items = numbers_of(question.only_items, plain);
  options.without_items = numbers_of(question.without_items, plain);
  options.all_of = numbers_of(question.all_of, plain);
  options.any_of = numbers_of(question.any_of, plain);
  return options;
}

mine::RuleOptions options_of(const RuleQuestion& question, const PlainBaskets& plain) {
  mine::RuleOptions options = question.own;
  options.itemsets = options_of(question.sets, plain, plain.baskets.size());
  options.left_only = numbers_of(question.left_only, plain);
  options.right_only = numbers_of(question.right_only, plain);
  return options;
}

mine::SequenceOptions options_of(const SequenceQuestion& question, const PlainHistories& plain) {
  mine::SequenceOptions options = question.own;
  options.min_support = support_of(options.min_support, question.min_share, plain.histories.size());
  return options;
}

ListColumn list_column(std::string name, const PlainItems& plain) {
  return {.name = std::move(name), .starts = {0}, .codes = {}, .values = plain.items};
}

}  // namespace emptor
