#include "emptor/mine/mantel_haenszel.hpp"

#include <cmath>

#include "core/elementary.hpp"
#include "emptor/core/exact_sum.hpp"
#include "mine/distributions.hpp"
#include "mine/refusal.hpp"

namespace emptor::mine {
namespace {

bool is_count(double value) { return std::isfinite(value) && value >= 0; }

void check(std::span<const Stratum> strata, double level) {
  if (!(level > 0 && level < 1)) refuse_row("a level must lie between 0 and 1", "level");
  for (std::size_t i = 0; i < strata.size(); ++i) {
    const Stratum& one = strata[i];
    if (is_count(one.exposed_with) && is_count(one.exposed_without) && is_count(one.others_with) &&
        is_count(one.others_without))
      continue;
    refuse_row("counts of a stratum must be finite and not negative", "strata", i + 1);
  }
}

}  // namespace

StratifiedOdds mantel_haenszel(std::span<const Stratum> strata, double level) {
  check(strata, level);
  StratifiedOdds out;
  DoubleSum with, against, first, mixed, last, excess, variance;
  for (const Stratum& one : strata) {
    const double exposed = one.exposed_with + one.exposed_without, others = one.others_with + one.others_without;
    if (exposed == 0 || others == 0) continue;
    ++out.strata;
    const double n = exposed + others, events = one.exposed_with + one.others_with;
    const double r = one.exposed_with * one.others_without / n, s = one.exposed_without * one.others_with / n;
    const double p = (one.exposed_with + one.others_without) / n, q = (one.exposed_without + one.others_with) / n;
    with.add(r);
    against.add(s);
    first.add(p * r);
    mixed.add(p * s + q * r);
    last.add(q * s);
    excess.add(one.exposed_with - exposed * events / n);
    if (n > 1) variance.add(exposed * others * events * (n - events) / (n * n * (n - 1)));
  }
  const double r = with.value(), s = against.value(), spread = variance.value();
  if (spread > 0) out.p_value = normal_two_sided(excess.value() / std::sqrt(spread));
  if (!(r > 0) || !(s > 0)) return out;
  const double of_log = first.value() / (2 * r * r) + mixed.value() / (2 * r * s) + last.value() / (2 * s * s);
  const double half = normal_bound(level) * std::sqrt(of_log), ratio = r / s;
  out.ratio = RateInterval{ratio, ratio * elementary::exp(-half), ratio * elementary::exp(half)};
  return out;
}

}  // namespace emptor::mine
