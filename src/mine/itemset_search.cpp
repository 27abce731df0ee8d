#include "mine/itemset_search.hpp"

#include <algorithm>
#include <bit>

#include "mine/array_miner.hpp"

namespace emptor::mine {
namespace {

std::uint64_t low_bits(std::size_t count) noexcept {
  return count >= 64 ? UINT64_MAX : (std::uint64_t{1} << count) - 1;
}

MaskRows mask_rows(const RankedBaskets& baskets, ItemsetKind kind) {
  MaskRows rows;
  std::vector<std::uint32_t> slots;
  std::uint64_t counted = 0;
  std::size_t full = 4096;
  baskets.each_mask([&](std::uint64_t mask) {
    rows.add(mask, 1);
    ++counted;
    if (rows.size() < full) return;
    merge_rows(rows, UINT64_MAX, slots);
    full = std::max<std::size_t>(4096, rows.size() * 2);
  });
  merge_rows(rows, UINT64_MAX, slots);
  const auto empty = static_cast<std::uint32_t>(baskets.frequent().all_of_support - counted);
  if (empty > 0) rows.add(0, empty);
  if (kind == ItemsetKind::closed) rows.close();
  return rows;
}

void search_masks(const RankedBaskets& baskets, ItemsetKind kind, ItemsetDelivery& delivery, bool names) {
  const FrequentItems& frequent = baskets.frequent();
  MaskRows rows = mask_rows(baskets, kind);
  ItemsetOutput output(delivery);
  MaskMiner miner(kind, static_cast<std::uint32_t>(delivery.options().min_support), output, names);
  const std::uint64_t all = low_bits(frequent.size());
  std::vector<std::uint64_t> known;
  miner.mine({.support = frequent.all_of_support,
              .tail = all,
              .all = all,
              .items = frequent.items,
              .outer = !frequent.all_of.empty()},
             frequent.all_of, rows, &known);
  output.flush();
}

void search_arrays(const RankedBaskets& baskets, ItemsetKind kind, ItemsetDelivery& delivery, bool names) {
  const ArrayBaskets arrays = array_baskets(baskets);
  ItemsetOutput output(delivery);
  ArrayMiner miner(kind, static_cast<std::uint32_t>(delivery.options().min_support), output, names);
  for (std::uint32_t rank = arrays.tail; rank-- > 0 && !delivery.stopped();)
    miner.mine(arrays, rank, baskets.frequent().all_of);
  output.flush();
}

}  // namespace

ItemsetSummary search_itemsets(const Baskets& baskets, const ItemsetOptions& options, const ItemsetReceiver& receiver,
                               const Run&) {
  const RankedBaskets ranked(baskets, options);
  const FrequentItems& frequent = ranked.frequent();
  ItemsetDelivery delivery(options, receiver);
  const bool names = delivery.names() || delivery.chooses();
  if (frequent.size() <= 64) {
    search_masks(ranked, options.kind, delivery, names);
  } else {
    search_arrays(ranked, options.kind, delivery, names);
  }
  return {delivery.sets(), frequent.baskets, frequent.size(), delivery.ending(), ItemsetEngine::projection};
}

}  // namespace emptor::mine
