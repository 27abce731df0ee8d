/// The effect of a campaign: what those who were contacted did beyond a hold-out that was drawn by chance.
///
///     const CampaignEffect effect = campaign_effect(spend, treated);
///     if (effect.lower > 0) keep(effect.difference * static_cast<double>(effect.treated.rows));
///
/// Means and variances are from exact sums, so the order of rows does not matter. Sources: Welch, Biometrika 34 (1947);
/// Newcombe, Statistics in Medicine 17 (1998), 873, method 10; the chi-squared test of Pearson (1900).
#pragma once

#include <cstdint>
#include <span>

#include "emptor/mine/judgement.hpp"

namespace emptor::mine {

/// One arm of a trial; what is enough for the comparison, so that it may also come out of a database.
struct ArmSummary {
  std::uint64_t rows = 0;
  double mean = 0;
  double variance = 0;  ///< of the sample, divided by rows - 1
  friend bool operator==(const ArmSummary&, const ArmSummary&) noexcept = default;
};
/// Throws Code::invalid (field "y", the row) for numbers that are not finite or beyond 1e150, and for no rows.
ArmSummary summarise_arm(Numbers y);

enum class EffectMethod : std::uint8_t {
  welch,        ///< means of unequal variance, Student's t
  proportions,  ///< y is 0 or 1: Newcombe's interval from Wilson's scores; p of the pooled z
};
struct EffectOptions {
  EffectMethod method = EffectMethod::welch;
  double level = 0.95;
  friend bool operator==(const EffectOptions&, const EffectOptions&) noexcept = default;
};

struct CampaignEffect {
  ArmSummary treated, held_out;
  double difference = 0;  ///< treated - held out, a head
  double standard_error = 0;
  double lower = 0, upper = 0;                ///< of the difference
  double statistic = 0, degrees = 0;          ///< t and its degrees of freedom, or z (degrees 0)
  double p_value = 1;                         ///< two-sided; 1 where nothing varies and nothing differs
  double lift() const noexcept;               ///< difference / mean held out; NaN where that is 0
  double incremental_total() const noexcept;  ///< difference x rows treated
  friend bool operator==(const CampaignEffect&, const CampaignEffect&) noexcept = default;
};
/// Throws Code::invalid for an arm of no rows (Welch: of fewer than two), figures that are not finite, a negative
/// variance, a proportion outside [0, 1], a level outside (0, 1).
CampaignEffect compare_arms(const ArmSummary& treated, const ArmSummary& held_out, const EffectOptions& options = {});
/// `treated` is 1 for those contacted (as assigned, whether or not they were reached) and 0 for the hold-out.
CampaignEffect campaign_effect(Numbers y, Numbers treated, const EffectOptions& options = {});

/// The mean of one arm with its interval: Student's t, or Wilson's of a proportion. Throws as `compare_arms`.
Interval arm_interval(const ArmSummary& arm, const EffectOptions& options = {});

/// Whether arms have the sizes that they were to have. Where they have not, something chose who is in which arm or who
/// was counted, and no effect from them is to be believed.
struct SampleRatio {
  double statistic = 0, degrees = 0;
  double p_value = 1;
  bool suspicious = false;  ///< p_value < limit
  friend bool operator==(const SampleRatio&, const SampleRatio&) noexcept = default;
};
/// `shares` are the intended ones, in any unit. Throws Code::invalid for fewer than two arms, sizes that differ, shares
/// that are not finite and above 0, no rows, a limit outside (0, 1).
SampleRatio check_sample_ratio(std::span<const std::uint64_t> rows, Numbers shares, double limit = 0.001);

}  // namespace emptor::mine
