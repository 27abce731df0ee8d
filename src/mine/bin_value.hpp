/// What a bin adds to the information value, and the places where a column may be cut.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/elementary.hpp"

namespace emptor::mine {

/// J(o, e) = (o / O - e / E) (log(o / O) - log(e / E)). It grows in proportion with a bin, is convex in (o, e), and
/// the same with the classes exchanged. A class that is missing counts `half`, but no more than its share of the bin.
class BinValue {
 public:
  /// Weights are whole numbers where `whole`: then logarithms come from a table.
  BinValue(double events, double others, double half, bool whole)
      : events_(events),
        others_(others),
        half_(half),
        per_event_(1 / events),
        per_other_(1 / others),
        shift_(elementary::log(events) - elementary::log(others)) {
    constexpr double most = 1 << 20;
    const double largest = std::max(events, others);
    if (!whole || largest > most) return;
    table_.resize(static_cast<std::size_t>(largest) + 1);
    for (std::size_t i = 1; i < table_.size(); ++i) table_[i] = elementary::log(static_cast<double>(i));
  }

  double operator()(double others, double events) const noexcept {
    if (!(others > 0)) others = std::min(half_, events / events_ * others_);
    if (!(events > 0)) events = std::min(half_, others / others_ * events_);
    return others > 0 ? (others * per_other_ - events * per_event_) * ratio(others, events) : 0;
  }
  double woe(double others, double events) const noexcept {
    if (!(others > 0)) others = std::min(half_, events / events_ * others_);
    if (!(events > 0)) events = std::min(half_, others / others_ * events_);
    return others > 0 ? ratio(others, events) : 0;
  }
  double events() const noexcept { return events_; }
  double others() const noexcept { return others_; }
  double half() const noexcept { return half_; }

 private:
  double ratio(double others, double events) const noexcept { return log_of(others) - log_of(events) + shift_; }
  double log_of(double weight) const noexcept {
    if (table_.empty() || weight < 1) return elementary::log(weight);
    return table_[static_cast<std::size_t>(weight)];
  }

  double events_, others_, half_, per_event_, per_other_, shift_;
  std::vector<double> table_;
};

/// A column's distinct values in order: at edge i lie i of them to the left, with so much weight of either class.
/// Weights are whole numbers below 2^53, so that every sum is exact.
struct BinEdges {
  std::vector<double> events, others;

  std::size_t last() const noexcept { return events.size() - 1; }
  double weight(std::size_t edge) const noexcept { return events[edge] + others[edge]; }
};

struct BinLimits {
  double weight = 0, events = 0;  ///< at least in each bin, of events and of others the same
  std::size_t bins = 0;           ///< at most; 0: no limit
};

/// Whether the values between two edges may be a bin. With one edge held it does not change back as the other moves on.
inline bool may_be_bin(const BinEdges& edges, const BinLimits& limits, std::size_t from, std::size_t to) noexcept {
  const double e = edges.events[to] - edges.events[from], o = edges.others[to] - edges.others[from];
  return e + o >= limits.weight && e >= limits.events && o >= limits.events;
}

}  // namespace emptor::mine
