/// Tiers: customers in the order of a value, cut where the enterprise wants it, by shares or by least values.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emptor/core/decimal.hpp"
#include "emptor/insight/value_class.hpp"

namespace emptor {

/// Places of the customers from the best value (in micros) down; equal values by id.
std::vector<std::uint32_t> best_first(std::span<const std::int64_t> customers, std::span<const std::int64_t> values);
/// How many of the order the first tiers hold together, an end each; a tier ends at the customer who completes its
/// share (rounded up). Requires shares of at least 0 and at most 1 together.
std::vector<std::size_t> tiers_by_share(std::span<const std::int64_t> values, std::span<const std::uint32_t> order,
                                        std::span<const Decimal> shares, BorderTies ties);
/// The same by the least value of each; requires them to descend.
std::vector<std::size_t> tiers_by_least(std::span<const std::int64_t> values, std::span<const std::uint32_t> order,
                                        std::span<const Decimal> least);

}  // namespace emptor
