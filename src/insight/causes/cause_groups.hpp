/// Groups that contributed more to a change than their share, beyond what they usually do.
///
/// Explanatory power and surprise as Bhagwan et al., Adtributor (NSDI 2014), section 4. Whether that is noise they
/// leave open; here it is tested: the logarithm of a group's revenue over that of all others moved from one period to
/// the other by x; the same steps of the periods before have a mean and a spread, and (x - mean) / (spread sqrt(1 +
/// 1/n)) is Student's t of n - 1 degrees (a prediction interval: Hahn and Meeker, Statistical Intervals (1991), 4.8).
/// Of all groups tested, by Holm's rule (Scand. J. Statist. 6 (1979), 65), the chance that any is named where nothing
/// happened is at most `false_alarms`; and a named group moved further than it ever did.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "insight/facts/business_lines.hpp"
#include "insight/facts/calendar_periods.hpp"

namespace emptor {

struct GroupOptions {
  double false_alarms = 0.05;      ///< that any group is named where none should be
  double least_share = 0.01;       ///< of the revenue of both periods, that a group must have
  std::size_t least_history = 10;  ///< steps before the one that is judged
};

/// The values of one or two dimensions, and what they did; amounts in micros.
struct CauseGroup {
  std::vector<std::pair<std::string, std::string>> of;  ///< dimension and value
  std::int64_t before = 0, after = 0;
  double excess = 0;    ///< change less what its share of the revenue before would have made of the whole change
  double power = 0;     ///< share of the whole change
  double surprise = 0;  ///< Jensen and Shannon's divergence of its share
  double moved = 0;     ///< x above
  double usual = 0;     ///< half the width of the prediction interval of 95 % around the usual step
  double p_value = 1, adjusted = 1;
  bool beyond = false;  ///< moved further than ever before
};

struct GroupFindings {
  std::vector<CauseGroup> named;  ///< the greatest excess first
  std::size_t tested = 0;
  std::size_t history = 0;  ///< steps that were compared with; 0: nothing was tested
  double total_moved = 0;   ///< logarithm of the ratio of both revenues
  double total_usual = 0;   ///< as CauseGroup::usual
  double total_p = 1;       ///< of the whole change, against the steps before
};

/// Of a step from `before` to `after`; steps of the same length that end before `after` are its history.
GroupFindings find_groups(const BusinessLines& business, PeriodKind period, const WholePeriods& whole,
                          std::int32_t before, std::int32_t after, const GroupOptions& options);

}  // namespace emptor
