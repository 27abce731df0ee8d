#include "mine/itemset_search.hpp"

#include <algorithm>
#include <bit>
#include <mutex>
#include <optional>
#include <utility>

#include "emptor/mine/apriori.hpp"
#include "mine/array_miner.hpp"
#include "mine/mask_peaks.hpp"
#include "mine/set_engines.hpp"

namespace emptor::mine {
namespace {

std::uint64_t low_bits(std::size_t count) noexcept {
  return count >= 64 ? UINT64_MAX : (std::uint64_t{1} << count) - 1;
}

/// What every engine and thread of one search shares.
struct Search {
  const RankedBaskets& baskets;
  ItemsetKind kind;
  ItemsetDelivery& delivery;
  MemoryMeter& meter;
  const Run& run;
  const SearchTuning& tuning;

  const FrequentItems& frequent() const noexcept { return baskets.frequent(); }
  std::uint32_t min_support() const noexcept { return static_cast<std::uint32_t>(delivery.options().min_support); }
  bool names() const noexcept { return delivery.names() || delivery.chooses(); }
  /// What ends early must end at the same set for any number of threads, so it has one.
  std::size_t threads() const noexcept {
    const ItemsetOptions& options = delivery.options();
    const bool whole = options.max_sets == 0 && options.memory_bytes == 0;
    return whole ? std::max<std::size_t>(run.executor.threads, 1) : 1;
  }
};

/// Calls work(output, next) on each thread; `next` hands out 0 ... count - 1.
template <class Work>
void share(const Search& search, std::size_t count, Work&& work) {
  std::atomic<std::size_t> taken = 0;
  search.run.executor.run(std::min(search.threads(), count), [&](std::size_t) {
    try {
      ItemsetOutput output(search.delivery);
      work(output, [&] { return search.delivery.stopped() ? count : std::min(taken++, count); });
      output.flush();
    } catch (...) {
      search.delivery.stop();  // the other threads need not go on
      throw;
    }
  });
}

/// Takes what parts found, which end in any order, in the order of the parts.
template <class Result>
class InTurn {
 public:
  explicit InTurn(std::size_t parts) : ended_(parts) {}
  /// Calls work(part, result) with each part whose turn it is now. One at a time.
  template <class Work>
  void end(std::size_t part, Result result, Work&& work) {
    ended_[part] = std::move(result);
    for (; next_ < ended_.size() && ended_[next_]; ++next_) {
      work(next_, *ended_[next_]);
      ended_[next_].reset();
    }
  }

 private:
  std::vector<std::optional<Result>> ended_;
  std::size_t next_ = 0;
};

/// Gives a maximal set, told by ranks, that had to wait for its turn.
void give_late(const Search& search, ItemsetOutput& output, std::vector<std::uint32_t> ranks, std::uint32_t support) {
  if (!search.names()) return output.count(1);
  for (std::uint32_t& rank : ranks) rank = search.frequent().items[rank];
  ranks.insert(ranks.end(), search.frequent().all_of.begin(), search.frequent().all_of.end());
  std::sort(ranks.begin(), ranks.end());
  output.add(ranks, support);
}

void fill_rows(const Search& search, MaskRows& rows) {
  std::vector<std::uint32_t> slots;
  std::uint64_t counted = 0;
  std::size_t full = 4096;
  search.baskets.each_mask([&](std::uint64_t mask) {
    rows.add(mask, 1);
    ++counted;
    if (rows.size() < full) return;
    merge_rows(rows, UINT64_MAX, slots);
    full = std::max<std::size_t>(4096, rows.size() * 2);
  });
  merge_rows(rows, UINT64_MAX, slots);
  const auto empty = static_cast<std::uint32_t>(search.frequent().all_of_support - counted);
  if (empty > 0) rows.add(0, empty);
  if (search.kind == ItemsetKind::closed) rows.close();
}

void search_masks(const Search& search) {
  const FrequentItems& frequent = search.frequent();
  MaskRows rows(search.meter);
  fill_rows(search, rows);
  const std::uint64_t all = low_bits(frequent.size());
  const MaskTask task{.support = frequent.all_of_support,
                      .tail = all,
                      .all = all,
                      .items = frequent.items,
                      .outer = !frequent.all_of.empty()};
  if (search.kind == ItemsetKind::maximal) {
    const PeakSearch peaks{search.min_support(), search.delivery, search.names(), search.meter, search.tuning};
    return search_mask_peaks(peaks, task, frequent.all_of, rows);
  }
  if (search.threads() == 1) {
    ItemsetOutput output(search.delivery);
    MaskMiner(search.kind, search.min_support(), output, search.names(), search.meter, search.tuning)
        .mine(task, frequent.all_of, rows, nullptr);
    return output.flush();
  }
  // Part p: the sets whose two least frequent items are `first` and `second`; the most work comes first.
  const int items = static_cast<int>(frequent.size());
  std::vector<std::pair<int, int>> parts;
  for (int first = items; first-- > 0;) {
    for (int second = first; second-- > -1;) parts.emplace_back(first, second);
  }
  parts.emplace_back(-1, -1);
  share(search, parts.size(), [&](ItemsetOutput& output, auto&& next) {
    MaskMiner miner(search.kind, search.min_support(), output, search.names(), search.meter, search.tuning);
    for (std::size_t part = next(); part < parts.size(); part = next()) {
      miner.mine_part(task, frequent.all_of, rows, parts[part].first, parts[part].second);
    }
  });
}

/// Searches for maximal sets an item before it is known what all items before it found. What is known already spares
/// work; what is not is looked at when the item's turn comes. So the result, in its order too, is one thread's; which,
/// alone, gives what it finds at once, so that budgets end it.
void search_peaks(const Search& search, const ArrayBaskets& arrays) {
  struct Peaks {
    PeakSets found;
    std::size_t seen;  // of those that wait at the rank, before the search
  };
  const bool alone = search.threads() == 1;
  std::mutex mutex;
  WaitingSets waiting(arrays.tail);
  InTurn<Peaks> turn(arrays.tail);
  share(search, arrays.tail, [&](ItemsetOutput& output, auto&& next) {
    const ItemsetReceiver nobody;
    ItemsetDelivery aside(search.delivery.options(), nobody);
    ItemsetOutput unheard(aside);
    ArrayMiner miner(search.kind, search.min_support(), alone ? output : unheard, alone && search.names(), search.meter,
                     search.tuning);
    const auto pass_on = [&](std::size_t part, const Peaks& ended) {
      const auto rank = static_cast<std::uint32_t>(arrays.tail - 1 - part);
      const RankSets& before = waiting.at(rank);
      std::size_t at = 0;
      ended.found.sets.each([&](std::span<const std::uint32_t> set) {
        const std::uint32_t support = ended.found.supports[at++];
        if (before.covers(set, ended.seen)) return;
        search.meter.take(sizeof(std::uint32_t) * (set.size() + 1));
        waiting.put(set);
        if (alone) return;
        std::vector<std::uint32_t> ranks(set.begin(), set.end());
        ranks.push_back(rank);
        give_late(search, output, std::move(ranks), support);
      });
      waiting.pass(rank);
    };
    for (std::size_t part = next(); part < arrays.tail; part = next()) {
      const auto rank = static_cast<std::uint32_t>(arrays.tail - 1 - part);
      const RankSets known = [&] {
        const std::lock_guard lock(mutex);
        return waiting.at(rank);
      }();
      Peaks ended{{}, known.end()};
      miner.mine(arrays, rank, search.frequent().all_of, known, ended.found);
      const std::lock_guard lock(mutex);
      turn.end(part, std::move(ended), pass_on);
    }
  });
}

void search_arrays(const Search& search) {
  const ArrayBaskets arrays = array_baskets(search.baskets, search.meter);
  const FrequentItems& frequent = search.frequent();
  const bool closed = frequent.supports.front() < frequent.all_of_support;
  if (!frequent.all_of.empty() && (search.kind == ItemsetKind::all || (search.kind == ItemsetKind::closed && closed))) {
    ItemsetOutput output(search.delivery);
    output.add(frequent.all_of, frequent.all_of_support);
    output.flush();
  }
  if (search.kind == ItemsetKind::maximal) return search_peaks(search, arrays);
  share(search, arrays.tail, [&](ItemsetOutput& output, auto&& next) {
    ArrayMiner miner(search.kind, search.min_support(), output, search.names(), search.meter, search.tuning);
    PeakSets none;
    for (std::size_t part = next(); part < arrays.tail; part = next()) {
      miner.mine(arrays, static_cast<std::uint32_t>(arrays.tail - 1 - part), frequent.all_of, {}, none);
    }
  });
}

/// Projection counts without naming. Else bitsets win where the baskets fit into a few words and hold much of what is
/// frequent.
ItemsetEngine choose(const FrequentItems& frequent, const ItemsetOptions& options, const SearchTuning& tuning,
                     bool names) {
  if (options.engine != ItemsetEngine::automatic) return options.engine;
  if (!names || options.kind != ItemsetKind::all || frequent.size() <= tuning.mask_items)
    return ItemsetEngine::projection;
  const bool few = frequent.all_of_support <= 4096;
  const bool long_ones = frequent.occurrences / 4 >= std::uint64_t{frequent.size()} * frequent.all_of_support / 16;
  return few && long_ones ? ItemsetEngine::eclat : ItemsetEngine::projection;
}

void search_with(ItemsetEngine engine, const Search& search) {
  if (engine == ItemsetEngine::projection) {
    return search.frequent().size() <= search.tuning.mask_items ? search_masks(search) : search_arrays(search);
  }
  ItemsetOutput output(search.delivery);
  const auto work = engine == ItemsetEngine::eclat ? search_eclat : search_fp_growth;
  work(search.baskets, search.min_support(), output, search.meter);
  output.flush();
}

ItemsetSummary search_apriori(const Baskets& baskets, const ItemsetOptions& options, const ItemsetReceiver& receiver,
                              const Run& run) {
  const ItemsetTable table = mine_apriori(source_of(baskets), options, run);
  ItemsetSummary summary = table.summary;
  if (receiver && table.size() > 0 && !receiver(table)) summary.ending = Ending::receiver;
  return summary;
}

}  // namespace

ItemsetSummary search_itemsets(const Baskets& baskets, const ItemsetOptions& options, const ItemsetReceiver& receiver,
                               const Run& run, const SearchTuning& tuning) {
  if (options.engine == ItemsetEngine::apriori) return search_apriori(baskets, options, receiver, run);
  MemoryMeter meter(options.memory_bytes);
  const RankedBaskets ranked(baskets, options, meter);
  ItemsetDelivery delivery(options, receiver);
  const ItemsetEngine engine = choose(ranked.frequent(), options, tuning, delivery.names());
  search_with(engine, {ranked, options.kind, delivery, meter, run, tuning});
  return {delivery.sets(), ranked.frequent().baskets, ranked.frequent().size(), delivery.ending(), engine};
}

}  // namespace emptor::mine
