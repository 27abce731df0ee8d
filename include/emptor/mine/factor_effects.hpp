/// Factor effects: how much each factor of a product contributed to its change, so that the effects add up to it.
///
///     // revenue = customers x orders a customer x amount of an order
///     const std::vector<double> effects = factor_effects({{100, 2, 30}, {90, 2.5, 30}});
///
/// The logarithmic mean Divisia index: Ang, Energy Policy 32 (2004), 1131 and 86 (2015), 233: the effect of a factor is
/// L(after, before) ln(factor after / factor before), L being the logarithmic mean of both products. It is perfect (it
/// leaves no rest), and effects of parts add up to that of the whole. Where a product becomes or ceases to be 0, the
/// change belongs to the factors that are 0, alike: the limits of Ang and Liu, Energy Policy 35 (2007), 238.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emptor/core/exact_sum.hpp"

namespace emptor::mine {

struct FactorChange {
  std::vector<double> before, after;  ///< finite and not negative, in one order
};

/// One effect a factor; their sum is the change of the product, up to rounding. Throws Code::invalid (field "factors",
/// with the row) for numbers that are negative or not finite and for different counts.
std::vector<double> factor_effects(const FactorChange& change);

/// Numbers as whole micros that add up to `total` exactly: each is rounded down, and what is missing goes to those that
/// lost most by it (largest remainders; of equals the first). Requires numbers whose sum is near the total.
std::vector<std::int64_t> whole_effects(std::span<const double> effects, std::int64_t total);

}  // namespace emptor::mine
