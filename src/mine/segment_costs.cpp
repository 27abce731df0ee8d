#include "mine/segment_costs.hpp"

#include <algorithm>
#include <limits>

namespace emptor::mine {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Where the last segment of the first points may begin, and since when that is known to be no best.
struct Candidate {
  std::size_t begin;
  std::size_t beaten = 0;  ///< 0: it is not
};

}  // namespace

SegmentCosts::SegmentCosts(Numbers values, SegmentShape shape) : shape_(shape), centre_(0), sums_(values.size() + 1) {
  for (const double one : values) centre_ += one / static_cast<double>(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double y = values[i] - centre_, t = static_cast<double>(i), before = i > 0 ? values[i - 1] - centre_ : 0;
    sums_[i + 1] = {sums_[i].y + y, sums_[i].yy + y * y, sums_[i].ty + t * y, sums_[i].beside + y * before};
  }
}

/// The sum of y times the distance from the segment's middle.
double SegmentCosts::moment(std::size_t first, std::size_t last) const noexcept {
  const double middle = (static_cast<double>(first) + static_cast<double>(last) - 1) / 2;
  return sums_[last].ty - sums_[first].ty - middle * (sums_[last].y - sums_[first].y);
}

double SegmentCosts::cost(std::size_t first, std::size_t last) const noexcept {
  const double n = static_cast<double>(last - first), sum = sums_[last].y - sums_[first].y;
  double left = sums_[last].yy - sums_[first].yy - sum * sum / n;
  if (shape_ == SegmentShape::line && last - first > 1) {
    const double turned = moment(first, last);
    left -= turned * turned * 12 / (n * (n * n - 1));
  }
  return std::max(left, 0.0);
}

SegmentLine SegmentCosts::line(std::size_t first, std::size_t last) const noexcept {
  const double n = static_cast<double>(last - first);
  SegmentLine line{(sums_[last].y - sums_[first].y) / n + centre_, 0};
  if (shape_ == SegmentShape::level || last - first < 2) return line;
  line.slope = moment(first, last) * 12 / (n * (n * n - 1));
  line.level -= line.slope * (n - 1) / 2;
  return line;
}

/// With fits a + b u, u counted from the middle: the products are those of the values, less each value times its
/// neighbour's fit, plus those of the fits.
Stretch SegmentCosts::stretch(std::size_t first, std::size_t last) const noexcept {
  const Sums &from = sums_[first], &to = sums_[last];
  const double n = static_cast<double>(last - first), half = (n - 1) / 2;
  const double a = (to.y - from.y) / n, turned = moment(first, last);
  const double b = shape_ == SegmentShape::line && n > 1 ? turned * 12 / (n * (n * n - 1)) : 0;
  const double head = value(first), tail = value(last - 1);
  // Sums of values times the fit before and after them; the ends have a neighbour on one side only.
  const double sides = 2 * (a * (to.y - from.y) + b * turned);
  const double beyond = head * (a - b * (half + 1)) + tail * (a + b * (half + 1));
  const double fits = (n - 1) * (a * a + b * b * (n * (n - 2) / 12 - 0.25));
  Stretch out{cost(first, last), 0, head - a + b * half, tail - a - b * half};
  out.neighbours = to.beside - sums_[first + 1].beside - (sides - beyond) + fits;
  return out;
}

std::vector<std::size_t> least_cost_segments(const SegmentCosts& costs, std::size_t least, double penalty) {
  const std::size_t n = costs.size();
  std::vector<double> best(n + 1, infinity);
  std::vector<std::size_t> begin(n + 1, 0);
  best[0] = -penalty;
  std::vector<Candidate> candidates;
  for (std::size_t end = least; end <= n; ++end) {
    if (const std::size_t fresh = end - least; best[fresh] < infinity) candidates.push_back({fresh});
    for (const Candidate& one : candidates) {
      const double all = best[one.begin] + costs.cost(one.begin, end) + penalty;
      if (all < best[end]) {
        best[end] = all;
        begin[end] = one.begin;
      }
    }
    // One that is beaten here is beaten wherever a segment can begin here: from a whole segment later on.
    for (Candidate& one : candidates)
      if (one.beaten == 0 && best[one.begin] + costs.cost(one.begin, end) > best[end]) one.beaten = end;
    std::erase_if(candidates, [&](const Candidate& one) { return one.beaten != 0 && end + 1 >= one.beaten + least; });
  }
  std::vector<std::size_t> segments;
  for (std::size_t at = begin[n]; at > 0; at = begin[at]) segments.push_back(at);
  std::reverse(segments.begin(), segments.end());
  return segments;
}

}  // namespace emptor::mine
