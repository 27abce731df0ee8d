/// Offers as Recommendation records.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "insight/writing/write_back.hpp"

namespace emptor {

struct GivenOffer {
  std::int64_t product = 0;  ///< 0 where it is about none
  double score = 0;
  std::string reason;
  std::string_view action = "sell";
  std::optional<Date> valid_to = {};  ///< the last day on which it makes sense
};

/// Writes what differs from what stands there: recommendations are found by customer, model and product. One that was
/// accepted, declined or shown stays as it is; an open one that is no longer made is erased. The same run on the same
/// data writes nothing. Requires customers ascending. Returns the model's id.
Id write_offers(Session& session, const InsightRun& run, std::span<const std::int64_t> customers,
                const std::function<void(std::size_t customer, std::vector<GivenOffer>& offers)>& give);

}  // namespace emptor
