/// The loops over a tile of rows, in the vectors of the processor: the same bits in all of them.
#pragma once

#include "mine/lifetime_tile.hpp"
#include "mine/quadrature.hpp"

namespace emptor::mine {

/// Pareto/NBD: fills length, high and fall.
void lifetime_ranges(const LifetimeParameters& p, LifetimeTile& tile);
/// The moments of one panel a lane. `lanes` holds five times `lifetime_lanes` numbers: age, x, the highest logarithm,
/// where the panel begins, its length; `out` takes the moments, the lanes of one side by side.
void lifetime_panels(const LifetimeParameters& p, const Quadrature& rule, bool derivatives, const double* lanes,
                     double* out);
/// Fills log_odds, stays and value; of Pareto/NBD from the moments.
void lifetime_values(const LifetimeParameters& p, LifetimeTile& tile);
/// Adds the rows to the lanes.
void lifetime_sums(const LifetimeParameters& p, const LifetimeTile& tile, LifetimeLanes& into);

}  // namespace emptor::mine
