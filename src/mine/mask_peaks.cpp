#include "mine/mask_peaks.hpp"

#include <algorithm>
#include <bit>
#include <deque>
#include <mutex>
#include <utility>

#include "core/long_call.hpp"
#include "mine/shares.hpp"

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

ContainingSets::ContainingSets(std::span<const std::uint64_t> sets)
    : words_((sets.size() + 63) / 64), holders_(64 * words_) {
  for (std::size_t at = 0; at < sets.size(); ++at) {
    for (std::uint64_t left = sets[at]; left != 0; left &= left - 1) {
      const auto item = static_cast<std::size_t>(std::countr_zero(left));
      holders_[item * words_ + at / 64] |= std::uint64_t{1} << (at % 64);
    }
  }
}

bool ContainingSets::contain(std::uint64_t items) const noexcept {
  for (std::size_t word = 0; word < words_; ++word) {
    std::uint64_t all = UINT64_MAX;
    for (std::uint64_t left = items; left != 0 && all != 0; left &= left - 1)
      all &= holders_[static_cast<std::size_t>(std::countr_zero(left)) * words_ + word];
    if (all != 0) return true;
  }
  return false;
}

namespace {

/// One thread's tools.
struct PeakHelper {
  PeakHelper(ItemsetDelivery& aside, const PeakSearch& search)
      : unheard(aside),
        miner(ItemsetKind::maximal, search.min_support, unheard, false, search.meter, search.tuning),
        rows(search.meter) {}

  ItemsetOutput unheard;  ///< what it finds is given once it is judged
  MaskMiner miner;
  MaskRows rows;
  std::vector<std::uint32_t> slots;
};

/// The sets that hold one item and what goes with it, by the next least frequent item.
class PeakParts {
 public:
  using Sets = std::vector<std::uint64_t>;

  /// `known`: those from before that hold the prefix.
  PeakParts(const PeakSearch& search, const MaskRows& rows, std::uint64_t prefix, std::uint64_t items,
            const Sets& known)
      : search_(search), rows_(rows), prefix_(prefix), items_(items), known_(known), parts_(64) {}

  std::size_t count() const noexcept { return static_cast<std::size_t>(std::popcount(items_)); }
  /// The items from the least frequent on.
  int item(std::size_t part) const noexcept {
    std::uint64_t left = items_;
    for (; part > 0; --part) left ^= std::bit_floor(left);
    return 63 - std::countl_zero(left);
  }

  /// Between its own items it learns what the others have found meanwhile.
  void search(PeakHelper& helper, int item) {
    Part& own = parts_[static_cast<std::size_t>(item)];
    Sets known;
    for (const std::uint64_t set : known_)
      if ((set & bit(item)) != 0) known.push_back(set);
    Places read{};
    learn(item, read, known);
    own.known_from_start = read;
    const MaskChild child = select_rows(rows_, items_, item, search_.min_support, helper.rows);
    const std::uint64_t now = prefix_ | bit(item) | child.perfect;
    std::erase_if(known, [now](std::uint64_t set) { return !holds(set, now); });
    if (std::any_of(known.begin(), known.end(), [&](std::uint64_t set) { return holds(set, now | child.frequent); }))
      return;
    merge_rows(helper.rows, child.frequent, helper.slots);
    if (std::popcount(child.frequent) <= search_.tuning.table_items) {
      const std::size_t old = known.size();
      helper.miner.mine_peaks_in(helper.rows, child.frequent, now, known);
      return tell(own, known, old, helper.miner);
    }
    for (std::uint64_t left = child.frequent; left != 0 && !search_.delivery.stopped(); left ^= std::bit_floor(left)) {
      learn(item, read, known);
      const std::size_t old = known.size();
      helper.miner.mine_peaks_with(helper.rows, child.frequent, now, 63 - std::countl_zero(left), known);
      tell(own, known, old, helper.miner);
    }
  }

  /// Calls give(set, support) with what no part before it contains, part by part.
  template <class Give>
  void finish(Give&& give) const {
    for (std::size_t number = 0; number < count(); ++number) {
      const int own = item(number);
      const Part& part = parts_[static_cast<std::size_t>(own)];
      const std::uint64_t mine = 2 * bit(own) - 1;  // and the prefix, which all hold
      Sets late;
      Places read = part.known_from_start;
      take_new(own, read, [&](std::uint64_t set) { late.push_back(set & mine); });
      tidy(late);
      const ContainingSets larger(late);
      for (std::size_t at = 0; at < part.sets.size(); ++at)
        if (!larger.contain(part.sets[at] & mine)) give(part.sets[at], part.supports[at]);
    }
  }

 private:
  using Places = std::array<std::size_t, 64>;
  struct Part {
    Sets sets;
    std::vector<std::uint32_t> supports;
    Places known_from_start{};  ///< how many of each part's
  };

  /// Calls work(set) with the sets of the parts before that hold the item, from these places on.
  template <class Work>
  void take_new(int item, Places& read, Work&& work) const {
    for (std::uint64_t left = items_ & ~(2 * bit(item) - 1); left != 0; left &= left - 1) {
      const auto other = static_cast<std::size_t>(std::countr_zero(left));
      for (const Sets& sets = parts_[other].sets; read[other] < sets.size(); ++read[other])
        if ((sets[read[other]] & bit(item)) != 0) work(sets[read[other]]);
    }
  }
  void learn(int item, Places& read, Sets& known) {
    const std::lock_guard lock(mutex_);
    take_new(item, read, [&known](std::uint64_t set) { known.push_back(set); });
  }
  /// Lets the others know the sets from `old` on.
  void tell(Part& own, const Sets& known, std::size_t old, const MaskMiner& miner) {
    const std::lock_guard lock(mutex_);
    own.sets.insert(own.sets.end(), known.begin() + static_cast<std::ptrdiff_t>(old), known.end());
    own.supports.insert(own.supports.end(), miner.peak_supports().begin(), miner.peak_supports().end());
  }

  const PeakSearch& search_;
  const MaskRows& rows_;
  std::uint64_t prefix_, items_;
  const Sets& known_;
  std::vector<Part> parts_;  ///< by item
  std::mutex mutex_;
};

class PeakSearcher {
 public:
  PeakSearcher(const PeakSearch& search, const MaskTask& task, std::span<const std::uint32_t> outer)
      : search_(search),
        task_(task),
        output_(search.delivery),
        giver_(ItemsetKind::maximal, search.min_support, output_, search.names, search.meter, search.tuning),
        aside_(search.delivery.options(), nobody_),
        known_(search.meter),
        below_(search.meter) {
    giver_.begin_peaks(task, outer);
    for (std::size_t helper = 0; search.threads > 1 && helper < search.threads; ++helper)
      helpers_.emplace_back(aside_, search).miner.begin_peaks(task, outer);
  }

  void search(const MaskRows& rows) {
    for (std::uint64_t left = task_.tail; left != 0 && !search_.delivery.stopped(); left ^= std::bit_floor(left)) {
      const int item = 63 - std::countl_zero(left);
      std::vector<std::uint64_t> sets = known_.take(item);
      if (helpers_.empty() || !share(rows, item, sets)) giver_.mine_peaks_with(rows, task_.tail, 0, item, sets);
      known_.put(sets, item);
    }
    if (task_.tail == 0 && task_.outer) giver_.give_peak(0, task_.support);
    output_.flush();
  }

 private:
  /// The sets with the item; `sets` are those found before that hold it. False where they are not worth it.
  bool share(const MaskRows& rows, int item, const std::vector<std::uint64_t>& sets) {
    const MaskChild child = select_rows(rows, task_.tail, item, search_.min_support, below_);
    if (std::popcount(child.frequent) <= search_.tuning.table_items) return false;
    const std::uint64_t now = bit(item) | child.perfect;
    std::vector<std::uint64_t> known;
    for (const std::uint64_t set : sets) {
      if (holds(set, now | child.frequent)) return true;
      if (holds(set, now)) known.push_back(set);
    }
    merge_rows(below_, child.frequent, slots_);
    PeakParts parts(search_, below_, now, child.frequent, known);
    run_workers(search_.run, parts.count(), "itemsets",
                [&](std::size_t part, std::size_t worker) { parts.search(helpers_[worker], parts.item(part)); });
    parts.finish([&](std::uint64_t set, std::uint32_t support) {
      giver_.give_peak(set, support);
      known_.put(std::span(&set, 1), item);
    });
    return true;
  }

  const PeakSearch& search_;
  const MaskTask& task_;
  ItemsetOutput output_;
  MaskMiner giver_;
  ItemsetReceiver nobody_;
  ItemsetDelivery aside_;
  KnownPeaks known_;
  MaskRows below_;
  std::vector<std::uint32_t> slots_;
  std::deque<PeakHelper> helpers_;  ///< one a thread, where there are several
};

}  // namespace

void search_mask_peaks(const PeakSearch& search, const MaskTask& task, std::span<const std::uint32_t> outer,
                       MaskRows& rows) {
  if (task.support < search.min_support) return;
  PeakSearcher(search, task, outer).search(rows);
}

}  // namespace emptor::mine
