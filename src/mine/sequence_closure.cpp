#include "mine/sequence_closure.hpp"

#include <algorithm>

namespace emptor::mine {

SequenceClosure::SequenceClosure(const SequenceSearch& search)
    : histories_(search.histories), min_gap_(search.options.min_gap), seen_(search.histories.numbers(), 0) {
  search.meter.take(4 * std::uint64_t{search.histories.numbers()});
}

std::span<const std::uint32_t> SequenceClosure::items_of(std::uint32_t element) const noexcept {
  const std::uint32_t first = histories_.element_starts[element];
  return std::span(histories_.items).subspan(first, histories_.element_starts[element + 1] - first);
}

std::span<const std::uint32_t> SequenceClosure::asked(std::size_t element) const noexcept {
  return std::span(pattern_).subspan(elements_[element], elements_[element + 1] - elements_[element]);
}

void SequenceClosure::name(const GrowingPattern& pattern) {
  pattern_.clear();
  for (const std::uint32_t item : pattern.items) {
    const auto at = std::lower_bound(histories_.names.begin(), histories_.names.end(), item);
    pattern_.push_back(static_cast<std::uint32_t>(at - histories_.names.begin()));
  }
  elements_.assign(pattern.elements.begin(), pattern.elements.end());
  elements_.push_back(static_cast<std::uint32_t>(pattern_.size()));
  earliest_.resize(pattern.elements.size());
  latest_.resize(pattern.elements.size());
}

bool SequenceClosure::follows(std::uint32_t before, std::uint32_t after) const noexcept {
  return before < after && histories_.times[after] - histories_.times[before] >= min_gap_;
}

/// Where each element of the pattern can lie at the earliest and at the latest.
void SequenceClosure::find_ends(std::uint32_t history) {
  const auto holds = [this](std::uint32_t element, std::size_t at) {
    const auto here = items_of(element), wanted = asked(at);
    return std::includes(here.begin(), here.end(), wanted.begin(), wanted.end());
  };
  std::uint32_t element = histories_.starts[history];
  for (std::size_t at = 0; at < earliest_.size(); ++at) {
    while ((at > 0 && !follows(earliest_[at - 1], element)) || !holds(element, at)) ++element;
    earliest_[at] = element;
  }
  element = histories_.starts[history + 1] - 1;
  for (std::size_t at = latest_.size(); at-- > 0;) {
    while ((at + 1 < latest_.size() && !follows(element, latest_[at + 1])) || !holds(element, at)) --element;
    latest_[at] = element;
  }
}

/// Calls work(item) with what the history allows at a place.
template <class Work>
void SequenceClosure::each_item(std::uint32_t history, std::uint32_t place, Work&& work) const {
  const std::size_t at = place / 2, count = earliest_.size();
  const bool within = place % 2 == 1;
  const std::size_t behind = within ? at + 1 : at;
  const std::uint32_t first = at == 0 ? histories_.starts[history] : earliest_[at - 1] + 1;
  const std::uint32_t end = behind == count ? histories_.starts[history + 1] : latest_[behind];
  for (std::uint32_t element = first; element < end; ++element) {
    if (at > 0 && !follows(earliest_[at - 1], element)) continue;
    if (behind < count && !follows(element, latest_[behind])) break;
    const auto here = items_of(element);
    if (!within) {
      for (const std::uint32_t item : here) work(item);
      continue;
    }
    const auto own = asked(at);
    if (here.size() == own.size() || !std::includes(here.begin(), here.end(), own.begin(), own.end())) continue;
    for (const std::uint32_t item : here)
      if (!std::binary_search(own.begin(), own.end(), item)) work(item);
  }
}

void SequenceClosure::begin(std::uint32_t history) {
  find_ends(history);
  const auto places = static_cast<std::uint32_t>(2 * earliest_.size() + 1);
  for (std::uint32_t place = 0; place < places; ++place) {
    if (place % 2 == 1 && histories_.single) continue;
    ++round_;
    each_item(history, place, [&](std::uint32_t item) {
      if (seen_[item] == round_) return;
      seen_[item] = round_;
      additions_.push_back({place, item});
    });
  }
}

/// Keeps those additions that this history allows too.
void SequenceClosure::keep(std::uint32_t history) {
  find_ends(history);
  std::size_t kept = 0;
  for (std::size_t at = 0; at < additions_.size();) {
    const std::uint32_t place = additions_[at].place;
    ++round_;
    each_item(history, place, [&](std::uint32_t item) { seen_[item] = round_; });
    for (; at < additions_.size() && additions_[at].place == place; ++at) {
      if (seen_[additions_[at].item] == round_) additions_[kept++] = additions_[at];
    }
  }
  additions_.resize(kept);
}

bool SequenceClosure::closed(const GrowingPattern& pattern, const EachHistory& each) {
  name(pattern);
  additions_.clear();
  holders_.clear();
  each([this](std::uint32_t history) { holders_.push_back(history); });
  // The shortest history allows the fewest additions.
  const auto length = [this](std::uint32_t history) {
    return histories_.element_starts[histories_.starts[history + 1]] -
           histories_.element_starts[histories_.starts[history]];
  };
  std::iter_swap(holders_.begin(), std::ranges::min_element(holders_, {}, length));
  begin(holders_.front());
  for (std::size_t at = 1; at < holders_.size() && !additions_.empty(); ++at) keep(holders_[at]);
  return additions_.empty();
}

}  // namespace emptor::mine
