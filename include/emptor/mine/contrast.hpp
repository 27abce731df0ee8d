/// Contrast: what sets a group apart from the rest, as the size of the difference and not only its significance.
///
///     const NumberContrast spend = contrast_numbers(spend_of_group, spend_of_others);
///     const ShareContrast german = contrast_shares({40, 100}, {90, 900});   // 40 of 100 against 90 of 900
///     std::vector<double> adjusted = false_discovery({spend.p_value, german.p_value});
///
/// Numbers: Cliff's delta (Psychol. Bull. 114 (1993), 494) with the asymmetric interval of Feng and Cliff (J. Mod.
/// Appl. Stat. Methods 3 (2004), 322), and Cohen's d with the interval of Hedges and Olkin (Statistical Methods for
/// Meta-Analysis (1985), 5.F); the p-value is that of the rank sum. Shares: the logarithm of the lift with the interval
/// of Katz et al. (Biometrics 34 (1978), 469), phi, and twice the smaller tail of Fisher's exact test.
#pragma once

#include <cstddef>

#include "emptor/mine/judgement.hpp"

namespace emptor::mine {

/// An effect and the interval that holds it with the chosen level.
struct Effect {
  double value = 0, lower = 0, upper = 0;
  friend bool operator==(const Effect&, const Effect&) noexcept = default;
};

struct NumberContrast {
  std::size_t within = 0, outside = 0;  ///< rows
  double median_within = 0, median_outside = 0;
  double mean_within = 0, mean_outside = 0;
  Effect delta;  ///< P(within > outside) - P(within < outside), -1 to 1
  Effect d;      ///< difference of the means in pooled standard deviations; 0 where nothing varies
  double p_value = 1;
  friend bool operator==(const NumberContrast&, const NumberContrast&) noexcept = default;
};
/// Requires two finite numbers or more in each, and 0 < level < 1; throws Code::invalid (fields "within", "outside",
/// "level"). Sums are exact: the order changes nothing. O(n log n).
NumberContrast contrast_numbers(Numbers within, Numbers outside, double level = 0.95);

struct Share {
  std::size_t having = 0, all = 0;
};
struct ShareContrast {
  Share within, outside;
  Effect log_lift;  ///< log of (share within / share outside); half a row is added to each count where one is 0
  double phi = 0;   ///< correlation of having with being within; 0 where one of them is the same for all
  double p_value = 1;
};
/// Requires rows on both sides, having <= all and 0 < level < 1; throws Code::invalid.
ShareContrast contrast_shares(const Share& within, const Share& outside, double level = 0.95);

}  // namespace emptor::mine
