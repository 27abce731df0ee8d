#include "mine/bin_column.hpp"

#include <numeric>

#include "mine/bin_bounds.hpp"

namespace emptor::mine {
namespace {

using Places = std::vector<std::uint32_t>;

Places all_places(const BinEdges& edges) {
  Places places(edges.events.size());
  std::iota(places.begin(), places.end(), 0U);
  return places;
}

/// So many of the places (and one more), as equally heavy between as they come.
Places thinned(const BinEdges& edges, const Places& places, std::size_t count) {
  Places kept{places.front()};
  const double step = edges.weight(edges.last()) / static_cast<double>(count);
  double target = step;
  for (std::size_t i = 1; i + 1 < places.size(); ++i) {
    const double weight = edges.weight(places[i]);
    if (weight < target) continue;
    kept.push_back(places[i]);
    while (target <= weight) target += step;
  }
  kept.push_back(places.back());
  return kept;
}

/// The places near the cuts of a chain: no heavier apart than two steps of a coarse search.
Places near_cuts(const BinEdges& edges, const Places& places, const BinChain& chain, std::size_t count) {
  const double reach = edges.weight(edges.last()) / static_cast<double>(count);
  Places kept{places.front()};
  auto from = places.begin() + 1;
  for (const std::uint32_t cut : chain.edges) {
    const double least = edges.weight(cut) - reach, most = edges.weight(cut) + reach;
    while (from + 1 != places.end() && edges.weight(*from) < least) ++from;
    for (; from + 1 != places.end() && edges.weight(*from) <= most; ++from) kept.push_back(*from);
  }
  kept.push_back(places.back());
  return kept;
}

class ColumnSearch {
 public:
  ColumnSearch(const BinEdges& edges, const BinValue& value, const BinLimits& limits, const BinningOptions& options)
      : edges_(edges), value_(value), limits_(limits), options_(options) {}

  const BinEdges& edges() const noexcept { return edges_; }
  RisingBounds bounds() const { return bound_rising(edges_, value_, limits_); }
  bool small() const noexcept { return edges_.events.size() <= options_.exact_values + 1; }

  /// The number of bins binds seldom, and is dear to count: first without it.
  BinChain search(ChainShape shape, const Places& places, const ChainBounds& bounds = {}) const {
    BinChain chain = best_chain(edges_, value_, limits_, shape, places, bounds);
    if (options_.most_bins == 0 || chain.edges.size() < options_.most_bins) return chain;
    BinLimits limits = limits_;
    limits.bins = options_.most_bins;
    return best_chain(edges_, value_, limits, shape, places, bounds);
  }

  /// The best chain with rising shares that is worth `floor` at least. A coarse search gives a better floor; then only
  /// places are left that a chain so good may be cut at.
  ColumnCut rising(const RisingBounds& bounds, double floor) const {
    constexpr std::size_t coarse = 128;
    ColumnCut cut;
    Places places = all_places(edges_);
    for (const std::size_t count : {std::min(coarse, options_.exact_values), options_.pre_bins}) {
      if (places.size() <= coarse || (count != coarse && fits(places))) break;
      take(cut, search(ChainShape::ascending, thinned(edges_, places, count), {bounds.rest, floor}));
      floor = std::max(floor, cut.chain.value);
      places = promising(places, bounds, floor);
    }
    if (fits(places)) {
      take(cut, search(ChainShape::ascending, places, {bounds.rest, floor}));
      return cut;
    }
    refine(cut, ChainShape::ascending, places, {bounds.rest, floor});
    cut.gap = std::max(bounds.total() - std::max(floor, cut.chain.value), 0.0);
    return cut;
  }

  ColumnCut any() const {
    ColumnCut cut = without_bounds(ChainShape::any);
    if (small()) return cut;
    const Places places = thinned(edges_, all_places(edges_), options_.pre_bins);
    cut.gap = std::max(bound_any(edges_, value_, limits_, places) - cut.chain.value, 0.0);
    return cut;
  }

  ColumnCut peak(const ColumnSearch& exchanged) const {
    ColumnCut cut = without_bounds(ChainShape::peak);
    if (small()) return cut;
    const std::vector<double> rise = bounds().before, fall = exchanged.bounds().rest;
    double most = 0;
    for (std::size_t i = 0; i < rise.size(); ++i) most = std::max(most, rise[i] + fall[i]);
    cut.gap = std::max(most - cut.chain.value, 0.0);
    return cut;
  }

 private:
  ColumnCut without_bounds(ChainShape shape) const {
    ColumnCut cut;
    const Places places = all_places(edges_);
    cut.chain = search(shape, small() ? places : thinned(edges_, places, options_.pre_bins));
    if (!small()) refine(cut, shape, places, {});
    return cut;
  }

  /// A coarse search's cuts, each moved to where it is best between its neighbours.
  void refine(ColumnCut& cut, ChainShape shape, const Places& places, const ChainBounds& bounds) const {
    const Places near = near_cuts(edges_, places, cut.chain, options_.pre_bins);
    if (fits(near)) take(cut, search(shape, near, bounds));
  }

  bool fits(const Places& places) const noexcept { return places.size() <= options_.exact_values + 1; }

  static void take(ColumnCut& cut, BinChain&& chain) {
    if (chain.value > cut.chain.value) cut.chain = std::move(chain);
  }

  Places promising(const Places& places, const RisingBounds& bounds, double floor) const {
    const double least = floor - 1e-9 * std::max(floor, 0.0) - 1e-15;
    const std::size_t last = edges_.last();
    Places kept;
    for (const std::uint32_t place : places) {
      const bool end = place == 0 || place == last;
      if (end || (bounds.before[place] + bounds.rest[place] >= least && may_be_bin(edges_, limits_, 0, place) &&
                  may_be_bin(edges_, limits_, place, last))) {
        kept.push_back(place);
      }
    }
    return kept;
  }

  const BinEdges& edges_;
  const BinValue& value_;
  const BinLimits& limits_;
  const BinningOptions& options_;
};

ColumnCut monotone(const ColumnSearch& up, const ColumnSearch& down) {
  const RisingBounds up_bounds = up.bounds(), down_bounds = down.bounds();
  const bool up_first = up_bounds.total() >= down_bounds.total();
  const auto one_way = [&](bool rises, double floor) {
    ColumnCut cut = rises ? up.rising(up_bounds, floor) : down.rising(down_bounds, floor);
    cut.shape = rises ? BinShape::ascending : BinShape::descending;
    return cut;
  };
  ColumnCut first = one_way(up_first, -1);
  const double other_bound = up_first ? down_bounds.total() : up_bounds.total();
  if (other_bound <= first.chain.value) return first;
  ColumnCut second = one_way(!up_first, first.chain.value);
  // A gap is counted from the better of both.
  const bool better = second.chain.value > first.chain.value;
  const double gained = better ? second.chain.value - first.chain.value : 0;
  const double gap = std::max(std::max(first.gap - gained, 0.0), second.gap);
  ColumnCut& best = better ? second : first;
  best.gap = gap;
  return best;
}

}  // namespace

ColumnCut cut_column(const BinEdges& edges, const BothWays& values, const BinLimits& limits, BinShape shape,
                     const BinningOptions& options) {
  const BinEdges turned{edges.others, edges.events};
  const ColumnSearch up(edges, values.value, limits, options), down(turned, values.exchanged, limits, options);
  ColumnCut cut;
  switch (shape) {
    case BinShape::none:
      cut = up.any();
      break;
    case BinShape::ascending:
      cut = up.rising(up.bounds(), -1);
      break;
    case BinShape::descending:
      cut = down.rising(down.bounds(), -1);
      break;
    case BinShape::monotone:
      return monotone(up, down);
    case BinShape::peak:
      cut = up.peak(down);
      break;
    case BinShape::valley:
      cut = down.peak(up);
      break;
  }
  cut.shape = shape;
  return cut;
}

}  // namespace emptor::mine
