/// Scorecards: the chance of an event as points that are added up, a few a column, and the reasons for a score.
///
///     const Scorecard card = fit_scorecard(rows, {.base_points = 600, .base_odds = 50, .points_to_double = 20});
///     const double points = score_row(card, row);
///     for (const ReasonCode& reason : reasons_of(card, row, 4)) { ... }   // where most points were lost
///
/// Each column is binned, each bin's weight of evidence goes into a logistic regression, and its log-odds are told as
/// points: `base_points` where the others are `base_odds` to 1, and `points_to_double` more where they are twice that.
/// y is 1 for events (bad); more points are better.
/// Source: Siddiqi, Credit Risk Scorecards (2006), 6; stability: Kullback's divergence J of two distributions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/binning.hpp"
#include "emptor/mine/numbers.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

struct ScorecardOptions {
  BinningOptions binning = {};
  double base_points = 600;
  double base_odds = 50;            ///< of others to events, at base_points; above 0
  double points_to_double = 20;     ///< above 0
  bool whole_points = false;        ///< points of bins are rounded to whole numbers, halves to even
  double least_information = 0.02;  ///< columns with less information value are left out; 0: none
  double ridge = 0;                 ///< of the logistic regression
  /// Whether a column is left out whose coefficient turns its weight of evidence around (one at a time, the farthest
  /// from 0 first): others tell what it tells, and its points would contradict its bins.
  bool drop_contrary = true;
  std::vector<std::string> protected_columns = {};  ///< names that may not decide; see allow_protected
  bool allow_protected = false;

  friend bool operator==(const ScorecardOptions&, const ScorecardOptions&) = default;
};

enum class ColumnUse : std::uint8_t {
  used,
  uninformative,  ///< its information value is below least_information
  contrary,       ///< its coefficient turned its weight of evidence around
  explained,      ///< other columns explain it wholly
};

/// "used", "uninformative" ...
std::string_view name_of(ColumnUse use) noexcept;

struct ScorecardColumn {
  ColumnUse use = ColumnUse::used;
  double coefficient = 0;      ///< on the weight of evidence, of the log-odds of others; 0 where it is not used
  double standard_error = 0;   ///< 0 where there is none
  std::vector<double> points;  ///< of each bin, as the column's binning numbers them
  double best = 0, mean = 0;   ///< the most points of a bin with rows, and the mean over the rows learnt from

  friend bool operator==(const ScorecardColumn&, const ScorecardColumn&) = default;
};

struct Scorecard {
  ScorecardOptions options;
  std::string data_version;  ///< of what it was fitted on; the caller's to set
  BinningModel binning;
  std::vector<ScorecardColumn> columns;
  double intercept = 0;              ///< of the log-odds of others to events
  double log_likelihood = 0;         ///< of the regression
  std::vector<double> score_cuts;    ///< nine at most, at the tenths of the scores learnt from
  std::vector<double> score_shares;  ///< of the rows learnt from, between the cuts

  friend bool operator==(const Scorecard&, const Scorecard&) = default;
};

/// Throws what fit_binning and fit_logistic throw; Code::denied (field: the column) where a protected column is among
/// the features and not allowed, Code::invalid where there are protected names but no features, and where no column is
/// left to use.
Scorecard fit_scorecard(const TrainingRows& rows, const ScorecardOptions& options = {}, const Run& run = {});

/// Points of each row. Throws Code::invalid for another number of columns.
std::vector<double> score(const Scorecard& card, const NumberView& x, const Run& run = {});
/// Points of one row, without an allocation. Requires as many numbers as the card has columns.
double score_row(const Scorecard& card, std::span<const double> row) noexcept;
/// The chance of an event that goes with points.
double chance_of(const Scorecard& card, double points) noexcept;

/// What points are counted against.
enum class Against : std::uint8_t { best, mean };
struct ReasonCode {
  std::size_t column = 0;
  std::size_t bin = 0;
  double points = 0;  ///< that the bin gives
  double lost = 0;    ///< against the best bin or the mean

  friend bool operator==(const ReasonCode&, const ReasonCode&) noexcept = default;
};
/// The columns that cost a row most points, at most `count`, the dearest first (of equals the lower column); those that
/// cost nothing are no reason. Throws Code::invalid for another number of columns.
std::vector<ReasonCode> reasons_of(const Scorecard& card, std::span<const double> row, std::size_t count = 4,
                                   Against against = Against::best);

struct ScorecardQuality {
  double auc = 0, gini = 0, ks = 0;  ///< gini = 2 auc - 1
  friend bool operator==(const ScorecardQuality&, const ScorecardQuality&) noexcept = default;
};
/// On rows with known outcomes. Throws as auc does.
ScorecardQuality judge(const Scorecard& card, const TrainingRows& rows, const Run& run = {});

/// The population stability index: the sum of (actual - expected) log(actual / expected) over shares. By custom below
/// .1 is stable, above .25 another population. What one side has none of counts as half a row there. Throws
/// Code::invalid for other sizes, negative numbers and nothing at all.
double population_stability(std::span<const double> expected, std::span<const double> actual);
struct ScorecardStability {
  double score = 0;             ///< of the tenths of scores
  std::vector<double> columns;  ///< of each column's bins
  friend bool operator==(const ScorecardStability&, const ScorecardStability&) = default;
};
/// How far rows have moved from those learnt from. Throws Code::invalid for no rows.
ScorecardStability stability_of(const Scorecard& card, const NumberView& x, const Run& run = {});

std::string save(const Scorecard& card);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
Scorecard load_scorecard(std::string_view bytes);

}  // namespace emptor::mine
