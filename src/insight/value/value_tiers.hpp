/// Which tier a customer is in, by the rules of the enterprise, and which customers are key accounts.
#pragma once

#include <cstdint>
#include <vector>

#include "insight/value/value_score.hpp"

namespace emptor {

/// Of each customer the place of the tier among the request's. Requires a score of each row.
std::vector<std::uint8_t> tiers_of(const ValueRows& rows, const ValueMeasures& measures,
                                   const std::vector<double>& score, const ValueRequest& request);
/// Rows of the fewest customers who together make the asked share of what all earned in the last window and are
/// expected to bring, the greatest first; at most as many as asked.
std::vector<std::size_t> key_accounts(const ValueRows& rows, const ValueMeasures& measures,
                                      const ValueRequest& request);

}  // namespace emptor
