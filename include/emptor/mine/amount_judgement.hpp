/// How good expected amounts are: do they put those first who bring most, and is what they expect what comes?
///
///     const double gini = normalised_gini(came, expected);             // 1: the order in which it came
///     const AmountCalibration told = calibrate_amounts(came, expected);  // told.ratio: all that came / all expected
///
/// The concentration of an amount in the order of a score is that of Kakwani (Econometrica 45 (1977), 719): twice the
/// area between the diagonal and the curve of the amount's share against the customers', from the lowest score up.
/// Equal scores share their place. Divided by the concentration in the amount's own order, which is Gini's coefficient,
/// it is 1 for the best order there is, 0 for one by chance, and -1 for the worst.
#pragma once

#include <cstddef>
#include <vector>

#include "emptor/mine/judgement.hpp"

namespace emptor::mine {

/// Amounts may be below 0, but not together. Throws Code::invalid (fields "amounts", "scores") for sizes that differ,
/// no rows, numbers that are not finite, and amounts whose sum is not above 0. Sums are exact; O(n log n).
double concentration(Numbers amounts, Numbers scores);
/// Throws as above, and where all amounts are equal.
double normalised_gini(Numbers amounts, Numbers scores);

struct AmountBin {
  std::size_t rows = 0;
  double expected = 0, came = 0;  ///< means
  friend bool operator==(const AmountBin&, const AmountBin&) noexcept = default;
};
struct AmountCalibration {
  double ratio = 0;             ///< all that came over all that was expected; NaN where nothing was
  double error = 0;             ///< sum over bins of |came - expected| over all that came
  std::vector<AmountBin> bins;  ///< by ascending expectation, as equal in number as can be; equal ones share a bin
  friend bool operator==(const AmountCalibration&, const AmountCalibration&) = default;
};
/// Throws Code::invalid as above (field "expected" for the second), and for no bins.
AmountCalibration calibrate_amounts(Numbers came, Numbers expected, std::size_t bins = 10);

}  // namespace emptor::mine
