// What customers last did, and until when they are under contract: what rules of the pool count from.
#pragma once

#include <optional>
#include <unordered_map>

#include "desk/transfer.hpp"

namespace emptor::desk {

struct Signs {
  std::optional<Instant> order;    ///< newest sale or won opportunity
  std::optional<Instant> contact;  ///< newest interaction
  std::optional<Date> contract_end;
  bool under_contract = false;
};

/// Of these customers, until the end of a day. Whoever is without is not in it.
std::unordered_map<Id, Signs> signs_of_life(const View& whole, const std::vector<OwnedCustomer>& customers, Date day);

}  // namespace emptor::desk
