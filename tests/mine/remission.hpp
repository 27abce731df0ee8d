// Weeks of remission of 42 children with leukaemia, 6-MP (group 0) against placebo (group 1): Freireich and others,
// Blood 21 (1963), the example of most textbooks of survival.
#pragma once

#include <cstdint>
#include <vector>

#include "emptor/mine/survival.hpp"

namespace emptor::test {

struct Remission {
  std::vector<double> time = {6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35,
                              1, 1, 2, 2, 3, 4, 4,  5,  5,  8,  8,  8,  8,  11, 11, 12, 12, 15, 17, 22, 23};
  std::vector<double> event = {1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0,
                               1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  std::vector<std::uint32_t> group = std::vector<std::uint32_t>(42, 0);
  std::vector<double> x = std::vector<double>(42, 0.0);  ///< the group as a number

  Remission() {
    for (std::size_t r = 21; r < 42; ++r) group[r] = 1, x[r] = 1;
  }
  mine::Lifetimes rows() const { return {time, event, {}, group}; }
};

}  // namespace emptor::test
