#include "emptor/mine/factor_effects.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/elementary.hpp"
#include "mine/refusal.hpp"

namespace emptor::mine {
namespace {

void check(const FactorChange& change) {
  if (change.before.size() != change.after.size()) refuse_row("both sides have the same factors", "factors");
  for (const auto* side : {&change.before, &change.after})
    for (std::size_t i = 0; i < side->size(); ++i)
      if (!((*side)[i] >= 0 && std::isfinite((*side)[i])))
        refuse_row("a factor is negative or not finite", "factors", i);
}

double product(const std::vector<double>& factors) {
  double all = 1;
  for (const double one : factors) all *= one;
  return all;
}

/// Of what came to be or ceased: the change belongs to the factors that are 0 on the other side.
std::vector<double> limit_effects(const std::vector<double>& zero_side, double change) {
  std::vector<double> effects(zero_side.size());
  const auto zeros = static_cast<double>(std::count(zero_side.begin(), zero_side.end(), 0.0));
  for (std::size_t i = 0; i < effects.size(); ++i)
    if (zero_side[i] == 0) effects[i] = change / zeros;
  return effects;
}

}  // namespace

std::vector<double> factor_effects(const FactorChange& change) {
  check(change);
  const double before = product(change.before), after = product(change.after);
  std::vector<double> effects(change.before.size());
  if (before == 0 && after == 0) return effects;
  if (before == 0) return limit_effects(change.before, after);
  if (after == 0) return limit_effects(change.after, -before);
  double logarithm = 0;
  for (std::size_t i = 0; i < effects.size(); ++i) {
    effects[i] = elementary::log(change.after[i] / change.before[i]);
    logarithm += effects[i];
  }
  // Near 0 the quotient loses its digits, and the mean of both is as exact as they are alike.
  const double mean = std::abs(logarithm) < 1e-7 ? (before + after) / 2 : (after - before) / logarithm;
  for (double& one : effects) one *= mean;
  return effects;
}

std::vector<std::int64_t> whole_effects(std::span<const double> effects, std::int64_t total) {
  std::vector<std::int64_t> whole(effects.size());
  if (effects.empty()) return whole;
  std::vector<std::size_t> order(effects.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::int64_t missing = total;
  std::vector<double> lost(effects.size());
  for (std::size_t i = 0; i < effects.size(); ++i) {
    const double down = std::floor(effects[i]);
    whole[i] = static_cast<std::int64_t>(down);
    lost[i] = effects[i] - down;
    missing -= whole[i];
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return lost[a] > lost[b]; });
  const auto count = static_cast<std::int64_t>(effects.size());
  const std::int64_t each = missing / count, over = missing % count;
  for (std::int64_t k = 0; k < count; ++k) {
    whole[order[static_cast<std::size_t>(k)]] += each;
    if (over >= 0 && k < over) ++whole[order[static_cast<std::size_t>(k)]];
    if (over < 0 && k >= count + over) --whole[order[static_cast<std::size_t>(k)]];
  }
  return whole;
}

}  // namespace emptor::mine
