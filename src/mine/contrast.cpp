#include "emptor/mine/contrast.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/elementary.hpp"
#include "emptor/core/exact_sum.hpp"
#include "emptor/mine/rank_sum.hpp"
#include "emptor/mine/rules.hpp"
#include "mine/distributions.hpp"
#include "mine/mid_ranks.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

void check_level(double level) {
  if (!(level > 0 && level < 1)) refuse_input("a level lies between 0 and 1", "level");
}

double median_of(Numbers numbers) {
  std::vector<double> sorted(numbers.begin(), numbers.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

double mean_of(Numbers numbers) {
  DoubleSum sum;
  for (const double number : numbers) sum.add(number);
  return sum.value() / static_cast<double>(numbers.size());
}

double squares_about(Numbers numbers, double mean) {
  DoubleSum sum;
  for (const double number : numbers) sum.add((number - mean) * (number - mean));
  return sum.value();
}

Effect cohens_d(Numbers within, Numbers outside, double mean_within, double mean_outside, double z) {
  const auto n = static_cast<double>(within.size()), m = static_cast<double>(outside.size());
  const double pooled =
      std::sqrt((squares_about(within, mean_within) + squares_about(outside, mean_outside)) / (n + m - 2));
  if (!(pooled > 0)) return {};
  const double d = (mean_within - mean_outside) / pooled;
  const double error = std::sqrt((n + m) / (n * m) + d * d / (2 * (n + m)));
  return {d, d - z * error, d + z * error};
}

/// Of each number: the share of the other group below it less the share above it. From the ranks among all and among
/// its own.
std::vector<double> dominances(Numbers own, const double* ranks_of_all, std::size_t others) {
  const std::vector<double> ranks = mid_ranks(own);
  std::vector<double> result(own.size());
  const auto count = static_cast<double>(others);
  for (std::size_t i = 0; i < own.size(); ++i) result[i] = 2 * (ranks_of_all[i] - ranks[i]) / count - 1;
  return result;
}

/// How many pairs across the groups are equal.
double equal_pairs(Numbers within, Numbers outside) {
  std::vector<double> a(within.begin(), within.end()), b(outside.begin(), outside.end());
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  double pairs = 0;
  for (std::size_t i = 0; i < a.size();) {
    const auto run = static_cast<double>(std::upper_bound(a.begin() + static_cast<std::ptrdiff_t>(i), a.end(), a[i]) -
                                         (a.begin() + static_cast<std::ptrdiff_t>(i)));
    const auto [first, last] = std::equal_range(b.begin(), b.end(), a[i]);
    pairs += run * static_cast<double>(last - first);
    i += static_cast<std::size_t>(run);
  }
  return pairs;
}

/// Cliff's unbiased estimate, kept above the least that it can be.
double delta_variance(Numbers within, Numbers outside, double delta) {
  std::vector<double> all(within.begin(), within.end());
  all.insert(all.end(), outside.begin(), outside.end());
  const std::vector<double> ranks = mid_ranks(all);
  const auto n = static_cast<double>(within.size()), m = static_cast<double>(outside.size());
  const double of_within = squares_about(dominances(within, ranks.data(), outside.size()), delta);
  const double of_outside = squares_about(dominances(outside, ranks.data() + within.size(), within.size()), -delta);
  const double of_pairs = n * m - equal_pairs(within, outside) - n * m * delta * delta;
  const double variance = (m * m * of_within + n * n * of_outside - of_pairs) / (n * m * (n - 1) * (m - 1));
  return std::max(variance, (1 - delta * delta) / (n * m - 1));
}

Effect cliffs_delta(Numbers within, Numbers outside, double delta, double z) {
  if (std::abs(delta) == 1) {  // no pair speaks against it, and no variance is left to go by
    const auto least = static_cast<double>(std::min(within.size(), outside.size()));
    const double bound = (least - z * z) / (least + z * z);
    return delta > 0 ? Effect{1, bound, 1} : Effect{-1, -1, -bound};
  }
  const double variance = delta_variance(within, outside, delta), rest = 1 - delta * delta;
  const double reach = z * std::sqrt(variance) * std::sqrt(rest * rest + z * z * variance);
  const double whole = rest + z * z * variance;
  return {delta, (delta * rest - reach) / whole, (delta * rest + reach) / whole};
}

}  // namespace

NumberContrast contrast_numbers(Numbers within, Numbers outside, double level) {
  check_level(level);
  if (within.size() < 2) refuse_input("two numbers or more are needed", "within");
  if (outside.size() < 2) refuse_input("two numbers or more are needed", "outside");
  const RankSum ranks = rank_sum(within, outside);
  const double z = normal_bound(level);
  NumberContrast result;
  result.within = within.size();
  result.outside = outside.size();
  result.median_within = median_of(within);
  result.median_outside = median_of(outside);
  result.mean_within = mean_of(within);
  result.mean_outside = mean_of(outside);
  result.delta = cliffs_delta(within, outside, ranks.delta, z);
  result.d = cohens_d(within, outside, result.mean_within, result.mean_outside, z);
  result.p_value = ranks.p_value;
  return result;
}

ShareContrast contrast_shares(const Share& within, const Share& outside, double level) {
  check_level(level);
  if (within.all == 0 || within.having > within.all) refuse_input("no share", "within");
  if (outside.all == 0 || outside.having > outside.all) refuse_input("no share", "outside");
  const bool empty = within.having == 0 || outside.having == 0;
  const double added = empty ? 0.5 : 0;
  const double a = static_cast<double>(within.having) + added, n = static_cast<double>(within.all) + added;
  const double b = static_cast<double>(outside.having) + added, m = static_cast<double>(outside.all) + added;
  const double lift = elementary::log(a / n) - elementary::log(b / m);
  const double error = std::sqrt(std::max(1 / a - 1 / n + 1 / b - 1 / m, 0.0)), z = normal_bound(level);

  const std::size_t having = within.having + outside.having, all = within.all + outside.all;
  const auto tail = [&](std::size_t both, std::size_t right) {
    return elementary::exp(log_fisher({static_cast<std::uint32_t>(both), static_cast<std::uint32_t>(within.all),
                                       static_cast<std::uint32_t>(right), static_cast<std::uint32_t>(all)}));
  };
  ShareContrast result{within, outside, {lift, lift - z * error, lift + z * error}};
  result.p_value =
      std::min(1.0, 2 * std::min(tail(within.having, having), tail(within.all - within.having, all - having)));
  const double margins = static_cast<double>(within.all) * static_cast<double>(outside.all) *
                         static_cast<double>(having) * static_cast<double>(all - having);
  if (margins > 0)
    result.phi = (static_cast<double>(within.having) * static_cast<double>(outside.all) -
                  static_cast<double>(outside.having) * static_cast<double>(within.all)) /
                 std::sqrt(margins);
  return result;
}

}  // namespace emptor::mine
