/// A logistic regression with a ridge, and what the same regression would say of the rows of each fold had it not seen
/// them: one Newton step from the optimum of all rows, by the others' own derivatives.
///
/// The step is from a point that a fold's share of the rows moved, and Newton's method squares such an error; a fit of
/// its own for every fold would cost a fit each. All sums are integers, so the bits are the same for any threads.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "emptor/mine/logistic.hpp"

namespace emptor::mine {

struct CrossLogistic {
  std::vector<double> coefficients;  ///< of all rows
  double intercept = 0;
  std::vector<double> held_out;  ///< log-odds of each row, by the model without its fold
};

/// fit_logistic from the optimum of a few thousand rows, which spares passes over the others: for columns of which no
/// number lies far from those of a sample.
LogisticModel fit_logistic_from_sample(const TrainingRows& rows, const LogisticOptions& options, const Run& run);

/// Rows lie fold by fold: fold k ends before row ends[k]. Two classes. Throws as fit_logistic does, and Code::invalid
/// (fields "ridge", "lasso") without a ridge and with a lasso.
CrossLogistic cross_fit_logistic(const TrainingRows& rows, std::span<const std::size_t> ends,
                                 const LogisticOptions& options, const Run& run);

}  // namespace emptor::mine
