#include "emptor/mine/amount_judgement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/sort_stably.hpp"
#include "emptor/core/exact_sum.hpp"
#include "mine/mid_ranks.hpp"
#include "mine/training_check.hpp"
#include "mine/trial_check.hpp"

namespace emptor::mine {
namespace {

double sum_of(Numbers numbers) {
  DoubleSum sum;
  for (const double number : numbers) sum.add(number);
  return sum.value();
}

/// Returns the sum of the amounts.
double check(Numbers amounts, Numbers scores, const char* amount_field, const char* score_field) {
  if (amounts.empty()) refuse_input("there are no rows", amount_field);
  if (scores.size() != amounts.size()) refuse_input("scores and amounts differ in number", score_field);
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    if (!std::isfinite(amounts[i])) refuse_row("an amount is not finite", amount_field, i);
    if (!std::isfinite(scores[i])) refuse_row("a score is not finite", score_field, i);
  }
  const double sum = sum_of(amounts);
  if (!(sum > 0)) refuse_input("the amounts together are not above 0", amount_field);
  return sum;
}

/// 2 / (n sum) x sum of amount x (rank - (n + 1) / 2), which is the area by trapezia where equal scores are one step.
double concentration_of(Numbers amounts, const std::vector<double>& ranks, double sum) {
  const auto n = static_cast<double>(amounts.size());
  DoubleSum weighted;
  for (std::size_t i = 0; i < amounts.size(); ++i) weighted.add(amounts[i] * (ranks[i] - (n + 1) / 2));
  return 2 * weighted.value() / (n * sum);
}

}  // namespace

double concentration(Numbers amounts, Numbers scores) {
  const double sum = check(amounts, scores, "amounts", "scores");
  return concentration_of(amounts, mid_ranks(scores), sum);
}

double normalised_gini(Numbers amounts, Numbers scores) {
  const double sum = check(amounts, scores, "amounts", "scores");
  const double best = concentration_of(amounts, mid_ranks(amounts), sum);
  if (!(best > 0)) refuse_input("all amounts are equal", "amounts");
  return concentration_of(amounts, mid_ranks(scores), sum) / best;
}

AmountCalibration calibrate_amounts(Numbers came, Numbers expected, std::size_t bins) {
  const double sum = check(came, expected, "came", "expected");
  if (bins == 0) refuse_input("one bin or more is needed", "bins");
  std::vector<std::size_t> order(came.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // By place where expectations are equal: those share a bin, so the order does not show.
  sort_stably(order, [&](std::size_t a, std::size_t b) { return expected[a] < expected[b]; });
  AmountCalibration result;
  double difference = 0;
  for (std::size_t bin = 0, first = 0, end = 0; bin < bins; ++bin, first = end) {
    end = std::max(first, (bin + 1) * order.size() / bins);
    while (end > first && end < order.size() && expected[order[end]] == expected[order[end - 1]]) ++end;
    if (end == first) continue;
    DoubleSum came_sum, expected_sum;
    for (std::size_t i = first; i < end; ++i) {
      came_sum.add(came[order[i]]);
      expected_sum.add(expected[order[i]]);
    }
    const auto rows = static_cast<double>(end - first);
    result.bins.push_back({end - first, expected_sum.value() / rows, came_sum.value() / rows});
    difference += std::abs(came_sum.value() - expected_sum.value());
  }
  const double all = sum_of(expected);
  result.ratio = all != 0 ? sum / all : std::numeric_limits<double>::quiet_NaN();
  result.error = difference / sum;
  return result;
}

}  // namespace emptor::mine
