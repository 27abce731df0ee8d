#include "emptor/mine/ranking.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "core/elementary.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/exact_sum.hpp"
#include "mine/frequent_items.hpp"
#include "mine/purchase_lists.hpp"
#include "mine/training_check.hpp"
#include "mine/trial_check.hpp"

namespace emptor::mine {
namespace {

void check_events(const PurchaseEvents& events, const TimeCutOptions& options) {
  const std::size_t rows = events.customers.size();
  if (events.items.size() != rows) refuse_input("items and customers differ in number", "items");
  if (events.times.size() != rows) refuse_input("times and customers differ in number", "times");
  if (rows >= std::numeric_limits<std::uint32_t>::max()) refuse_input("there are 2^32 events or more", "customers");
  if (options.horizon < 0) refuse_input("a horizon is 0 or more", "horizon");
  if (options.recent < 0) refuse_input("a time that is recent is 0 or more", "recent");
}

/// Whether `time`, which is not before `from`, is later by more than `length`; the difference may exceed 63 bits.
bool after_by_more(std::int64_t time, std::int64_t from, std::int64_t length) {
  return static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(from) > static_cast<std::uint64_t>(length);
}

/// Rows by customer, then item.
std::vector<std::uint32_t> order_of(const PurchaseEvents& events) {
  std::vector<std::uint32_t> order(events.customers.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (events.customers[a] != events.customers[b]) return events.customers[a] < events.customers[b];
    return events.items[a] != events.items[b] ? events.items[a] < events.items[b] : a < b;
  });
  return order;
}

/// Items by the number of their customers.
std::vector<ScoredItem> by_popularity(std::vector<std::uint32_t> bought) {
  std::sort(bought.begin(), bought.end());
  std::vector<ScoredItem> popular;
  for (const std::uint32_t item : bought) {
    if (popular.empty() || popular.back().item != item) popular.push_back({item, 0});
    popular.back().score += 1;
  }
  std::sort(popular.begin(), popular.end(), RanksBefore{});
  return popular;
}

/// One customer's events of one item.
struct Pair {
  double before = 0;
  bool recent = false, after = false;
};

double log2_of(double value) { return elementary::log(value) / elementary::log(2.0); }

/// 1 / log2(place + 1) for the places 1 ... at, and their sums.
struct Discounts {
  std::vector<double> each, sums{0};
  explicit Discounts(std::size_t at) {
    for (std::size_t place = 1; place <= at; ++place) {
      each.push_back(1 / log2_of(static_cast<double>(place + 1)));
      sums.push_back(sums.back() + each.back());
    }
  }
};

std::vector<std::uint32_t> sorted_set(std::span<const std::uint32_t> items) {
  std::vector<std::uint32_t> out(items.begin(), items.end());
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

void score_row(RankingScores& scores, std::span<const std::uint32_t> ranking, std::span<const std::uint32_t> truth,
               const Discounts& discounts) {
  double hits = 0, gain = 0, precisions = 0;
  for (std::size_t place = 0; place < ranking.size(); ++place) {
    if (!std::binary_search(truth.begin(), truth.end(), ranking[place])) continue;
    hits += 1;
    gain += discounts.each[place];
    precisions += hits / static_cast<double>(place + 1);
  }
  const std::size_t best = std::min(truth.size(), scores.at);
  scores.precision.push_back(hits / static_cast<double>(scores.at));
  scores.recall.push_back(hits / static_cast<double>(truth.size()));
  scores.ndcg.push_back(gain / discounts.sums[best]);
  scores.average_precision.push_back(precisions / static_cast<double>(best));
  scores.hit.push_back(hits > 0 ? 1 : 0);
}

double weighted_mean(Numbers values, Numbers weights) {
  DoubleSum sum, weight;
  for (std::size_t r = 0; r < values.size(); ++r) {
    const double of_row = weights.empty() ? 1.0 : weights[r];
    sum.add(of_row * values[r]);
    weight.add(of_row);
  }
  return sum.value() / weight.value();  // NaN where nobody was drawn
}

using Measures = std::vector<double> RankingScores::*;
constexpr Measures measures[] = {&RankingScores::precision, &RankingScores::recall, &RankingScores::ndcg,
                                 &RankingScores::average_precision, &RankingScores::hit};
using Intervals = Interval RankingSummary::*;
constexpr Intervals intervals[] = {&RankingSummary::precision, &RankingSummary::recall, &RankingSummary::ndcg,
                                   &RankingSummary::mean_average_precision, &RankingSummary::hit_rate};

}  // namespace

RankingTrial split_by_time(const PurchaseEvents& events, const TimeCutOptions& options) {
  check_events(events, options);
  RankingTrial trial;
  std::vector<std::uint32_t> ever, lately, truth;
  const std::vector<std::uint32_t> order = order_of(events);
  for (std::size_t i = 0; i < order.size();) {
    const std::uint64_t customer = events.customers[order[i]];
    const std::size_t owned_before = trial.owned.items.size();
    truth.clear();
    while (i < order.size() && events.customers[order[i]] == customer) {
      const std::uint32_t item = events.items[order[i]];
      Pair pair;
      for (; i < order.size() && events.customers[order[i]] == customer && events.items[order[i]] == item; ++i) {
        const std::int64_t time = events.times[order[i]];
        if (time < options.cut) {
          pair.before += 1;
          pair.recent |= options.recent == 0 || !after_by_more(options.cut, time, options.recent);
        } else {
          pair.after |= options.horizon == 0 || !after_by_more(time, options.cut, options.horizon - 1);
        }
      }
      if (pair.before > 0) {
        trial.owned.items.push_back(item);
        trial.counts.push_back(pair.before);
        ever.push_back(item);
        if (pair.recent) lately.push_back(item);
      }
      if (pair.after && !(options.new_only && pair.before > 0)) truth.push_back(item);
    }
    if (trial.owned.items.size() == owned_before) continue;
    trial.customers.push_back(customer);
    trial.owned.starts.push_back(trial.owned.items.size());
    trial.truth.add(truth);
  }
  if (trial.customers.empty()) refuse_input("there is no event before the cut", "times");
  trial.items = sorted_set(ever);
  trial.popular = by_popularity(std::move(ever));
  trial.popular_now = by_popularity(std::move(lately));
  return trial;
}

BasketTable best_sellers(const RankingTrial& trial, std::span<const ScoredItem> popular, std::size_t count) {
  BasketTable lists;
  std::vector<std::uint32_t> list;
  for (std::size_t u = 0; u < trial.customers.size(); ++u) {
    const std::span<const std::uint32_t> owned = Baskets(trial.owned)[u];
    list.clear();
    for (std::size_t i = 0; i < popular.size() && list.size() < count; ++i) {
      if (!std::binary_search(owned.begin(), owned.end(), popular[i].item)) list.push_back(popular[i].item);
    }
    lists.add(list);
  }
  return lists;
}

double RankingScores::coverage() const noexcept {
  return catalogue == 0 ? 0 : static_cast<double>(offered) / static_cast<double>(catalogue);
}

RankingScores score_rankings(const Baskets& rankings, const Baskets& truth, std::size_t at, std::size_t catalogue) {
  check(rankings);
  check(truth);
  if (rankings.size() != truth.size()) refuse_input("rankings and truth differ in customers", "rankings");
  if (at < 1 || at > 1'000'000) refuse_input("N is from 1 to 1,000,000", "at");
  RankingScores scores;
  scores.at = at;
  scores.catalogue = catalogue;
  std::vector<std::uint32_t> all;
  const Discounts discounts(at);
  for (std::size_t u = 0; u < truth.size(); ++u) {
    const std::span<const std::uint32_t> list = rankings[u].first(std::min(at, rankings[u].size()));
    if (sorted_set(list).size() != list.size()) refuse_row("an item is twice in a list", "rankings", u);
    all.insert(all.end(), list.begin(), list.end());
    const std::vector<std::uint32_t> right = sorted_set(truth[u]);
    if (right.empty()) continue;
    scores.rows.push_back(u);
    score_row(scores, list, right, discounts);
  }
  if (scores.rows.empty()) refuse_input("nobody bought anything to judge by", "truth", "take a longer horizon");
  scores.offered = sorted_set(all).size();
  if (scores.offered > catalogue) refuse_input("more items are offered than there are", "catalogue");
  return scores;
}

RankingSummary summarise_rankings(const RankingScores& scores, const BootstrapOptions& options, const Run& run) {
  const std::vector<double> nothing(scores.rows.size());
  const std::vector<std::uint64_t> ids(scores.rows.begin(), scores.rows.end());
  RankingSummary summary;
  for (std::size_t m = 0; m < std::size(measures); ++m) {
    const auto mean = [](Numbers, Numbers values, Numbers weights) { return weighted_mean(values, weights); };
    summary.*intervals[m] = bootstrap(nothing, scores.*measures[m], mean, options, ids, {}, run);
  }
  return summary;
}

RankingSummary compare_rankings(const RankingScores& first, const RankingScores& second,
                                const BootstrapOptions& options, const Run& run) {
  if (first.rows != second.rows) refuse_input("the rankings were judged on other customers", "second");
  const std::vector<double> nothing(first.rows.size());
  const std::vector<std::uint64_t> ids(first.rows.begin(), first.rows.end());
  RankingSummary summary;
  for (std::size_t m = 0; m < std::size(measures); ++m) {
    const auto mean = [](Numbers, Numbers values, Numbers weights) { return weighted_mean(values, weights); };
    summary.*intervals[m] =
        bootstrap_difference(nothing, first.*measures[m], second.*measures[m], mean, options, ids, {}, run);
  }
  return summary;
}

}  // namespace emptor::mine
