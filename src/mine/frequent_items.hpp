/// The first pass over baskets: which items are frequent, and by which numbers the search knows them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/long_call.hpp"
#include "emptor/mine/itemsets.hpp"
#include "mine/memory_meter.hpp"

namespace emptor::mine {

/// A number for each item met, small and without gaps where the items' own are large.
class ItemNumbers {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  explicit ItemNumbers(std::span<const std::uint32_t> items);
  std::uint32_t of(std::uint32_t item) const noexcept {  ///< none for an item that was not met
    if (!sparse_.empty()) return find(item);
    return item < size_ ? item : none;
  }
  std::uint32_t item(std::uint32_t number) const noexcept { return sparse_.empty() ? number : sparse_[number]; }
  std::uint32_t size() const noexcept { return size_; }

 private:
  std::uint32_t find(std::uint32_t item) const noexcept;

  std::vector<std::uint32_t> sparse_;  ///< the items ascending, where they are not their own numbers
  std::uint32_t size_ = 0;
};

/// Frequent items by rank: the most frequent first, ties by the lower item.
struct FrequentItems {
  std::uint64_t baskets = 0;         ///< all, empty ones included
  std::uint64_t occurrences = 0;     ///< of frequent items, each once a basket
  std::vector<std::uint32_t> items;  ///< of each rank
  std::vector<std::uint32_t> supports;
  std::vector<std::uint32_t> all_of;  ///< items that every result holds, ascending; they have no rank
  std::uint32_t all_of_support = 0;   ///< baskets that hold them, the only ones that count

  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(items.size()); }
};

/// Baskets as ranks: what the engines read.
class RankedBaskets {
 public:
  /// Throws as `mine_itemsets` does. `top` and the budgets are not looked at.
  RankedBaskets(const Baskets& baskets, const ItemsetOptions& options, MemoryMeter& meter);

  const FrequentItems& frequent() const noexcept { return frequent_; }
  /// Calls work(span of ranks, ascending) with each basket that counts; those with no frequent item are left out.
  template <class Work>
  void each(Work&& work) const {
    std::vector<std::uint32_t> ranks;
    for (std::size_t basket = 0; basket < baskets_.size(); ++basket) {
      pause(basket);
      if (rank(baskets_[basket], ranks) && !ranks.empty()) work(std::span<const std::uint32_t>(ranks));
    }
  }
  /// Calls work(basket, rank) with each frequent item of each basket that counts, in the order of baskets, as often as
  /// the basket names it.
  template <class Work>
  void each_rank(Work&& work) const {
    for (std::size_t basket = 0; basket < baskets_.size(); ++basket) {
      pause(basket);
      if (!frequent_.all_of.empty() && !admits(baskets_[basket])) continue;
      for (const std::uint32_t item : baskets_[basket])
        if (const std::uint32_t rank = rank_of(item); rank != not_frequent)
          work(static_cast<std::uint32_t>(basket), rank);
    }
  }
  /// The same as bits, for at most 64 frequent items.
  template <class Work>
  void each_mask(Work&& work) const {
    for (std::size_t basket = 0; basket < baskets_.size(); ++basket) {
      pause(basket);
      const std::uint64_t mask = mask_of(baskets_[basket]);
      if (mask != 0) work(mask);
    }
  }

 private:
  static constexpr std::uint32_t not_frequent = UINT32_MAX;
  void pause(std::size_t basket) const {
    if ((basket & 0xFFFF) == 0) beat("baskets", basket, baskets_.size());
  }
  void count(const ItemsetOptions& options);
  bool admits(std::span<const std::uint32_t> basket) const;
  bool rank(std::span<const std::uint32_t> basket, std::vector<std::uint32_t>& ranks) const;
  std::uint64_t mask_of(std::span<const std::uint32_t> basket) const;
  std::uint32_t rank_of(std::uint32_t item) const noexcept { return ranks_[numbers_.of(item)]; }

  Baskets baskets_;
  ItemNumbers numbers_;
  std::vector<std::uint32_t> ranks_;  ///< by number
  FrequentItems frequent_;
};

/// Throws Code::invalid where baskets are not as `Baskets` says.
void check(const Baskets& baskets);

}  // namespace emptor::mine
