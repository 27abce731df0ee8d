/// Uplift: whom a contact changes. Rows of a trial are ranked by a score (the effect that a model expects of a
/// contact), and what those contacted did beyond the hold-out is followed down the ranking.
///
///     const auto curve = uplift_curve({.y = visit, .scores = uplift, .treated = treated});
///     const double coefficient = qini(curve, QiniKind::radcliffe).value;
///     const Interval range = uplift_interval({visit, uplift, treated}, [](const auto& c) { return uplift_at(c, .3);
///     }); const ProfitPoint cut = best_cut(curve, {.value = 20, .cost = .5});
///
/// Rows of equal score enter together (or in part, where so said), sums are exact: the order of rows never matters.
/// Sources: Radcliffe, Direct Marketing Analytics Journal 3 (2007), 14; Radcliffe and Surry, Stochastic Solutions white
/// paper TR-2011-1 (2011); Devriendt, Guns and Verbeke, arXiv 2002.05897 (2020).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "emptor/mine/campaign_effect.hpp"
#include "emptor/mine/judgement.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

/// A trial with scores. y is finite (0 or 1 for responses, amounts for sales), treated is 0 or 1.
struct UpliftRows {
  Numbers y, scores, treated;
  Numbers weights = {};                     ///< finite and >= 0; all 1 if empty
  std::span<const std::uint64_t> ids = {};  ///< for draws; 0, 1, 2 ... if empty
};

/// The rows that score at or above `threshold`.
struct UpliftPoint {
  double threshold = 0;
  double treated = 0, held_out = 0;          ///< weights
  double treated_sum = 0, held_out_sum = 0;  ///< of weight x y
  double rows() const noexcept { return treated + held_out; }
  double uplift() const noexcept;  ///< difference of means; NaN where an arm is empty
  double gain() const noexcept;    ///< treated_sum - held_out_sum x treated / held_out (0 without held out rows)
  friend bool operator==(const UpliftPoint&, const UpliftPoint&) noexcept = default;
};
/// From the highest score down, one point a different score.
struct UpliftCurve {
  std::vector<UpliftPoint> points;
  bool binary = false;  ///< every y was 0 or 1
  const UpliftPoint& all() const noexcept { return points.back(); }
  friend bool operator==(const UpliftCurve&, const UpliftCurve&) = default;
};

/// Throws Code::invalid (fields "y", "scores", "treated",
/// "weights", with the row) for sizes that differ, no rows, numbers that are not allowed, and where one arm has no
/// weight. O(rows log rows).
UpliftCurve uplift_curve(const UpliftRows& rows);

/// Qini's definitions differ; compare figures of one only. All but `area` need y to be 0 or 1.
enum class QiniKind : std::uint8_t {
  /// Radcliffe's Q: the area between the gains curve and the diagonal over that of the best curve there could be, which
  /// first takes the treated who respond and last those whom a contact loses. x is the share of the treated, y the gain
  /// a treated head.
  radcliffe,
  /// Radcliffe's q0: over the best curve without losses, which rises at 45 degrees to the overall uplift. May exceed 1;
  /// NaN where the overall uplift is not above 0.
  radcliffe_zero_downlift,
  /// qini_auc_score of scikit-uplift: x counts all rows, treated or not, so that its best curve rises more steeply.
  scikit_uplift,
  /// The same with negative_effect=False.
  scikit_uplift_zero_downlift,
};
struct AreaScore {
  double area = 0;     ///< between the curve and the diagonal
  double optimum = 0;  ///< the same of the best curve
  double value = 0;    ///< area / optimum; NaN where that is not above 0
  friend bool operator==(const AreaScore&, const AreaScore&) noexcept = default;
};
/// For Radcliffe's kinds `area` is Q of Radcliffe and Surry (2011), and twice it the Qc (2007) of amounts. Throws
/// Code::invalid for an empty curve.
AreaScore qini(const UpliftCurve& curve, QiniKind kind = QiniKind::radcliffe);
/// Of the curve of uplift x rows: uplift_auc_score of scikit-uplift (Devriendt 2020). Needs y to be 0 or 1.
AreaScore uplift_area(const UpliftCurve& curve);

enum class UpliftShare : std::uint8_t {
  overall,  ///< the first so many of all rows
  by_arm,   ///< the first so many of each arm
};
/// Difference of means among the rows that score highest, 0 < share <= 1; rows of equal score are taken in part, as if
/// in an order by chance. NaN where an arm has none there.
double uplift_at(const UpliftCurve& curve, double share, UpliftShare by = UpliftShare::overall);

/// What one unit of y brings, and a contact costs.
struct ContactEconomics {
  double value = 1;
  double cost = 0;
  double least_arm = 30;  ///< weight that both arms must have at or above a cut: fewer rows are mostly noise
  friend bool operator==(const ContactEconomics&, const ContactEconomics&) noexcept = default;
};
/// What comes of contacting the rows that score at or above a threshold, compared with contacting nobody.
struct ProfitPoint {
  double threshold = 0;           ///< infinity: contact nobody
  double share = 0;               ///< of all rows
  double uplift = 0;              ///< a contact; 0 where nobody is contacted
  double profit_per_contact = 0;  ///< uplift x value - cost
  double profit = 0;              ///< the same x share: a head of all rows
  friend bool operator==(const ProfitPoint&, const ProfitPoint&) noexcept = default;
};
/// Throws Code::invalid for economics that are not finite.
ProfitPoint profit_at(const UpliftCurve& curve, double threshold, const ContactEconomics& economics);
/// One a point of the curve, those where an arm is below `least_arm` left out.
std::vector<ProfitPoint> profit_curve(const UpliftCurve& curve, const ContactEconomics& economics);
/// The cut of greatest profit; among equals the fewest contacts. Its own profit is flattered, being the best of many:
/// judge it on rows that did not choose it, by `profit_at`.
ProfitPoint best_cut(const UpliftCurve& curve, const ContactEconomics& economics);

using UpliftMeasure = std::function<double(const UpliftCurve&)>;
/// Percentile interval of any measure of a curve, by the bootstrap of judgement.hpp.
Interval uplift_interval(const UpliftRows& rows, const UpliftMeasure& measure, const BootstrapOptions& options = {},
                         const Run& run = {});

/// The same of several measures on the same draws, for which each draw's curve is made once.
std::vector<Interval> uplift_intervals(const UpliftRows& rows, std::span<const UpliftMeasure> measures,
                                       const BootstrapOptions& options = {}, const Run& run = {});

/// The two-model method: the chance (or amount) if contacted less that if not, each by a model of its own arm.
/// Throws Code::invalid for sizes that differ and numbers that are not finite.
std::vector<double> two_model_uplift(Numbers if_treated, Numbers if_held_out);
/// Learns from the rows `train`, all of one arm, and returns what it expects of each row of `test`.
using ArmLearner = std::function<std::vector<double>(std::span<const std::size_t> train, bool treated,
                                                     std::span<const std::size_t> test)>;
/// The two-model uplift of every row by models that never saw it. Folds should be stratified by arm and outcome
/// (`stratified_folds` of 2 x treated + y). Throws Code::invalid where a fold leaves an arm no rows to learn from.
std::vector<double> out_of_fold_uplift(std::span<const std::uint32_t> folds, Numbers treated,
                                       const ArmLearner& learn_and_predict, const Run& run = {});

}  // namespace emptor::mine
