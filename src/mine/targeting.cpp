#include "emptor/mine/targeting.hpp"

#include <algorithm>

#include "emptor/core/exact_sum.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

double weight_of(const UpliftRows& rows, std::size_t row) { return rows.weights.empty() ? 1 : rows.weights[row]; }

/// The cut that is best on the rows outside a fold.
double threshold_without(const UpliftRows& rows, std::span<const std::uint32_t> folds, std::uint32_t fold,
                         const ContactEconomics& economics) {
  std::vector<double> y, scores, treated, weights;
  for (std::size_t r = 0; r < folds.size(); ++r) {
    if (folds[r] == fold) continue;
    y.push_back(rows.y[r]);
    scores.push_back(rows.scores[r]);
    treated.push_back(rows.treated[r]);
    weights.push_back(weight_of(rows, r));
  }
  return best_cut(uplift_curve({y, scores, treated, weights, {}}), economics).threshold;
}

std::vector<double> chosen_by_others(const UpliftRows& rows, std::span<const std::uint32_t> folds,
                                     const ContactEconomics& economics) {
  const std::uint32_t last = *std::max_element(folds.begin(), folds.end());
  std::vector<double> thresholds, chosen;
  for (std::uint32_t fold = 0; fold <= last; ++fold)
    thresholds.push_back(threshold_without(rows, folds, fold, economics));
  for (std::size_t r = 0; r < folds.size(); ++r) chosen.push_back(rows.scores[r] >= thresholds[folds[r]] ? 1 : 0);
  return chosen;
}

double share_of(const UpliftRows& rows, const std::vector<double>& chosen) {
  DoubleSum part, all;
  for (std::size_t r = 0; r < chosen.size(); ++r) {
    all.add(weight_of(rows, r));
    if (chosen[r] == 1) part.add(weight_of(rows, r));
  }
  return part.value() / all.value();
}

}  // namespace

TargetingAdvice Targeting::advice() const noexcept {
  if (profit.lower > 0 && beyond_all.lower > 0) return TargetingAdvice::chosen;
  if (profit_of_all.lower > 0) return TargetingAdvice::everybody;
  if (profit.lower > 0) return TargetingAdvice::chosen;
  return profit_of_all.upper < 0 ? TargetingAdvice::nobody : TargetingAdvice::undecided;
}

Targeting choose_targets(const UpliftRows& rows, std::span<const std::uint32_t> folds, const TargetingOptions& options,
                         const Run& run) {
  const UpliftCurve curve = uplift_curve(rows);
  if (folds.size() != rows.y.size()) refuse_input("folds and rows differ in number", "folds");
  const std::size_t count = std::size_t{*std::max_element(folds.begin(), folds.end())} + 1;
  if (count < 2) refuse_input("at least two folds are needed", "folds");
  Targeting found;
  found.cut = best_cut(curve, options.economics);
  found.chosen = chosen_by_others(rows, folds, options.economics);
  found.share = share_of(rows, found.chosen);
  // The choice is a score of two values: all above 0 are the chosen, all at 0 or above are everybody.
  const UpliftRows split{rows.y, found.chosen, rows.treated, rows.weights, rows.ids};
  const auto chosen = [&](const UpliftCurve& c) { return profit_at(c, 1, options.economics).profit; };
  const auto all = [&](const UpliftCurve& c) { return profit_at(c, 0, options.economics).profit; };
  const UpliftMeasure profits[] = {chosen, all, [&](const UpliftCurve& c) { return chosen(c) - all(c); }};
  const std::vector<Interval> intervals = uplift_intervals(split, profits, options.bootstrap, run);
  found.profit = widen_for_folds(intervals[0], count);
  found.profit_of_all = intervals[1];
  found.beyond_all = widen_for_folds(intervals[2], count);
  return found;
}

}  // namespace emptor::mine
