/// Mantel-Haenszel: how an exposure and an event go together where strata differ, as one odds ratio of all of them.
///
///     const std::vector<Stratum> strata = {{10, 20, 30, 25}, {5, 2, 40, 12}};
///     const StratifiedOdds odds = mantel_haenszel(strata);
///
/// Many small strata are no harm, as they would be to a regression with a coefficient for each. Sources: Mantel and
/// Haenszel, J. Nat. Cancer Inst. 22 (1959), 719 (the ratio, and the test, here without a continuity correction);
/// Robins, Breslow and Greenland, Biometrics 42 (1986), 311 (the variance of the logarithm).
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "emptor/mine/rates.hpp"

namespace emptor::mine {

/// Counts of one stratum.
struct Stratum {
  double exposed_with = 0, exposed_without = 0;  ///< of those exposed: with the event, and without
  double others_with = 0, others_without = 0;
};

struct StratifiedOdds {
  std::optional<RateInterval> ratio;  ///< nothing where no stratum tells of both sides
  double p_value = 1;                 ///< two-sided, of a ratio of 1
  std::size_t strata = 0;             ///< in which both sides stand
};

/// Throws Code::invalid for counts that are negative or not finite (field "strata", with the row) and for a level
/// outside (0, 1). Linear in strata; sums are exact, so that their order does not matter.
StratifiedOdds mantel_haenszel(std::span<const Stratum> strata, double level = 0.95);

}  // namespace emptor::mine
