/// Results gathered into a table, all of them or the best.
#pragma once

#include <cstdint>
#include <vector>

#include "emptor/mine/itemsets.hpp"
#include "mine/memory_meter.hpp"

namespace emptor::mine {

/// Receives blocks and keeps the sets.
class ItemsetCollector {
 public:
  explicit ItemsetCollector(std::uint64_t memory_bytes) : meter_(memory_bytes) {}
  /// False where the budget of memory is used up: the set that did not fit, and what follows, are not kept.
  bool take(const ItemsetBlock& block);
  bool full() const noexcept { return full_; }
  ItemsetTable finish(const ItemsetSummary& summary);

 private:
  MemoryMeter meter_;
  ItemsetTable table_;
  bool full_ = false;
};

/// Receives blocks and keeps the so many sets of the highest support; ties: the shorter, then the lowest items.
class BestItemsets {
 public:
  explicit BestItemsets(std::uint64_t count) : count_(count) {}
  void take(const ItemsetBlock& block);
  ItemsetTable finish(const ItemsetSummary& summary);

 private:
  struct Entry {
    std::uint32_t support;
    std::vector<std::uint32_t> items;
  };
  static bool better(const Entry& a, const Entry& b) noexcept;

  std::uint64_t count_;
  std::vector<Entry> heap_;  ///< the worst first
};

/// By length, then by items.
void sort_table(ItemsetTable& table);

}  // namespace emptor::mine
