/// The search for maximal sets of at most 64 items.
///
/// Items are searched from the least frequent on. A set that was found spares later ones, whose sets it may contain, so
/// it is kept, cut to the items that are still to be searched; what then is the same, or part of its neighbours, is
/// kept once. One thread does it: what one finds spares the others most of their work, so that two, which told each
/// other now and then, took longer than one and a third more memory.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "mine/mask_miner.hpp"

namespace emptor::mine {

/// Maximal sets as bits that may contain what is found later. Each waits at its highest item that is left.
class KnownPeaks {
 public:
  explicit KnownPeaks(MemoryMeter& meter) noexcept : meter_(meter) {}
  ~KnownPeaks() { meter_.give_back(held_); }
  KnownPeaks(const KnownPeaks&) = delete;
  KnownPeaks& operator=(const KnownPeaks&) = delete;

  /// Takes out the sets with the item, each once. Those with a higher one were taken before.
  std::vector<std::uint64_t> take(int item);
  /// Puts sets in, cut to the items below this one.
  void put(std::span<const std::uint64_t> sets, int item);

 private:
  using Sets = std::vector<std::uint64_t>;
  void make_room(Sets& sets);

  MemoryMeter& meter_;
  std::uint64_t held_ = 0;
  std::array<Sets, 64> at_;  ///< by highest item
};

struct PeakSearch {
  std::uint32_t min_support;
  ItemsetDelivery& delivery;
  bool names;  ///< whether sets are given one by one, be it only to choose among them
  MemoryMeter& meter;
  const SearchTuning& tuning;
};

/// `outer` is what all sets hold.
void search_mask_peaks(const PeakSearch& search, const MaskTask& task, std::span<const std::uint32_t> outer,
                       const MaskRows& rows);

}  // namespace emptor::mine
