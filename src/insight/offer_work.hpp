/// Offers: what a customer is likely to buy next that he has not bought yet, judged on the window just past beside what
/// is popular with everybody.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/time.hpp"
#include "emptor/mine/item_similarity.hpp"
#include "emptor/mine/run.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/customer_lines.hpp"

namespace emptor {

struct OfferRequest {
  std::optional<Date> until = {};  ///< the last day that is seen; that of the last purchase if empty
  std::size_t count = 3;           ///< offers a customer
  Purchases purchases = Purchases::positive;
  std::int32_t horizon = 90;  ///< days of the window by which the offers are judged
  mine::ItemSimilarityOptions similarity = {.least_together = 5};
};
/// Requires options that the schema has checked.
OfferRequest offer_request(const boost::json::object& options, const std::optional<Date>& until);
boost::json::object offer_options_json(const OfferRequest& request);

/// Who has what: the products of each customer, each with the number of days on which it was bought.
struct Holdings {
  std::vector<std::int64_t> customer;
  std::vector<std::uint64_t> starts{0};
  std::vector<std::uint32_t> items;  ///< places among the products, ascending within a customer
  std::vector<double> counts;

  std::size_t size() const noexcept { return customer.size(); }
  std::span<const std::uint32_t> of(std::size_t i) const noexcept {
    return std::span(items).subspan(starts[i], starts[i + 1] - starts[i]);
  }
};

/// One offer, and the product that speaks most for it; none where the offer is what everybody buys.
struct Offer {
  std::uint32_t item = 0;
  double score = 0;
  std::optional<std::uint32_t> because = {};
};

/// Of customers who bought something new in the window just past: how many of their new products were among ten offers.
struct OfferQuality {
  std::string name;
  double recall = 0;    ///< mean over customers of the share found, of at most ten
  double hit_rate = 0;  ///< customers with at least one found
};

struct OfferOutcome {
  Date until, judged_on;
  std::string verdict, chosen;          ///< chosen: "item_similarity", "popularity", or empty
  std::size_t judged = 0;               ///< customers with something new in the window
  std::vector<OfferQuality> qualities;  ///< of the model, then of popularity
  std::vector<std::int64_t> products;   ///< ids, ascending
  std::vector<std::uint32_t> buyers;    ///< of each product
  Holdings holdings;
  std::vector<std::vector<Offer>> offers;  ///< of each customer of the holdings
};
OfferOutcome make_offers(const CustomerLines& lines, const OfferRequest& request, const mine::Run& run);
/// A row an offer: customer, rank, product, score, because. Both columns say who and what the numbers are.
NamedTable offer_table(const OfferOutcome& outcome, const Column& customers, const Column& products);
/// docs/offers.md has the form.
boost::json::object offer_json(const OfferRequest& request, const OfferOutcome& outcome);

}  // namespace emptor
