/// Judgement: how good chances, scores and decisions are, and which of two models is better.
///
///     const double area = auc(y, chances);
///     const Interval range = bootstrap(y, chances, [](auto y, auto s, auto w) { return auc(y, s, w); });
///     const CrossValidation result = cross_validate(folds, y, learn_and_score);
///
/// y is 0 or 1, scores are any finite numbers (chances where so said), weights >= 0 or none. Every function throws
/// Code::invalid (fields "y", "scores", "weights") for sizes that differ, no rows, other numbers; where one class has
/// no weight, auc, ks, lift and the like do so too. Sums are exact, so the order of rows does not matter.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "emptor/mine/run.hpp"
#include "emptor/mine/splits.hpp"

namespace emptor::mine {

using Numbers = std::span<const double>;

/// Area under the ROC curve: the chance that a row of class 1 scores above one of class 0, ties by half.
double auc(Numbers y, Numbers scores, Numbers weights = {});
/// Kolmogorov-Smirnov: the largest difference between the classes' shares at or above a score.
double ks(Numbers y, Numbers scores, Numbers weights = {});
/// Area under precision against recall, by steps (average precision).
double average_precision(Numbers y, Numbers scores, Numbers weights = {});
/// Mean squared error of chances.
double brier(Numbers y, Numbers chances, Numbers weights = {});
/// Mean logarithmic loss of chances in [0, 1], in nats; chances are kept 2^-52 from 0 and 1.
double log_loss(Numbers y, Numbers chances, Numbers weights = {});

/// A point of the ROC curve: rows that score at or above `threshold`.
struct RocPoint {
  double threshold = 0, false_positives = 0, true_positives = 0;  ///< shares of their classes
  friend bool operator==(const RocPoint&, const RocPoint&) noexcept = default;
};
/// From (infinity, 0, 0) down, one a different score.
std::vector<RocPoint> roc(Numbers y, Numbers scores, Numbers weights = {});

enum class Binning : std::uint8_t { equal_width, equal_rows };  ///< equal_rows: equal scores share a bin
struct CalibrationBin {
  double weight = 0, mean_chance = 0, share = 0;  ///< share of class 1
  friend bool operator==(const CalibrationBin&, const CalibrationBin&) noexcept = default;
};
struct Calibration {
  std::vector<CalibrationBin> bins;  ///< those that are not empty, ascending
  double expected_error = 0;         ///< weighted mean of |mean_chance - share|
  double greatest_error = 0;
  friend bool operator==(const Calibration&, const Calibration&) = default;
};
/// Throws Code::invalid for fewer than 1 or more than 10,000 bins.
Calibration calibrate(Numbers y, Numbers chances, std::size_t bins = 10, Binning binning = Binning::equal_width,
                      Numbers weights = {});

/// The rows that score highest, up to a share of all.
struct LiftStep {
  double share = 0;      ///< of all weight, cumulative
  double threshold = 0;  ///< the lowest score among them
  double captured = 0;   ///< share of class 1 that they hold
  double lift = 0;       ///< captured / share
  friend bool operator==(const LiftStep&, const LiftStep&) noexcept = default;
};
/// In so many steps of equal weight (2 to 1,000). Rows of equal scores are taken in part, as if in an order by chance.
std::vector<LiftStep> lift(Numbers y, Numbers scores, std::size_t steps = 10, Numbers weights = {});

struct Confusion {
  double true_positives = 0, false_positives = 0, true_negatives = 0, false_negatives = 0;  ///< weights
  double accuracy() const noexcept;
  double precision() const noexcept;    ///< NaN where nothing is called 1
  double recall() const noexcept;       ///< NaN where nothing is 1
  double specificity() const noexcept;  ///< NaN where nothing is 0
  double f1() const noexcept;           ///< NaN where nothing is or is called 1
  double matthews() const noexcept;     ///< 0 where a margin is empty
  friend bool operator==(const Confusion&, const Confusion&) noexcept = default;
};
/// Rows at or above the threshold are called 1.
Confusion confusion(Numbers y, Numbers scores, double threshold = 0.5, Numbers weights = {});

/// What each outcome costs; gains are negative.
struct Costs {
  double true_positive = 0, false_positive = 1, true_negative = 0, false_negative = 1;
  friend bool operator==(const Costs&, const Costs&) noexcept = default;
};
double cost_of(const Confusion& confusion, const Costs& costs) noexcept;
struct CostChoice {
  double threshold = 0;  ///< infinity: call nothing 1
  double cost = 0;
  Confusion confusion;
  friend bool operator==(const CostChoice&, const CostChoice&) noexcept = default;
};
/// The threshold that costs least; among equals the highest.
CostChoice cheapest_threshold(Numbers y, Numbers scores, const Costs& costs, Numbers weights = {});

/// Several classes: counts by (true, called), y and called being 0 ... classes - 1.
std::vector<double> confusion_table(Numbers y, Numbers called, std::size_t classes, Numbers weights = {});

struct Interval {
  double value = 0, lower = 0, upper = 0;
  double standard_error = 0;
  friend bool operator==(const Interval&, const Interval&) noexcept = default;
};
struct BootstrapOptions {
  std::size_t repetitions = 1'000;  ///< 20 to 1,000,000
  double level = 0.95;
  std::uint64_t seed = 0;
  friend bool operator==(const BootstrapOptions&, const BootstrapOptions&) noexcept = default;
};
using QualityMeasure = std::function<double(Numbers y, Numbers scores, Numbers weights)>;
/// Percentile interval; a repetition weighs each row by a Poisson count that is f(seed, repetition, id), which is as
/// good as drawing rows and does not depend on their order (Hanley and MacGibbon, 2006). Repetitions in which the
/// measure throws Code::invalid or is NaN are left out; fewer than half left throws Code::invalid. `measure` is called
/// side by side on the run's threads.
Interval bootstrap(Numbers y, Numbers scores, const QualityMeasure& measure, const BootstrapOptions& options = {},
                   std::span<const std::uint64_t> ids = {}, Numbers weights = {}, const Run& run = {});
/// The same of measure(first) - measure(second), both on the same draws.
Interval bootstrap_difference(Numbers y, Numbers first, Numbers second, const QualityMeasure& measure,
                              const BootstrapOptions& options = {}, std::span<const std::uint64_t> ids = {},
                              Numbers weights = {}, const Run& run = {});

using QualityMeasures = std::function<std::vector<double>(Numbers y, Numbers scores, Numbers weights)>;
/// An interval for each of several measures, always as many, on the same draws: for those that share their work. The
/// same bits as one `bootstrap` each.
std::vector<Interval> bootstrap_each(Numbers y, Numbers scores, const QualityMeasures& measures,
                                     const BootstrapOptions& options = {}, std::span<const std::uint64_t> ids = {},
                                     Numbers weights = {}, const Run& run = {});

/// Two models measured on the same folds. Source: Nadeau and Bengio, Machine Learning 52 (2003): the variance of the
/// mean difference is (1 / n + test / train) times that of the differences, as training sets overlap.
struct PairedComparison {
  double mean_difference = 0;   ///< first - second
  double standard_error = 0;    ///< corrected
  double t = 0, p_value = 1;    ///< two-sided, n - 1 degrees of freedom; p 1 where all differences are 0
  double lower = 0, upper = 0;  ///< 95 %
  std::size_t first_better = 0, second_better = 0, equal = 0;
  friend bool operator==(const PairedComparison&, const PairedComparison&) noexcept = default;
};
/// `test_share` is the share of rows in a test fold (1 / folds). Throws Code::invalid for fewer than two pairs, sizes
/// that differ, numbers that are not finite, a share outside (0, 1).
PairedComparison compare_paired(Numbers first, Numbers second, double test_share = 0.1);

/// The interval of a figure of out-of-fold scores, with what a bootstrap of these scores cannot see: the models of the
/// folds share most of their rows, so that their scores err together. By the same paper its variance is 1 + folds /
/// (folds - 1) times as large; the interval is stretched about its value by the root. Measured on trials without any
/// effect, Qini's interval of 95 % holds 0 in 77 to 83 % as it is drawn, and in 93 to 96 % so stretched; with a strong
/// effect it is wider than it need be. Throws Code::invalid for fewer than two folds.
Interval widen_for_folds(const Interval& interval, std::size_t folds);

/// Learns from the rows of split.train and returns the score of each row of split.test, in order.
using LearnAndScore = std::function<std::vector<double>(const Split& split, std::uint32_t fold)>;
struct CrossValidation {
  std::vector<double> scores;                   ///< of every row, out of its fold
  std::vector<double> auc, ks, brier;           ///< of each fold
  std::array<double, 3> means{}, deviations{};  ///< of auc, ks, brier over folds; sample standard deviation
  friend bool operator==(const CrossValidation&, const CrossValidation&) = default;
};
/// Folds are 0 ... highest, each with a row (Code::invalid otherwise, and where a fold's test rows are of one class, or
/// a score is not finite). Calls in order of folds, from the calling thread. Scores should be chances for brier to mean
/// something.
CrossValidation cross_validate(std::span<const std::uint32_t> folds, Numbers y, const LearnAndScore& learn_and_score,
                               const Run& run = {});

}  // namespace emptor::mine
