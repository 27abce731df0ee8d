/// A function of (x, A) that is dear to compute, for many rows: for each x and each octave of A a polynomial through
/// its Chebyshev points. It must be analytic and bounded for Re A > 0; then 22 points give it to 1e-14. What a row is
/// told depends on its own x and A only.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "emptor/mine/run.hpp"

namespace emptor::mine {

class ResidualCells {
 public:
  using Function = std::function<double(double x, double a)>;
  /// For rows whose x and A `of_row` gives.
  ResidualCells(std::size_t rows, const std::function<std::pair<double, double>(std::size_t)>& of_row,
                const Function& f, const Run& run);
  double operator()(double x, double a) const noexcept;

 private:
  std::size_t place_of(std::uint64_t key) const noexcept;
  std::vector<std::pair<std::uint64_t, std::size_t>> table_;  ///< a power of two of places, half of them empty
  std::vector<double> coefficients_;
};

/// The same numbers, bit for bit, for rows that come one at a time: a cell is computed when it is met first.
class ResidualMemory {
 public:
  double operator()(double x, double a, const ResidualCells::Function& f);

 private:
  static constexpr std::size_t most_cells = 4'096;  // 200 bytes each; forgotten all at once
  std::unordered_map<std::uint64_t, std::array<double, 22>> cells_;
};

}  // namespace emptor::mine
