#include "mine/frequent_items.hpp"

#include <algorithm>
#include <numeric>

#include "emptor/core/error.hpp"

namespace emptor::mine {
namespace {

[[noreturn]] void refuse(std::string message, std::string field) {
  throw Error(Problem{.code = Code::invalid, .message = std::move(message), .field = std::move(field)});
}

std::vector<std::uint32_t> sorted_unique(std::vector<std::uint32_t> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

}  // namespace

void check(const Baskets& baskets) {
  if (baskets.starts.empty()) {
    if (!baskets.items.empty()) refuse("items lie in no basket", "starts");
    return;
  }
  if (baskets.starts.front() != 0 || baskets.starts.back() != baskets.items.size() ||
      !std::is_sorted(baskets.starts.begin(), baskets.starts.end())) {
    refuse("starts of baskets must ascend from 0 to the number of items", "starts");
  }
  if (baskets.size() >= UINT32_MAX) refuse("there are 2^32 baskets or more", "starts");
  if (baskets.items.size() >= UINT32_MAX - baskets.size()) refuse("there are 2^32 items in baskets or more", "items");
}

ItemNumbers::ItemNumbers(std::span<const std::uint32_t> items) {
  if (items.empty()) return;
  std::uint32_t most = 0;
  for (const std::uint32_t item : items) most = std::max(most, item);
  if (most < 4'000'000 || most / 4 < items.size()) {
    size_ = most + 1;
    return;
  }
  sparse_ = sorted_unique({items.begin(), items.end()});
  size_ = static_cast<std::uint32_t>(sparse_.size());
}

std::uint32_t ItemNumbers::find(std::uint32_t item) const noexcept {
  const auto at = std::lower_bound(sparse_.begin(), sparse_.end(), item);
  return at != sparse_.end() && *at == item ? static_cast<std::uint32_t>(at - sparse_.begin()) : none;
}

RankedBaskets::RankedBaskets(const Baskets& baskets, const ItemsetOptions& options, MemoryMeter& meter)
    : baskets_((check(baskets), baskets)), numbers_(baskets.items) {
  frequent_.baskets = baskets.size();
  meter.take(12 * std::uint64_t{numbers_.size()});  // counts while they are made, ranks from then on
  frequent_.all_of = sorted_unique(options.all_of);
  count(options);
}

bool RankedBaskets::admits(std::span<const std::uint32_t> basket) const {
  return std::all_of(frequent_.all_of.begin(), frequent_.all_of.end(),
                     [&](std::uint32_t item) { return std::find(basket.begin(), basket.end(), item) != basket.end(); });
}

void RankedBaskets::count(const ItemsetOptions& options) {
  struct Count {
    std::uint32_t baskets = 0, last = 0;  // the last basket with it, from 1
  };
  std::vector<Count> counts(numbers_.size());
  std::uint32_t number = 0;
  for (std::size_t basket = 0; basket < baskets_.size(); ++basket) {
    ++number;
    pause(basket);
    if (!frequent_.all_of.empty() && !admits(baskets_[basket])) continue;
    ++frequent_.all_of_support;
    for (const std::uint32_t item : baskets_[basket]) {
      Count& count = counts[numbers_.of(item)];
      count.baskets += count.last != number;
      count.last = number;
    }
  }
  std::vector<bool> left_out(numbers_.size(), !options.only_items.empty());
  const auto mark = [&](const std::vector<std::uint32_t>& items, bool out) {
    for (const std::uint32_t item : items) {
      if (const std::uint32_t at = numbers_.of(item); at != ItemNumbers::none) left_out[at] = out;
    }
  };
  mark(options.only_items, false);
  mark(options.without_items, true);
  mark(frequent_.all_of, true);
  std::vector<std::uint32_t> order;
  for (std::uint32_t at = 0; at < numbers_.size(); ++at) {
    if (!left_out[at] && counts[at].baskets >= std::max<std::uint64_t>(options.min_support, 1)) order.push_back(at);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return counts[a].baskets > counts[b].baskets; });
  ranks_.assign(numbers_.size(), not_frequent);
  for (const std::uint32_t at : order) {
    ranks_[at] = frequent_.size();
    frequent_.items.push_back(numbers_.item(at));
    frequent_.supports.push_back(counts[at].baskets);
    frequent_.occurrences += counts[at].baskets;
  }
}

bool RankedBaskets::rank(std::span<const std::uint32_t> basket, std::vector<std::uint32_t>& ranks) const {
  if (!frequent_.all_of.empty() && !admits(basket)) return false;
  ranks.clear();
  for (const std::uint32_t item : basket) {
    if (const std::uint32_t rank = rank_of(item); rank != not_frequent) ranks.push_back(rank);
  }
  std::sort(ranks.begin(), ranks.end());
  ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
  return true;
}

std::uint64_t RankedBaskets::mask_of(std::span<const std::uint32_t> basket) const {
  if (!frequent_.all_of.empty() && !admits(basket)) return 0;
  std::uint64_t mask = 0;
  for (const std::uint32_t item : basket) {
    const std::uint32_t rank = rank_of(item);  // no branch: which items are frequent cannot be foreseen
    mask |= std::uint64_t{rank != not_frequent} << (rank % 64);
  }
  return mask;
}

}  // namespace emptor::mine
