#include "mine/array_miner.hpp"

#include <algorithm>
#include <bit>

#include "core/long_call.hpp"

namespace emptor::mine {
namespace {

std::vector<std::uint32_t> joined(std::span<const std::uint32_t> outer, std::vector<std::uint32_t> more) {
  more.insert(more.end(), outer.begin(), outer.end());
  std::sort(more.begin(), more.end());
  return more;
}

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
  arrays.ranks.reserve(static_cast<std::size_t>(positions));
  arrays.ranks.push_back(ArrayBaskets::separator);
  baskets.each([&](std::span<const std::uint32_t> ranks) {
    arrays.ranks.insert(arrays.ranks.end(), ranks.begin(), ranks.end());
    arrays.ranks.push_back(ArrayBaskets::separator);
  });
  arrays.index();
  return arrays;
}

void KnownSets::add(std::span<const std::uint32_t> items) {
  const auto number = static_cast<std::uint32_t>(starts_.size() - 1);
  items_.insert(items_.end(), items.begin(), items.end());
  starts_.push_back(static_cast<std::uint32_t>(items_.size()));
  for (const std::uint32_t item : items) by_item_[item].push_back(number);
}

template <class Work>
void KnownSets::holding(std::span<const std::uint32_t> items, Work&& work) const {
  static const std::vector<std::uint32_t> nothing;
  const std::vector<std::uint32_t>* least = nullptr;
  for (const std::uint32_t item : items) {
    const auto found = by_item_.find(item);
    const auto& sets = found == by_item_.end() ? nothing : found->second;
    if (least == nullptr || sets.size() < least->size()) least = &sets;
  }
  for (const std::uint32_t number : *least) {
    const auto set = std::span(items_).subspan(starts_[number], starts_[number + 1] - starts_[number]);
    if (items.size() == 1 || std::includes(set.begin(), set.end(), items.begin(), items.end())) work(set);
  }
}

/// What stands beside an item in its baskets.
struct ArrayMiner::Found {
  std::uint32_t support = 0;
  std::uint32_t tail_support = 0;      ///< of the first of the tail
  std::vector<std::uint32_t> tail;     ///< frequent, lower ranks; the most frequent first
  std::vector<std::uint32_t> perfect;  ///< of those, the ones in every basket, where that matters
  std::vector<std::uint32_t> passed;   ///< frequent, higher ranks, for closed sets
  bool late = false;                   ///< what was passed over is looked at once a set is found
  bool hidden = false;                 ///< an item that was passed over is in every basket
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

ArrayMiner::Counts& ArrayMiner::counts(std::size_t depth, std::size_t ranks) {
  if (counts_.size() <= depth) counts_.resize(depth + 1);
  Counts& counts = counts_[depth];
  if (counts.of.size() < ranks) {
    meter_.take(12 * (ranks - counts.of.size()));
    counts.of.resize(ranks, 0);
    counts.bit.resize(ranks, 0);
  }
  return counts;
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

ArrayMiner::Found ArrayMiner::count_around(const ArrayBaskets& baskets, std::uint32_t rank, Counts& counts) const {
  Found found;
  found.support = static_cast<std::uint32_t>(baskets.of(rank).size());
  std::vector<std::uint32_t> frequent;
  each_around(baskets, rank, false, [&frequent, of = counts.of.data(), least = min_support_](std::uint32_t other) {
    if (other != ArrayBaskets::separator && ++of[other] == least) frequent.push_back(other);
  });
  const bool keeps_perfect = kind_ == ItemsetKind::all && names_;
  for (const std::uint32_t other : frequent) {
    const bool perfect = counts.of[other] == found.support;
    (perfect && !keeps_perfect ? found.perfect : found.tail).push_back(other);
  }
  std::sort(found.tail.begin(), found.tail.end(), [&](std::uint32_t a, std::uint32_t b) {
    return counts.of[a] != counts.of[b] ? counts.of[a] > counts.of[b] : a < b;
  });
  if (!found.tail.empty()) found.tail_support = counts.of[found.tail.front()];
  return found;
}

/// What was passed over, by which closed sets are judged.
void ArrayMiner::count_behind(const ArrayBaskets& baskets, std::uint32_t rank, Counts& counts, Found& found) const {
  const std::uint32_t* const ranks = baskets.ranks.data();
  for (const std::uint32_t at : baskets.of(rank)) {
    for (const std::uint32_t* other = ranks + at + 1; *other != ArrayBaskets::separator; ++other) {
      if (++counts.of[*other] == min_support_) found.passed.push_back(*other);
    }
  }
  for (const std::uint32_t other : found.passed) found.hidden = found.hidden || counts.of[other] == found.support;
  std::fill(counts.of.begin() + rank, counts.of.begin() + static_cast<std::ptrdiff_t>(baskets.items.size()), 0u);
}

/// Whether an item that was passed over is in every basket of the item that holds a set of `rows_`' bits. Most often
/// two or three baskets have nothing in common but the set.
bool ArrayMiner::hidden(const ArrayBaskets& baskets, std::uint32_t rank, std::uint64_t set) const {
  const std::span<const std::uint32_t> occurrences = baskets.of(rank);
  std::vector<std::uint32_t> common;
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

void ArrayMiner::mine(const ArrayBaskets& baskets, std::uint32_t rank, std::span<const std::uint32_t> outer) {
  doubled_ = 0;
  mine_at(baskets, rank, outer, 0);
}

void ArrayMiner::mine_at(const ArrayBaskets& baskets, std::uint32_t rank, std::span<const std::uint32_t> outer,
                         std::size_t depth) {
  Counts& around = counts(depth, baskets.items.size());
  Found found = count_around(baskets, rank, around);
  std::fill_n(around.of.begin(), rank, 0u);
  const bool closed = kind_ == ItemsetKind::closed;
  const bool few =
      found.tail.size() <= static_cast<std::size_t>(tuning_.table_items) && found.tail.size() <= tuning_.mask_items;
  if (closed && !few) count_behind(baskets, rank, around, found);
  // Too much was passed over to go along as bits: in a few baskets it is looked at late, as for few items.
  found.late = closed && (few || (found.tail.size() <= tuning_.mask_items && found.support <= late_baskets &&
                                  found.tail.size() + found.passed.size() > tuning_.mask_items));
  if (found.late) found.passed.clear();
  std::vector<std::uint32_t> more{baskets.items[rank]};
  for (const std::uint32_t other : found.perfect) more.push_back(baskets.items[other]);
  const bool counts_only = kind_ == ItemsetKind::all && !names_;
  if (counts_only) doubled_ += found.perfect.size();
  if (counts_only) more.resize(1);
  const std::vector<std::uint32_t> now = joined(outer, std::move(more));
  if (closed && few && found.tail.empty()) {
    rows_.make_room(found.support, false);
    found.hidden = hidden(baskets, rank, 0);
  }
  if (found.hidden) {
    // every set here is in as many baskets as one with the item that was passed over
  } else if (found.tail.empty()) {
    give_alone(now, found.support);
  } else if (kind_ == ItemsetKind::all && found.tail.size() == 1) {
    give_alone(now, found.support);
    give_alone(joined(now, {baskets.items[found.tail.front()]}), found.tail_support);
  } else if (found.tail.size() + found.passed.size() <= tuning_.mask_items) {
    use_masks(baskets, rank, found, now, around);
  } else {
    use_arrays(baskets, rank, found, now, around, depth);
  }
  if (counts_only) doubled_ -= found.perfect.size();
}

void ArrayMiner::give_alone(std::span<const std::uint32_t> outer, std::uint32_t support) {
  if (kind_ == ItemsetKind::maximal) {
    bool known = false;
    known_.holding(outer, [&](std::span<const std::uint32_t>) { known = true; });
    if (known) return;
    meter_.take(8 * outer.size() + 4);
    known_.add(outer);
  }
  if (names_) return output_.add(outer, support);
  output_.count(kind_ == ItemsetKind::all ? double_sets(1, doubled_) : 1);
}

void ArrayMiner::use_masks(const ArrayBaskets& baskets, std::uint32_t rank, const Found& found,
                           std::span<const std::uint32_t> outer, Counts& around) {
  std::vector<std::uint32_t> local = found.tail;
  local.insert(local.end(), found.passed.begin(), found.passed.end());
  std::vector<std::uint32_t> items;
  for (std::size_t at = 0; at < local.size(); ++at) {
    around.bit[local[at]] = std::uint64_t{1} << at;
    items.push_back(baskets.items[local[at]]);
  }
  MaskTask task{.support = found.support, .items = items, .doubled = doubled_, .outer = true};
  task.all = local.size() == 64 ? UINT64_MAX : (std::uint64_t{1} << local.size()) - 1;
  task.tail = found.tail.size() == 64 ? UINT64_MAX : (std::uint64_t{1} << found.tail.size()) - 1;
  rows_.clear();
  rows_.make_room(found.support, kind_ == ItemsetKind::closed);
  std::uint64_t* row = rows_.masks.data() - 1;
  each_around(baskets, rank, !found.passed.empty(), [&row, bit = around.bit.data()](std::uint32_t other) {
    if (other == ArrayBaskets::separator) {
      *++row = 0;
    } else {
      *row |= bit[other];
    }
  });
  std::fill_n(rows_.weights.begin(), found.support, 1u);
  rows_.shrink(found.support, false);
  for (const std::uint32_t other : local) around.bit[other] = 0;
  if (kind_ == ItemsetKind::closed) rows_.close();
  if (!found.late && found.tail.size() > static_cast<std::size_t>(tuning_.table_items))
    merge_rows(rows_, task.tail, slots_);
  std::vector<std::uint64_t> known;
  std::vector<std::pair<std::uint32_t, std::uint64_t>> bits;
  if (kind_ == ItemsetKind::maximal) {
    for (std::size_t at = 0; at < items.size(); ++at) bits.emplace_back(items[at], std::uint64_t{1} << at);
    std::sort(bits.begin(), bits.end());
    known_.holding(outer, [&](std::span<const std::uint32_t> set) {
      std::uint64_t mask = 0;
      auto bit = bits.begin();
      for (const std::uint32_t item : set) {
        while (bit != bits.end() && bit->first < item) ++bit;
        if (bit != bits.end() && bit->first == item) mask |= bit->second;
      }
      known.push_back(mask);
    });
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
  }
  const std::size_t old = known.size();
  const std::function<bool(std::uint64_t)> is_hidden = [&](std::uint64_t set) { return hidden(baskets, rank, set); };
  if (found.late) task.hidden = &is_hidden;
  masks_.mine(task, outer, rows_, &known);
  for (std::size_t set = old; set < known.size(); ++set) {
    std::vector<std::uint32_t> more;
    for (std::uint64_t left = known[set]; left != 0; left &= left - 1)
      more.push_back(items[static_cast<std::size_t>(std::countr_zero(left))]);
    meter_.take(8 * (outer.size() + more.size()) + 4);
    known_.add(joined(outer, std::move(more)));
  }
}

void ArrayMiner::use_arrays(const ArrayBaskets& baskets, std::uint32_t rank, const Found& found,
                            std::span<const std::uint32_t> outer, Counts& around, std::size_t depth) {
  ArrayBaskets inner;
  inner.tail = static_cast<std::uint32_t>(found.tail.size());
  const auto take = [&](std::uint32_t other) {
    inner.items.push_back(baskets.items[other]);
    around.of[other] = static_cast<std::uint32_t>(inner.items.size());
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
    if (around.of[other] != 0) inner.ranks.push_back(around.of[other] - 1);
  });
  end_basket();
  for (const std::uint32_t other : found.tail) around.of[other] = 0;
  for (const std::uint32_t other : found.passed) around.of[other] = 0;
  inner.index();
  const Held held(meter_, inner.bytes());
  if (kind_ != ItemsetKind::maximal) give_alone(outer, found.support);
  if (output_.room_for_more(outer.size()) == 0) return;
  for (std::uint32_t next = inner.tail; next-- > 0 && !output_.stopped();) {
    beat("itemsets");
    mine_at(inner, next, outer, depth + 1);
  }
}

}  // namespace emptor::mine
