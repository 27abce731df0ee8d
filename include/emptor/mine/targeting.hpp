/// Targeting: which part of a trial's rows pays to be contacted, and what contacting it brings, measured on rows that
/// had no say in the choice.
///
///     const Targeting found = choose_targets({.y = visit, .scores = uplift, .treated = treated}, folds,
///                                            {.economics = {.value = 20, .cost = 0.5}});
///     if (found.profit.lower > 0) contact_those_above(found.cut.threshold);
///
/// The best of many cuts flatters itself. So each fold's rows are chosen by the cut that is best on all other folds,
/// and the profit of the rows so chosen is what is told. Scores should be out of fold by the same folds
/// (`out_of_fold_uplift`). Source of the honest estimate: Stone, J. Royal Statistical Society B 36 (1974), 111.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/uplift.hpp"

namespace emptor::mine {

struct TargetingOptions {
  ContactEconomics economics = {};
  BootstrapOptions bootstrap = {};
  friend bool operator==(const TargetingOptions&, const TargetingOptions&) noexcept = default;
};

/// What the figures say to do.
enum class TargetingAdvice : std::uint8_t {
  chosen,     ///< contact those above the cut: better than nobody, and not clearly worse than everybody
  everybody,  ///< contacting all pays, and choosing is not clearly better
  nobody,     ///< contacting all costs more than it brings, and no part is found that pays
  undecided,  ///< the intervals allow gain and loss
};

/// Profits are a head of all rows, compared with contacting nobody, with percentile intervals by the bootstrap; those
/// of the chosen are widened for the folds (`widen_for_folds`), as their choice is of the same rows.
struct Targeting {
  ProfitPoint cut;             ///< best on all rows: to go by from now on; its own profit is flattered
  std::vector<double> chosen;  ///< of each row 1 where the cut of the other folds takes it, else 0
  double share = 0;            ///< of the weight that is chosen
  Interval profit;             ///< contacting the chosen
  Interval profit_of_all;      ///< contacting everybody
  Interval beyond_all;         ///< the first less the second, on the same draws
  TargetingAdvice advice() const noexcept;
  friend bool operator==(const Targeting&, const Targeting&) = default;
};
/// Throws Code::invalid as `uplift_curve`, for folds of another number than rows, fewer than two folds, a fold without
/// which an arm has no weight, and economics that are not finite.
Targeting choose_targets(const UpliftRows& rows, std::span<const std::uint32_t> folds,
                         const TargetingOptions& options = {}, const Run& run = {});

}  // namespace emptor::mine
