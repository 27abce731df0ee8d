#include "mine/bin_search.hpp"

#include <limits>

#include "core/long_call.hpp"

namespace emptor::mine {
namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

/// A chain of bins: where its last one begins, and the chain before that.
struct Step {
  std::uint32_t from = 0, before = none;
};

struct Entry {
  double key = 0;  ///< what the next share must exceed
  double value = 0;
  std::uint32_t step = none;
};

/// Chains that no other beats: by rising key and rising value.
class Frontier {
 public:
  bool empty() const noexcept { return entries_.empty(); }
  const Entry& best() const noexcept { return entries_.back(); }
  /// The most valuable with a key below this one; nullptr: there is none.
  const Entry* below(double key) const noexcept {
    const auto at = first_from(key);
    return at == entries_.begin() ? nullptr : &*(at - 1);
  }
  bool wants(double key, double value) const noexcept {
    const auto at = first_from(key);
    if (at != entries_.end() && at->key == key && at->value >= value) return false;
    return at == entries_.begin() || (at - 1)->value < value;
  }
  void put(const Entry& entry) {
    const auto at = first_from(entry.key);
    auto end = at;
    while (end != entries_.end() && end->value <= entry.value) ++end;
    if (end == at) {
      entries_.insert(at, entry);
      return;
    }
    *at = entry;
    entries_.erase(at + 1, end);
  }

 private:
  std::vector<Entry>::iterator first_from(double key) noexcept {
    return std::lower_bound(entries_.begin(), entries_.end(), key, [](const Entry& a, double b) { return a.key < b; });
  }
  std::vector<Entry>::const_iterator first_from(double key) const noexcept {
    return std::lower_bound(entries_.begin(), entries_.end(), key, [](const Entry& a, double b) { return a.key < b; });
  }
  std::vector<Entry> entries_;
};

class ChainSearch {
 public:
  ChainSearch(const BinEdges& edges, const BinValue& value, const BinLimits& limits, ChainShape shape,
              std::span<const std::uint32_t> places, const ChainBounds& bounds)
      : edges_(edges),
        value_(value),
        limits_(limits),
        shape_(shape),
        places_(places),
        // Rounding must not shut out the chain that the floor was taken from.
        floor_(bounds.floor - 1e-9 * std::max(bounds.floor, 0.0) - 1e-15),
        phases_(shape == ChainShape::peak ? 2 : 1),
        layers_(limits.bins > 0 ? limits.bins + 1 : 1),
        frontiers_(phases_ * layers_ * places.size()) {
    // Side by side, as the pairs of places are what costs.
    for (const std::uint32_t place : places) {
      events_.push_back(edges.events[place]);
      others_.push_back(edges.others[place]);
      rest_.push_back(bounds.rest.empty() ? infinity : bounds.rest[place]);
    }
  }

  BinChain run() {
    const std::size_t last = places_.size() - 1;
    at(0, 0, 0).put({-infinity, 0, none});
    std::size_t first = 1, before_end = last;  // of places from which the rest may be a bin
    while (before_end > 0 && !may_be_bin(edges_, limits_, places_[before_end - 1], places_[last])) --before_end;
    for (std::size_t a = 0; a < last; ++a) {
      beat("binning", a, last);
      if (!reached(a)) continue;
      first = std::max(first, a + 1);
      while (first <= last && !may_be_bin(edges_, limits_, places_[a], places_[first])) ++first;
      for (std::size_t b = first; b < before_end; ++b) extend(a, b);
      if (first <= last) extend(a, last);
    }
    return traced(last);
  }

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  Frontier& at(std::size_t place, std::size_t layer, std::size_t phase) noexcept {
    return frontiers_[(place * layers_ + layer) * phases_ + phase];
  }
  bool reached(std::size_t place) noexcept {
    const auto begin = frontiers_.begin() + static_cast<std::ptrdiff_t>(place * layers_ * phases_);
    return std::any_of(begin, begin + static_cast<std::ptrdiff_t>(layers_ * phases_),
                       [](const Frontier& one) { return !one.empty(); });
  }

  void extend(std::size_t a, std::size_t b) {
    const double events = events_[b] - events_[a];
    const double others = others_[b] - others_[a];
    const double value = value_(others, events);
    if (layers_ * phases_ == 1 && !good(at(a, 0, 0).best().value + value, b)) return;
    const double rate = events / (events + others);
    for (std::size_t layer = 0; layer < layers_; ++layer) {
      const std::size_t next = layers_ == 1 ? 0 : layer + 1;
      if (next == layers_) break;
      const Frontier& rising = at(a, layer, 0);
      if (!rising.empty()) {
        // Without a shape one chain is enough, as if every share were the same and always allowed.
        const Entry* before = shape_ == ChainShape::any ? &rising.best() : rising.below(rate);
        if (before != nullptr) put(at(b, next, 0), a, b, shape_ == ChainShape::any ? 0 : rate, value, *before);
      }
      if (phases_ == 1) continue;
      // The top may follow any rising chain: where it is lower than its neighbour, it falls already.
      const Frontier& falling = at(a, layer, 1);
      const Entry* before = falling.below(-rate);
      if (!rising.empty() && (before == nullptr || rising.best().value > before->value)) before = &rising.best();
      if (before != nullptr) put(at(b, next, 1), a, b, -rate, value, *before);
    }
  }

  bool good(double sum, std::size_t place) const noexcept { return sum + rest_[place] >= floor_; }

  void put(Frontier& to, std::size_t a, std::size_t b, double key, double value, const Entry& before) {
    const double sum = before.value + value;
    if (!good(sum, b) || !to.wants(key, sum)) return;
    steps_.push_back({static_cast<std::uint32_t>(a), before.step});
    to.put({key, sum, static_cast<std::uint32_t>(steps_.size() - 1)});
  }

  BinChain traced(std::size_t last) {
    const Entry* best = nullptr;
    for (std::size_t layer = 0; layer < layers_; ++layer) {
      for (std::size_t phase = 0; phase < phases_; ++phase) {
        const Frontier& one = at(last, layer, phase);
        if (!one.empty() && (best == nullptr || one.best().value > best->value)) best = &one.best();
      }
    }
    BinChain chain;
    if (best == nullptr) return chain;
    chain.value = best->value;
    for (std::uint32_t step = best->step; step != none; step = steps_[step].before) {
      if (steps_[step].from > 0) chain.edges.push_back(places_[steps_[step].from]);
    }
    std::reverse(chain.edges.begin(), chain.edges.end());
    return chain;
  }

  const BinEdges& edges_;
  const BinValue& value_;
  const BinLimits& limits_;
  ChainShape shape_;
  std::span<const std::uint32_t> places_;
  double floor_;
  std::size_t phases_, layers_;
  std::vector<Frontier> frontiers_;
  std::vector<double> events_, others_, rest_;  ///< by place
  std::vector<Step> steps_;
};

}  // namespace

BinChain best_chain(const BinEdges& edges, const BinValue& value, const BinLimits& limits, ChainShape shape,
                    std::span<const std::uint32_t> places, const ChainBounds& bounds) {
  return ChainSearch(edges, value, limits, shape, places, bounds).run();
}

}  // namespace emptor::mine
