/// What a stretch of a series costs as one segment: the squares that its level or line leaves, from sums up to each
/// point; and the segmentation of least cost.
#pragma once

#include <cstddef>
#include <vector>

#include "emptor/mine/change_points.hpp"

namespace emptor::mine {

struct SegmentLine {
  double level = 0, slope = 0;  ///< at the segment's first point, and a point
};

class SegmentCosts {
 public:
  SegmentCosts(Numbers values, SegmentShape shape);
  std::size_t size() const noexcept { return sums_.size() - 1; }
  /// Of the points first ... last - 1.
  double cost(std::size_t first, std::size_t last) const noexcept;
  SegmentLine line(std::size_t first, std::size_t last) const noexcept;

 private:
  struct Sums {
    double y = 0, yy = 0, ty = 0;
  };
  double moment(std::size_t first, std::size_t last) const noexcept;

  SegmentShape shape_;
  double centre_;
  std::vector<Sums> sums_;
};

/// Where segments begin but the first, each of at least so many points, that make the cost and `penalty` a change
/// least.
std::vector<std::size_t> least_cost_segments(const SegmentCosts& costs, std::size_t least, double penalty);
/// The greatest mean fall of the cost a change, of one to `most` changes: at this penalty the first one appears.
double greatest_gain(const SegmentCosts& costs, std::size_t least, std::size_t most);

}  // namespace emptor::mine
