#include "insight/offers/offer_work.hpp"

#include <algorithm>
#include <cmath>

#include "core/long_call.hpp"
#include "core/sort_stably.hpp"
#include "insight/facts/measure_rule.hpp"

namespace emptor {
namespace {

constexpr std::size_t customers_a_beat = 256;
constexpr std::size_t told_pairs = 20;

/// What a purchase of each product came to on average, in micros; 0 for one that nobody bought.
std::vector<double> mean_amounts(const CustomerLines& lines, const OfferBase& base, const OfferRequest& request,
                                 std::int32_t last_day) {
  std::vector<IntegerSum> sums(base.products.size());
  std::vector<std::uint64_t> counts(base.products.size());
  const std::int64_t least = least_amount(request.purchases);
  lines.each([&](std::int64_t, std::span<const TimedLine> of) {
    for (const TimedLine& line : of) {
      if (line.product == 0 || line.day > last_day || !is_purchase(line.amount, line.quantity, least)) continue;
      const auto place = static_cast<std::size_t>(
          std::lower_bound(base.products.begin(), base.products.end(), line.product) - base.products.begin());
      sums[place].add(line.amount);
      ++counts[place];
    }
  });
  std::vector<double> means(sums.size());
  for (std::size_t i = 0; i < means.size(); ++i)
    if (counts[i] > 0) means[i] = static_cast<double>(sums[i].value()) / static_cast<double>(counts[i]);
  return means;
}

/// What a purchase of each product brings, in units of the currency; NaN where that is unknown.
std::vector<double> product_worths(const CustomerLines& lines, const OfferBase& base, const OfferRequest& request,
                                   std::int32_t last_day) {
  std::vector<double> worths = mean_amounts(lines, base, request, last_day);
  for (std::size_t i = 0; i < worths.size(); ++i) {
    worths[i] /= 1e6;
    if (request.order == OfferOrder::margin) worths[i] *= base.margin_shares.empty() ? NAN : base.margin_shares[i];
  }
  return worths;
}

/// Gives offers the chance of their rank and what they are worth, and brings what is worth most to the front if asked.
void value_offers(std::vector<Offer>& offers, const OfferQuality& quality, const std::vector<double>& worths,
                  OfferOrder order) {
  for (std::size_t rank = 0; rank < offers.size(); ++rank) {
    offers[rank].chance = quality.chance_of_rank[rank];
    if (const double worth = worths[offers[rank].item]; !std::isnan(worth))
      offers[rank].worth = offers[rank].chance * worth;
  }
  if (order == OfferOrder::chance) return;
  sort_stably(offers, [](const Offer& a, const Offer& b) {
    return a.worth && b.worth ? *a.worth > *b.worth : a.worth.has_value() && !b.worth;
  });
}

void fill_offers(OfferOutcome& out, const OfferRequest& request, const std::vector<double>& worths,
                 const mine::Run& run) {
  const OfferModel model = learn_offers(*out.judgement.chosen, out.ground, request.settings, run);
  const OfferQuality& quality = *out.judgement.of(model.method);
  for (std::size_t i = 0; i < out.customers(); ++i) {
    if (i % customers_a_beat == 0) beat("offers", i, out.customers());
    out.offers.emplace_back();
    if (std::ranges::binary_search(out.base.left_out, out.ground.holdings.customer[i])) continue;
    std::vector<Offer>& offers = out.offers.back() = model.offers(i, ranked_offers);
    value_offers(offers, quality, worths, request.order);
    if (offers.size() > request.count) offers.resize(request.count);
    for (Offer& offer : offers) offer.because = model.because(i, offer.item);
  }
}

std::string verdict_of(const OfferJudgement& judgement) {
  if (!judgement.chosen)
    return "insufficient: " + std::to_string(judgement.judged) +
           " customers bought something new in the window just past; " + std::to_string(least_judged_customers) +
           " are needed";
  return judgement.better ? "sufficient" : "no better than what is popular: that is offered";
}

}  // namespace

std::optional<Date> offer_day(const CustomerLines& lines, const OfferRequest& request) {
  return request.until ? request.until : lines.last_day(request.purchases);
}

OfferOutcome make_offers(const CustomerLines& lines, OfferBase base, const OfferRequest& request,
                         const mine::Run& run) {
  OfferOutcome out{.base = std::move(base)};
  const std::optional<Date> until = offer_day(lines, request);
  if (!until || out.base.products.empty()) {
    out.verdict = "insufficient: there are no purchases of products";
    return out;
  }
  out.until = *until;
  out.judgement =
      judge_offers(lines, out.base.products, {request.purchases, until->days, request.horizon}, request.settings, run);
  out.verdict = verdict_of(out.judgement);
  out.ground = offer_ground(lines, request.purchases, out.base.products, until->days, request.horizon);
  out.ground.offered = out.base.offered;
  out.together = bought_together(lines, request.purchases, out.base.products, until->days, told_pairs, run);
  if (out.judgement.chosen) fill_offers(out, request, product_worths(lines, out.base, request, until->days), run);
  return out;
}

}  // namespace emptor
