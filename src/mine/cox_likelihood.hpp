/// The partial likelihood of Cox's model and its derivatives, in one pass over rows in falling time.
#pragma once

#include <span>
#include <vector>

#include "emptor/mine/cox.hpp"
#include "mine/ordered_lifetimes.hpp"

namespace emptor::mine {

struct CoxSums {
  double log_likelihood = 0;
  std::vector<double> gradient, information;  ///< lower triangle
};
CoxSums cox_sums(const OrderedLifetimes& rows, CoxTies ties, std::span<const double> theta);

/// Cumulative hazards of a row at the centre.
std::vector<BaselineHazard> baseline_hazards(const OrderedLifetimes& rows, CoxTies ties, std::span<const double> theta);

/// Whether no event goes against a direction of risk (to 1e-6 of what it spans) while some row is below one: then the
/// likelihood rises along it for ever.
bool rises_for_ever(const OrderedLifetimes& rows, std::span<const double> direction);

}  // namespace emptor::mine
