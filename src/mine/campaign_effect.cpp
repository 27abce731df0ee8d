#include "emptor/mine/campaign_effect.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/core/exact_sum.hpp"
#include "emptor/mine/rates.hpp"
#include "mine/distributions.hpp"
#include "mine/training_check.hpp"
#include "mine/trial_check.hpp"

namespace emptor::mine {
namespace {

void check_arm(const ArmSummary& arm, const EffectOptions& options, const std::string& name) {
  const bool welch = options.method == EffectMethod::welch;
  if (arm.rows < (welch ? 2U : 1U)) refuse_input("an arm has too few rows to be compared", name);
  if (!std::isfinite(arm.mean)) refuse_input("the mean of an arm is not finite", name);
  if (welch && !(arm.variance >= 0 && std::isfinite(arm.variance))) {
    refuse_input("the variance of an arm is negative or not finite", name);
  }
  if (!welch && !(arm.mean >= 0 && arm.mean <= 1)) refuse_input("a proportion lies between 0 and 1", name);
}

void check_level(const EffectOptions& options) {
  if (!(options.level > 0 && options.level < 1)) refuse_input("a level lies between 0 and 1", "level");
}

/// Student's t of the difference with Welch's degrees of freedom.
void compare_means(CampaignEffect& effect, double level) {
  const auto treated = static_cast<double>(effect.treated.rows), held_out = static_cast<double>(effect.held_out.rows);
  const double a = effect.treated.variance / treated, b = effect.held_out.variance / held_out;
  effect.standard_error = std::sqrt(a + b);
  effect.lower = effect.upper = effect.difference;
  if (!(effect.standard_error > 0)) {
    effect.degrees = treated + held_out - 2;
    if (effect.difference != 0) {
      effect.statistic = std::copysign(std::numeric_limits<double>::infinity(), effect.difference);
      effect.p_value = 0;
    }
    return;
  }
  // Shares of the squared error, so that nothing under- or overflows.
  const double part = a / (a + b), rest = b / (a + b);
  effect.degrees = 1 / (part * part / (treated - 1) + rest * rest / (held_out - 1));
  effect.statistic = effect.difference / effect.standard_error;
  effect.p_value = student_two_sided(effect.statistic, effect.degrees);
  const double reach = student_bound(level, effect.degrees) * effect.standard_error;
  effect.lower -= reach;
  effect.upper += reach;
}

void compare_proportions(CampaignEffect& effect, double level) {
  const auto n = static_cast<double>(effect.treated.rows), m = static_cast<double>(effect.held_out.rows);
  const double p = effect.treated.mean, q = effect.held_out.mean;
  effect.standard_error = std::sqrt(p * (1 - p) / n + q * (1 - q) / m);
  const RateInterval a = share_interval(p * n, n, level), b = share_interval(q * m, m, level);
  const double below = p - a.lower, above = a.upper - p, other_below = q - b.lower, other_above = b.upper - q;
  effect.lower = effect.difference - std::sqrt(below * below + other_above * other_above);
  effect.upper = effect.difference + std::sqrt(above * above + other_below * other_below);
  const double pooled = (n * p + m * q) / (n + m);
  const double spread = std::sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  if (!(spread > 0)) return;
  effect.statistic = effect.difference / spread;
  effect.p_value = normal_two_sided(effect.statistic);
}

}  // namespace

double CampaignEffect::lift() const noexcept {
  return held_out.mean == 0 ? std::numeric_limits<double>::quiet_NaN() : difference / held_out.mean;
}
double CampaignEffect::incremental_total() const noexcept { return difference * static_cast<double>(treated.rows); }

ArmSummary summarise_arm(Numbers y) {
  if (y.empty()) refuse_input("an arm has no rows", "y");
  DoubleSum sum;
  for (std::size_t r = 0; r < y.size(); ++r) {
    check_outcome(y[r], r);
    sum.add(y[r]);
  }
  const auto count = static_cast<double>(y.size());
  ArmSummary arm{y.size(), sum.value() / count, 0};
  if (y.size() < 2) return arm;
  DoubleSum squares, rest;  // what rounding the mean lost is taken off again (Chan, Golub and LeVeque, 1983)
  for (const double value : y) {
    const double away = value - arm.mean;
    squares.add(away * away);
    rest.add(away);
  }
  const double lost = rest.value();
  arm.variance = std::max(squares.value() - lost * lost / count, 0.0) / (count - 1);
  return arm;
}

Interval arm_interval(const ArmSummary& arm, const EffectOptions& options) {
  check_level(options);
  check_arm(arm, options, "arm");
  const auto rows = static_cast<double>(arm.rows);
  if (options.method == EffectMethod::proportions) {
    const RateInterval share = share_interval(arm.mean * rows, rows, options.level);
    return {arm.mean, share.lower, share.upper, std::sqrt(arm.mean * (1 - arm.mean) / rows)};
  }
  const double error = std::sqrt(arm.variance / rows), reach = student_bound(options.level, rows - 1) * error;
  return {arm.mean, arm.mean - reach, arm.mean + reach, error};
}

CampaignEffect compare_arms(const ArmSummary& treated, const ArmSummary& held_out, const EffectOptions& options) {
  check_level(options);
  check_arm(treated, options, "treated");
  check_arm(held_out, options, "held_out");
  CampaignEffect effect;
  effect.treated = treated;
  effect.held_out = held_out;
  effect.difference = treated.mean - held_out.mean;
  if (options.method == EffectMethod::welch) {
    compare_means(effect, options.level);
  } else {
    compare_proportions(effect, options.level);
  }
  return effect;
}

CampaignEffect campaign_effect(Numbers y, Numbers treated, const EffectOptions& options) {
  if (treated.size() != y.size()) refuse_input("treated and y differ in size", "treated");
  std::vector<double> arms[2];
  for (std::size_t r = 0; r < y.size(); ++r) {
    check_outcome(y[r], r);
    if (options.method == EffectMethod::proportions && y[r] != 0 && y[r] != 1) {
      refuse_row("y is neither 0 nor 1", "y", r);
    }
    arms[is_treated(treated[r], r) ? 1 : 0].push_back(y[r]);
  }
  if (arms[0].empty() || arms[1].empty()) refuse_input("an arm has no rows", "treated", "a hold-out is needed");
  return compare_arms(summarise_arm(arms[1]), summarise_arm(arms[0]), options);
}

SampleRatio check_sample_ratio(std::span<const std::uint64_t> rows, Numbers shares, double limit) {
  if (rows.size() < 2) refuse_input("at least two arms are needed", "rows");
  if (shares.size() != rows.size()) refuse_input("shares and arms differ in number", "shares");
  if (!(limit > 0 && limit < 1)) refuse_input("a limit lies between 0 and 1", "limit");
  double all_rows = 0, all_shares = 0;
  for (std::size_t arm = 0; arm < rows.size(); ++arm) {
    if (!(shares[arm] > 0 && shares[arm] < 1e250)) refuse_row("a share is not finite and above 0", "shares", arm);
    all_rows += static_cast<double>(rows[arm]);
    all_shares += shares[arm];
  }
  if (!(all_rows > 0)) refuse_input("the arms have no rows", "rows");
  SampleRatio result;
  for (std::size_t arm = 0; arm < rows.size(); ++arm) {
    const double expected = all_rows * (shares[arm] / all_shares);
    const double away = static_cast<double>(rows[arm]) - expected;
    result.statistic += away * away / expected;
  }
  result.degrees = static_cast<double>(rows.size() - 1);
  result.p_value = chi_square_above(result.statistic, result.degrees);
  result.suspicious = result.p_value < limit;
  return result;
}

}  // namespace emptor::mine
