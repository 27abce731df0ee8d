/// Survival: how long things last, where some have not ended yet. Curves of Kaplan and Meier, and the log-rank test.
///
///     const KaplanMeier curves = fit_kaplan_meier({tenure, left, {}, contract}, {.interval =
///     SurvivalInterval::log_log}); const double kept = survival_at(curves.curves[0], 12); const LogRank test =
///     log_rank({tenure, left, {}, contract});
///
/// Sources: Kaplan and Meier, JASA 53 (1958); Greenwood, Reports on Public Health 33 (1926); Kalbfleisch and Prentice,
/// The Statistical Analysis of Failure Time Data (2002), 1.4 and 1.5; Harrington and Fleming, Biometrika 69 (1982).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/numbers.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

/// What was observed of each row. Spans after `event` may be empty.
struct Lifetimes {
  std::span<const double> time;           ///< until it ended, or was last seen; finite, >= 0
  std::span<const double> event;          ///< 1: it ended then; 0: it was seen alive then
  std::span<const double> weights;        ///< finite, >= 0; all 1 if empty
  std::span<const std::uint32_t> groups;  ///< any numbers; all 0 if empty
};

/// Lifetimes, and what is known of each row.
struct LifetimeRows {
  NumberView x;
  Lifetimes lifetimes;
};

enum class SurvivalInterval : std::uint8_t {
  plain,    ///< S +- z x error, kept within 0 and 1
  log,      ///< of log S: R's default
  log_log,  ///< of log(-log S), which stays within 0 and 1 of itself
};

struct KaplanMeierOptions {
  SurvivalInterval interval = SurvivalInterval::log;
  double level = 0.95;

  friend bool operator==(const KaplanMeierOptions&, const KaplanMeierOptions&) noexcept = default;
};

struct SurvivalPoint {
  double time = 0;
  double at_risk = 0, events = 0, censored = 0;  ///< weights: just before, and then
  double survival = 1;                           ///< from then on
  double standard_error = 0;                     ///< Greenwood's, of survival
  double lower = 1, upper = 1;                   ///< 0 and 1 where survival is 0, of which no error is known

  friend bool operator==(const SurvivalPoint&, const SurvivalPoint&) noexcept = default;
};

struct SurvivalCurve {
  static constexpr double never = std::numeric_limits<double>::infinity();

  std::uint32_t group = 0;
  std::uint64_t rows = 0;             ///< with a weight above 0
  double events = 0;                  ///< weight
  std::vector<SurvivalPoint> points;  ///< one a different time, ascending
  /// The first time at which no more than half survive; where exactly half do for a while, the middle of that while.
  /// Lower and upper are those of the interval's curves. `never` where it is not reached.
  double median = never, median_lower = never, median_upper = never;

  friend bool operator==(const SurvivalCurve&, const SurvivalCurve&) = default;
};

struct KaplanMeier {
  KaplanMeierOptions options;
  std::string data_version;           ///< of what it was fitted on; the caller's to set
  std::vector<SurvivalCurve> curves;  ///< one a group, ascending

  friend bool operator==(const KaplanMeier&, const KaplanMeier&) = default;
};

/// Throws Code::invalid (fields "time", "event", "weights", "groups" with the row; "level"), and for no rows with a
/// weight. The same bits for any order of rows. O(rows log rows).
KaplanMeier fit_kaplan_meier(const Lifetimes& rows, const KaplanMeierOptions& options = {}, const Run& run = {});

/// The share that survives a time; 1 before the first.
double survival_at(const SurvivalCurve& curve, double time) noexcept;
/// The time at which a share of 1 - `share` is left (share .5: the median); `never` where it is not reached.
double quantile_of(const SurvivalCurve& curve, double share) noexcept;

std::string save(const KaplanMeier& curves);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
KaplanMeier load_kaplan_meier(std::string_view bytes);

struct LogRankGroup {
  std::uint32_t group = 0;
  double rows = 0;  ///< weight
  double observed = 0, expected = 0;

  friend bool operator==(const LogRankGroup&, const LogRankGroup&) noexcept = default;
};
struct LogRank {
  std::vector<LogRankGroup> groups;  ///< ascending
  double statistic = 0;              ///< chi-squared if the groups do not differ
  std::size_t degrees = 0;
  double p_value = 1;

  friend bool operator==(const LogRank&, const LogRank&) = default;
};
struct LogRankOptions {
  double rho = 0;  ///< events weigh survival^rho (Harrington and Fleming): 0 log-rank, 1 Peto and Peto's Wilcoxon
  std::span<const std::uint32_t> strata = {};  ///< of each row: groups are compared within each; none if empty
};
/// Whether groups survive alike. A weight of w is w rows. Throws as fit_kaplan_meier does, Code::invalid for less than
/// two groups ("groups"), strata of another number ("strata") and rho that is negative or not finite, Code::budget for
/// more than 1,000 groups. O(rows log rows + times x groups^2).
LogRank log_rank(const Lifetimes& rows, const LogRankOptions& options = {}, const Run& run = {});

}  // namespace emptor::mine
