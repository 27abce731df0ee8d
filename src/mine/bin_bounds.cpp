#include "mine/bin_bounds.hpp"

#include <limits>

#include "core/long_call.hpp"

namespace emptor::mine {
namespace {

struct Point {
  double x = 0, y = 0;  ///< others and events
};
Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
/// Above 0 where b's slope is greater than a's.
double turn(Point a, Point b) { return a.x * b.y - a.y * b.x; }

using Points = std::vector<Point>;

Points points_of(const BinEdges& edges) {
  Points points(edges.events.size());
  for (std::size_t i = 0; i < points.size(); ++i) points[i] = {edges.others[i], edges.events[i]};
  return points;
}

/// The points of a hull as others come in from the left: below them (side 1) or above them (side -1).
class Hull {
 public:
  Hull(const Points& points, double side) : points_(points), side_(side) {}
  void add(std::uint32_t point) {
    while (kept_.size() > 1 && side_ * turn(points_[kept_.back()] - points_[kept_[kept_.size() - 2]],
                                            points_[point] - points_[kept_.back()]) <=
                                   0) {
      kept_.pop_back();
    }
    kept_.push_back(point);
  }
  bool empty() const noexcept { return kept_.empty(); }
  std::uint32_t before_last() const noexcept { return kept_[kept_.size() - 2]; }
  std::size_t size() const noexcept { return kept_.size(); }
  /// The corner from which a line to a point right of all others touches the hull.
  Point touched_from(Point right) const noexcept {
    std::size_t low = 0, high = kept_.size() - 1;
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      const Point corner = points_[kept_[middle]], next = points_[kept_[middle + 1]];
      if (side_ * turn(right - corner, right - next) > 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return points_[kept_[low]];
  }

 private:
  const Points& points_;
  double side_;
  std::vector<std::uint32_t> kept_;
};

/// The slopes that allowed bins have, as the bins that have them.
struct Slopes {
  Point least, greatest;
};

Slopes slopes_of(const BinEdges& edges, const Points& points, const BinValue& value, const BinLimits& limits) {
  if (!(limits.events > 0)) {
    // A pure bin counts half a row of the other class at most, and no row weighs less than one unit.
    const double little = std::min(value.half(), 1.0);
    return {{value.others(), little}, {little, value.events()}};
  }
  Slopes found{{0, 1}, {1, 0}};
  Hull above(points, -1), below(points, 1);
  std::uint32_t next = 0;
  for (std::size_t to = 1; to < points.size(); ++to) {
    for (; next < to && may_be_bin(edges, limits, next, to); ++next) {
      above.add(next);
      below.add(next);
    }
    if (above.empty()) continue;
    const Point flat = points[to] - above.touched_from(points[to]);
    const Point steep = points[to] - below.touched_from(points[to]);
    if (turn(flat, found.least) > 0) found.least = flat;
    if (turn(found.greatest, steep) > 0) found.greatest = steep;
  }
  return found;
}

/// J, continued along its tangents beyond the slopes that there are.
class BoundedValue {
 public:
  BoundedValue(const BinValue& value, const Slopes& slopes)
      : value_(value), slopes_(slopes), flat_(gradient(slopes.least)), steep_(gradient(slopes.greatest)) {}
  double operator()(Point bin) const noexcept {
    if (turn(bin, slopes_.least) > 0) return flat_.x * bin.x + flat_.y * bin.y;
    if (turn(slopes_.greatest, bin) > 0) return steep_.x * bin.x + steep_.y * bin.y;
    return value_(bin.x, bin.y);
  }

 private:
  Point gradient(Point at) const noexcept {
    const double woe = value_.woe(at.x, at.y), apart = at.x / value_.others() - at.y / value_.events();
    return {woe / value_.others() + apart / at.x, -woe / value_.events() - apart / at.y};
  }

  const BinValue& value_;
  Slopes slopes_;
  Point flat_, steep_;
};

/// By point: the value of the hull from the first point to it.
std::vector<double> hull_values(const Points& points, const BoundedValue& value, double side) {
  std::vector<double> values(points.size(), 0.0);
  Hull hull(points, side);
  for (std::uint32_t i = 0; i < points.size(); ++i) {
    if (i % 65'536 == 0) beat("binning", i, points.size());
    hull.add(i);
    if (hull.size() < 2) continue;
    const std::uint32_t before = hull.before_last();
    values[i] = values[before] + value(points[i] - points[before]);
  }
  return values;
}

}  // namespace

RisingBounds bound_rising(const BinEdges& edges, const BinValue& value, const BinLimits& limits) {
  const Points points = points_of(edges);
  const BoundedValue bounded(value, slopes_of(edges, points, value, limits));
  RisingBounds bounds;
  bounds.before = hull_values(points, bounded, 1);
  // The same from the other end, where convex paths are concave.
  Points turned(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) turned[i] = points.back() - points[points.size() - 1 - i];
  bounds.rest = hull_values(turned, bounded, -1);
  std::reverse(bounds.rest.begin(), bounds.rest.end());
  return bounds;
}

double bound_any(const BinEdges& edges, const BinValue& value, const BinLimits& limits,
                 const std::vector<std::uint32_t>& places) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const std::size_t last = places.size() - 1;
  if (!(limits.events > 0)) return infinity;
  // Cell t holds the edges from place t - 1, exclusive, to place t, inclusive; cell 0 the first edge alone.
  const auto low = [&](std::size_t cell) { return cell == 0 ? std::size_t{0} : std::size_t{places[cell - 1]} + 1; };
  const auto weight = [&](const std::vector<double>& sums, std::size_t from, std::size_t to) {
    return to > from ? sums[to] - sums[from] : 0.0;
  };
  std::vector<double> best(places.size(), -infinity);
  best[0] = 0;
  for (std::size_t t = 1; t <= last; ++t) {
    beat("binning", t, last);
    const std::size_t end_low = t == last ? places[last] : low(t), end_high = places[t];
    if (may_be_bin(edges, limits, low(t), places[t])) return infinity;
    for (std::size_t s = 0; s < t; ++s) {
      // The largest bin from cell to cell must be allowed; the value is greatest in a corner of what it may hold.
      if (best[s] < 0 || !may_be_bin(edges, limits, low(s), end_high)) continue;
      const double most_o = weight(edges.others, low(s), end_high), most_e = weight(edges.events, low(s), end_high);
      const double least_o = std::max(weight(edges.others, places[s], end_low), limits.events);
      const double least_e = std::max(weight(edges.events, places[s], end_low), limits.events);
      const double corner = std::max(std::max(value(most_o, most_e), value(least_o, most_e)),
                                     std::max(value(most_o, least_e), value(least_o, least_e)));
      best[t] = std::max(best[t], best[s] + corner);
    }
  }
  return best[last];
}

}  // namespace emptor::mine
