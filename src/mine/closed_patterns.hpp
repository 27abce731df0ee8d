/// Patterns of which the closed ones are sorted out once all are known.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/sequences.hpp"
#include "mine/memory_meter.hpp"

namespace emptor::mine {

class ClosedPatterns {
 public:
  explicit ClosedPatterns(MemoryMeter& meter) : meter_(meter) {}

  /// The two numbers tell which histories hold it: sums of two hashes of them.
  void add(const SequencePattern& pattern, std::uint64_t one, std::uint64_t other) {
    meter_.take(2 * (4 * pattern.items.size() + 4 * pattern.elements.size() + sizeof(Pattern) + 4));
    patterns_.push_back({items_.size(), elements_.size(), static_cast<std::uint32_t>(pattern.items.size()),
                         static_cast<std::uint32_t>(pattern.elements.size()), pattern.support, one, other});
    items_.insert(items_.end(), pattern.items.begin(), pattern.items.end());
    elements_.insert(elements_.end(), pattern.elements.begin(), pattern.elements.end());
  }

  /// Calls work(pattern) with the closed ones, in the order in which they came, until it returns false.
  template <class Work>
  void each_closed(Work&& work) const {
    const std::vector<bool> closed = find_closed();
    for (std::size_t at = 0; at < patterns_.size(); ++at) {
      if (closed[at] && !work(pattern(at))) return;
    }
  }

 private:
  struct Pattern {
    std::size_t items, elements;
    std::uint32_t length, element_count, support;
    std::uint64_t one, other;
  };

  SequencePattern pattern(std::size_t at) const noexcept {
    const Pattern& found = patterns_[at];
    return {std::span(items_).subspan(found.items, found.length),
            std::span(elements_).subspan(found.elements, found.element_count), found.support};
  }

  static std::span<const std::uint32_t> element(const SequencePattern& pattern, std::size_t at) noexcept {
    const std::size_t end = at + 1 < pattern.elements.size() ? pattern.elements[at + 1] : pattern.items.size();
    return pattern.items.subspan(pattern.elements[at], end - pattern.elements[at]);
  }

  static bool contains(const SequencePattern& longer, const SequencePattern& shorter) noexcept {
    std::size_t next = 0;
    for (std::size_t at = 0; at < longer.elements.size() && next < shorter.elements.size(); ++at) {
      const auto here = element(longer, at), asked = element(shorter, next);
      if (std::includes(here.begin(), here.end(), asked.begin(), asked.end())) ++next;
    }
    return next == shorter.elements.size();
  }

  bool same_histories(std::uint32_t a, std::uint32_t b) const noexcept {
    return patterns_[a].support == patterns_[b].support && patterns_[a].one == patterns_[b].one &&
           patterns_[a].other == patterns_[b].other;
  }

  std::vector<bool> find_closed() const {
    std::vector<std::uint32_t> order(patterns_.size());
    for (std::uint32_t at = 0; at < order.size(); ++at) order[at] = at;
    std::sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
      const Pattern &x = patterns_[a], &y = patterns_[b];
      if (x.one != y.one) return x.one < y.one;
      if (x.other != y.other) return x.other < y.other;
      if (x.support != y.support) return x.support < y.support;
      return x.length != y.length ? x.length > y.length : a < b;
    });
    std::vector<bool> closed(patterns_.size(), true);
    std::size_t group = 0;  // where those with the same histories begin, the longest first
    for (std::size_t at = 0; at < order.size(); ++at) {
      if (!same_histories(order[group], order[at])) group = at;
      for (std::size_t longer = group; longer < at && closed[order[at]]; ++longer) {
        if (patterns_[order[longer]].length == patterns_[order[at]].length) break;
        if (contains(pattern(order[longer]), pattern(order[at]))) closed[order[at]] = false;
      }
    }
    return closed;
  }

  MemoryMeter& meter_;
  std::vector<Pattern> patterns_;
  std::vector<std::uint32_t> items_, elements_;
};

}  // namespace emptor::mine
