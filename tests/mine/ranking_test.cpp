#include "emptor/mine/ranking.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/item_similarity.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

struct Log {
  std::vector<std::uint64_t> customers;
  std::vector<std::uint32_t> items;
  std::vector<std::int64_t> times;
  void add(std::uint64_t customer, std::uint32_t item, std::int64_t time) {
    customers.push_back(customer);
    items.push_back(item);
    times.push_back(time);
  }
  PurchaseEvents view() const { return {customers, items, times}; }
};

BasketTable lists(const std::vector<std::vector<std::uint32_t>>& of) {
  BasketTable table;
  for (const auto& one : of) table.add(one);
  return table;
}

/// Two tastes; each customer buys of his own, and what is in fashion changes on day 60.
Log drawn(std::uint64_t seed) {
  Random random(seed);
  Log log;
  for (std::uint64_t customer = 0; customer < 400; ++customer) {
    for (int n = 0; n < 14; ++n) {
      const auto day = static_cast<std::int64_t>(random.below(100));
      const std::uint32_t fashion = day < 60 ? 0 : 10;
      const auto own = static_cast<std::uint32_t>(100 + 40 * (customer % 2) + random.below(40));
      log.add(customer, random.below(3) == 0 ? fashion + static_cast<std::uint32_t>(random.below(10)) : own, day);
    }
  }
  return log;
}

template <class Work>
Problem problem_of(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.first();
  }
  return {.code = Code::ok};
}

}  // namespace

TEST_CASE("ranking: the measures of a list by hand") {
  // Hits on places 2 and 4 of 4; three items are right.
  const RankingScores scores =
      score_rankings(lists({{5, 3, 9, 1, 7}, {8}, {2, 6}}), lists({{3, 1, 7}, {}, {6, 6}}), 4, 20);
  CHECK(scores.rows == std::vector<std::size_t>{0, 2});
  CHECK(scores.precision[0] == 0.5);
  CHECK(scores.recall[0] == doctest::Approx(2.0 / 3));
  const double best = 1 + 1 / std::log2(3.0) + 0.5;
  CHECK(scores.ndcg[0] == doctest::Approx((1 / std::log2(3.0) + 1 / std::log2(5.0)) / best));
  CHECK(scores.average_precision[0] == doctest::Approx((1.0 / 2 + 2.0 / 4) / 3));
  CHECK(scores.hit == std::vector<double>{1, 1});
  CHECK(scores.precision[1] == 0.25);
  CHECK(scores.recall[1] == 1);
  CHECK(scores.ndcg[1] == doctest::Approx(1 / std::log2(3.0)));
  CHECK(scores.average_precision[1] == 0.5);
  CHECK(scores.offered == 7);  // those of the customer without a truth, too
  CHECK(scores.coverage() == doctest::Approx(0.35));
}

TEST_CASE("ranking: a perfect list scores 1 in all but precision, which wants N right ones") {
  const RankingScores scores = score_rankings(lists({{1, 2, 3, 4, 5}}), lists({{2, 1, 3}}), 5, 5);
  CHECK(scores.ndcg[0] == 1);
  CHECK(scores.average_precision[0] == 1);
  CHECK(scores.recall[0] == 1);
  CHECK(scores.precision[0] == 0.6);
}

TEST_CASE("ranking: nothing at or after the cut is learnt, and what was owned is no truth") {
  Log log;
  log.add(7, 1, 0);
  log.add(7, 1, 5);
  log.add(7, 2, 10);  // at the cut
  log.add(7, 1, 12);  // owned
  log.add(7, 3, 19);
  log.add(7, 4, 20);  // past the horizon
  log.add(3, 2, 9);
  log.add(9, 2, 11);  // unknown before the cut
  const RankingTrial trial = split_by_time(log.view(), {.cut = 10, .horizon = 10, .recent = 3});
  CHECK(trial.customers == std::vector<std::uint64_t>{3, 7});
  CHECK(trial.owned == lists({{2}, {1}}));
  CHECK(trial.counts == std::vector<double>{1, 2});
  CHECK(trial.truth == lists({{}, {2, 3}}));
  CHECK(trial.items == std::vector<std::uint32_t>{1, 2});
  CHECK(trial.popular == std::vector<ScoredItem>{{1, 1}, {2, 1}});
  CHECK(trial.popular_now == std::vector<ScoredItem>{{2, 1}});
  CHECK(best_sellers(trial, trial.popular, 5) == lists({{1}, {2}}));
  CHECK(split_by_time(log.view(), {.cut = 10, .new_only = false}).truth == lists({{}, {1, 2, 3, 4}}));
  const std::int64_t far = std::numeric_limits<std::int64_t>::max();
  log.add(7, 8, far);
  log.add(7, 9, -far);
  CHECK(split_by_time(log.view(), {.cut = 10, .horizon = far}).truth == lists({{}, {2, 3, 4, 8}}));
}

TEST_CASE("ranking: the order of events does not matter") {
  const Log log = drawn(2);
  Log reversed;
  for (std::size_t r = log.items.size(); r-- > 0;) reversed.add(log.customers[r], log.items[r], log.times[r]);
  const TimeCutOptions options{.cut = 70, .horizon = 30, .recent = 10};
  CHECK(split_by_time(log.view(), options) == split_by_time(reversed.view(), options));
}

TEST_CASE("ranking: a recommender that knows tastes beats best sellers, and recent ones beat those of all times") {
  const RankingTrial trial = split_by_time(drawn(1).view(), {.cut = 70, .recent = 10});
  const auto judged = [&](const BasketTable& offers) {
    return score_rankings(offers, trial.truth, 10, trial.items.size());
  };
  const ItemSimilarity model = fit_item_similarity(trial.learnt());
  BasketTable offers;
  for (std::size_t u = 0; u < trial.customers.size(); ++u) {
    std::vector<std::uint32_t> list;
    for (const ScoredItem& item : recommend(model, Baskets(trial.owned)[u], 10)) list.push_back(item.item);
    offers.add(list);
  }
  const RankingScores ours = judged(offers), ever = judged(best_sellers(trial, trial.popular, 10));
  const RankingScores now = judged(best_sellers(trial, trial.popular_now, 10));
  CHECK(compare_rankings(now, ever).ndcg.lower > 0);
  CHECK(compare_rankings(ours, ever).hit_rate.lower > 0);
  CHECK(ours.coverage() > ever.coverage());
  const RankingSummary same = compare_rankings(ours, ours);
  CHECK(same.recall.lower == 0);
  CHECK(same.recall.upper == 0);
}

TEST_CASE("ranking: intervals are those of resampled customers, on any threads") {
  Random random(5);
  BasketTable rankings, truth;
  for (int u = 0; u < 300; ++u) {
    const std::vector<std::uint32_t> offer{static_cast<std::uint32_t>(random.below(4))}, right{0};
    rankings.add(offer);
    truth.add(right);
  }
  const RankingScores scores = score_rankings(rankings, truth, 1, 4);
  const RankingSummary summary = summarise_rankings(scores, {.repetitions = 2'000});
  // Of a share p of n the standard error is root of p (1 - p) / n; the bootstrap's own error is 2 % of it.
  const double share = summary.hit_rate.value, error = std::sqrt(share * (1 - share) / 300);
  CHECK(summary.hit_rate.standard_error == doctest::Approx(error).epsilon(0.08));
  CHECK(summary.hit_rate.upper - summary.hit_rate.lower == doctest::Approx(2 * 1.96 * error).epsilon(0.12));
  CHECK(summarise_rankings(scores, {.repetitions = 2'000}, {thread_executor(3), {}}) == summary);
}

TEST_CASE("ranking: wrong input is refused by field and customer") {
  const BasketTable one = lists({{1, 2}}), none = lists({{}});
  CHECK(problem_of([&] { (void)score_rankings(one, lists({{1}, {2}}), 5, 9); }).field == "rankings");
  CHECK(problem_of([&] { (void)score_rankings(one, one, 0, 9); }).field == "at");
  CHECK(problem_of([&] { (void)score_rankings(one, none, 5, 9); }).field == "truth");
  CHECK(problem_of([&] { (void)score_rankings(one, one, 5, 1); }).field == "catalogue");
  CHECK(problem_of([&] { (void)score_rankings(lists({{3}, {1, 1}}), lists({{3}, {3}}), 5, 9); }).row == 1);
  Log log = drawn(1);
  CHECK(problem_of([&] { (void)split_by_time(log.view(), {.cut = -5}); }).field == "times");
  CHECK(problem_of([&] { (void)split_by_time(log.view(), {.cut = 5, .horizon = -1}); }).field == "horizon");
  CHECK(problem_of([&] { (void)split_by_time(log.view(), {.cut = 5, .recent = -1}); }).field == "recent");
  log.items.pop_back();
  CHECK(problem_of([&] { (void)split_by_time(log.view(), {.cut = 5}); }).field == "items");
  CHECK(problem_of([&] { (void)split_by_time({}, {.cut = 5}); }).field == "times");
}
