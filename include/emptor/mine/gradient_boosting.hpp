/// Gradient boosting: trees fitted one after the other to the gradient of a loss, on histograms, with second
/// derivatives and early stopping.
///
///     const GradientBoosting model = fit_gradient_boosting(rows, {.loss = BoostingLoss::logistic, .rounds = 100});
///     const std::vector<double> chances = predict(model.ensemble, rows.x);  // rows x 2
///
/// Source: Friedman (2001); Chen and Guestrin, XGBoost (2016), equations 6-7 and section 3.4. Gradients are rounded to
/// integers of a common scale, so that histograms are exact sums and the model has the same bits anywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/bins.hpp"
#include "emptor/mine/numbers.hpp"
#include "emptor/mine/run.hpp"
#include "emptor/mine/tree.hpp"

namespace emptor::mine {

enum class BoostingLoss : std::uint8_t {
  squared,   ///< y any finite number; the mean
  logistic,  ///< y 0 or 1; the log-odds
  softmax,   ///< y 0, 1, 2 ...; a tree a class and round
  poisson,   ///< y >= 0; the logarithm of the rate
  quantile,  ///< y any finite number; the `quantile` of it
};

struct GradientBoostingOptions {
  BoostingLoss loss = BoostingLoss::logistic;
  std::size_t rounds = 100;
  double learning_rate = 0.1;
  std::size_t max_depth = 6;    ///< 1 to 32
  std::size_t max_leaves = 0;   ///< 0: as many as the depth allows; else the largest gain first
  double min_child_weight = 1;  ///< sum of second derivatives that both children must keep
  std::size_t min_leaf = 1;     ///< rows that both children must keep
  double l2 = 1;                ///< on the values of leaves
  double min_gain = 0;          ///< a split must gain more than this
  double row_share = 1;         ///< of the rows, drawn for each round by (seed, round, id)
  double feature_share = 1;     ///< of the features, drawn for each tree
  double quantile = 0.5;        ///< of the quantile loss, between 0 and 1
  std::size_t bins = 255;
  std::vector<double> class_weights = {};  ///< one a class; all 1 if empty
  std::vector<int> monotone = {};          ///< by feature: 1 rising, -1 falling, 0 free; none if empty
  std::vector<std::size_t> categorical = {};
  double validation_share = 0;  ///< of the rows, held out by hash_of(seed, id) to stop early
  std::size_t patience = 0;     ///< rounds without a better held-out loss after which it stops; 0: never
  std::uint64_t seed = 0;
  friend bool operator==(const GradientBoostingOptions&, const GradientBoostingOptions&) = default;
};

struct GradientBoosting {
  TreeEnsemble ensemble;
  std::size_t classes = 0;  ///< 2 or more for logistic and softmax; else 0
  GradientBoostingOptions options;
  std::vector<double> validation_loss;  ///< mean, after each round that was fitted; empty without held-out rows
  std::string data_version;
  friend bool operator==(const GradientBoosting&, const GradientBoosting&) = default;
};

/// x may have NaN. The trees are those of the best round where it stopped early. The same bits for any threads, order
/// of rows and batches. O(rows x features x depth x rounds). Throws Code::invalid (fields "x", "y", "weights", "ids",
/// or that of the option).
GradientBoosting fit_gradient_boosting(const TrainingRows& rows, const GradientBoostingOptions& options = {},
                                       const Run& run = {});
GradientBoosting fit_gradient_boosting(const BinnedTable& table, const GradientBoostingOptions& options = {},
                                       const Run& run = {});

std::string save(const GradientBoosting& model);
GradientBoosting load_gradient_boosting(std::string_view bytes);

}  // namespace emptor::mine
