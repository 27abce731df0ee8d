/// What a stretch of a series leaves as one segment, from sums up to each point; and the segmentation of least cost.
#pragma once

#include <cstddef>
#include <vector>

#include "emptor/mine/change_points.hpp"

namespace emptor::mine {

struct SegmentLine {
  double level = 0, slope = 0;  ///< at the segment's first point, and a point
};

/// What a level or a line of least squares leaves of a stretch.
struct Stretch {
  double squares = 0, neighbours = 0;  ///< sums of its squares, and of the products of one point and the next
  double first = 0, last = 0;          ///< at its ends
};

class SegmentCosts {
 public:
  SegmentCosts(Numbers values, SegmentShape shape);
  std::size_t size() const noexcept { return sums_.size() - 1; }
  /// Of the points first ... last - 1: the squares that are left.
  double cost(std::size_t first, std::size_t last) const noexcept;
  SegmentLine line(std::size_t first, std::size_t last) const noexcept;
  Stretch stretch(std::size_t first, std::size_t last) const noexcept;

 private:
  struct Sums {
    double y = 0, yy = 0, ty = 0, beside = 0;  ///< beside: of a point and the one before it
  };
  double moment(std::size_t first, std::size_t last) const noexcept;
  double value(std::size_t at) const noexcept { return sums_[at + 1].y - sums_[at].y; }

  SegmentShape shape_;
  double centre_;
  std::vector<Sums> sums_;
};

/// Where segments begin but the first, each of at least so many points, that make the cost and `penalty` a change
/// least.
std::vector<std::size_t> least_cost_segments(const SegmentCosts& costs, std::size_t least, double penalty);

}  // namespace emptor::mine
