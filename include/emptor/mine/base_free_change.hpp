/// Base-free change: how far a quantity moved between two windows beyond what is usual at its base, chance allowed for.
///
///     const BaseFreeChange change = estimate_base_free_change({former_a, former_b}, {recent_a, recent_b});
///     change.changes[row];   // above 0: more than those who stood where this one stood
///     change.reliability;    // share of what was seen of it that is no chance
///
/// A change that was observed overstates: who stood high by luck falls back (regression to the mean), and where all
/// levels spread (a season) the high ones rise most. Each window is measured twice, on two halves of its time whose
/// errors are independent; the covariance of the halves is the variance of what they have in common, the true level.
/// The change is the recent level less its regression on the former, times its reliability: the variance of that
/// residual among true levels over that among observed ones, which makes it the best linear estimate of the true one.
/// Source: Tucker, Damarin and Messick, Psychometrika 31 (1966), 457; Lord, Educ. Psychol. Meas. 16 (1956), 421; as
/// linear empirical Bayes: Robbins, Ann. Statist. 11 (1983), 713. It needs no distribution, only second moments.
#pragma once

#include <cstddef>
#include <vector>

#include "emptor/mine/judgement.hpp"

namespace emptor::mine {

/// A level measured twice, a row each.
struct Halves {
  Numbers a, b;
};

struct BaseFreeChange {
  std::vector<double> changes;   ///< estimated, a row each, of mean 0
  std::vector<double> observed;  ///< recent level - former level, as it was seen
  std::vector<double> levels;    ///< the recent ones, estimated: the best linear estimate from both windows
  double slope = 0;              ///< of the regression of the recent level on the former
  double reliability = 0;        ///< of the residual, 0 to 1; at 0 all changes are 0
  double reliability_former = 0, reliability_recent = 0;  ///< of the observed levels

  friend bool operator==(const BaseFreeChange&, const BaseFreeChange&) = default;
};

/// Levels are the means of their halves. Throws Code::invalid (fields "former", "recent", with the row) for fewer than
/// 3 rows, sizes that differ and numbers that are not finite. Sums are exact, so the order of rows changes nothing.
/// Linear in rows.
BaseFreeChange estimate_base_free_change(const Halves& former, const Halves& recent);

}  // namespace emptor::mine
