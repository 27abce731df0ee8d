#include "emptor/mine/sequences.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "support/data.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

using Pattern = std::vector<std::vector<std::uint32_t>>;

Pattern history_of(const SequenceTable& table, std::size_t history) {
  Pattern elements;
  for (std::uint64_t element = table.starts[history]; element < table.starts[history + 1]; ++element) {
    std::vector<std::uint32_t> items(
        table.items.begin() + static_cast<std::ptrdiff_t>(table.element_starts[element]),
        table.items.begin() + static_cast<std::ptrdiff_t>(table.element_starts[element + 1]));
    std::sort(items.begin(), items.end());
    items.erase(std::unique(items.begin(), items.end()), items.end());
    elements.push_back(items);
  }
  return elements;
}

/// Whether a pattern holds from its element `next` on, the last having been met at `last`, the first at `first`.
bool holds(const Pattern& history, const Pattern& pattern, const SequenceOptions& o, std::size_t next = 0,
           int first = 0, int last = 0) {
  if (next == pattern.size()) return true;
  for (int at = next == 0 ? 0 : last + 1; at < static_cast<int>(history.size()); ++at) {
    if (next > 0 && (at - last < o.min_gap || (o.max_gap != 0 && at - last > o.max_gap))) continue;
    if (next > 0 && o.max_window != 0 && at - first > o.max_window) continue;
    const auto &here = history[static_cast<std::size_t>(at)], &asked = pattern[next];
    if (!std::includes(here.begin(), here.end(), asked.begin(), asked.end())) continue;
    if (holds(history, pattern, o, next + 1, next == 0 ? at : first, at)) return true;
  }
  return false;
}

bool contains(const Pattern& longer, const Pattern& shorter) { return holds(longer, shorter, {}); }

/// Grows patterns an item at a time and asks every history: slow, short and obviously right.
std::map<Pattern, std::vector<bool>> brute_patterns(const SequenceTable& table, const SequenceOptions& options) {
  std::vector<Pattern> histories;
  for (std::size_t history = 0; history < table.size(); ++history) histories.push_back(history_of(table, history));
  std::map<Pattern, std::vector<bool>> found;
  std::vector<Pattern> open{{}};
  while (!open.empty()) {
    const Pattern pattern = open.back();
    open.pop_back();
    for (std::uint32_t item = 1; item <= 4; ++item) {
      for (const bool within : {true, false}) {
        Pattern longer = pattern;
        if (within && (pattern.empty() || pattern.back().back() >= item)) continue;
        within ? longer.back().push_back(item) : longer.push_back({item});
        std::vector<bool> where;
        for (const Pattern& history : histories) where.push_back(holds(history, longer, options));
        if (static_cast<std::uint64_t>(std::count(where.begin(), where.end(), true)) < options.min_support) continue;
        found.emplace(longer, where);
        open.push_back(longer);
      }
    }
  }
  return found;
}

std::map<Pattern, std::uint32_t> supports_of(const std::map<Pattern, std::vector<bool>>& found, SequenceKind kind) {
  std::map<Pattern, std::uint32_t> supports;
  for (const auto& [pattern, where] : found) {
    bool kept = true;
    for (const auto& [other, also] : found) {
      kept = kept && !(kind == SequenceKind::closed && other != pattern && also == where && contains(other, pattern));
    }
    if (kept) supports[pattern] = static_cast<std::uint32_t>(std::count(where.begin(), where.end(), true));
  }
  return supports;
}

std::map<Pattern, std::uint32_t> patterns_in(const PatternTable& table) {
  std::map<Pattern, std::uint32_t> patterns;
  for (std::size_t at = 0; at < table.size(); ++at) {
    Pattern pattern;
    std::uint64_t item = table.item_starts[at];
    for (std::uint64_t element = table.starts[at]; element < table.starts[at + 1]; ++element) {
      pattern.emplace_back();
      for (std::uint32_t left = table.element_sizes[element]; left > 0; --left)
        pattern.back().push_back(table.items[item++]);
    }
    patterns[pattern] = table.supports[at];
  }
  return patterns;
}

SequenceTable random_histories(Random& random) {
  std::string text;
  const bool single = random.below(3) == 0;
  for (std::uint64_t left = random.below(9); left > 0; --left) {
    for (std::uint64_t element = random.below(6); element > 0; --element) {
      for (std::uint64_t item = single ? 1 : 1 + random.below(3); item > 0; --item)
        text += std::to_string(1 + random.below(4)) + " ";
      text += "-1 ";
    }
    text += "-2\n";
  }
  return read_spmf(text);
}

}  // namespace

TEST_CASE("sequences: all and closed patterns, with gaps and windows, are what asking every history finds") {
  Random random(16);
  std::size_t total = 0;
  for (int round = 0; round < 1'500; ++round) {
    const SequenceTable histories = random_histories(random);
    SequenceOptions options{.min_support = 2 + random.below(3)};
    if (round % 2 == 0) options.max_gap = static_cast<std::int64_t>(random.below(4));
    if (round % 4 == 0) options.max_window = static_cast<std::int64_t>(random.below(5));
    if (round % 8 == 0)
      options.min_gap = static_cast<std::int64_t>(random.below(2 + static_cast<std::uint64_t>(options.max_gap)) *
                                                  (options.max_gap != 0));
    if (options.min_gap > options.max_gap) options.min_gap = options.max_gap;
    const auto found = brute_patterns(histories, options);
    total += found.size();
    for (const SequenceKind kind : {SequenceKind::all, SequenceKind::closed}) {
      options.kind = kind;
      const PatternTable table = mine_sequences(histories, options);
      REQUIRE(patterns_in(table) == supports_of(found, kind));
      REQUIRE(mine_sequences(histories, options, {.executor = thread_executor(3)}) == table);
      REQUIRE(load_sequences(save(table)) == table);
    }
  }
  MESSAGE("patterns in all: " << total);
}

TEST_CASE("sequences: the examples of the SPADE and PrefixSpan papers") {
  // Zaki, Machine Learning 42, 2001, figure 2; A ... H are 1 ... 8.
  const SequenceTable spade =
      read_spmf("3 4 -1 1 2 3 -1 1 2 6 -1 1 3 4 6 -1 -2\n1 2 6 -1 5 -1 -2\n1 2 6 -1 -2\n4 7 8 -1 2 6 -1 1 7 8 -1 -2\n");
  CHECK(mine_sequences(spade, {.min_support = 2}).size() == 18);
  // Pei et al., TKDE 2004, table 1; a ... g are 1 ... 7.
  const SequenceTable prefixspan = read_spmf(
      "1 -1 1 2 3 -1 1 3 -1 4 -1 3 6 -1 -2\n1 4 -1 3 -1 2 3 -1 1 5 -1 -2\n5 6 -1 1 2 -1 4 6 -1 3 -1 2 -1 -2\n"
      "5 -1 7 -1 1 6 -1 3 -1 2 -1 3 -1 -2\n");
  const PatternTable found = mine_sequences(prefixspan, {.min_support = 2});
  CHECK(found.size() == 53);
  std::map<std::uint64_t, int> lengths;
  for (std::size_t at = 0; at < found.size(); ++at) ++lengths[found.item_starts[at + 1] - found.item_starts[at]];
  CHECK(lengths == std::map<std::uint64_t, int>{{1, 6}, {2, 22}, {3, 21}, {4, 4}});
}

TEST_CASE("sequences: kosarak's known counts") {
  const auto path = test::data_path("fimi/kosarak10k.seq");
  if (!path) return;
  const SequenceTable histories = read_spmf_file(*path);
  CHECK(histories.size() == 10'000);
  CHECK(mine_sequences(histories, {.min_support = 100}).size() == 392);
  CHECK(mine_sequences(histories, {.min_support = 30}).size() == 5'458);
  CHECK(mine_sequences(histories, {.min_support = 20}).size() == 19'477);
  CHECK(mine_sequences(histories, {.min_support = 20}, {.executor = thread_executor(2)}).size() == 19'477);
}

TEST_CASE("sequences: times are those of the elements") {
  SequenceTable histories = read_spmf("1 -1 2 -1 -2\n1 -1 2 -1 -2\n");
  histories.times = {0, 30, 100, 500};
  CHECK(mine_sequences(histories, {.min_support = 2, .max_gap = 100}).size() == 2);
  CHECK(mine_sequences(histories, {.min_support = 1, .max_gap = 100}).size() == 3);
  histories.times = {30, 0, 100, 500};
  CHECK_THROWS_AS((void)mine_sequences(histories, {}), Error);
}

TEST_CASE("spmf: a plain line is one item an element, comments are skipped, anything else is refused") {
  const SequenceTable table = read_spmf("# a comment\n@ITEM=1\n5 6 7\n1 2 -1 3 -1 -2\n\n4 -1 -2\r\n");
  CHECK(table.starts == std::vector<std::uint64_t>{0, 3, 5, 6});
  CHECK(table.element_starts == std::vector<std::uint64_t>{0, 1, 2, 3, 5, 6, 7});
  for (const char* text : {"1 -3\n", "1 x\n", "1 -1 -2 4\n", "4294967296 -1 -2\n"})
    CHECK_THROWS_AS((void)read_spmf(text), Error);
}

TEST_CASE("sequences: budgets end in a label, contradictions in an error") {
  Random random(17);
  std::string text;
  for (int history = 0; history < 50; ++history) {
    for (int item = 0; item < 12; ++item) text += std::to_string(1 + random.below(4)) + " ";
    text += "\n";
  }
  const SequenceTable histories = read_spmf(text);
  const PatternTable some = mine_sequences(histories, {.min_support = 2, .max_patterns = 100});
  CHECK(some.size() == 100);
  CHECK(some.summary.ending == Ending::max_sets);
  CHECK(mine_sequences(histories, {.min_support = 10, .memory_bytes = 60'000}).summary.ending == Ending::memory_bytes);
  CHECK_THROWS_AS((void)mine_sequences(histories, {.min_support = 2, .memory_bytes = 1'000}), Error);
  CHECK_THROWS_AS((void)mine_sequences(histories, {.min_support = 0}), Error);
  CHECK_THROWS_AS((void)mine_sequences(histories, {.min_gap = 3, .max_gap = 2}), Error);
  CHECK(mine_sequences(histories, {.min_support = 5, .min_length = 2, .max_length = 2}).size() == 16);
}
