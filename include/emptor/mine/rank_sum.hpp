/// Rank sums: whether one group's numbers lie above another's, whatever their distribution.
///
///     const RankSum result = rank_sum(own_recent_amounts, own_earlier_amounts);
///     result.delta; result.p_value;
///
/// The test of Mann and Whitney (Ann. Math. Statist. 18 (1947), 50), equal numbers with their mean rank. Up to
/// `most_exact` numbers its p-value is exact also where numbers are equal: all ways are counted in which the ranks
/// could have fallen to the groups. Above that it is the normal one, its variance corrected for equal numbers (Lehmann,
/// Nonparametrics (1975), 1.4), without a continuity correction. The effect is Cliff's delta (Psychol. Bull. 114
/// (1993), 494).
#pragma once

#include <cstddef>

#include "emptor/mine/judgement.hpp"

namespace emptor::mine {

struct RankSum {
  double delta = 0;    ///< P(first > second) - P(first < second), -1 to 1
  double p_value = 1;  ///< two-sided: twice the smaller tail, at most 1
  bool exact = false;
  friend bool operator==(const RankSum&, const RankSum&) noexcept = default;
};

/// Requires at least one finite number in each; throws Code::invalid (fields "first", "second", with the row).
/// O(n log n), and where exact O(n x smaller^2 x n).
RankSum rank_sum(Numbers first, Numbers second, std::size_t most_exact = 40);

}  // namespace emptor::mine
