/// The search over at most 64 items: baskets as bits, merged where they are the same.
///
/// Depth first, a prefix at a time (as Uno's LCM and FP-growth do): the rows that hold the prefix are cut to the items
/// that may still follow, and equal ones merge into one with a weight. Real data fold so quickly that a dozen rows are
/// left where ten items are; those are counted by one table of all subsets (subset_table.hpp).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "mine/itemset_output.hpp"
#include "mine/mask_columns.hpp"
#include "mine/mask_rows.hpp"
#include "mine/subset_table.hpp"

namespace emptor::mine {

/// What is searched: sets that hold an outer prefix, told to the output already, and some of the items of `tail`.
struct MaskTask {
  std::uint32_t support = 0;  ///< of the outer prefix: the sum of weights
  std::uint64_t tail = 0;     ///< frequent items, the most frequent the lowest
  std::uint64_t all = 0;      ///< bits that mean an item at all: for closed sets, also those that may not follow
  std::span<const std::uint32_t> items;  ///< of each bit of `all`
  std::uint64_t doubled = 0;             ///< where sets are counted only: how often the count doubles
  const std::function<bool(std::uint64_t)>* hidden = nullptr;  ///< closed sets: which are none after all
  bool outer = false;  ///< whether there is an outer prefix: else the empty set is no result
};

/// Where one way of searching hands over to the next; what is found does not depend on it.
struct SearchTuning {
  std::size_t mask_items = 64;  ///< at most 64: so many items are searched as bits
  int table_items = 10;         ///< at most max_table_items: so many are counted by a table
  std::size_t sparse = 6;       ///< rows hold less than one in so many items: they are searched as columns; 0: all are
};

class MaskMiner {
 public:
  /// `names`: whether sets are given one by one, be it only to choose among them.
  MaskMiner(ItemsetKind kind, std::uint32_t min_support, ItemsetOutput& output, bool names, MemoryMeter& meter,
            const SearchTuning& tuning);

  /// Searches. `rows` are changed. For maximal sets, `known` holds those that were found before and hold the outer
  /// prefix, cut to the tail; the new ones are added.
  void mine(const MaskTask& task, std::span<const std::uint32_t> outer, MaskRows& rows,
            std::vector<std::uint64_t>* known);

  /// The same for all sets, named one by one, of at most MaskColumns::most_rows rows that stand for one basket each.
  void mine_columns(const MaskTask& task, std::span<const std::uint32_t> outer, const MaskRows& rows);

  /// For maximal sets a part at a time (mask_peaks.hpp): what is searched, then, of rows that hold the prefix, the sets
  /// that hold `item` and no less frequent one of the tail. `known` as in `mine`; it may lack what is found beside.
  void begin_peaks(const MaskTask& task, std::span<const std::uint32_t> outer) { begin(task, outer); }
  void mine_peaks_with(const MaskRows& rows, std::uint64_t tail, std::uint64_t prefix, int item,
                       std::vector<std::uint64_t>& known);
  void give_peak(std::uint64_t set, std::uint32_t support);
  /// Of the new ones among `known` of the last search, in their order.
  std::span<const std::uint32_t> peak_supports() const noexcept { return peak_supports_; }

  /// A part of the search for all or closed sets, so that threads can share it. The parts of all pairs first > second,
  /// and of all first with second = -1 (the sets that end there), and of first = -1 (the prefix alone) are the whole.
  /// `rows` stay as they are; the rows of the first item are kept for the next part.
  void mine_part(const MaskTask& task, std::span<const std::uint32_t> outer, const MaskRows& rows, int first,
                 int second);

 private:
  struct Level {
    explicit Level(MemoryMeter& meter) : rows(meter) {}
    MaskRows rows;
    std::vector<std::uint64_t> known;
  };
  /// All sets, each named: items in every row are then items like others.
  bool lists() const noexcept { return kind_ == ItemsetKind::all && names_; }
  void begin(const MaskTask& task, std::span<const std::uint32_t> outer);
  void mine_branch(const MaskRows& rows, std::uint64_t tail, std::uint64_t prefix, int item, std::size_t depth,
                   std::uint64_t doubled);
  void name_bits(const MaskTask& task, std::span<const std::uint32_t> outer);
  TableRows table_rows(const MaskRows& rows, std::uint64_t tail) const noexcept;
  Level& level(std::size_t depth);
  void pause();

  std::uint64_t count(const MaskRows& rows, std::uint64_t tail, std::size_t depth);
  void list(const MaskRows& rows, std::uint64_t tail, std::uint64_t prefix, std::uint32_t support, std::size_t depth);
  void list_columns(const MaskColumns::Rows& rows, std::uint64_t tail, std::uint64_t names, std::size_t length);
  void list_table(const MaskRows& rows, std::uint64_t tail, std::uint64_t prefix);
  void close(const MaskRows& rows, std::uint64_t tail, std::uint64_t prefix, std::uint32_t support, std::size_t depth);
  std::uint64_t drop_hidden(std::uint64_t tail);
  void close_table(const MaskRows& rows, std::uint64_t tail, std::uint64_t prefix);
  void peak(const MaskRows& rows, std::uint64_t tail, std::uint64_t prefix, std::vector<std::uint64_t>& known,
            std::size_t depth);
  void peak_child(const MaskChild& child, std::uint64_t prefix, std::vector<std::uint64_t>& known, Level& below,
                  std::size_t depth);
  void peak_table(const MaskRows& rows, std::uint64_t tail, std::uint64_t prefix, std::vector<std::uint64_t>& known);
  void add(std::uint64_t prefix, std::uint32_t support);
  std::uint64_t named(std::uint64_t bits) const noexcept;
  void add_chosen(std::uint64_t tail, std::uint64_t prefix, const std::uint64_t* chosen);

  ItemsetKind kind_;
  std::uint32_t min_support_;
  ItemsetOutput& output_;
  bool names_;
  MemoryMeter& meter_;
  int table_items_;
  int first_ = -1;  ///< whose rows are kept
  MaskChild first_child_;
  MaskColumns columns_;
  bool outer_ = false;
  std::unique_ptr<SubsetTable> table_;
  std::vector<std::unique_ptr<Level>> levels_;
  std::vector<std::uint32_t> slots_, peak_supports_;
  std::vector<std::pair<std::uint32_t, int>> order_;
  std::uint64_t bit_of_[64] = {};  ///< of each of our bits, the one by which the output knows its item
  std::uint64_t outer_bits_ = 0;   ///< those of what all sets hold
  std::uint64_t all_ = 0;
  const std::function<bool(std::uint64_t)>* hidden_ = nullptr;
  std::uint32_t steps_ = 0;
};

}  // namespace emptor::mine
