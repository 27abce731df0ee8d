#include "mine/symmetric.hpp"

#include <algorithm>
#include <cmath>

#include "core/long_call.hpp"

namespace emptor::mine {
namespace {

double element(std::span<const double> matrix, std::size_t a, std::size_t b) {
  return matrix[triangle_index(std::max(a, b), std::min(a, b))];
}

/// The sum of products, in four sums side by side, as each waits for the addition before.
double dot(const double* left, const double* right, std::size_t count) {
  double a = 0, b = 0, c = 0, d = 0;
  std::size_t k = 0;
  for (; k + 4 <= count; k += 4) {
    a += left[k] * right[k];
    b += left[k + 1] * right[k + 1];
    c += left[k + 2] * right[k + 2];
    d += left[k + 3] * right[k + 3];
  }
  for (; k < count; ++k) a += left[k] * right[k];
  return (a + b) + (c + d);
}

}  // namespace

std::vector<double> turned(std::span<const double> triangle, std::span<const double> by, std::size_t n) {
  std::vector<double> half(n * n, 0.0), out(triangle_size(n), 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t k = 0; k < n; ++k) half[i * n + j] += by[i * n + k] * element(triangle, k, j);
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      for (std::size_t k = 0; k < n; ++k) out[triangle_index(i, j)] += half[i * n + k] * by[j * n + k];
    }
  }
  return out;
}

SymmetricFactors::SymmetricFactors(std::span<const double> matrix, std::vector<std::size_t> order, double least_pivot)
    : order_(std::move(order)) {
  const std::size_t count = order_.size();
  std::size_t rows = 0;
  while (triangle_size(rows) < matrix.size()) ++rows;
  aliased_.assign(rows, 0);
  scale_.assign(count, 0);
  factors_.assign(triangle_size(count), 0);
  for (std::size_t i = 0; i < count; ++i) {
    const double diagonal = element(matrix, order_[i], order_[i]);
    if (diagonal > 0) scale_[i] = 1 / std::sqrt(diagonal);
  }
  // Row i of L D first, then divided: with the scaling, diagonals are 1 and pivots are shares.
  std::vector<double> reciprocals(count, 0), times_pivot(count);
  for (std::size_t i = 0; i < count; ++i) {
    beat("solve", i, count);
    double* row = factors_.data() + triangle_index(i, 0);
    for (std::size_t j = 0; j < i; ++j) {
      const double* other = factors_.data() + triangle_index(j, 0);
      const double value = element(matrix, order_[i], order_[j]) * scale_[i] * scale_[j];
      times_pivot[j] = value - dot(times_pivot.data(), other, j);
      if (reciprocals[j] == 0) times_pivot[j] = 0;
      row[j] = times_pivot[j] * reciprocals[j];
    }
    const double pivot = (scale_[i] > 0 ? 1.0 : 0.0) - dot(times_pivot.data(), row, i);
    if (pivot > least_pivot) {
      reciprocals[i] = 1 / pivot;
      least_share_ = std::min(least_share_, pivot);
    } else {
      aliased_[order_[i]] = 1;
      std::fill(row, row + i, 0.0);
    }
    row[i] = reciprocals[i];
  }
}

std::vector<double> SymmetricFactors::solve(std::span<const double> right) const {
  const std::size_t count = order_.size();
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double* row = factors_.data() + triangle_index(i, 0);
    values[i] = right[order_[i]] * scale_[i] - dot(row, values.data(), i);
  }
  for (std::size_t i = count; i-- > 0;) {
    const double* row = factors_.data() + triangle_index(i, 0);
    values[i] *= row[i];
    for (std::size_t k = i + 1; k < count; ++k) values[i] -= factors_[triangle_index(k, i)] * values[k];
    if (row[i] == 0) values[i] = 0;
  }
  std::vector<double> solution(aliased_.size(), 0.0);
  for (std::size_t i = 0; i < count; ++i) solution[order_[i]] = values[i] * scale_[i];
  return solution;
}

std::vector<double> SymmetricFactors::inverse() const {
  const std::size_t rows = aliased_.size();
  std::vector<double> result(triangle_size(rows), 0.0), unit(rows, 0.0);
  for (const std::size_t a : order_) {
    if (aliased_[a]) continue;
    beat("invert", a, rows);
    unit[a] = 1;
    const std::vector<double> column = solve(unit);
    unit[a] = 0;
    for (std::size_t b = 0; b <= a; ++b) result[triangle_index(a, b)] = column[b];
  }
  return result;
}

}  // namespace emptor::mine
