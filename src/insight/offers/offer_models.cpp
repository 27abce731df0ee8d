#include "insight/offers/offer_models.hpp"

#include <algorithm>
#include <memory>
#include <numeric>

#include "core/sort_stably.hpp"

namespace emptor {
namespace {

constexpr double affordable_products = 4e10;  // multiplications of a fit, and of ranking all products for all

std::vector<std::uint32_t> buyers_of(const Holdings& holdings, std::size_t products) {
  std::vector<std::uint32_t> buyers(products);
  for (const std::uint32_t item : holdings.items) ++buyers[item];
  return buyers;
}

bool may_be_offered(const OfferGround& ground, std::uint32_t item) {
  return ground.offered.empty() || ground.offered[item] != 0;
}

std::size_t withheld_products(const OfferGround& ground) {
  return static_cast<std::size_t>(std::count(ground.offered.begin(), ground.offered.end(), std::uint8_t{0}));
}

/// Products by falling number of buyers; the same ones for everybody but for what he has.
OfferModel by_buyers(OfferMethod method, const OfferGround& ground, const std::vector<std::uint32_t>& buyers) {
  auto order = std::make_shared<std::vector<std::uint32_t>>();
  for (std::uint32_t item = 0; item < buyers.size(); ++item)
    if (buyers[item] > 0 && may_be_offered(ground, item)) order->push_back(item);
  sort_stably(*order, [&](auto a, auto b) { return buyers[a] > buyers[b]; });
  const auto offers = [order, &ground, &buyers](std::size_t customer, std::size_t count) {
    const auto owned = ground.holdings.of(customer);
    std::vector<Offer> best;
    for (const std::uint32_t item : *order) {
      if (best.size() == count) break;
      if (!std::binary_search(owned.begin(), owned.end(), item))
        best.push_back({.item = item, .score = static_cast<double>(buyers[item])});
    }
    return best;
  };
  return {method, offers, [](std::size_t, std::uint32_t) { return std::nullopt; }};
}

std::vector<Offer> first_offered(const std::vector<mine::ScoredItem>& ranked, const OfferGround& ground,
                                 std::size_t count) {
  std::vector<Offer> offers;
  for (const mine::ScoredItem& one : ranked)
    if (offers.size() < count && may_be_offered(ground, one.item))
      offers.push_back({.item = one.item, .score = one.score});
  return offers;
}

OfferModel by_similarity(const OfferGround& ground, const OfferSettings& settings, const mine::Run& run) {
  const auto model = std::make_shared<mine::ItemSimilarity>(
      mine::fit_item_similarity(ground.holdings.purchases(), settings.similarity, run));
  const std::size_t withheld = withheld_products(ground);
  const auto offers = [model, withheld, &ground](std::size_t customer, std::size_t count) {
    return first_offered(recommend(*model, ground.holdings.of(customer), count + withheld), ground, count);
  };
  const auto because = [model, &ground](std::size_t customer, std::uint32_t item) -> std::optional<std::uint32_t> {
    const auto reasons = explain(*model, ground.holdings.of(customer), item);
    return reasons.empty() ? std::nullopt : std::optional(reasons.front().item);
  };
  return {OfferMethod::item_similarity, offers, because};
}

OfferModel by_factors(const OfferGround& ground, const OfferSettings& settings, const mine::Run& run) {
  const auto model = std::make_shared<mine::AlsModel>(mine::fit_als(ground.holdings.purchases(), settings.als, run));
  const std::size_t withheld = withheld_products(ground);
  const auto offers = [model, withheld, &ground](std::size_t customer, std::size_t count) {
    const auto vector = vector_of(*model, customer);
    if (!vector) return std::vector<Offer>();
    return first_offered(recommend(*model, *vector, ground.holdings.of(customer), count + withheld), ground, count);
  };
  const auto because = [model, &ground](std::size_t customer, std::uint32_t item) -> std::optional<std::uint32_t> {
    const auto reasons = explain(*model, ground.holdings.of(customer), ground.holdings.counts_of(customer), item);
    return reasons.empty() ? std::nullopt : std::optional(reasons.front().item);
  };
  return {OfferMethod::als, offers, because};
}

}  // namespace

OfferGround offer_ground(const CustomerLines& lines, Purchases which, std::span<const std::int64_t> products,
                         std::int32_t last_day, std::int32_t recent_days) {
  OfferGround ground;
  ground.holdings = holdings_of(lines, which, products, {.last = last_day});
  ground.buyers = buyers_of(ground.holdings, products.size());
  ground.recent_buyers =
      buyers_of(holdings_of(lines, which, products, {last_day - recent_days + 1, last_day}), products.size());
  return ground;
}

OfferModel learn_offers(OfferMethod method, const OfferGround& ground, const OfferSettings& settings,
                        const mine::Run& run) {
  switch (method) {
    case OfferMethod::item_similarity:
      return by_similarity(ground, settings, run);
    case OfferMethod::als:
      return by_factors(ground, settings, run);
    case OfferMethod::recent:
      return by_buyers(method, ground, ground.recent_buyers);
    case OfferMethod::popularity:
      break;
  }
  return by_buyers(OfferMethod::popularity, ground, ground.buyers);
}

bool als_is_affordable(const OfferGround& ground, const OfferSettings& settings) {
  const auto factors = static_cast<double>(settings.als.factors);
  const auto customers = static_cast<double>(ground.holdings.size()),
             products = static_cast<double>(ground.buyers.size());
  const double steps = static_cast<double>(settings.als.sweeps * settings.als.steps);
  const double fit = steps * (static_cast<double>(ground.holdings.items.size()) + (customers + products) * factors);
  return factors * (fit + customers * products) < affordable_products;
}

}  // namespace emptor
