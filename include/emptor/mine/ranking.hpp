/// Ranking: how good lists of offers are, judged on what customers bought afterwards and beside the plainest rival
/// there is, what sells best.
///
///     const RankingTrial trial = split_by_time(events, {.cut = july_1, .horizon = 30, .recent = 30});
///     const auto ours = score_rankings(offers_from(trial.learnt()), trial.truth, 10, trial.items.size());
///     const auto rival = score_rankings(best_sellers(trial, trial.popular, 10), trial.truth, 10, trial.items.size());
///     const RankingSummary better = compare_rankings(ours, rival);
///
/// A split by chance lets a recommender learn from the future and flatters it; here nothing at or after the cut is
/// learnt. Sources: Jarvelin and Kekalainen, ACM TOIS 20 (2002), 422 (NDCG); Manning, Raghavan and Schutze,
/// Introduction to Information Retrieval (2008), chapter 8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/baskets.hpp"
#include "emptor/mine/item_purchases.hpp"
#include "emptor/mine/judgement.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

struct TimeCutOptions {
  std::int64_t cut = 0;      ///< events before it are learnt
  std::int64_t horizon = 0;  ///< those at or after the cut and less than so long after it are the truth; 0: all
  std::int64_t recent = 0;   ///< events less than or just so long before the cut are recent; 0: all
  bool new_only = true;      ///< what a customer bought before is no truth
  friend bool operator==(const TimeCutOptions&, const TimeCutOptions&) noexcept = default;
};

/// Customers with an event before the cut, by ascending id.
struct RankingTrial {
  std::vector<std::uint64_t> customers;
  BasketTable owned;                             ///< items of each, ascending, once
  std::vector<double> counts;                    ///< of each of those: events
  BasketTable truth;                             ///< what each bought afterwards; may be empty
  std::vector<std::uint32_t> items;              ///< that were bought before the cut, ascending
  std::vector<ScoredItem> popular, popular_now;  ///< by customers before the cut, and recently
  ItemPurchases learnt() const noexcept { return {owned.starts, owned.items, counts, customers}; }
  friend bool operator==(const RankingTrial&, const RankingTrial&) = default;
};
/// Throws Code::invalid (fields "customers", "items", "times", "horizon", "recent") for sizes that differ, a negative
/// length, and no event before the cut.
RankingTrial split_by_time(const PurchaseEvents& events, const TimeCutOptions& options);

/// To each customer of the trial the first `count` that he does not own.
BasketTable best_sellers(const RankingTrial& trial, std::span<const ScoredItem> popular, std::size_t count);

/// Of each customer who has a truth; the others say nothing.
struct RankingScores {
  std::size_t at = 0;                      ///< N
  std::vector<std::size_t> rows;           ///< of the customers in the lists
  std::vector<double> precision;           ///< hits / N, also where fewer were offered
  std::vector<double> recall;              ///< hits / truth
  std::vector<double> ndcg;                ///< gains 1, over the best order of the truth
  std::vector<double> average_precision;   ///< precision at each hit, over the least of truth and N
  std::vector<double> hit;                 ///< 1 where anything was right
  std::size_t offered = 0, catalogue = 0;  ///< different items
  double coverage() const noexcept;        ///< offered / catalogue, over all customers
  friend bool operator==(const RankingScores&, const RankingScores&) = default;
};
/// Lists of falling preference, a customer each; only their first `at` count. Throws Code::invalid (fields "rankings",
/// "truth", "at", "catalogue", with the customer's row) for sizes that differ, an item twice in a list, N of 0, a
/// catalogue smaller than what is offered, and where nobody has a truth.
RankingScores score_rankings(const Baskets& rankings, const Baskets& truth, std::size_t at, std::size_t catalogue);

/// Means over customers, with percentile intervals by the bootstrap over customers.
struct RankingSummary {
  Interval precision, recall, ndcg, mean_average_precision, hit_rate;
  friend bool operator==(const RankingSummary&, const RankingSummary&) noexcept = default;
};
RankingSummary summarise_rankings(const RankingScores& scores, const BootstrapOptions& options = {},
                                  const Run& run = {});
/// The same of first - second, both on the same draws of customers. Throws Code::invalid where their customers differ.
RankingSummary compare_rankings(const RankingScores& first, const RankingScores& second,
                                const BootstrapOptions& options = {}, const Run& run = {});

}  // namespace emptor::mine
