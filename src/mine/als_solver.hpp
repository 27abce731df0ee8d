/// One side of alternating least squares: all rows of a sparse table solved while the other side stays.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/als.hpp"
#include "mine/purchase_lists.hpp"

namespace emptor::mine {

/// Vectors one after another, each `width` doubles, of which the last ones are 0.
struct AlsVectors {
  std::size_t factors = 0, width = 0;
  std::vector<double> values;

  AlsVectors(std::size_t rows, std::size_t factors_of);
  /// From and to rows without padding.
  AlsVectors(std::span<const double> dense, std::size_t factors_of);
  std::vector<double> dense() const;

  std::size_t size() const noexcept { return values.size() / width; }
  double* row(std::size_t r) noexcept { return values.data() + r * width; }
  const double* row(std::size_t r) const noexcept { return values.data() + r * width; }
};

/// alpha r, or what stands in its place: the confidence less 1.
std::vector<double> extra_confidence(const AlsOptions& options, std::span<const double> counts);
/// The sum of all rows' products with themselves, width x width, both triangles. Blocks of rows are added in their
/// order.
std::vector<double> gram(const AlsVectors& vectors, const Run& run);

/// The equations of one row: (gram + regularisation + sum of w y y') x = sum of (1 + w) y.
class AlsEquations {
 public:
  AlsEquations(const AlsOptions& options, const AlsVectors& other, std::span<const double> gram);

  /// x becomes the solution, or comes nearer to it. Throws Code::invalid (field "regularisation").
  void solve(std::span<const std::uint32_t> columns, std::span<const double> extra, double* x);
  /// Solves exactly for any right side (in place), after `prepare`.
  void prepare(std::span<const std::uint32_t> columns, std::span<const double> extra);
  void solve_prepared(double* right) const;

 private:
  void descend(std::span<const std::uint32_t> columns, std::span<const double> extra, double* x);

  const AlsOptions& options_;
  const AlsVectors& other_;
  std::span<const double> gram_;
  std::vector<double> matrix_, rows_, weighted_, right_, step_, along_;
};

void solve_side(const SparseRows& rows, std::span<const double> extra, const AlsVectors& other, AlsVectors& own,
                const AlsOptions& options, const Run& run);

}  // namespace emptor::mine
