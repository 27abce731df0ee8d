/// The losses of gradient boosting: their gradients, their best constants, their means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/gradient_boosting.hpp"
#include "mine/tree_rows.hpp"

namespace emptor::mine {

/// Up to this many rows are turned into gradients at once.
inline constexpr std::size_t gradient_rows = 1024;

/// A stretch of rows on its way to gradients: the negative first derivative (g) and the second (h), without weights.
struct GradientBlock {
  const double* y;
  const double* margin;
  double* g;
  double* h;
  std::size_t rows;
};

/// p = 1 / (1 + exp(-margin)); g = y - p, h = p (1 - p). To about 1e-10, the same bits on every processor.
void logistic_gradients(const GradientBlock& block);
/// The same as packed sums (histogram.hpp): g and h times their factors, to the nearest whole number, h at least 1.
void packed_logistic_gradients(const GradientBlock& block, double g_factor, double h_factor, std::uint64_t* packed);
void squared_gradients(const GradientBlock& block);
void poisson_gradients(const GradientBlock& block);
void quantile_gradients(const GradientBlock& block, double quantile);

/// The loss of one row.
double loss_of(BoostingLoss loss, double y, double margin, double quantile);
/// -log of the share that softmax gives to class y.
double softmax_loss(std::span<const double> margins, std::size_t y);

/// The quantile of values with weights: the least value at which the weight up to it reaches the share.
double weighted_quantile(std::vector<std::pair<double, double>>& values_and_weights, double share);
/// The constants to start from, one an output.
std::vector<double> base_scores(const TreeRows& rows, const GradientBoostingOptions& options);

}  // namespace emptor::mine
