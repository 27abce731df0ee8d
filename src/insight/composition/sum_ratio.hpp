/// A ratio of two sums over customers, and the interval of it that the customers' differences give.
#pragma once

#include "emptor/core/exact_sum.hpp"
#include "emptor/mine/rates.hpp"

namespace emptor {

/// An interval about a positive number from the variance of its logarithm; level .95.
mine::RateInterval interval_of_log(double value, double variance);

/// By the linearised logarithm (Cochran, Sampling Techniques (1977), 6.4): the variance is the sum of
/// (y_i / Y - x_i / X)^2. Requires sums above 0, known beforehand.
class SumRatio {
 public:
  SumRatio(double y, double x) : y_(y), x_(x) {}
  void add(double y, double x) {
    const double part = y / y_ - x / x_;
    variance_.add(part * part);
  }
  mine::RateInterval interval() const { return interval_of_log(y_ / x_, variance_.value()); }

 private:
  double y_, x_;
  DoubleSum variance_;
};

}  // namespace emptor
