/// Blended boosting: the chance of one of two classes from boosted trees and a logistic regression together, tuned and
/// calibrated on rows that each part has not seen. For tables whose best settings nobody knows beforehand.
///
///     const BlendedBoosting model = fit_blended_boosting(rows, {.categorical = {3, 4}});
///     const std::vector<double> chances = predict(model, rows.x);  // rows x 2
///
/// The rows are drawn into folds. For each fold trees are boosted on the others, all together round by round; what they
/// say of the rows that they have not seen decides when to stop. The folds' trees are averaged and none is fitted
/// again, so the rounds are all that is spent. Beside them stands a logistic regression with a ridge on numbers as
/// piecewise linear functions and on words; its own words on unseen rows cost one Newton step a fold. A last
/// regression of the outcome on both, on unseen rows alone, weighs and calibrates them.
///
/// Source: averaging the fits of cross-validation: Breiman, Machine Learning 24 (1996), Bagging predictors; weights
/// from rows that were left out: Wolpert, Neural Networks 5 (1992), and with weights of at least 0 Breiman, Machine
/// Learning 24 (1996), Stacked regressions; calibration: Platt (1999). The trees are those of gradient_boosting.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/numbers.hpp"
#include "emptor/mine/run.hpp"
#include "emptor/mine/tree.hpp"

namespace emptor::mine {

struct BlendedBoostingOptions {
  std::size_t folds = 0;        ///< 2 or more; 0: five, and three from 20,000 rows on
  std::size_t rounds = 400;     ///< of trees in each fold, at most
  std::size_t patience = 5;     ///< rounds without a smaller squared error on unseen rows after which it stops
  double learning_rate = 0;     ///< above 0; 0: .25, and .2 from 20,000 rows on
  std::size_t max_depth = 0;    ///< 1 to 32; 0: four, and five from 20,000 rows on
  double min_child_weight = 1;  ///< sum of second derivatives that both children must keep
  double l2 = 1;                ///< on the values of leaves
  double row_share = 1;         ///< of the rows, drawn for each round by (seed, fold, round, id)
  double ridge = 2;             ///< of the logistic regression, on columns of standard deviation 1; above 0
  std::size_t bins = 0;         ///< of each number, for the trees; 2 to 255; 0: 32, and 64 from 20,000 rows on
  std::size_t knots = 2;        ///< where a number's slope may change, at equal shares of the rows; 0: straight lines
  std::vector<std::size_t> categorical = {};  ///< columns whose numbers are names
  std::uint64_t seed = 0;
  friend bool operator==(const BlendedBoostingOptions&, const BlendedBoostingOptions&) = default;
};

/// What the logistic regression adds to the log-odds for one feature, before the blend's weight.
struct BlendTerm {
  bool categorical = false;
  double centre = 0, spread = 1;   ///< of a number: z = (x - centre) / spread, kept within -4 ... 4
  std::vector<double> knots;       ///< on z, ascending
  std::vector<double> slopes;      ///< one a knot and one: of z itself, then of max(z - knot, 0)
  std::vector<double> categories;  ///< ascending; what else is met adds 0
  std::vector<double> levels;      ///< that each category adds
  double missing = 0;              ///< that NaN adds
  double mean = 0;                 ///< over the rows learnt from, by their weights

  double of(double x) const noexcept;
  friend bool operator==(const BlendTerm&, const BlendTerm&) = default;
};

/// How well a part did on rows that it had not seen: the mean logarithmic loss, in nats.
struct BlendLosses {
  double trees = 0, linear = 0;
  double blend = 0;  ///< of both as they were weighed; a little too good, as three numbers were fitted to it
  friend bool operator==(const BlendLosses&, const BlendLosses&) = default;
};

struct BlendedBoosting {
  BlendedBoostingOptions options;
  std::string data_version;      ///< of what it was fitted on; the caller's to set
  TreeEnsemble trees;            ///< of all folds; their mean. Log-odds
  std::vector<BlendTerm> terms;  ///< one a feature
  double constant = 0;           ///< of the logistic regression
  double tree_weight = 0, linear_weight = 0, intercept = 0;
  std::size_t folds = 0, rounds = 0;  ///< that were used
  BlendLosses losses;
  std::size_t features() const noexcept { return terms.size(); }
  friend bool operator==(const BlendedBoosting&, const BlendedBoosting&) = default;
};

/// y is 0 and 1, both of them in at least `folds` rows. x may have NaN. Folds are drawn by (seed, id) within each
/// class. The same bits for any threads; the trees for any order of rows, too. Throws Code::invalid (fields "x", "y",
/// "weights", "ids", or that of the option).
BlendedBoosting fit_blended_boosting(const TrainingRows& rows, const BlendedBoostingOptions& options = {},
                                     const Run& run = {});
/// The same on folds of the caller's (0, 1, 2 ... of each row), where some rows must not be told apart: several of one
/// customer. `options.folds` is not looked at.
BlendedBoosting fit_blended_boosting(const TrainingRows& rows, std::span<const std::uint32_t> folds,
                                     const BlendedBoostingOptions& options = {}, const Run& run = {});

/// Log-odds of class 1, one a row. Throws Code::invalid where x has another number of columns.
std::vector<double> log_odds(const BlendedBoosting& model, const NumberView& x, const Run& run = {});
/// Chances of both classes: rows x 2.
std::vector<double> predict(const BlendedBoosting& model, const NumberView& x, const Run& run = {});
/// What each feature adds to the log-odds, and last what is expected of anybody: rows x (features + 1). Of the trees
/// TreeSHAP (tree_shap.hpp), of the regression its term less the term's mean; both weighed.
std::vector<double> explain(const BlendedBoosting& model, const NumberView& x, const Run& run = {});
/// One row's log-odds, without an allocation. Requires features() numbers.
double log_odds_of_row(const BlendedBoosting& model, const double* row) noexcept;

std::string save(const BlendedBoosting& model);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
BlendedBoosting load_blended_boosting(std::string_view bytes);

}  // namespace emptor::mine
