/// One search for itemsets: which engine, on which threads.
#pragma once

#include "emptor/mine/itemsets.hpp"
#include "mine/mask_miner.hpp"

namespace emptor::mine {

/// Requires options that were checked, and a LongCall around it. Without a receiver, sets are counted.
ItemsetSummary search_itemsets(const Baskets& baskets, const ItemsetOptions& options, const ItemsetReceiver& receiver,
                               const Run& run, const SearchTuning& tuning = {});

}  // namespace emptor::mine
