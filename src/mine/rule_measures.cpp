#include <algorithm>
#include <cmath>

#include "core/elementary.hpp"
#include "emptor/mine/rules.hpp"

namespace emptor::mine {
namespace {

double log_choose(std::uint64_t n, std::uint64_t k) noexcept {
  return elementary::log_factorial(n) - elementary::log_factorial(k) - elementary::log_factorial(n - k);
}

}  // namespace

double log_fisher(const RuleCounts& counts) noexcept {
  const std::uint64_t n = counts.baskets, left = counts.left, right = counts.right, both = counts.both;
  const std::uint64_t least = left + right > n ? left + right - n : 0, most = std::min(left, right);
  if (both <= least) return 0;
  // P(exactly k) against that of `both`, by ratios of neighbours: the tail is summed upwards from `both`.
  const double first = log_choose(right, both) + log_choose(n - right, left - both) - log_choose(n, left);
  double term = 1, sum = 1, scale = 0;
  for (std::uint64_t k = both; k < most; ++k) {
    term *= static_cast<double>(left - k) * static_cast<double>(right - k) /
            (static_cast<double>(k + 1) * static_cast<double>(n + k + 1 - left - right));
    sum += term;
    if (term < sum * 1e-18) break;
    if (sum < 1e250) continue;
    scale += elementary::log(sum);  // far below the mode terms grow beyond any double
    term /= sum;
    sum = 1;
  }
  return std::min(0.0, first + scale + elementary::log(sum));
}

RuleMeasures measures_of(const RuleCounts& counts) noexcept {
  const double n = counts.baskets, both = counts.both, left = counts.left, right = counts.right;
  const double only_left = left - both, only_right = right - both, neither = n - left - right + both;
  RuleMeasures measures;
  measures.support = both / n;
  measures.confidence = both / left;
  measures.lift = both * n / (left * right);
  measures.leverage = (both * n - left * right) / (n * n);
  measures.conviction = left * (n - right) / (n * only_left);
  measures.cosine = both / std::sqrt(left * right);
  measures.kulczynski = (both / left + both / right) / 2;
  measures.jaccard = both / (left + right - both);
  measures.odds_ratio = both * neither / (only_left * only_right);
  const double determinant = both * neither - only_left * only_right;
  measures.chi_square = n * determinant * determinant / (left * right * (n - left) * (n - right));
  measures.fisher = elementary::exp(log_fisher(counts));
  return measures;
}

}  // namespace emptor::mine
