#include "emptor/mine/apriori.hpp"

#include <doctest/doctest.h>

#include "brute_itemsets.hpp"
#include "emptor/core/error.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

/// The rounds over baskets that lie in `parts` places, the last place first.
ItemsetTable in_parts(const BasketTable& baskets, const ItemsetOptions& options, std::size_t parts) {
  std::vector<BasketTable> places(parts);
  for (std::size_t basket = 0; basket < baskets.size(); ++basket)
    places[basket * basket % parts].add(Baskets(baskets)[basket]);
  AprioriRound round = first_round(options);
  while (!round.done()) {
    AprioriCounts counts = partial(round, places.back());
    for (std::size_t place = parts - 1; place-- > 0;) merge(counts, partial(round, places[place]));
    round = step(std::move(round), counts);
  }
  return finish(std::move(round));
}

}  // namespace

TEST_CASE("apriori: rounds over any split are the search over the whole, and what all subsets say") {
  Random random(9);
  for (int round = 0; round < 1'000; ++round) {
    const BasketTable baskets = test::random_baskets(random);
    const ItemsetOptions options{.min_support = 1 + random.below(5)};
    const ItemsetTable found = in_parts(baskets, options, 1 + random.below(17));
    REQUIRE(test::sets_of(found) == test::brute_itemsets(baskets, options.min_support, ItemsetKind::all));
    REQUIRE(found.summary.baskets == baskets.size());
  }
}

TEST_CASE("apriori: a source is read once a round, on any number of threads") {
  Random random(10);
  BasketTable baskets;
  for (int row = 0; row < 5'000; ++row) {
    std::vector<std::uint32_t> basket;
    for (int at = 0; at < 5; ++at) basket.push_back(static_cast<std::uint32_t>(random.below(20)));
    baskets.add(basket);
  }
  std::size_t asked = 0;
  const BasketSource counted = [&](const std::function<void(const Baskets&)>& give) {
    ++asked;
    give(baskets);
  };
  const ItemsetOptions options{.min_support = 150};
  const ItemsetTable one = mine_apriori(counted, options);
  CHECK(asked == 3);  // single items, pairs, and triples, of which none is frequent
  CHECK(mine_apriori(source_of(baskets), options, {.executor = thread_executor(3)}) == one);
  CHECK(mine_itemsets(baskets, options) == one);
}

TEST_CASE("apriori: candidates that do not fit end the search with a label") {
  BasketTable baskets;
  std::vector<std::uint32_t> basket;
  for (std::uint32_t item = 0; item < 200; ++item) basket.push_back(item);
  baskets.add(basket);
  const ItemsetTable found = mine_apriori(source_of(baskets), {.min_support = 1, .memory_bytes = 1'000'000});
  CHECK(found.summary.ending == Ending::memory_bytes);
  CHECK(found.size() == 200 + 200 * 199 / 2);
}

TEST_CASE("apriori: closed and best sets are not its business") {
  CHECK_THROWS_AS((void)first_round({.kind = ItemsetKind::closed}), Error);
  CHECK_THROWS_AS((void)first_round({.top = 5}), Error);
}
