#include "insight/value/value_moves.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "emptor/core/random.hpp"
#include "support/made_facts.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

constexpr std::int32_t last_day = 20'000;

/// A customer who buys for amounts as skewed as they come; from `change` days before the end at another pace and
/// amount.
void add_customer(Random& random, std::int64_t id, double gap, double change, double pace, double amounts,
                  std::vector<MadePurchase>& purchases) {
  const double mean = 2 + random.normal();
  for (double day = last_day - 900 * random.uniform() - 200; day <= last_day;) {
    const bool changed = day > last_day - change;
    purchases.push_back({id, static_cast<std::int64_t>(purchases.size()) + 1, static_cast<std::int32_t>(day),
                         std::exp(mean + .8 * random.normal()) * (changed ? amounts : 1)});
    day += -gap * std::log(1 - random.uniform()) * (changed ? pace : 1);
  }
}

std::vector<MadePurchase> steady(std::size_t customers, std::uint64_t seed) {
  Random random(seed);
  std::vector<MadePurchase> purchases;
  for (std::size_t id = 1; id <= customers; ++id)
    add_customer(random, static_cast<std::int64_t>(id), 20 + 40 * random.uniform(), 0, 1, 1, purchases);
  return purchases;
}

ValueMoves moves_of(const Facts& facts, const mine::ChangeOptions& options) {
  return find_moves(lines_of(facts), facts.customers, {last_day}, Purchases::positive, options, {});
}

}  // namespace

TEST_CASE("moves: where nothing moved, at most the chosen share of the tests alarms") {
  const Facts facts = made_facts(steady(4'000, 1));
  for (const double level : {.01, .05, .1}) {
    const ValueMoves moves = moves_of(facts, {.false_alarms = level, .control = mine::AlarmControl::each});
    REQUIRE(moves.tests > 8'000);
    // One alarm a customer: at most as many as tests that alarm. Three standard errors above.
    const auto tests = static_cast<double>(moves.tests), alarms = static_cast<double>(moves.alarms.size());
    CHECK(alarms < tests * level + 3 * std::sqrt(tests * level * (1 - level)));
    CHECK(alarms > tests * level * .5);
  }
}

TEST_CASE("moves: where nothing moved, hardly a shop has any alarm under the control of all") {
  int with_alarm = 0;
  constexpr int shops = 100;
  for (int shop = 0; shop < shops; ++shop)
    with_alarm +=
        !moves_of(made_facts(steady(60, 100 + static_cast<std::uint64_t>(shop))), {.false_alarms = .1}).alarms.empty();
  CHECK(with_alarm <= 10 + 9);  // 10 on average at most; three standard errors
}

TEST_CASE("moves: those who moved are found, each for what moved, and few others") {
  Random random(5);
  std::vector<MadePurchase> purchases;
  for (std::int64_t id = 1; id <= 400; ++id) {
    const bool faster = id <= 40, silent = id > 40 && id <= 80, more = id > 80 && id <= 120;
    const double gap = 15;
    if (silent) {
      std::vector<MadePurchase> own;
      add_customer(random, id, gap, 0, 1, 1, own);
      std::erase_if(own, [](const MadePurchase& one) { return one.day > last_day - 150; });
      purchases.insert(purchases.end(), own.begin(), own.end());
    } else {
      add_customer(random, id, gap, faster ? 45 : more ? 75 : 0, faster ? .05 : 1, more ? 20 : 1, purchases);
    }
  }
  const Facts facts = made_facts(purchases);
  const ValueMoves moves = moves_of(facts, {.false_alarms = .05});
  std::size_t found = 0, wrong = 0;
  for (const ValueMove& move : moves.alarms) {
    const MoveKind expected = move.row < 40   ? MoveKind::faster
                              : move.row < 80 ? MoveKind::silent
                                              : MoveKind::spends_more;
    (move.row < 120 && move.kind == expected ? found : wrong) += 1;
  }
  CHECK(found > 70);
  CHECK(wrong < moves.alarms.size() / 5);
  for (const ValueMove& move : moves.alarms)
    if (move.row < 40 && move.kind == MoveKind::faster) CHECK(move.ratio < .5);
}

TEST_CASE("moves: no alarms where none are asked for or nobody came twice") {
  CHECK(moves_of(made_facts(steady(50, 6)), {.false_alarms = 0}).tests == 0);
  const ValueMoves once = moves_of(made_facts({{1, 1, 100, 5}, {2, 2, 200, 5}}), {});
  CHECK(once.tests == 0);
  CHECK(once.why == "no customer bought on more than one day");
}

TEST_CASE("moves: reasons are words in English and Chinese") {
  CHECK(move_reason({0, MoveKind::silent, 0, 0, 4.24}, Language::english) == "silent for 4.2 times the usual gap");
  CHECK(move_reason({0, MoveKind::spends_more, 0, 0, 3}, Language::chinese) == "消费增加：每次是以前的 3 倍");
}
