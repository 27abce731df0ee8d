#include "insight/offers/offer_judgement.hpp"

#include <algorithm>

#include "core/long_call.hpp"
#include "emptor/mine/ranking.hpp"

namespace emptor {
namespace {

constexpr std::size_t customers_a_beat = 256;
constexpr mine::BootstrapOptions draws = {.repetitions = 200};

/// Customers who bought something new after the cut: places among the holdings before it, and what it was.
struct Fresh {
  std::vector<std::size_t> customers;
  mine::BasketTable items;
};

Fresh fresh_of(const Holdings& before, const Holdings& after) {
  Fresh fresh;
  std::vector<std::uint32_t> items;
  for (std::size_t i = 0, k = 0; i < before.size() && k < after.size();) {
    if (before.customer[i] != after.customer[k]) {
      ++(before.customer[i] < after.customer[k] ? i : k);
      continue;
    }
    const auto now = after.of(k++), then = before.of(i);
    items.clear();
    std::set_difference(now.begin(), now.end(), then.begin(), then.end(), std::back_inserter(items));
    if (!items.empty()) {
      fresh.customers.push_back(i);
      fresh.items.add(items);
    }
    ++i;
  }
  return fresh;
}

mine::BasketTable rankings_of(const OfferModel& model, const std::vector<std::size_t>& customers) {
  mine::BasketTable rankings;
  std::vector<std::uint32_t> items;
  for (std::size_t i = 0; i < customers.size(); ++i) {
    if (i % customers_a_beat == 0) beat("offers judged", i, customers.size());
    items.clear();
    for (const Offer& offer : model.offers(customers[i], ranked_offers)) items.push_back(offer.item);
    rankings.add(items);
  }
  return rankings;
}

/// Falling: where a later rank did better than an earlier one, both have their mean (pool adjacent violators).
std::vector<double> falling(const std::vector<double>& values) {
  std::vector<double> means;
  std::vector<std::size_t> sizes;
  for (const double value : values) {
    means.push_back(value);
    sizes.push_back(1);
    for (std::size_t n = means.size(); n > 1 && means[n - 1] > means[n - 2]; n = means.size()) {
      const auto a = static_cast<double>(sizes[n - 2]), b = static_cast<double>(sizes[n - 1]);
      means[n - 2] = (means[n - 2] * a + means[n - 1] * b) / (a + b);
      sizes[n - 2] += sizes[n - 1];
      means.pop_back();
      sizes.pop_back();
    }
  }
  std::vector<double> out;
  for (std::size_t i = 0; i < means.size(); ++i) out.insert(out.end(), sizes[i], means[i]);
  return out;
}

/// Of all customers, not only of those who bought something new.
std::vector<double> chances(const mine::BasketTable& rankings, const mine::BasketTable& truth, std::size_t customers) {
  std::vector<double> hits(ranked_offers);
  const mine::Baskets offered = rankings, bought = truth;
  for (std::size_t i = 0; i < offered.size(); ++i)
    for (std::size_t rank = 0; rank < offered[i].size(); ++rank)
      hits[rank] += std::binary_search(bought[i].begin(), bought[i].end(), offered[i][rank]) ? 1 : 0;
  for (double& hit : hits) hit /= static_cast<double>(customers);
  return falling(hits);
}

struct Judged {
  OfferMethod method;
  mine::RankingScores scores;
};

Judged best_of(const std::vector<Judged>& all, bool knows_customers) {
  const auto mean = [](const Judged& one) {
    double sum = 0;
    for (const double recall : one.scores.recall) sum += recall;
    return sum;
  };
  const Judged* best = nullptr;
  for (const Judged& one : all) {
    const bool knows = one.method == OfferMethod::item_similarity || one.method == OfferMethod::als;
    if (knows == knows_customers && (best == nullptr || mean(one) > mean(*best))) best = &one;
  }
  return *best;
}

void choose(const std::vector<Judged>& all, const mine::Run& run, OfferJudgement& out) {
  const Judged ours = best_of(all, true), plain = best_of(all, false);
  out.gain = compare_rankings(ours.scores, plain.scores, draws, run).recall;
  out.better = out.gain.lower > 0;
  out.chosen = out.better ? ours.method : plain.method;
}

}  // namespace

const OfferQuality* OfferJudgement::of(OfferMethod method) const noexcept {
  const auto found = std::ranges::find(qualities, method, &OfferQuality::method);
  return found == qualities.end() ? nullptr : &*found;
}

OfferJudgement judge_offers(const CustomerLines& lines, std::span<const std::int64_t> products,
                            const OfferWindow& window, const OfferSettings& settings, const mine::Run& run) {
  OfferJudgement out{.judged_on = Date{window.last_day - window.days}};
  const std::int32_t cut = out.judged_on.days;
  const OfferGround ground = offer_ground(lines, window.purchases, products, cut, window.days);
  const Fresh fresh =
      fresh_of(ground.holdings, holdings_of(lines, window.purchases, products, {cut + 1, window.last_day}));
  out.judged = fresh.customers.size();
  out.als_left_out = !als_is_affordable(ground, settings);
  if (out.judged == 0) return out;
  std::vector<Judged> all;
  for (std::size_t i = 0; i < offer_method_names.size(); ++i) {
    const auto method = static_cast<OfferMethod>(i);
    if (method == OfferMethod::als && out.als_left_out) continue;
    const mine::BasketTable rankings = rankings_of(learn_offers(method, ground, settings, run), fresh.customers);
    all.push_back({method, score_rankings(rankings, fresh.items, judged_offers, products.size())});
    const mine::RankingSummary told = summarise_rankings(all.back().scores, draws, run);
    out.qualities.push_back(
        {method, told.recall, told.hit_rate, told.ndcg, chances(rankings, fresh.items, ground.holdings.size())});
  }
  if (out.judged >= least_judged_customers) choose(all, run, out);
  return out;
}

}  // namespace emptor
