/// Noise that hangs together from point to point, for tests of series.
#pragma once

#include <cmath>
#include <vector>

#include "emptor/core/random.hpp"

namespace emptor::test {

/// What is new in each point is of standard deviation 1.
inline std::vector<double> autocorrelated(std::size_t n, double alike, Random& random) {
  std::vector<double> y(n);
  double now = random.normal() / std::sqrt(1 - alike * alike);
  for (double& one : y) {
    one = now;
    now = alike * now + random.normal();
  }
  return y;
}

}  // namespace emptor::test
