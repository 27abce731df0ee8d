#include "mine/mask_peaks.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace emptor::mine {
namespace {

constexpr std::uint64_t bit(int at) noexcept { return std::uint64_t{1} << at; }
constexpr bool holds(std::uint64_t set, std::uint64_t asked) noexcept { return (set & asked) == asked; }

/// Each set once, and without those that are part of one of the next few. What is left in costs no more than a look at
/// too many sets.
void tidy(std::vector<std::uint64_t>& sets) {
  constexpr std::size_t look_ahead = 8;
  std::sort(sets.begin(), sets.end());
  sets.erase(std::unique(sets.begin(), sets.end()), sets.end());
  std::size_t kept = 0;
  for (std::size_t at = 0; at < sets.size(); ++at) {
    const std::size_t end = std::min(sets.size(), at + 1 + look_ahead);
    bool part = false;
    for (std::size_t other = at + 1; other < end; ++other) part = part || holds(sets[other], sets[at]);
    sets[kept] = sets[at];
    kept += part ? 0 : 1;
  }
  sets.resize(kept);
}

}  // namespace

void KnownPeaks::make_room(Sets& sets) {
  tidy(sets);
  if (sets.size() * 4 < sets.capacity() * 3) return;
  const std::size_t more = sets.capacity() / 2 + 64;
  meter_.take(more * sizeof(std::uint64_t));
  held_ += more * sizeof(std::uint64_t);
  sets.reserve(sets.capacity() + more);
}

std::vector<std::uint64_t> KnownPeaks::take(int item) {
  Sets& sets = at_[static_cast<std::size_t>(item)];
  tidy(sets);
  const std::uint64_t bytes = sets.capacity() * sizeof(std::uint64_t);
  meter_.give_back(bytes);
  held_ -= bytes;
  return std::exchange(sets, {});
}

void KnownPeaks::put(std::span<const std::uint64_t> sets, int item) {
  for (const std::uint64_t set : sets) {
    const std::uint64_t left = set & (bit(item) - 1);
    if (left == 0) continue;
    Sets& into = at_[static_cast<std::size_t>(63 - std::countl_zero(left))];
    if (into.size() == into.capacity()) make_room(into);
    into.push_back(left);
  }
}

void search_mask_peaks(const PeakSearch& search, const MaskTask& task, std::span<const std::uint32_t> outer,
                       const MaskRows& rows) {
  if (task.support < search.min_support) return;
  ItemsetOutput output(search.delivery);
  MaskMiner miner(ItemsetKind::maximal, search.min_support, output, search.names, search.meter, search.tuning);
  KnownPeaks known(search.meter);
  miner.begin_peaks(task, outer);
  for (std::uint64_t left = task.tail; left != 0 && !search.delivery.stopped(); left ^= std::bit_floor(left)) {
    const int item = 63 - std::countl_zero(left);
    std::vector<std::uint64_t> sets = known.take(item);
    miner.mine_peaks_with(rows, task.tail, 0, item, sets);
    known.put(sets, item);
  }
  if (task.tail == 0 && task.outer) miner.give_peak(0, task.support);
  output.flush();
}

}  // namespace emptor::mine
