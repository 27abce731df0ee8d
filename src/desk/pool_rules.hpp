// Which rule of the pool holds for a customer.
#pragma once

#include <span>
#include <string_view>

#include "emptor/desk/pool.hpp"

namespace emptor::desk {

/// The narrowest rule of a kind that fits: one that names the tier and the team before one that names either, before
/// one that names none; of equals the oldest. Null where none fits.
const PoolRule* rule_for(std::span<const PoolRule> rules, std::string_view kind, std::string_view tier, Id team);

}  // namespace emptor::desk
