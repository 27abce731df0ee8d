/// Sets of ranks: maximal sets that were found, kept for what they may still cover.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace emptor::mine {

/// Sets, each descending, one after another.
class RankSets {
 public:
  void add(std::span<const std::uint32_t> ranks) {
    flat_.push_back(static_cast<std::uint32_t>(ranks.size()));
    flat_.insert(flat_.end(), ranks.begin(), ranks.end());
  }
  /// Calls work(span of ranks) with each set that was added once `end()` was `from`.
  template <class Work>
  void each(Work&& work, std::size_t from = 0) const {
    for (std::size_t at = from; at < flat_.size(); at += 1 + flat_[at])
      work(std::span(flat_).subspan(at + 1, flat_[at]));
  }
  /// Whether one of them holds all of `ranks`.
  bool covers(std::span<const std::uint32_t> ranks, std::size_t from = 0) const {
    bool found = false;
    each([&](std::span<const std::uint32_t> set) { found = found || holds(set, ranks); }, from);
    return found;
  }
  static bool holds(std::span<const std::uint32_t> set, std::span<const std::uint32_t> asked) {
    return std::includes(set.begin(), set.end(), asked.begin(), asked.end(), std::greater<>());
  }
  std::size_t end() const noexcept { return flat_.size(); }

 private:
  std::vector<std::uint32_t> flat_;  ///< the length, then the ranks
};

/// Maximal sets, with their supports.
struct PeakSets {
  RankSets sets;
  std::vector<std::uint32_t> supports;

  void add(std::span<const std::uint32_t> ranks, std::uint32_t support) {
    sets.add(ranks);
    supports.push_back(support);
  }
};

/// Each set waits at its highest rank, without it. Where ranks are searched from the highest to 0, the ones that wait
/// at the rank are those that may cover what is found there; afterwards they go on to their next rank, so that no set
/// is held twice, and less and less of it.
class WaitingSets {
 public:
  explicit WaitingSets(std::uint32_t ranks) : at_(ranks) {}

  void put(std::span<const std::uint32_t> ranks) {
    if (!ranks.empty()) at_[ranks.front()].add(ranks.subspan(1));
  }
  const RankSets& at(std::uint32_t rank) const noexcept { return at_[rank]; }
  /// The rank was searched: its sets go on.
  void pass(std::uint32_t rank) {
    const RankSets sets = std::exchange(at_[rank], {});
    sets.each([this](std::span<const std::uint32_t> ranks) { put(ranks); });
  }

 private:
  std::vector<RankSets> at_;
};

}  // namespace emptor::mine
