/// Concentration: how much of the revenue hangs on few customers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace emptor {

/// How unevenly revenue lies on customers who brought any.
struct Concentration {
  std::size_t customers = 0;
  double gini = 0;                           ///< 0: all the same
  double top_1 = 0, top_10 = 0, top_20 = 0;  ///< share of the revenue that the best 1, 10 and 20 % brought
  double herfindahl = 0;                     ///< sum of squared shares
};
/// `revenue` of customers; those at or below 0 are left out. The top p % are ceil(p n / 100) customers. Sources: Gini
/// by the sorted sum, G = 2 sum(i x_i) / (n sum x) - (n + 1) / n; Hirschman, Herfindahl.
Concentration concentration_of(std::vector<std::int64_t> revenue);

}  // namespace emptor
