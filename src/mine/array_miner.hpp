/// The search over any number of items: baskets as arrays, an item at a time, until at most 64 items are left, which
/// the search over bits takes on (mask_miner.hpp).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "mine/frequent_items.hpp"
#include "mine/mask_miner.hpp"
#include "mine/rank_sets.hpp"

namespace emptor::mine {

/// Baskets as ranks that ascend, one after another with a separator on both sides, and where each rank occurs. Ranks
/// below `tail` may follow a prefix; the others are there to judge closed sets by.
struct ArrayBaskets {
  static constexpr std::uint32_t separator = UINT32_MAX;

  std::vector<std::uint32_t> ranks;        ///< begins and ends with a separator
  std::vector<std::uint32_t> occurrences;  ///< positions in `ranks`
  std::vector<std::uint32_t> first;        ///< of each rank in `occurrences`, and the end; tail ranks only
  std::vector<std::uint32_t> items;        ///< of each rank
  std::uint32_t tail = 0;

  /// Fills `occurrences` and `first` from the rest.
  void index();
  std::uint64_t bytes() const noexcept {
    return 4 * (ranks.capacity() + occurrences.capacity() + first.capacity() + items.capacity());
  }
  std::span<const std::uint32_t> of(std::uint32_t rank) const noexcept {
    return std::span(occurrences).subspan(first[rank], first[rank + 1] - first[rank]);
  }
};

/// Takes what they hold from the meter.
ArrayBaskets array_baskets(const RankedBaskets& baskets, MemoryMeter& meter);

class ArrayMiner {
 public:
  ArrayMiner(ItemsetKind kind, std::uint32_t min_support, ItemsetOutput& output, bool names, MemoryMeter& meter,
             const SearchTuning& tuning);
  ~ArrayMiner();

  /// Searches for the sets that hold `outer` (ascending) and whose least frequent further item has the rank. For
  /// maximal sets, `known` (ranks below this one) are those found before that hold both, and the new ones are added to
  /// `found`, without the rank.
  void mine(const ArrayBaskets& baskets, std::uint32_t rank, std::span<const std::uint32_t> outer,
            const RankSets& known, PeakSets& found);

 private:
  struct Found;
  struct Level;
  Level& level(std::size_t depth, std::size_t ranks);
  void count_around(const ArrayBaskets& baskets, std::uint32_t rank, Level& level) const;
  void count_behind(const ArrayBaskets& baskets, std::uint32_t rank, Level& level) const;
  void use_masks(const ArrayBaskets& baskets, std::uint32_t rank, Level& level, const RankSets& known, PeakSets& found);
  void add_peaks(const Level& level, std::span<const std::uint64_t> masks, PeakSets& found) const;
  void use_arrays(const ArrayBaskets& baskets, std::uint32_t rank, std::size_t depth, const RankSets& known,
                  PeakSets& found);
  void mine_inner(const ArrayBaskets& inner, std::size_t depth, WaitingSets& waiting, PeakSets& found);
  void mine_at(const ArrayBaskets& baskets, std::uint32_t rank, std::span<const std::uint32_t> outer, std::size_t depth,
               const RankSets& known, PeakSets& found);
  void give_peak(const Level& level, const RankSets& known, PeakSets& found);
  void give_alone(std::span<const std::uint32_t> items, std::uint32_t support);
  template <class Work>
  void each_around(const ArrayBaskets& baskets, std::uint32_t rank, bool behind, Work&& work) const;
  bool hidden(const ArrayBaskets& baskets, std::uint32_t rank, std::uint64_t set);

  ItemsetKind kind_;
  std::uint32_t min_support_;
  ItemsetOutput& output_;
  bool names_;
  MemoryMeter& meter_;
  SearchTuning tuning_;
  MaskMiner masks_;
  std::vector<std::unique_ptr<Level>> levels_;
  std::vector<std::uint32_t> slots_, common_;
  std::vector<std::uint64_t> known_masks_;
  MaskRows rows_;
  std::uint64_t doubled_ = 0;  ///< how often what is counted counts twice, for items that are in every row
};

}  // namespace emptor::mine
