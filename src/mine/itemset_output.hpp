/// Where the engines put what they find: filtered, counted, and passed on in blocks.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

#include "emptor/mine/itemsets.hpp"

namespace emptor::mine {

/// Sets are counted in 64 bits; what is more stays at the end of them.
constexpr std::uint64_t no_more_sets = UINT64_MAX;
constexpr std::uint64_t add_sets(std::uint64_t a, std::uint64_t b) noexcept {
  return a > no_more_sets - b ? no_more_sets : a + b;
}
/// sets * 2^power.
constexpr std::uint64_t double_sets(std::uint64_t sets, std::uint64_t power) noexcept {
  if (sets == 0) return 0;
  return power >= 64 || sets > (no_more_sets >> power) ? no_more_sets : sets << power;
}

/// What the outputs of all threads share.
class ItemsetDelivery {
 public:
  /// `receiver` may be empty: sets are counted only.
  ItemsetDelivery(const ItemsetOptions& options, const ItemsetReceiver& receiver);

  const ItemsetOptions& options() const noexcept { return options_; }
  bool names() const noexcept { return static_cast<bool>(receiver_); }
  /// Whether results have to be looked at one by one, be it only to count them.
  bool chooses() const noexcept;
  bool any_of(std::uint32_t item) const noexcept {
    return any_.empty() || std::binary_search(any_.begin(), any_.end(), item);
  }
  bool needs_any() const noexcept { return !any_.empty(); }

  bool stopped() const noexcept { return stopped_.load(std::memory_order_relaxed); }
  void stop() noexcept { stopped_.store(true, std::memory_order_relaxed); }
  /// Counts and passes on; cuts at max_sets.
  void give(const ItemsetBlock& block);
  void count(std::uint64_t sets);

  std::uint64_t sets() const noexcept { return sets_; }
  Ending ending() const noexcept { return ending_; }

 private:
  void end(Ending ending) noexcept;

  const ItemsetOptions& options_;
  const ItemsetReceiver& receiver_;
  std::vector<std::uint32_t> any_;
  std::mutex mutex_;
  std::atomic<bool> stopped_ = false;
  std::uint64_t sets_ = 0;
  Ending ending_ = Ending::complete;
};

/// The output of one thread.
class ItemsetOutput {
 public:
  explicit ItemsetOutput(ItemsetDelivery& delivery);

  bool stopped() const noexcept { return delivery_.stopped(); }
  bool names() const noexcept { return delivery_.names(); }
  std::size_t room_for_more(std::size_t length) const noexcept { return length < most_ ? most_ - length : 0; }

  /// From here on every set holds `outer`, and bits mean items: bit b is names[b]. Both ascend.
  void enter(std::span<const std::uint32_t> outer, std::span<const std::uint32_t> names);
  void add(std::uint64_t members, std::uint32_t support) {
    if (!plain_) return add_chosen(members, support);
    std::uint32_t* at = items_.data() + end_;
    for (; members != 0; members &= members - 1) *at++ = names_[std::countr_zero(members)];
    end_ = static_cast<std::size_t>(at - items_.data());
    close(support);
  }
  /// The chosen cells of a table of at most max_table_cells (a bit a cell).
  void add_table(const std::uint64_t* members, const std::uint32_t* supports, const std::uint64_t* chosen,
                 std::size_t cells);
  /// A set of its own, ascending.
  void add(std::span<const std::uint32_t> items, std::uint32_t support);
  /// What was counted without being named.
  void count(std::uint64_t sets) {
    counted_ = add_sets(counted_, sets);
    if (counted_ >= block_sets) flush();
  }
  void flush();

 private:
  static constexpr std::size_t block_items = 16'384;
  static constexpr std::size_t block_sets = 4'096;
  static constexpr std::size_t most_cells = 1'024;

  void add_chosen(std::uint64_t members, std::uint32_t support);
  void make_room(std::size_t length);
  void merge(std::uint64_t members);
  void close(std::uint32_t support) {
    supports_[sets_] = support;
    starts_[++sets_] = end_;
    if (sets_ >= block_sets || end_ >= block_items) flush();
  }

  ItemsetDelivery& delivery_;
  std::size_t least_, most_;
  std::vector<std::uint32_t> outer_;
  std::uint32_t names_[64] = {};  ///< of each bit
  bool plain_ = false;            ///< every set is named, and is its bits alone
  bool outer_has_any_ = false;
  std::uint64_t any_bits_ = 0;
  // Longer than what is in them, so that a set is written without a look at the room.
  std::vector<std::uint64_t> starts_;
  std::vector<std::uint32_t> items_;
  std::vector<std::uint32_t> supports_;
  std::size_t sets_ = 0, end_ = 0;
  std::uint64_t counted_ = 0;
};

}  // namespace emptor::mine
