#include "insight/composition/sum_ratio.hpp"

#include <cmath>

#include "core/elementary.hpp"
#include "mine/distributions.hpp"

namespace emptor {

mine::RateInterval interval_of_log(double value, double variance) {
  constexpr double level = 0.95;
  const double half = mine::normal_bound(level) * std::sqrt(variance);
  return {value, value * elementary::exp(-half), value * elementary::exp(half)};
}

}  // namespace emptor
