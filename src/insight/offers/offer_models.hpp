/// Offer models: what ranks, for each customer, the products that he lacks.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "emptor/mine/als.hpp"
#include "emptor/mine/item_similarity.hpp"
#include "emptor/mine/run.hpp"
#include "insight/offers/holdings.hpp"

namespace emptor {

/// From the one that knows most of a customer to the one that knows nothing.
enum class OfferMethod : std::uint8_t {
  item_similarity,  ///< likeness to what the customer has
  als,              ///< factors of customers and products
  recent,           ///< most buyers lately
  popularity,       ///< most buyers ever
};
inline constexpr std::array<std::string_view, 4> offer_method_names = {"item_similarity", "als", "recent",
                                                                       "popularity"};
inline std::string_view name_of(OfferMethod method) noexcept {
  return offer_method_names[static_cast<std::size_t>(method)];
}

/// What a model learns from. Views: what is viewed must outlive the model.
struct OfferGround {
  Holdings holdings;
  std::vector<std::uint32_t> buyers;         ///< of each product
  std::vector<std::uint32_t> recent_buyers;  ///< of each product, lately
  std::span<const std::uint8_t> offered;     ///< whether each product may be offered; all may if empty
};
OfferGround offer_ground(const CustomerLines& lines, Purchases which, std::span<const std::int64_t> products,
                         std::int32_t last_day, std::int32_t recent_days);

struct OfferSettings {
  mine::ItemSimilarityOptions similarity = {.least_together = 5};
  mine::AlsOptions als = {.factors = 32,
                          .alpha = 10,
                          .regularisation = 1,
                          .sweeps = 10,
                          .confidence = mine::AlsConfidence::logarithmic,
                          .solver = mine::AlsSolver::conjugate_gradients,
                          .track_loss = false};
};

/// One offer, and what speaks for it.
struct Offer {
  std::uint32_t item = 0;
  double score = 0;                           ///< the model's own; not comparable between models
  double chance = 0;                          ///< of being bought in the window, by its rank in the judgement
  std::optional<double> worth = {};           ///< chance x what a purchase brings, where that is known
  std::optional<std::uint32_t> because = {};  ///< the product that speaks most for it; none: it is what many buy
};

struct OfferModel {
  OfferMethod method = OfferMethod::popularity;
  /// The best products for a customer of the holdings that he lacks and that may be offered: at most `count`.
  std::function<std::vector<Offer>(std::size_t customer, std::size_t count)> offers;
  /// The product of the customer that speaks most for one that he lacks.
  std::function<std::optional<std::uint32_t>(std::size_t customer, std::uint32_t item)> because;
};
/// Requires a ground that outlives the model.
OfferModel learn_offers(OfferMethod method, const OfferGround& ground, const OfferSettings& settings,
                        const mine::Run& run);
/// Whether factors take no longer than some ten seconds a core here.
bool als_is_affordable(const OfferGround& ground, const OfferSettings& settings);

}  // namespace emptor
