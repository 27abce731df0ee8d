#include "mine/sequence_search.hpp"

#include <algorithm>

#include "core/long_call.hpp"
#include "mine/frequent_items.hpp"

namespace emptor::mine {
namespace {

constexpr std::uint32_t separator = UINT32_MAX;

/// In how many histories each number is.
std::vector<std::uint32_t> count_histories(const Sequences& sequences, const ItemNumbers& numbers) {
  std::vector<std::uint32_t> counts(numbers.size()), last(numbers.size());
  for (std::size_t history = 0; history < sequences.size(); ++history) {
    const std::uint64_t begin = sequences.element_starts[sequences.starts[history]];
    const std::uint64_t end = sequences.element_starts[sequences.starts[history + 1]];
    for (std::uint64_t at = begin; at < end; ++at) {
      const std::uint32_t number = numbers.of(sequences.items[at]);
      counts[number] += last[number] != history + 1;
      last[number] = static_cast<std::uint32_t>(history + 1);
    }
  }
  return counts;
}

}  // namespace

FrequentHistories frequent_histories(const Sequences& sequences, std::uint64_t min_support, MemoryMeter& meter) {
  const ItemNumbers numbers(sequences.items);
  meter.take(12 * std::uint64_t{numbers.size()});
  const std::vector<std::uint32_t> counts = count_histories(sequences, numbers);
  FrequentHistories out;
  std::vector<std::uint32_t> frequent(numbers.size(), separator);
  std::uint64_t kept = 0;
  for (std::uint32_t number = 0; number < numbers.size(); ++number) {
    if (counts[number] < min_support) continue;
    frequent[number] = out.numbers();
    out.names.push_back(numbers.item(number));
    kept += counts[number];
  }
  meter.take(4 * kept + 12 * sequences.element_starts.size() + 4 * sequences.starts.size());
  for (std::size_t history = 0; history < sequences.size(); ++history) {
    if ((history & 4095) == 0) beat("histories", history, sequences.size());
    for (std::uint64_t element = sequences.starts[history]; element < sequences.starts[history + 1]; ++element) {
      const std::size_t begin = out.items.size();
      for (std::uint64_t at = sequences.element_starts[element]; at < sequences.element_starts[element + 1]; ++at) {
        const std::uint32_t number = frequent[numbers.of(sequences.items[at])];
        if (number != separator) out.items.push_back(number);
      }
      std::sort(out.items.begin() + static_cast<std::ptrdiff_t>(begin), out.items.end());
      out.items.erase(std::unique(out.items.begin() + static_cast<std::ptrdiff_t>(begin), out.items.end()),
                      out.items.end());
      out.single = out.single && out.items.size() - begin <= 1;
      out.element_starts.push_back(static_cast<std::uint32_t>(out.items.size()));
      const auto place = static_cast<std::int64_t>(element - sequences.starts[history]);
      out.times.push_back(sequences.times.empty() ? place : sequences.times[element]);
    }
    out.starts.push_back(static_cast<std::uint32_t>(out.element_starts.size() - 1));
  }
  return out;
}

// ---- single items, no limits -------------------------------------------------------------------------------------

PlainSequences::PlainSequences(const SequenceSearch& search)
    : search_(search), counts_(search.histories.numbers(), 0), seen_(search.histories.numbers(), 0) {
  const FrequentHistories& histories = search.histories;
  search.meter.take(4 * (3 * histories.items.size() + 2 * std::uint64_t{histories.size()}));
  for (std::uint32_t history = 0; history < histories.size(); ++history) {
    const std::uint32_t begin = histories.element_starts[histories.starts[history]];
    const std::uint32_t end = histories.element_starts[histories.starts[history + 1]];
    for (std::uint32_t at = begin; at < end; ++at) flat_.push_back(histories.items[at]);
    flat_.push_back(separator);
    history_.resize(flat_.size(), history);
  }
  // Every history begins a place before its first item, so that the first items are extensions like others.
  std::vector<std::uint32_t> begins;
  for (std::uint32_t at = 0; at < flat_.size(); ++at) {
    if (at == 0 || flat_[at - 1] == separator) begins.push_back(at);
  }
  Level all;
  extend(begins, all);
  first_ = std::move(all.places);
  first_starts_.assign(counts_.size() + 1, 0);
  std::uint32_t end = 0, next = 0;
  for (std::uint32_t number = 0; number < counts_.size(); ++number) {
    if (next < all.frequent.size() && all.frequent[next] == number) end = all.ends[next++];
    first_starts_[number + 1] = end;
  }
}

/// Finds the items that follow places in enough histories, and for each the places behind its first occurrence.
void PlainSequences::extend(std::span<const std::uint32_t> places, Level& level) {
  level.frequent.clear();
  for (const std::uint32_t place : places) {
    ++round_;
    for (const std::uint32_t* at = flat_.data() + place; *at != separator; ++at) {
      if (seen_[*at] == round_) continue;
      seen_[*at] = round_;
      if (++counts_[*at] == search_.options.min_support) level.frequent.push_back(*at);
    }
  }
  std::sort(level.frequent.begin(), level.frequent.end());
  level.ends.clear();
  std::uint32_t total = 0;
  std::vector<std::uint32_t> next(level.frequent.size());
  for (std::size_t extension = 0; extension < next.size(); ++extension) {
    next[extension] = total;
    total += counts_[level.frequent[extension]];
    level.ends.push_back(total);
  }
  std::fill(counts_.begin(), counts_.end(), 0u);
  if (total > level.places.size()) {
    search_.meter.take(4 * (total - level.places.size()));
    level.places.resize(total);
  }
  for (std::size_t extension = 0; extension < next.size(); ++extension)
    counts_[level.frequent[extension]] = static_cast<std::uint32_t>(extension + 1);
  for (const std::uint32_t place : places) {
    if (next.empty()) break;
    ++round_;
    for (const std::uint32_t* at = flat_.data() + place; *at != separator; ++at) {
      const std::uint32_t extension = counts_[*at];
      if (extension == 0 || seen_[*at] == round_) continue;
      seen_[*at] = round_;
      level.places[next[extension - 1]++] = static_cast<std::uint32_t>(at - flat_.data()) + 1;
    }
  }
  for (const std::uint32_t number : level.frequent) counts_[number] = 0;
}

bool PlainSequences::give(std::span<const std::uint32_t> places, const PatternFound& found) {
  return found(pattern_, static_cast<std::uint32_t>(places.size()),
               [&](const std::function<void(std::uint32_t)>& work) {
                 for (const std::uint32_t place : places) work(history_[place - 1]);
               });
}

bool PlainSequences::mine(std::uint32_t number, const PatternFound& found) {
  pattern_ = {{search_.histories.names[number]}, {0}};
  const auto places = std::span<const std::uint32_t>(first_).subspan(first_starts_[number],
                                                                     first_starts_[number + 1] - first_starts_[number]);
  return give(places, found) && grow(places, found, 0);
}

bool PlainSequences::grow(std::span<const std::uint32_t> places, const PatternFound& found, std::size_t depth) {
  const SequenceOptions& options = search_.options;
  const std::size_t length = pattern_.items.size();
  if (length == options.max_length || length == options.max_elements) return true;
  if ((++steps_ & 63) == 0) beat("sequences");
  if (levels_.size() <= depth) levels_.resize(depth + 64);
  extend(places, levels_[depth]);
  for (std::size_t at = 0; at < levels_[depth].frequent.size(); ++at) {
    const Level& level = levels_[depth];
    const std::uint32_t begin = at == 0 ? 0 : level.ends[at - 1];
    pattern_.items.push_back(search_.histories.names[level.frequent[at]]);
    pattern_.elements.push_back(static_cast<std::uint32_t>(length));
    // A copy of the view only: deeper levels write into vectors of their own.
    const std::vector<std::uint32_t>& all = level.places;
    const auto next = std::span<const std::uint32_t>(all).subspan(begin, level.ends[at] - begin);
    const bool goes_on = give(next, found) && grow(next, found, depth + 1);
    pattern_.items.pop_back();
    pattern_.elements.pop_back();
    if (!goes_on) return false;
  }
  return true;
}

// ---- elements of several items, gaps and windows ------------------------------------------------------------------

PlacedSequences::PlacedSequences(const SequenceSearch& search)
    : search_(search), counts_(search.histories.numbers(), 0), seen_(search.histories.numbers(), 0) {
  const SequenceOptions& options = search.options;
  limited_ = options.min_gap != 0 || options.max_gap != 0 || options.max_window != 0;
}

bool PlacedSequences::may_follow(const Place& place, std::uint32_t element) const noexcept {
  const SequenceOptions& options = search_.options;
  const std::vector<std::int64_t>& times = search_.histories.times;
  const std::int64_t gap = times[element] - times[place.end];
  if (gap < options.min_gap || (options.max_gap != 0 && gap > options.max_gap)) return false;
  return options.max_window == 0 || times[element] - times[place.begin] <= options.max_window;
}

/// Calls work(number, place) for the items that the last element of the pattern may still take.
template <class Work>
void PlacedSequences::each_within(const Projection& projection, std::size_t entry, std::uint32_t last,
                                  Work&& work) const {
  const FrequentHistories& histories = search_.histories;
  for (std::uint32_t at = projection.starts[entry]; at < projection.starts[entry + 1]; ++at) {
    const Place place = projection.places[at];
    for (std::uint32_t item = histories.element_starts[place.end]; item < histories.element_starts[place.end + 1];
         ++item) {
      if (histories.items[item] > last) work(histories.items[item], place);
    }
  }
}

/// The same for a further element.
template <class Work>
void PlacedSequences::each_after(const Projection& projection, std::size_t entry, Work&& work) const {
  const FrequentHistories& histories = search_.histories;
  const Place* const first = projection.places.data() + projection.starts[entry];
  const Place* const end = projection.places.data() + projection.starts[entry + 1];
  const std::uint32_t last = histories.starts[projection.histories[entry] + 1];
  for (std::uint32_t element = first->end + 1; element < last; ++element) {
    bool follows = !limited_;
    std::uint32_t begin = first->begin;
    for (const Place* place = first; limited_ && place != end && place->end < element; ++place) {
      if (!may_follow(*place, element)) continue;
      begin = follows ? std::max(begin, place->begin) : place->begin;
      follows = true;
      if (search_.options.max_window == 0) break;  // where it began matters to a window only
    }
    if (!follows) continue;
    for (std::uint32_t item = histories.element_starts[element]; item < histories.element_starts[element + 1]; ++item) {
      work(histories.items[item], Place{element, begin});
    }
  }
}

std::vector<std::pair<std::uint32_t, PlacedSequences::Projection>> PlacedSequences::extend(const Projection& projection,
                                                                                           std::uint32_t last,
                                                                                           bool within) {
  const auto each = [&](std::size_t entry, auto&& work) {
    within ? each_within(projection, entry, last, work) : each_after(projection, entry, work);
  };
  std::vector<std::uint32_t> frequent;
  for (std::size_t entry = 0; entry < projection.histories.size(); ++entry) {
    ++round_;
    each(entry, [&](std::uint32_t number, const Place&) {
      if (seen_[number] == round_) return;
      seen_[number] = round_;
      if (++counts_[number] == search_.options.min_support) frequent.push_back(number);
    });
  }
  std::fill(counts_.begin(), counts_.end(), 0u);
  std::sort(frequent.begin(), frequent.end());
  std::vector<std::pair<std::uint32_t, Projection>> extensions;
  for (const std::uint32_t number : frequent) {
    extensions.emplace_back(number, Projection());
    counts_[number] = static_cast<std::uint32_t>(extensions.size());
  }
  for (std::size_t entry = 0; entry < projection.histories.size() && !frequent.empty(); ++entry) {
    const std::uint32_t history = projection.histories[entry];
    each(entry, [&](std::uint32_t number, const Place& place) {
      if (counts_[number] == 0) return;
      Projection& into = extensions[counts_[number] - 1].second;
      if (into.histories.empty() || into.histories.back() != history) {
        into.histories.push_back(history);
        into.starts.push_back(into.starts.back());
      }
      into.places.push_back(place);
      ++into.starts.back();
    });
  }
  for (const std::uint32_t number : frequent) counts_[number] = 0;
  return extensions;
}

bool PlacedSequences::mine(std::uint32_t number, const PatternFound& found) {
  const FrequentHistories& histories = search_.histories;
  Projection projection;
  for (std::uint32_t history = 0; history < histories.size(); ++history) {
    const std::size_t before = projection.places.size();
    for (std::uint32_t element = histories.starts[history]; element < histories.starts[history + 1]; ++element) {
      const auto begin = histories.items.begin() + histories.element_starts[element];
      const auto end = histories.items.begin() + histories.element_starts[element + 1];
      if (std::binary_search(begin, end, number)) projection.places.push_back({element, element});
    }
    if (projection.places.size() == before) continue;
    projection.histories.push_back(history);
    projection.starts.push_back(static_cast<std::uint32_t>(projection.places.size()));
  }
  pattern_ = {{histories.names[number]}, {0}};
  return grow(projection, number, found);
}

bool PlacedSequences::grow(const Projection& projection, std::uint32_t last, const PatternFound& found) {
  const SequenceOptions& options = search_.options;
  const bool goes_on = found(pattern_, static_cast<std::uint32_t>(projection.histories.size()), [&](const auto& work) {
    for (const std::uint32_t history : projection.histories) work(history);
  });
  if (!goes_on) return false;
  if (pattern_.items.size() == options.max_length) return true;
  if ((++steps_ & 15) == 0) beat("sequences");
  for (const bool within : {true, false}) {
    if (within && search_.histories.single) continue;
    if (!within && pattern_.elements.size() == options.max_elements) continue;
    auto extensions = extend(projection, last, within);
    std::uint64_t bytes = 0;
    for (const auto& extension : extensions) bytes += sizeof extension + extension.second.bytes();
    const Held held(search_.meter, bytes);
    for (auto& [number, next] : extensions) {
      if (!within) pattern_.elements.push_back(static_cast<std::uint32_t>(pattern_.items.size()));
      pattern_.items.push_back(search_.histories.names[number]);
      const bool more = grow(next, number, found);
      pattern_.items.pop_back();
      if (!within) pattern_.elements.pop_back();
      if (!more) return false;
      next = {};
    }
  }
  return true;
}

}  // namespace emptor::mine
