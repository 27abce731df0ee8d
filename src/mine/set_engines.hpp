/// Engines that find all frequent sets, one by one: other ways to the same result, for other shapes of baskets.
#pragma once

#include "mine/frequent_items.hpp"
#include "mine/itemset_output.hpp"

namespace emptor::mine {

/// Depth first on the baskets of each item: bitsets for pairs, from then on the baskets that a set lost (Zaki and
/// Gouda, KDD 2003, section 3). Good where baskets are few and long.
void search_eclat(const RankedBaskets& baskets, std::uint32_t min_support, ItemsetOutput& output, MemoryMeter& meter);
/// Prefix trees of baskets, and of the baskets before an item (Han, Pei, Yin, SIGMOD 2000).
void search_fp_growth(const RankedBaskets& baskets, std::uint32_t min_support, ItemsetOutput& output,
                      MemoryMeter& meter);

}  // namespace emptor::mine
