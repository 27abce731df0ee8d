/// What a store says of products and customers before anything is offered: what is sold and at hand, what it earns, and
/// who wants no offers.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor {

/// Empty lists say that nothing is known: everything may be offered, to everybody.
struct OfferBase {
  std::vector<std::int64_t> products;  ///< ids, ascending
  std::vector<std::string> names;      ///< of each product
  std::vector<std::uint8_t> offered;   ///< whether it is still sold and at hand
  std::vector<double> margin_shares;   ///< (price - cost) / price; NaN where one is unknown
  std::vector<std::int64_t> left_out;  ///< customers who want no offers, ascending
};
/// Customers who want no offers, ascending: who are blocked on that day, or whose statement about marketing or
/// profiling by every channel refuses it (docs/contact_allowed.md says which statement holds).
std::vector<std::int64_t> customers_without_offers(const View& view, Date day);
/// Customers who are not served at all on that day, ascending: a block of kind no_service is in force.
std::vector<std::int64_t> customers_not_served(const View& view, Date day);
/// A product that has no record (any more) may not be offered. `consent`: whether customers are left out.
OfferBase offer_base(const View& view, std::vector<std::int64_t> products, Date day, bool consent);

}  // namespace emptor
