/// The situations of a store's customers, for next_action.hpp, and what is done in words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/insight/next_action.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

/// The best open offer of a customer.
struct BestOffer {
  std::int64_t product = 0;
  double chance = 0;
};

struct Situations {
  std::vector<std::int64_t> customers;  ///< ascending
  std::vector<CustomerSituation> of;
  std::vector<BestOffer> offers;
  std::size_t scored = 0;  ///< customers with a score of churn or lifetime
};
/// As they are on that day by the store's records: cases, contacts, and the scores and recommendations of the models.
Situations read_situations(const View& view, Date day);

/// Why, in words; `product` is the name of what is offered.
std::string action_reason(const NextAction& action, const CustomerSituation& situation, std::string_view product,
                          Language language);

}  // namespace emptor
