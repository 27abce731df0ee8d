/// Frequent itemsets: which items occur together in at least so many baskets, all of them, the closed or the maximal.
///
///     const BasketTable baskets = read_fimi_file("retail.dat");
///     const ItemsetTable found = mine_itemsets(baskets, {.min_support = 100, .kind = ItemsetKind::closed});
///
/// The result is the same for any number of threads, order of baskets, engine and processor. The empty set is never a
/// result. Thresholds are counts, so that no set on the threshold is lost to rounding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/baskets.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

enum class ItemsetKind : std::uint8_t {
  all,
  closed,   ///< no larger set is in as many baskets
  maximal,  ///< no larger set is frequent
};

/// How sets are searched for; what is found does not depend on it.
enum class ItemsetEngine : std::uint8_t {
  automatic,  ///< by density: projection where few items are left at a time, eclat where baskets are few and long
  apriori,    ///< breadth first (Agrawal and Srikant, VLDB 1994, section 2.1); all sets only; reads a source
  eclat,      ///< depth first on bitsets, then on differences of them (Zaki and Gouda, KDD 2003)
  fp_growth,  ///< prefix trees (Han, Pei, Yin, SIGMOD 2000)
  projection  ///< depth first on merged baskets (as Uno's LCM), the last items by tables of all their subsets
};

struct ItemsetOptions {
  std::uint64_t min_support = 1;  ///< baskets, at least 1
  ItemsetKind kind = ItemsetKind::all;
  std::uint32_t min_length = 1;
  std::uint32_t max_length = 0;  ///< 0: no limit
  /// Only these items exist (all if empty), and these do not: taken out of the baskets first, so that closed and
  /// maximal are judged without them.
  std::vector<std::uint32_t> only_items = {};
  std::vector<std::uint32_t> without_items = {};
  /// A set is given only if it holds all of the first and, if there are any, at least one of the second; as the length
  /// bounds, these choose among the results: a set is not made closed or maximal by what they leave out.
  std::vector<std::uint32_t> all_of = {};
  std::vector<std::uint32_t> any_of = {};
  /// The so many sets of the highest support, at least min_support; ties: the shorter, then the lowest items. 0: all.
  std::uint64_t top = 0;
  /// Stops after so many sets, and says so: the first ones in the order in which one thread finds them. 0: no limit.
  std::uint64_t max_sets = 0;
  /// What the call may hold beside its input, results that it collects included. A result that does not fit is cut
  /// and says so; baskets that do not fit are Code::budget. 0: no limit.
  std::uint64_t memory_bytes = 0;
  ItemsetEngine engine = ItemsetEngine::automatic;
};

/// Why a search ended.
enum class Ending : std::uint8_t {
  complete,
  max_sets,      ///< the budget of results was used up
  memory_bytes,  ///< what was found does not fit into the budget of memory
  receiver       ///< who received the results wanted no more
};
std::string_view name_of(Ending ending) noexcept;

struct ItemsetSummary {
  std::uint64_t sets = 0;     ///< that were given or counted
  std::uint64_t baskets = 0;  ///< empty ones included
  std::uint64_t frequent_items = 0;
  Ending ending = Ending::complete;
  ItemsetEngine engine = ItemsetEngine::automatic;  ///< the one that searched

  bool complete() const noexcept { return ending == Ending::complete; }
};

/// Some results: set s holds items[starts[s]] ... items[starts[s + 1] - 1], ascending, and is in supports[s] baskets.
struct ItemsetBlock {
  std::span<const std::uint64_t> starts;
  std::span<const std::uint32_t> items;
  std::span<const std::uint32_t> supports;

  std::size_t size() const noexcept { return supports.size(); }
  std::span<const std::uint32_t> operator[](std::size_t set) const noexcept {
    return items.subspan(starts[set], starts[set + 1] - starts[set]);
  }
};

/// Takes a block; false means enough. Never called twice at once, though perhaps from the executor's threads; which
/// sets share a block, and the order of blocks, are fixed for one thread only.
using ItemsetReceiver = std::function<bool(const ItemsetBlock&)>;

/// Results that are kept, by length, then by their items.
struct ItemsetTable {
  std::vector<std::uint64_t> starts{0};
  std::vector<std::uint32_t> items;
  std::vector<std::uint32_t> supports;
  ItemsetSummary summary;

  std::size_t size() const noexcept { return supports.size(); }
  std::span<const std::uint32_t> operator[](std::size_t set) const noexcept { return ItemsetBlock(*this)[set]; }
  operator ItemsetBlock() const noexcept { return {starts, items, supports}; }
  friend bool operator==(const ItemsetTable& a, const ItemsetTable& b) noexcept {
    return a.starts == b.starts && a.items == b.items && a.supports == b.supports && a.summary.sets == b.summary.sets &&
           a.summary.baskets == b.summary.baskets && a.summary.ending == b.summary.ending;
  }
};

/// All three throw Code::invalid (field) for options that contradict each other and for baskets that are not as
/// `Baskets` says or are 2^32 or more; Code::budget if the baskets do not fit into memory_bytes. Time grows with what
/// is found, memory (beside a table's) with the baskets alone. Blocks are of about 64 KiB.
ItemsetSummary mine_itemsets(const Baskets& baskets, const ItemsetOptions& options, const ItemsetReceiver& receiver,
                             const Run& run = {});
ItemsetTable mine_itemsets(const Baskets& baskets, const ItemsetOptions& options, const Run& run = {});
/// Counts without naming them, which is many times faster.
ItemsetSummary count_itemsets(const Baskets& baskets, const ItemsetOptions& options, const Run& run = {});

/// The same bytes on every machine. `load_itemsets` throws Code::corrupt, newer or unsupported.
std::string save(const ItemsetTable& table);
ItemsetTable load_itemsets(std::string_view bytes);

}  // namespace emptor::mine
