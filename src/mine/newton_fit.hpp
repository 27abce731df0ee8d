/// The maximum of a smooth function of a few parameters that are above 0 (and perhaps of some that may be any number),
/// by Newton's method on the logarithms of the former within a trust region, and how certain it is. Source: More and
/// Sorensen, SIAM J. Sci. Stat. Comput. 4 (1983).
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "emptor/mine/fit_end.hpp"

namespace emptor::mine {

/// A log-likelihood with its derivatives by the parameters themselves; the second ones as a lower triangle.
struct Curvature {
  double value = 0;
  std::vector<double> gradient, hessian;
  explicit Curvature(std::size_t parameters = 0)
      : gradient(parameters, 0.0), hessian(parameters * (parameters + 1) / 2, 0.0) {}
};
using Likelihood = std::function<Curvature(const std::vector<double>& parameters)>;

struct NewtonLimits {
  std::size_t rounds = 100;   ///< values of the function at most
  double certificate = 1e-6;  ///< sqrt(g' H^-1 g) that is asked for: standard errors from the maximum
  double aim = 1e-8;          ///< and that is gone on to, which costs one step at most
  double width = 3;           ///< of a 95 % interval, in logarithms to e: above it, there are too few data
  std::size_t plain = 0;      ///< so many of the last parameters may be any number, and are taken as they are
};

struct NewtonFit {
  std::vector<double> parameters, covariance;  ///< the covariance as a lower triangle; empty where there is none
  double value = 0, certificate = 0;
  std::size_t rounds = 0;
  FitEnd end = FitEnd::rounds;
};

NewtonFit maximise(const Likelihood& likelihood, std::vector<double> start, const NewtonLimits& limits);

}  // namespace emptor::mine
