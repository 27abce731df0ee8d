// Divides what somebody leaves between several successors.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "desk/transfer.hpp"
#include "emptor/desk/handover.hpp"

namespace emptor::desk {

class Divider {
 public:
  Divider(const View& whole, Division division, std::vector<Recipient> successors);

  /// Whoever has the fewest so far, of those who fit the customer; null where nobody fits.
  const Recipient* for_customer(const OwnedCustomer& customer);
  /// Of another record, of whatever customer; null where there are no successors.
  const Recipient* for_record(std::string_view entity);

 private:
  const Recipient* fewest(std::string_view entity, Id Recipient::*place, Id wanted);

  Division division_;
  std::vector<Recipient> successors_;
  std::unordered_map<Id, Id> above_;                                  // of teams or territories
  std::map<std::string, std::vector<std::size_t>, std::less<>> got_;  // by entity, in the order of successors
};

}  // namespace emptor::desk
