#include "emptor/mine/basket_rules.hpp"

#include <doctest/doctest.h>

#include "emptor/core/error.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

// Who has 0 has 1: 3 of 4 baskets with 0, of 10; who has 0 and 1 has 2.
RuleTable made(RuleCounts first = {.both = 3, .left = 4, .right = 5, .baskets = 10}) {
  RuleTable rules;
  rules.items = {0, 1, 0, 1, 2};
  rules.starts = {0, 2, 5};
  rules.left_size = {1, 2};
  rules.counts = {first, {.both = 2, .left = 3, .right = 2, .baskets = 10}};
  rules.summary.rules = 2;
  rules.summary.baskets = 10;
  return rules;
}
const Keys items{.texts = {"tea", "milk", "sugar"}};
const Keys sorted_items{.texts = {"milk", "sugar", "tea"}};

}  // namespace

TEST_CASE("basket rules: the server is one of the rules, before and after they are kept") {
  BasketRules rules(made(), sorted_items, AdditionOrder::lift);
  rules.data_version = "7";
  const std::string bytes = save(rules);
  const BasketRules again = load_basket_rules(bytes);
  CHECK(again == rules);
  CHECK(again.data_version == "7");
  const std::vector<std::uint32_t> basket = {0, 1};
  REQUIRE(again.server.additions(basket, 5).size() == 1);
  CHECK(again.server.additions(basket, 5) == rules.server.additions(basket, 5));
  CHECK(again.server.additions(basket, 5).front().score == doctest::Approx(2 * 10 / (3. * 2)));
}

TEST_CASE("basket rules: counts that no baskets have and items without a key are refused by row") {
  const auto refused = [](const RuleTable& rules) {
    try {
      const BasketRules made_of(rules, sorted_items, AdditionOrder::confidence);
      return std::int64_t{0};
    } catch (const Error& error) {
      CHECK(error.first().code == Code::invalid);
      return error.first().row.value_or(-1);
    }
  };
  CHECK(refused(made()) == 0);
  CHECK(refused(made({.both = 0, .left = 4, .right = 5, .baskets = 10})) == 1);
  CHECK(refused(made({.both = 3, .left = 2, .right = 5, .baskets = 10})) == 1);
  CHECK(refused(made({.both = 3, .left = 4, .right = 11, .baskets = 10})) == 1);
  CHECK(refused(made({.both = 3, .left = 8, .right = 8, .baskets = 10})) == 1);  // 13 baskets have either
  RuleTable beyond = made();
  beyond.items[4] = 3;
  CHECK(refused(beyond) == 2);
  RuleTable unsorted = made();
  std::swap(unsorted.items[2], unsorted.items[3]);
  CHECK(refused(unsorted) == 2);
}

TEST_CASE("basket rules: damaged, cut and foreign bytes are refused") {
  const std::string bytes = save(BasketRules(made(), sorted_items, AdditionOrder::confidence));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    CHECK_THROWS_AS(load_basket_rules(damaged), Error);
    CHECK_THROWS_AS(load_basket_rules(bytes.substr(0, at)), Error);
  }
  CHECK_THROWS_AS(load_basket_rules(save(made())), Error);
  CHECK_THROWS_AS(load_basket_rules(save(BasketRules(made(), items, AdditionOrder::confidence))), Error);
}
