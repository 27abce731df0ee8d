/// Offers: what a customer is likely to buy next that he has not bought yet, judged on the window just past beside what
/// is popular with everybody.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emptor/core/time.hpp"
#include "emptor/insight/language.hpp"
#include "emptor/mine/run.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/facts/customer_lines.hpp"
#include "insight/offers/bought_together.hpp"
#include "insight/offers/offer_base.hpp"
#include "insight/offers/offer_judgement.hpp"

namespace emptor {

/// What comes first among the products that are likely.
enum class OfferOrder : std::uint8_t {
  chance,  ///< what is most likely
  amount,  ///< chance x what a purchase of it comes to
  margin,  ///< chance x what a purchase of it earns; products of unknown margin come last
};

struct OfferRequest {
  std::optional<Date> until = {};  ///< the last day that is seen; that of the last purchase if empty
  std::size_t count = 3;           ///< offers a customer
  Purchases purchases = Purchases::positive;
  std::int32_t horizon = 90;  ///< days of the window by which the offers are judged
  OfferOrder order = OfferOrder::chance;
  bool consent = true;  ///< whether who refused offers is left out
  Language language = Language::english;
  OfferSettings settings;
};
/// Requires options that the schema has checked.
OfferRequest offer_request(const boost::json::object& options, const std::optional<Date>& until);
boost::json::object offer_options_json(const OfferRequest& request);

struct OfferOutcome {
  Date until;
  std::string verdict;
  OfferJudgement judgement;
  OfferBase base;
  OfferGround ground;
  std::vector<ProductPair> together;
  std::vector<std::vector<Offer>> offers;  ///< of each customer of the ground's holdings; none where none is chosen

  std::size_t customers() const noexcept { return ground.holdings.size(); }
};
/// `base.products` are those of the lines (products_of).
OfferOutcome make_offers(const CustomerLines& lines, OfferBase base, const OfferRequest& request, const mine::Run& run);
/// The last day that is seen; nothing without a purchase.
std::optional<Date> offer_day(const CustomerLines& lines, const OfferRequest& request);
/// A row an offer: customer, rank, product, score, chance, worth, because. Both columns say who and what the numbers
/// are.
NamedTable offer_table(const OfferOutcome& outcome, const Column& customers, const Column& products);
/// docs/offers.md has the form. Products are told by `products`, a text each.
boost::json::object offer_json(const OfferRequest& request, const OfferOutcome& outcome, const Column& products);

}  // namespace emptor
