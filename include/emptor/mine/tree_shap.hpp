/// TreeSHAP: how much each feature adds to one prediction of trees, exactly: Shapley values of the expectation that
/// follows both branches, by their covers, where a feature is not known.
///
/// Source: Lundberg, Erion, Lee, Consistent Individualized Feature Attribution for Tree Ensembles (2018), algorithm 2;
/// per leaf and pattern of answers tabulated, as answers on a path are all that a row adds.
#pragma once

#include <cstddef>
#include <vector>

#include "emptor/mine/numbers.hpp"
#include "emptor/mine/run.hpp"
#include "emptor/mine/tree.hpp"

namespace emptor::mine {

/// Rows x outputs x (features + 1): what each feature adds to the raw score, last the expected score. They add up to
/// raw_scores to rounding. The same bits for any number of threads. Throws Code::invalid where columns do not match.
std::vector<double> tree_shap(const TreeEnsemble& ensemble, NumberView x, const Run& run = {});

}  // namespace emptor::mine
