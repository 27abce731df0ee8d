/// The rows of a trial by falling score, put in order once; curves follow for any weights.
#pragma once

#include <cstdint>
#include <vector>

#include "emptor/mine/uplift.hpp"

namespace emptor::mine {

class RankedTrial {
 public:
  /// Throws as `uplift_curve`. What `rows` views must outlive it.
  explicit RankedTrial(const UpliftRows& rows);
  /// Throws Code::invalid where an arm has no weight.
  UpliftCurve curve(Numbers weights) const;

 private:
  struct Place {
    double score, y;
    std::size_t row;
    bool treated;
  };
  std::vector<Place> places_;
  bool binary_ = true;
  double most_ = 0;  ///< greatest |y|
};

}  // namespace emptor::mine
