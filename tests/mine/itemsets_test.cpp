#include "emptor/mine/itemsets.hpp"

#include <doctest/doctest.h>

#include <hwy/targets.h>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

#include "brute_itemsets.hpp"
#include "emptor/core/error.hpp"
#include "mine/itemset_search.hpp"
#include "mine/itemset_table.hpp"
#include "support/data.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::brute_itemsets;
using emptor::test::FoundSet;
using emptor::test::random_baskets;
using emptor::test::sets_of;

namespace {

constexpr ItemsetKind kinds[] = {ItemsetKind::all, ItemsetKind::closed, ItemsetKind::maximal};

Run on_threads(std::size_t threads) { return {.executor = thread_executor(threads)}; }

ItemsetTable search(const BasketTable& baskets, const ItemsetOptions& options, const Run& run,
                    const SearchTuning& tuning) {
  ItemsetCollector collector(0);
  const ItemsetReceiver take = [&collector](const ItemsetBlock& block) { return collector.take(block); };
  return collector.finish(search_itemsets(baskets, options, take, run, tuning));
}

BasketTable some_baskets(std::size_t rows, std::uint64_t items, std::uint64_t seed) {
  Random random(seed);
  BasketTable baskets;
  for (std::size_t row = 0; row < rows; ++row) {
    std::vector<std::uint32_t> basket;
    for (std::uint64_t at = 2 + random.below(10); at > 0; --at) {
      basket.push_back(static_cast<std::uint32_t>(random.below(1 + random.below(items))));
    }
    baskets.add(basket);
  }
  return baskets;
}

Code code_of(const BasketTable& baskets, const ItemsetOptions& options) {
  try {
    (void)mine_itemsets(baskets, options);
  } catch (const Error& error) {
    return error.code();
  }
  return Code::ok;
}

/// Rows of the list with more sets are for deep runs (EMPTOR_COUNTS=full).
std::uint64_t longest_count(std::string_view kind) {
  const char* const counts = std::getenv("EMPTOR_COUNTS");
  if (counts != nullptr && std::string_view(counts) == "full") return UINT64_MAX;
  return kind == "all" ? 20'000'000 : 600'000;
}

/// Connect is made by a program of its own, without the class, which is in 44,473 of its baskets: EMPTOR_CONNECT says
/// where it lies.
std::optional<std::string> fimi_path(const std::string& name) {
  if (name != "connect") return test::data_path("fimi/" + name + ".dat");
  const char* const connect = std::getenv("EMPTOR_CONNECT");
  return connect == nullptr ? std::nullopt : std::optional<std::string>(connect);
}

}  // namespace

TEST_CASE("itemsets: every kind is what looking at all subsets finds, on 10,000 random inputs") {
  Random random(1);
  std::uint64_t total = 0;
  for (int round = 0; round < 10'000; ++round) {
    const BasketTable baskets = random_baskets(random);
    ItemsetOptions options{.min_support = 1 + random.below(6)};
    const SearchTuning tuning{
        .mask_items = random.below(14), .table_items = static_cast<int>(random.below(11)), .sparse = random.below(4)};
    const test::BruteSupports brute(baskets);
    for (const ItemsetKind kind : kinds) {
      options.kind = kind;
      const std::vector<FoundSet> expected = brute.find(options.min_support, kind);
      total += expected.size();
      REQUIRE(sets_of(search(baskets, options, {}, tuning)) == expected);
      REQUIRE(search_itemsets(baskets, options, {}, {}, tuning).sets == expected.size());
      REQUIRE(count_itemsets(baskets, options).sets == expected.size());
    }
  }
  MESSAGE("sets in all: " << total);
}

TEST_CASE("itemsets: every engine finds the same") {
  Random random(2);
  for (int round = 0; round < 500; ++round) {
    const BasketTable baskets = random_baskets(random);
    ItemsetOptions options{.min_support = 1 + random.below(6),
                           .max_length = static_cast<std::uint32_t>(random.below(5))};
    options.min_length = options.max_length == 0 ? 1 : 1 + static_cast<std::uint32_t>(random.below(options.max_length));
    const ItemsetTable expected = mine_itemsets(baskets, options);
    for (const ItemsetEngine engine : {ItemsetEngine::apriori, ItemsetEngine::eclat, ItemsetEngine::fp_growth}) {
      options.engine = engine;
      REQUIRE(mine_itemsets(baskets, options) == expected);
      REQUIRE(mine_itemsets(baskets, options).summary.engine == engine);
      REQUIRE(count_itemsets(baskets, options).sets == expected.size());
    }
  }
}

TEST_CASE("itemsets: length bounds and wanted items choose among the results") {
  Random random(3);
  for (int round = 0; round < 500; ++round) {
    const BasketTable baskets = random_baskets(random);
    if (baskets.items.empty()) continue;
    const auto some = [&] { return baskets.items[random.below(baskets.items.size())]; };
    ItemsetOptions options{.min_support = 1 + random.below(4), .kind = kinds[random.below(3)]};
    std::vector<FoundSet> expected;
    const std::uint32_t least = 1 + static_cast<std::uint32_t>(random.below(3)), most = least + 2, one = some(),
                        other = some();
    for (const FoundSet& set : brute_itemsets(baskets, options.min_support, options.kind)) {
      const auto has = [&](std::uint32_t item) { return std::binary_search(set.items.begin(), set.items.end(), item); };
      if (set.items.size() >= least && set.items.size() <= most && has(one) && has(other)) expected.push_back(set);
    }
    options.min_length = least;
    options.max_length = most;
    options.all_of = {one};
    options.any_of = {other};
    REQUIRE(sets_of(search(baskets, options, {}, {})) == expected);
    REQUIRE(sets_of(search(baskets, options, {}, {.mask_items = 2, .table_items = 3})) == expected);
    REQUIRE(count_itemsets(baskets, options).sets == expected.size());
  }
}

TEST_CASE("itemsets: items that do not exist are not there to judge closed sets by") {
  const BasketTable baskets = read_fimi("1 2 3\n1 2 3\n1 2\n4\n");
  ItemsetOptions options{.min_support = 2, .kind = ItemsetKind::closed, .without_items = {2}};
  CHECK(sets_of(mine_itemsets(baskets, options)) == std::vector<FoundSet>{{{1}, 3}, {{1, 3}, 2}});
  options = {.min_support = 2, .kind = ItemsetKind::closed, .only_items = {2, 3}};
  CHECK(sets_of(mine_itemsets(baskets, options)) == std::vector<FoundSet>{{{2}, 3}, {{2, 3}, 2}});
}

TEST_CASE("itemsets: the best k are the first of all by support, then length, then items") {
  Random random(4);
  for (int round = 0; round < 300; ++round) {
    const BasketTable baskets = random_baskets(random);
    ItemsetOptions options{.min_support = 1 + random.below(3), .kind = kinds[random.below(3)]};
    std::vector<FoundSet> expected = brute_itemsets(baskets, options.min_support, options.kind);
    std::stable_sort(expected.begin(), expected.end(),
                     [](const FoundSet& a, const FoundSet& b) { return a.support > b.support; });
    options.top = 1 + random.below(20);
    expected.resize(std::min<std::size_t>(expected.size(), options.top));
    std::vector<FoundSet> found = sets_of(mine_itemsets(baskets, options));
    std::stable_sort(found.begin(), found.end(),
                     [](const FoundSet& a, const FoundSet& b) { return a.support > b.support; });
    REQUIRE(found == expected);
    REQUIRE(count_itemsets(baskets, options).sets == expected.size());
  }
}

TEST_CASE("itemsets: the same bytes for threads, orders of baskets and instruction sets") {
  const BasketTable baskets = some_baskets(3'000, 150, 5);
  BasketTable turned;
  for (std::size_t basket = baskets.size(); basket-- > 0;) turned.add(Baskets(baskets)[basket]);
  for (const ItemsetKind kind : kinds) {
    const ItemsetOptions options{.min_support = 3, .kind = kind};
    const std::string expected = save(mine_itemsets(baskets, options));
    CHECK(load_itemsets(expected).size() > 100);
    for (const std::size_t threads : {2, 3, 8}) {
      CHECK(save(mine_itemsets(baskets, options, on_threads(threads))) == expected);
      CHECK(save(search(baskets, options, on_threads(threads), {.mask_items = 20, .table_items = 4})) == expected);
      CHECK(save(search(baskets, options, on_threads(threads), {.sparse = 0})) == expected);
    }
    CHECK(save(search(baskets, options, {}, {.sparse = 1'000})) == expected);
    CHECK(save(mine_itemsets(turned, options)) == expected);
    for (std::int64_t targets = hwy::SupportedTargets(); targets != 0; targets &= targets - 1) {
      hwy::SetSupportedTargetsForTest(targets & -targets);
      hwy::GetChosenTarget().DeInit();
      CHECK(save(mine_itemsets(baskets, options)) == expected);
      CHECK(count_itemsets(baskets, options).sets == load_itemsets(expected).size());
    }
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().DeInit();
  }
}

TEST_CASE(
    "itemsets: maximal sets of few items are the same for 1 to 8 threads, and what looking at all subsets finds") {
  Random random(9);
  std::size_t total = 0;
  for (int round = 0; round < 400; ++round) {
    const BasketTable baskets = random_baskets(random);
    ItemsetOptions options{.min_support = 1 + random.below(5), .kind = ItemsetKind::maximal};
    const SearchTuning tuning{.table_items = static_cast<int>(random.below(3))};
    const std::vector<FoundSet> expected = brute_itemsets(baskets, options.min_support, options.kind);
    total += expected.size();
    for (const std::size_t threads : {1, 2, 4}) {
      REQUIRE(sets_of(search(baskets, options, on_threads(threads), tuning)) == expected);
      REQUIRE(search_itemsets(baskets, options, {}, on_threads(threads), tuning).sets == expected.size());
    }
    if (baskets.items.empty()) continue;
    options.all_of = {baskets.items[random.below(baskets.items.size())]};
    REQUIRE(search(baskets, options, on_threads(3), tuning) == search(baskets, options, {}, tuning));
  }
  CHECK(total > 500);
  const BasketTable many = some_baskets(5'000, 50, 10);
  const ItemsetOptions options{.min_support = 4, .kind = ItemsetKind::maximal};
  const std::string expected = save(mine_itemsets(many, options));
  CHECK(load_itemsets(expected).size() > 500);
  for (const std::size_t threads : {2, 3, 8})
    CHECK(save(mine_itemsets(many, options, on_threads(threads))) == expected);
}

TEST_CASE("itemsets: an item in every basket, and thresholds that a ratio would miss, lose nothing") {
  CHECK(sets_of(mine_itemsets(read_fimi("1 2\n1 3\n1\n"), {.min_support = 3})) == std::vector<FoundSet>{{{1}, 3}});
  BasketTable baskets;  // 7 of 25: 0.28 * 25 is 7.000000000000001
  for (std::uint32_t row = 0; row < 25; ++row) baskets.add(std::vector<std::uint32_t>{row < 7 ? 1u : 2u});
  CHECK(mine_itemsets(baskets, {.min_support = 7}).size() == 2);
}

TEST_CASE("itemsets: hostile baskets end in a bounded, labelled answer") {
  BasketTable giant;
  std::vector<std::uint32_t> basket(100);
  for (std::uint32_t item = 0; item < 100; ++item) basket[item] = item * 40'000'000;
  giant.add(basket);
  giant.add({});
  const ItemsetSummary many = count_itemsets(giant, {.min_support = 1});
  CHECK(many.sets == UINT64_MAX);
  CHECK(many.ending == Ending::max_sets);
  const ItemsetTable some = mine_itemsets(giant, {.min_support = 1, .max_sets = 1'000});
  CHECK(some.size() == 1'000);
  CHECK(some.summary.ending == Ending::max_sets);
  CHECK(mine_itemsets(giant, {.min_support = 1, .max_sets = 1'000}, on_threads(4)) == some);
  CHECK(sets_of(mine_itemsets(giant, {.min_support = 1, .kind = ItemsetKind::closed})) ==
        std::vector<FoundSet>{{basket, 1}});
  CHECK(sets_of(mine_itemsets(giant, {.min_support = 1, .kind = ItemsetKind::maximal})) ==
        std::vector<FoundSet>{{basket, 1}});

  BasketTable full;  // 2^30 - 1 sets
  for (int row = 0; row < 50; ++row) full.add(std::span(basket).first(30));
  CHECK(count_itemsets(full, {.min_support = 50}).sets == (1u << 30) - 1);
  CHECK(mine_itemsets(full, {.min_support = 50, .memory_bytes = 4'000'000}).summary.ending == Ending::memory_bytes);
  CHECK(code_of(some_baskets(20'000, 5'000, 6), {.min_support = 2, .memory_bytes = 100'000}) == Code::budget);
}

TEST_CASE("itemsets: a receiver that has enough ends the search") {
  const BasketTable baskets = some_baskets(2'000, 100, 7);
  std::uint64_t seen = 0;
  const ItemsetSummary summary = mine_itemsets(baskets, {.min_support = 2}, [&seen](const ItemsetBlock& block) {
    seen += block.size();
    return false;
  });
  CHECK(summary.ending == Ending::receiver);
  CHECK(summary.sets == seen);
}

TEST_CASE("itemsets: the host can stop a search") {
  BasketTable full;
  std::vector<std::uint32_t> basket;
  for (std::uint32_t item = 0; item < 64; ++item) {
    basket.clear();
    for (std::uint32_t other = 0; other < 64; ++other) {
      if (other != item) basket.push_back(other);
    }
    full.add(basket);
  }
  const auto stop = [](std::string_view, std::uint64_t, std::uint64_t) { return false; };
  for (const std::size_t threads : {1, 2}) {
    Run run = on_threads(threads);
    run.progress = stop;
    try {
      (void)mine_itemsets(
          full, {.min_support = 20}, [](const ItemsetBlock&) { return true; }, run);
      FAIL("it came to an end");
    } catch (const Error& error) {
      CHECK(error.code() == Code::cancelled);
    }
  }
}

TEST_CASE("itemsets: options and baskets that contradict themselves are refused by name") {
  const BasketTable baskets = read_fimi("1 2\n");
  const auto field_of = [&](const Baskets& of, const ItemsetOptions& options) {
    try {
      (void)mine_itemsets(of, options);
    } catch (const Error& error) {
      return error.first().field;
    }
    return std::string();
  };
  CHECK(field_of(baskets, {.min_support = 0}) == "min_support");
  CHECK(field_of(baskets, {.min_length = 3, .max_length = 2}) == "max_length");
  CHECK(field_of(baskets, {.kind = ItemsetKind::closed, .engine = ItemsetEngine::eclat}) == "engine");
  const std::vector<std::uint64_t> starts{0, 3, 1};
  CHECK(field_of({starts, baskets.items}, {}) == "starts");
  CHECK(mine_itemsets(Baskets(), {}).size() == 0);
}

TEST_CASE("itemsets: a saved table that was changed is refused") {
  const std::string good = save(mine_itemsets(some_baskets(50, 10, 8), {.min_support = 2}));
  for (std::size_t at = 0; at < good.size(); at += 7) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    CHECK_THROWS_AS((void)load_itemsets(bad), Error);
  }
}

TEST_CASE("itemsets: the counts of the FIMI repository") {
  const auto known = test::data_path("fimi/known_counts.tsv");
  if (!known) return;
  std::ifstream lines(*known);
  std::string line, name, kind, loaded;
  std::getline(lines, line);
  BasketTable baskets;
  std::size_t checked = 0;
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::uint64_t support = 0, count = 0;
    fields >> name >> kind >> support >> count;
    const auto path = fimi_path(name);
    const bool needs_class = name == "connect" && support <= 44'473;
    if (!path || needs_class || count > longest_count(kind)) continue;
    if (name != std::exchange(loaded, name)) baskets = read_fimi_file(*path);
    const ItemsetKind which = kind == "all"      ? ItemsetKind::all
                              : kind == "closed" ? ItemsetKind::closed
                                                 : ItemsetKind::maximal;
    CAPTURE(line);
    CHECK(count_itemsets(baskets, {.min_support = support, .kind = which}).sets == count);
    ++checked;
  }
  MESSAGE("rows of the list: " << checked);
  CHECK(checked > 50);
}
