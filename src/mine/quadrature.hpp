/// Gauss-Legendre rules on 0 to 1, by additions and multiplications only.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

namespace emptor::mine {

struct Quadrature {
  std::vector<double> at, weight;
};

/// The rules that were asked for, each made once.
class QuadratureRules {
 public:
  /// Exact for polynomials up to this degree.
  const Quadrature& of_degree(std::size_t degree);

 private:
  std::map<std::size_t, Quadrature> by_points_;
};

}  // namespace emptor::mine
