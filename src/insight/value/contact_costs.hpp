/// What dealing with customers cost us: interactions that have a cost.
#pragma once

#include <cstdint>
#include <vector>

#include "emptor/session/session.hpp"
#include "insight/value/value_rows.hpp"

namespace emptor {

struct ContactCost {
  std::int64_t customer = 0;
  std::int32_t day = 0;
  std::int64_t micros = 0;  ///< of the base currency
};
struct ContactCosts {
  std::vector<ContactCost> all;   ///< by ascending customer
  std::int64_t data_version = 0;  ///< newest version of the interactions
};

/// Of interactions with a customer, an instant and a cost; deleted ones do not count.
ContactCosts read_contact_costs(const View& view);

/// Takes the costs of each window off what was earned in it.
void take_off(const ContactCosts& costs, std::int32_t period, ValueRows& rows);

}  // namespace emptor
