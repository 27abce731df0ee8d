/// Bought together: products that one customer bought on one day more often than chance, as pairs.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/rules.hpp"
#include "emptor/mine/run.hpp"
#include "insight/facts/customer_lines.hpp"

namespace emptor {

struct ProductPair {
  std::uint32_t left = 0, right = 0;  ///< places among the products; more of who bought left bought right
  mine::RuleCounts counts;            ///< of days of customers
};
/// Pairs that are no chance finding (false discovery rate at most 5 %, Fisher's test over all pairs counted), at most
/// `count`, the surest first. A pair was bought on at least five days, and on one in 10,000.
std::vector<ProductPair> bought_together(const CustomerLines& lines, Purchases which,
                                         std::span<const std::int64_t> products, std::int32_t last_day,
                                         std::size_t count, const mine::Run& run);

}  // namespace emptor
