/// Trees boosted on all folds but one, for each fold, together round by round: what they say of the rows that they have
/// not seen tells when to stop (by the squared error of their chances), and their mean is the model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/bins.hpp"
#include "emptor/mine/blended_boosting.hpp"
#include "mine/tree_rows.hpp"

namespace emptor::mine {

struct FoldedTrees {
  TreeEnsemble ensemble;         ///< log-odds: the mean over folds
  std::vector<double> held_out;  ///< log-odds of each row by the trees of its fold; 0 for rows of weight 0
  std::size_t rounds = 0;
};

/// Requires both classes outside each of the folds 0 ... count - 1. The same bits for any threads and order of rows.
FoldedTrees boost_folds(const BinnedRows& bins, const TreeRows& rows, std::span<const std::uint32_t> folds,
                        std::size_t count, const BlendedBoostingOptions& options, const Run& run);

/// Mean logarithmic loss of log-odds over the active rows.
double mean_log_loss(const TreeRows& rows, std::span<const double> log_odds);

}  // namespace emptor::mine
