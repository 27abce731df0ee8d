#include "mine/array_miner.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <numeric>
#include <utility>

#include "core/long_call.hpp"

namespace emptor::mine {
namespace {

constexpr std::uint32_t late_baskets = 1024;

}  // namespace

void ArrayBaskets::index() {
  first.assign(std::size_t{tail} + 2, 0);
  for (const std::uint32_t rank : ranks) {
    if (rank < tail) ++first[rank + 2];
  }
  for (std::size_t rank = 2; rank < first.size(); ++rank) first[rank] += first[rank - 1];
  occurrences.resize(first.back());
  for (std::size_t at = 0; at < ranks.size(); ++at) {
    if (ranks[at] < tail) occurrences[first[ranks[at] + 1]++] = static_cast<std::uint32_t>(at);
  }
  first.pop_back();
}

ArrayBaskets array_baskets(const RankedBaskets& baskets, MemoryMeter& meter) {
  ArrayBaskets arrays;
  const FrequentItems& frequent = baskets.frequent();
  arrays.items = frequent.items;
  arrays.tail = frequent.size();
  const std::uint64_t positions = frequent.occurrences + frequent.all_of_support + 1;
  meter.take(4 * (positions + frequent.occurrences + 2 * std::uint64_t{frequent.size()}));
  const Held held(meter, 4 * frequent.baskets);
  arrays.first.assign(std::size_t{arrays.tail} + 1, 0);
  std::partial_sum(frequent.supports.begin(), frequent.supports.end(), arrays.first.begin() + 1);
  // The baskets of each rank; then, rank by rank, their places, so that no basket has to be sorted.
  arrays.occurrences.resize(static_cast<std::size_t>(frequent.occurrences));
  std::vector<std::uint32_t> next(arrays.first.begin(), arrays.first.end() - 1);
  std::vector<std::uint32_t> places(static_cast<std::size_t>(frequent.baskets), 0);
  baskets.each_rank([&](std::uint32_t basket, std::uint32_t rank) {
    std::uint32_t& at = next[rank];
    if (at > arrays.first[rank] && arrays.occurrences[at - 1] == basket) return;  // named twice
    arrays.occurrences[at++] = basket;
    ++places[basket];
  });
  std::uint32_t end = 1;
  for (std::uint32_t& place : places) {
    const std::uint32_t length = std::exchange(place, end);
    if (length > 0) end += length + 1;
  }
  arrays.ranks.assign(end, ArrayBaskets::separator);
  for (std::uint32_t rank = 0; rank < arrays.tail; ++rank) {
    for (std::uint32_t at = arrays.first[rank]; at < arrays.first[rank + 1]; ++at) {
      std::uint32_t& place = places[arrays.occurrences[at]];
      arrays.ranks[place] = rank;
      arrays.occurrences[at] = place++;
    }
  }
  return arrays;
}

/// What stands beside an item in its baskets.
struct ArrayMiner::Found {
  std::uint32_t support = 0;
  std::uint32_t tail_support = 0;      ///< of the first of the tail
  std::uint64_t tail_occurrences = 0;  ///< of all of the tail
  std::vector<std::uint32_t> tail;     ///< frequent, lower ranks; the most frequent first
  std::vector<std::uint32_t> perfect;  ///< of those, the ones in every basket, where that matters; descending
  std::vector<std::uint32_t> passed;   ///< frequent, higher ranks, for closed sets
  bool late = false;                   ///< what was passed over is looked at once a set is found
  bool hidden = false;                 ///< an item that was passed over is in every basket
};

/// What one depth of the search works with, kept from item to item.
struct ArrayMiner::Level {
  std::vector<std::uint32_t> of;   ///< counts by rank, all 0 between uses
  std::vector<std::uint64_t> bit;  ///< by rank, all 0 between uses
  std::vector<std::uint32_t> frequent, outer, items;
  Found found;
};

ArrayMiner::ArrayMiner(ItemsetKind kind, std::uint32_t min_support, ItemsetOutput& output, bool names,
                       MemoryMeter& meter, const SearchTuning& tuning)
    : kind_(kind),
      min_support_(min_support),
      output_(output),
      names_(names),
      meter_(meter),
      tuning_(tuning),
      masks_(kind, min_support, output, names, meter, tuning),
      rows_(meter) {}

ArrayMiner::~ArrayMiner() = default;

ArrayMiner::Level& ArrayMiner::level(std::size_t depth, std::size_t ranks) {
  while (levels_.size() <= depth) levels_.push_back(std::make_unique<Level>());
  Level& level = *levels_[depth];
  if (level.of.size() < ranks) {
    meter_.take(12 * (ranks - level.of.size()));
    level.of.resize(ranks, 0);
    level.bit.resize(ranks, 0);
  }
  return level;
}

/// Calls work(rank) with all that stands before the item in its baskets and, for closed sets, behind it; begins a
/// basket with the separator.
template <class Work>
void ArrayMiner::each_around(const ArrayBaskets& baskets, std::uint32_t rank, bool behind, Work&& work) const {
  const std::uint32_t* const ranks = baskets.ranks.data();
  const std::span<const std::uint32_t> occurrences = baskets.of(rank);
  for (std::size_t basket = 0; basket < occurrences.size(); ++basket) {
    const std::uint32_t at = occurrences[basket];
    // Baskets lie apart: the one after the next few is asked for now.
    __builtin_prefetch(ranks + occurrences[std::min(basket + 12, occurrences.size() - 1)] - 1);
    work(ArrayBaskets::separator);
    for (const std::uint32_t* other = ranks + at - 1; *other != ArrayBaskets::separator; --other) work(*other);
    if (!behind) continue;
    for (const std::uint32_t* other = ranks + at + 1; *other != ArrayBaskets::separator; ++other) work(*other);
  }
}

void ArrayMiner::count_around(const ArrayBaskets& baskets, std::uint32_t rank, Level& level) const {
  Found& found = level.found;
  found.support = static_cast<std::uint32_t>(baskets.of(rank).size());
  found.tail.clear();
  found.perfect.clear();
  found.passed.clear();
  found.hidden = false;
  found.tail_occurrences = 0;
  level.frequent.clear();
  each_around(baskets, rank, false, [&level, of = level.of.data(), least = min_support_](std::uint32_t other) {
    if (other != ArrayBaskets::separator && ++of[other] == least) level.frequent.push_back(other);
  });
  const bool keeps_perfect = kind_ == ItemsetKind::all && names_;
  for (const std::uint32_t other : level.frequent) {
    const bool perfect = level.of[other] == found.support;
    (perfect && !keeps_perfect ? found.perfect : found.tail).push_back(other);
  }
  std::sort(found.perfect.begin(), found.perfect.end(), std::greater<>());
  std::sort(found.tail.begin(), found.tail.end(),
            [&of = level.of](std::uint32_t a, std::uint32_t b) { return of[a] != of[b] ? of[a] > of[b] : a < b; });
  if (!found.tail.empty()) found.tail_support = level.of[found.tail.front()];
  for (const std::uint32_t other : found.tail) found.tail_occurrences += level.of[other];
  std::fill_n(level.of.begin(), rank, 0u);
}

/// What was passed over, by which closed sets are judged.
void ArrayMiner::count_behind(const ArrayBaskets& baskets, std::uint32_t rank, Level& level) const {
  Found& found = level.found;
  const std::uint32_t* const ranks = baskets.ranks.data();
  for (const std::uint32_t at : baskets.of(rank)) {
    for (const std::uint32_t* other = ranks + at + 1; *other != ArrayBaskets::separator; ++other) {
      if (++level.of[*other] == min_support_) found.passed.push_back(*other);
    }
  }
  for (const std::uint32_t other : found.passed) found.hidden = found.hidden || level.of[other] == found.support;
  std::fill(level.of.begin() + rank, level.of.begin() + static_cast<std::ptrdiff_t>(baskets.items.size()), 0u);
}

/// Whether an item that was passed over is in every basket of the item that holds a set of `rows_`' bits. Most often
/// two or three baskets have nothing in common but the set.
bool ArrayMiner::hidden(const ArrayBaskets& baskets, std::uint32_t rank, std::uint64_t set) {
  const std::span<const std::uint32_t> occurrences = baskets.of(rank);
  std::vector<std::uint32_t>& common = common_;
  common.clear();
  bool first = true;
  for (std::size_t basket = 0; basket < occurrences.size(); ++basket) {
    if ((rows_.masks[basket] & set) != set) continue;
    const std::uint32_t* other = baskets.ranks.data() + occurrences[basket] + 1;
    if (first) {
      for (; *other != ArrayBaskets::separator; ++other) common.push_back(*other);
      first = false;
    } else {
      std::size_t kept = 0;
      for (const std::uint32_t asked : common) {
        while (*other < asked) ++other;  // the separator is beyond all ranks
        if (*other == asked) common[kept++] = asked;
      }
      common.resize(kept);
    }
    if (common.empty()) return false;
  }
  return true;
}

void ArrayMiner::mine(const ArrayBaskets& baskets, std::uint32_t rank, std::span<const std::uint32_t> outer,
                      const RankSets& known, PeakSets& found) {
  doubled_ = 0;
  mine_at(baskets, rank, outer, 0, known, found);
}

void ArrayMiner::mine_at(const ArrayBaskets& baskets, std::uint32_t rank, std::span<const std::uint32_t> outer,
                         std::size_t depth, const RankSets& known, PeakSets& peaks) {
  Level& here = level(depth, baskets.items.size());
  count_around(baskets, rank, here);
  Found& found = here.found;
  const bool closed = kind_ == ItemsetKind::closed;
  const bool few =
      found.tail.size() <= static_cast<std::size_t>(tuning_.table_items) && found.tail.size() <= tuning_.mask_items;
  if (closed && !few) count_behind(baskets, rank, here);
  // Too much was passed over to go along as bits: in a few baskets it is looked at late, as for few items.
  found.late = closed && (few || (found.tail.size() <= tuning_.mask_items && found.support <= late_baskets &&
                                  found.tail.size() + found.passed.size() > tuning_.mask_items));
  if (found.late) found.passed.clear();
  const bool counts_only = kind_ == ItemsetKind::all && !names_;
  if (counts_only) doubled_ += found.perfect.size();
  here.outer.assign(outer.begin(), outer.end());
  here.outer.push_back(baskets.items[rank]);
  if (!counts_only) {
    for (const std::uint32_t other : found.perfect) here.outer.push_back(baskets.items[other]);
  }
  std::sort(here.outer.begin(), here.outer.end());
  if (closed && few && found.tail.empty()) {
    rows_.make_room(found.support, false);
    found.hidden = hidden(baskets, rank, 0);
  }
  if (found.hidden) {
    // every set here is in as many baskets as one with the item that was passed over
  } else if (found.tail.empty()) {
    kind_ == ItemsetKind::maximal ? give_peak(here, known, peaks) : give_alone(here.outer, found.support);
  } else if (kind_ == ItemsetKind::all && found.tail.size() == 1) {
    give_alone(here.outer, found.support);
    here.outer.insert(std::lower_bound(here.outer.begin(), here.outer.end(), baskets.items[found.tail.front()]),
                      baskets.items[found.tail.front()]);
    give_alone(here.outer, found.tail_support);
  } else if (found.tail.size() + found.passed.size() <= tuning_.mask_items) {
    use_masks(baskets, rank, here, known, peaks);
  } else {
    use_arrays(baskets, rank, depth, known, peaks);
  }
  if (counts_only) doubled_ -= found.perfect.size();
}

void ArrayMiner::give_alone(std::span<const std::uint32_t> items, std::uint32_t support) {
  if (names_) return output_.add(items, support);
  output_.count(kind_ == ItemsetKind::all ? double_sets(1, doubled_) : 1);
}

/// The item with what is in all of its baskets, and nothing else, is maximal if no larger set is known.
void ArrayMiner::give_peak(const Level& level, const RankSets& known, PeakSets& peaks) {
  if (known.covers(level.found.perfect)) return;
  peaks.add(level.found.perfect, level.found.support);
  give_alone(level.outer, level.found.support);
}

void ArrayMiner::use_masks(const ArrayBaskets& baskets, std::uint32_t rank, Level& here, const RankSets& known,
                           PeakSets& peaks) {
  const Found& found = here.found;
  std::vector<std::uint32_t>& local = here.frequent;
  local = found.tail;
  local.insert(local.end(), found.passed.begin(), found.passed.end());
  here.items.clear();
  for (std::size_t at = 0; at < local.size(); ++at) {
    here.bit[local[at]] = std::uint64_t{1} << at;
    here.items.push_back(baskets.items[local[at]]);
  }
  MaskTask task{.support = found.support, .items = here.items, .doubled = doubled_, .outer = true};
  task.all = local.size() == 64 ? UINT64_MAX : (std::uint64_t{1} << local.size()) - 1;
  task.tail = found.tail.size() == 64 ? UINT64_MAX : (std::uint64_t{1} << found.tail.size()) - 1;
  rows_.clear();
  rows_.make_room(found.support, kind_ == ItemsetKind::closed);
  std::uint64_t* row = rows_.masks.data() - 1;
  each_around(baskets, rank, !found.passed.empty(), [&row, bit = here.bit.data()](std::uint32_t other) {
    if (other == ArrayBaskets::separator) {
      *++row = 0;
    } else {
      *row |= bit[other];
    }
  });
  std::fill_n(rows_.weights.begin(), found.support, 1u);
  rows_.shrink(found.support, false);
  if (kind_ == ItemsetKind::all && names_ && found.support <= MaskColumns::most_rows &&
      found.tail_occurrences * tuning_.sparse <= std::uint64_t{found.support} * found.tail.size()) {
    for (const std::uint32_t other : local) here.bit[other] = 0;
    return masks_.mine_columns(task, here.outer, rows_);
  }
  std::vector<std::uint64_t>& masks = known_masks_;
  masks.clear();
  known.each([&](std::span<const std::uint32_t> set) {
    if (!RankSets::holds(set, found.perfect)) return;
    masks.push_back(0);
    for (const std::uint32_t other : set) masks.back() |= here.bit[other];
  });
  std::sort(masks.begin(), masks.end());
  masks.erase(std::unique(masks.begin(), masks.end()), masks.end());
  for (const std::uint32_t other : local) here.bit[other] = 0;
  if (kind_ == ItemsetKind::closed) rows_.close();
  if (!found.late && found.tail.size() > static_cast<std::size_t>(tuning_.table_items))
    merge_rows(rows_, task.tail, slots_);
  const std::size_t old = masks.size();
  const std::function<bool(std::uint64_t)> is_hidden = [&](std::uint64_t set) { return hidden(baskets, rank, set); };
  if (found.late) task.hidden = &is_hidden;
  masks_.mine(task, here.outer, rows_, &masks);
  add_peaks(here, std::span(masks).subspan(old), peaks);
}

/// Bits become ranks again.
void ArrayMiner::add_peaks(const Level& level, std::span<const std::uint64_t> masks, PeakSets& peaks) const {
  std::vector<std::uint32_t> set;
  for (std::size_t at = 0; at < masks.size(); ++at) {
    set = level.found.perfect;
    for (std::uint64_t left = masks[at]; left != 0; left &= left - 1)
      set.push_back(level.found.tail[static_cast<std::size_t>(std::countr_zero(left))]);
    std::sort(set.begin(), set.end(), std::greater<>());
    peaks.add(set, masks_.peak_supports()[at]);
  }
}

void ArrayMiner::use_arrays(const ArrayBaskets& baskets, std::uint32_t rank, std::size_t depth, const RankSets& known,
                            PeakSets& peaks) {
  Level& here = *levels_[depth];
  const Found& found = here.found;
  ArrayBaskets inner;
  inner.tail = static_cast<std::uint32_t>(found.tail.size());
  const auto take = [&](std::uint32_t other) {
    inner.items.push_back(baskets.items[other]);
    here.of[other] = static_cast<std::uint32_t>(inner.items.size());
  };
  std::for_each(found.tail.begin(), found.tail.end(), take);
  std::for_each(found.passed.begin(), found.passed.end(), take);
  std::size_t begin = 0;
  const auto end_basket = [&] {
    std::sort(inner.ranks.begin() + static_cast<std::ptrdiff_t>(begin), inner.ranks.end());
    if (inner.ranks.size() > begin || inner.ranks.empty()) inner.ranks.push_back(ArrayBaskets::separator);
    begin = inner.ranks.size();
  };
  each_around(baskets, rank, !found.passed.empty(), [&](std::uint32_t other) {
    if (other == ArrayBaskets::separator) return end_basket();
    if (here.of[other] != 0) inner.ranks.push_back(here.of[other] - 1);
  });
  end_basket();
  WaitingSets waiting(inner.tail);
  std::vector<std::uint32_t> set;
  known.each([&](std::span<const std::uint32_t> ranks) {
    if (!RankSets::holds(ranks, found.perfect)) return;
    set.clear();
    for (const std::uint32_t other : ranks) {
      if (here.of[other] != 0) set.push_back(here.of[other] - 1);
    }
    std::sort(set.begin(), set.end(), std::greater<>());
    waiting.put(set);
  });
  for (const std::uint32_t other : found.tail) here.of[other] = 0;
  for (const std::uint32_t other : found.passed) here.of[other] = 0;
  inner.index();
  const Held held(meter_, inner.bytes());
  if (kind_ != ItemsetKind::maximal) give_alone(here.outer, found.support);
  if (output_.room_for_more(here.outer.size()) > 0) mine_inner(inner, depth, waiting, peaks);
}

void ArrayMiner::mine_inner(const ArrayBaskets& inner, std::size_t depth, WaitingSets& waiting, PeakSets& peaks) {
  std::vector<std::uint32_t> set;
  for (std::uint32_t next = inner.tail; next-- > 0 && !output_.stopped();) {
    beat("itemsets");
    PeakSets fresh;
    mine_at(inner, next, levels_[depth]->outer, depth + 1, waiting.at(next), fresh);
    std::size_t at = 0;
    const Found& found = levels_[depth]->found;
    fresh.sets.each([&](std::span<const std::uint32_t> ranks) {
      waiting.put(ranks);
      set = found.perfect;
      set.push_back(found.tail[next]);
      for (const std::uint32_t other : ranks) set.push_back(found.tail[other]);
      std::sort(set.begin(), set.end(), std::greater<>());
      peaks.add(set, fresh.supports[at++]);
    });
    waiting.pass(next);
  }
}

}  // namespace emptor::mine
