#include "emptor/mine/rule_server.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "brute_itemsets.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

/// Every rule looked at: the best for each item that the basket lacks.
std::vector<Addition> brute_additions(const RuleTable& rules, std::vector<std::uint32_t> basket, std::size_t count) {
  const auto has = [&](std::uint32_t item) { return std::find(basket.begin(), basket.end(), item) != basket.end(); };
  std::map<std::uint32_t, Addition> best;
  for (std::uint32_t at = 0; at < rules.size(); ++at) {
    const Rule rule = rules[at];
    if (rule.right.size() != 1 || has(rule.right[0]) || !std::all_of(rule.left.begin(), rule.left.end(), has)) continue;
    const Addition found{rule.right[0], at, static_cast<double>(rule.counts.both) / rule.counts.left};
    const auto [place, added] = best.emplace(found.item, found);
    const Addition other = place->second;
    const std::uint32_t both = rules.counts[other.rule].both;
    if (!added && (found.score > other.score || (found.score == other.score && rule.counts.both > both)))
      place->second = found;
  }
  std::vector<Addition> additions;
  for (const auto& [item, addition] : best) additions.push_back(addition);
  std::stable_sort(additions.begin(), additions.end(),
                   [](const Addition& a, const Addition& b) { return a.score > b.score; });
  additions.resize(std::min(additions.size(), count));
  return additions;
}

}  // namespace

TEST_CASE("rule server: additions are what a look at every rule finds") {
  Random random(15);
  for (int round = 0; round < 150; ++round) {
    const BasketTable baskets = test::random_baskets(random);
    const RuleTable rules = mine_rules(baskets, {.itemsets = {.min_support = 2}, .max_right = 2, .empty_left = true});
    const RuleServer server(rules);
    for (int asked = 0; asked < 20; ++asked) {
      std::vector<std::uint32_t> basket;
      for (std::uint64_t left = random.below(6); left > 0 && !baskets.items.empty(); --left)
        basket.push_back(baskets.items[random.below(baskets.items.size())]);
      const std::size_t count = random.below(6);
      REQUIRE(server.additions(basket, count) == brute_additions(rules, basket, count));
    }
  }
}

TEST_CASE("rule server: the order can be another measure's") {
  const BasketTable baskets = read_fimi("1 2\n1 2\n1 2\n1 3\n1 3\n2\n2\n2\n2\n");
  const RuleTable rules = mine_rules(baskets, {.itemsets = {.min_support = 2}});
  const std::vector<std::uint32_t> basket{1};
  CHECK(RuleServer(rules).additions(basket, 1).front().item == 2);
  CHECK(RuleServer(rules, AdditionOrder::lift).additions(basket, 1).front().item == 3);
  CHECK(RuleServer(RuleTable()).additions(basket, 3).empty());
}
