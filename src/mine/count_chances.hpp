/// The distribution of the number of purchases of a customer who is there at the beginning.
#pragma once

#include "emptor/mine/lifetime.hpp"

namespace emptor::mine {

/// His rate is Gamma(r, alpha); he leaves as the kind says, by s and beta (a and b). MBG/NBD: the first purchase, which
/// is not counted, may be his last.
struct CountProcess {
  LifetimeKind kind;
  double r, alpha, s = 1, beta = 1;

  explicit CountProcess(const LifetimeModel& model);
  /// What a customer with such a history is, who has not left.
  CountProcess after(double x, double age) const;
  /// The chance of n purchases within a time above 0.
  double chance(double time, double n) const;
};

}  // namespace emptor::mine
