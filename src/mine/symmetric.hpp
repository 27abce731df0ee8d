/// Symmetric positive equations, small and dense, solved in a given order of unknowns; those that others explain are
/// named and left 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mine {

/// Place of (row, column), row >= column, in a lower triangle kept row by row.
constexpr std::size_t triangle_index(std::size_t row, std::size_t column) noexcept {
  return row * (row + 1) / 2 + column;
}
constexpr std::size_t triangle_size(std::size_t rows) noexcept { return rows * (rows + 1) / 2; }

/// J S J' of a symmetric matrix S (a lower triangle of n rows) and J (n x n, row by row), as a lower triangle.
std::vector<double> turned(std::span<const double> triangle, std::span<const double> by, std::size_t n);

/// The factors L D L' of a matrix in the given order of its rows and columns.
class SymmetricFactors {
 public:
  SymmetricFactors() = default;
  /// `matrix` is a lower triangle. A row whose pivot falls to `least_pivot` times its diagonal, or below, is aliased.
  SymmetricFactors(std::span<const double> matrix, std::vector<std::size_t> order, double least_pivot);

  bool empty() const noexcept { return order_.empty(); }
  /// The solution; 0 for rows that are aliased or not in the order.
  std::vector<double> solve(std::span<const double> right) const;
  /// Lower triangle of the inverse; 0 in rows that are aliased or not in the order.
  std::vector<double> inverse() const;
  /// By row: whether others explain it.
  const std::vector<std::uint8_t>& aliased() const noexcept { return aliased_; }
  /// The smallest share of a diagonal that was left as pivot, of the rows that are not aliased.
  double least_share() const noexcept { return least_share_; }

 private:
  std::vector<std::size_t> order_;
  std::vector<double> factors_;  ///< L below the diagonal, 1 / D on it (0: aliased); in the given order
  std::vector<double> scale_;    ///< by place in the order: 1 / sqrt(diagonal)
  std::vector<std::uint8_t> aliased_;
  double least_share_ = 1;
};

}  // namespace emptor::mine
