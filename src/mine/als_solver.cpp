#include "mine/als_solver.hpp"

#include <algorithm>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "mine/als_kernels.hpp"
#include "mine/row_chunks.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t block = 64;        // rows that are gathered at a time
constexpr std::size_t gram_rows = 1024;  // of a block of the gram matrix

std::size_t width_of(std::size_t factors) { return (factors + als_lanes - 1) / als_lanes * als_lanes; }

}  // namespace

AlsVectors::AlsVectors(std::size_t rows, std::size_t factors_of)
    : factors(factors_of), width(width_of(factors_of)), values(rows * width) {}
AlsVectors::AlsVectors(std::span<const double> dense, std::size_t factors_of)
    : AlsVectors(dense.size() / factors_of, factors_of) {
  for (std::size_t r = 0; r < size(); ++r) std::copy_n(dense.data() + r * factors, factors, row(r));
}
std::vector<double> AlsVectors::dense() const {
  std::vector<double> out(size() * factors);
  for (std::size_t r = 0; r < size(); ++r) std::copy_n(row(r), factors, out.data() + r * factors);
  return out;
}

std::vector<double> extra_confidence(const AlsOptions& options, std::span<const double> counts) {
  std::vector<double> extra(counts.begin(), counts.end());
  for (double& count : extra) {
    if (options.confidence == AlsConfidence::logarithmic) count = elementary::log(1 + count / options.epsilon);
    count *= options.alpha;
  }
  return extra;
}

std::vector<double> gram(const AlsVectors& vectors, const Run& run) {
  const std::size_t width = vectors.width, square = width * width;
  const std::size_t blocks = (vectors.size() + gram_rows - 1) / gram_rows, turn = 16;
  std::vector<double> sum(square), parts(std::min(blocks, turn) * square);
  for (std::size_t begin = 0; begin < blocks; begin += turn) {
    const std::size_t here = std::min(turn, blocks - begin);
    std::fill(parts.begin(), parts.end(), 0.0);
    for_chunks(run, "als", here, 1, [&](std::size_t, std::size_t b, std::size_t) {
      const std::size_t first = (begin + b) * gram_rows, count = std::min(gram_rows, vectors.size() - first);
      for (std::size_t r = 0; r < count; r += block) {
        const double* rows = vectors.row(first + r);
        add_products(rows, rows, std::min(block, count - r), width, parts.data() + b * square);
      }
    });
    for (std::size_t b = 0; b < here; ++b) {
      for (std::size_t i = 0; i < square; ++i) sum[i] += parts[b * square + i];
    }
  }
  for (std::size_t i = 0; i < width; ++i) {
    for (std::size_t j = 0; j < i; ++j) sum[i * width + j] = sum[j * width + i];
  }
  return sum;
}

AlsEquations::AlsEquations(const AlsOptions& options, const AlsVectors& other, std::span<const double> gram)
    : options_(options), other_(other), gram_(gram), right_(other.width), step_(other.width), along_(other.width) {}

void AlsEquations::prepare(std::span<const std::uint32_t> columns, std::span<const double> extra) {
  const std::size_t width = other_.width;
  matrix_.assign(gram_.begin(), gram_.end());
  rows_.resize(block * width);
  weighted_.resize(block * width);
  for (std::size_t i = 0; i < width; ++i) {
    matrix_[i * width + i] += i < other_.factors ? options_.regularisation : 1.0;  // what is padding solves to 0
  }
  for (std::size_t first = 0; first < columns.size(); first += block) {
    const std::size_t count = std::min(block, columns.size() - first);
    for (std::size_t k = 0; k < count; ++k) {
      const double* from = other_.row(columns[first + k]);
      double *row = rows_.data() + k * width, *weighted = weighted_.data() + k * width;
      for (std::size_t i = 0; i < width; ++i) {
        row[i] = from[i];
        weighted[i] = extra[first + k] * from[i];
      }
    }
    add_products(rows_.data(), weighted_.data(), count, width, matrix_.data());
  }
  if (!factorise(matrix_.data(), width)) {
    refuse_input("equations that double precision cannot solve", "regularisation", "raise it, or lower alpha");
  }
}

void AlsEquations::solve_prepared(double* right) const { solve_factored(matrix_.data(), other_.width, right); }

void AlsEquations::solve(std::span<const std::uint32_t> columns, std::span<const double> extra, double* x) {
  if (columns.empty()) {
    std::fill_n(x, other_.width, 0.0);
    return;
  }
  if (options_.solver == AlsSolver::conjugate_gradients) return descend(columns, extra, x);
  prepare(columns, extra);
  std::fill_n(x, other_.width, 0.0);
  for (std::size_t k = 0; k < columns.size(); ++k) add_scaled(1 + extra[k], other_.row(columns[k]), other_.width, x);
  solve_prepared(x);
}

/// Conjugate gradients (Hestenes and Stiefel, 1952); the matrix is never formed (Takacs, Pilaszy and Tikk, 2011).
void AlsEquations::descend(std::span<const std::uint32_t> columns, std::span<const double> extra, double* x) {
  const std::size_t width = other_.width;
  double *residual = right_.data(), *step = step_.data(), *along = along_.data();
  multiply_symmetric(gram_.data(), x, width, residual);
  for (std::size_t i = 0; i < width; ++i) residual[i] = -residual[i] - options_.regularisation * x[i];
  for (std::size_t k = 0; k < columns.size(); ++k) {
    const double* y = other_.row(columns[k]);
    add_scaled(1 + extra[k] - extra[k] * dot(y, x, width), y, width, residual);
  }
  std::copy_n(residual, width, step);
  double square = dot(residual, residual, width);
  for (std::size_t i = 0; i < options_.steps && square > 1e-20; ++i) {
    multiply_symmetric(gram_.data(), step, width, along);
    add_scaled(options_.regularisation, step, width, along);
    add_pulls(other_.values.data(), columns.data(), extra.data(), columns.size(), width, step, along);
    const double length = square / dot(step, along, width);
    add_scaled(length, step, width, x);
    add_scaled(-length, along, width, residual);
    const double now = dot(residual, residual, width), ratio = now / square;
    for (std::size_t j = 0; j < width; ++j) step[j] = residual[j] + ratio * step[j];
    square = now;
  }
}

void solve_side(const SparseRows& rows, std::span<const double> extra, const AlsVectors& other, AlsVectors& own,
                const AlsOptions& options, const Run& run) {
  const std::vector<double> of_other = gram(other, run);
  constexpr std::size_t chunk = 16;
  std::vector<AlsEquations> equations(workers_for(run, rows.size(), chunk), AlsEquations(options, other, of_other));
  for_chunks(run, "als", rows.size(), chunk, [&](std::size_t worker, std::size_t first, std::size_t count) {
    for (std::size_t r = first; r < first + count; ++r) {
      const std::size_t begin = rows.starts[r], size = rows.starts[r + 1] - begin;
      equations[worker].solve(std::span(rows.columns).subspan(begin, size), extra.subspan(begin, size), own.row(r));
    }
  });
}

}  // namespace emptor::mine
