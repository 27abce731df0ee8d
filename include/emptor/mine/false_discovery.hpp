/// Many tests at once: p-values adjusted so that of all that are called small at most a chosen share is so by chance.
///
///     const std::vector<double> adjusted = false_discovery(p_values);   // adjusted[i] <= 0.05: a finding
///
/// Source: Benjamini and Hochberg, J. R. Statist. Soc. B 57 (1995), 289: of the p-values in ascending order the i-th of
/// m becomes the least of p_k m / k over k >= i. It holds for independent tests, and for positively dependent ones
/// (Benjamini and Yekutieli, Ann. Statist. 29 (2001), 1165).
#pragma once

#include <span>
#include <vector>

namespace emptor::mine {

/// In the order given, each at most 1. Requires p-values from 0 to 1; throws Code::invalid (field "p_values", with the
/// row) for others. O(n log n).
std::vector<double> false_discovery(std::span<const double> p_values);

}  // namespace emptor::mine
