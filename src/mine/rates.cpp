#include "emptor/mine/rates.hpp"

#include <cmath>

#include "core/elementary.hpp"
#include "mine/distributions.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

void check_count(double part, double all, double level) {
  if (!(all > 0 && std::isfinite(all))) refuse_input("there is nothing that a share could be of", "all");
  if (!(part >= 0 && part <= all)) refuse_input("a part is not within its whole", "part");
  if (!(level > 0 && level < 1)) refuse_input("a level lies between 0 and 1", "level");
}

/// The mean at which P(Poisson >= events) is `chance`. It rises with the mean.
double mean_reached(double events, double chance) {
  double low = 0, high = events + 20 + 20 * std::sqrt(events + 1);
  for (int step = 0; step < 100; ++step) {
    const double middle = (low + high) / 2;
    (1 - upper_gamma(events, middle) < chance ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

RateInterval share_interval(double part, double all, double level) {
  check_count(part, all, level);
  const double z = normal_bound(level), square = z * z, share = part / all;
  const double middle = (2 * part + square) / (2 * (all + square));
  const double half = z * std::sqrt(square + 4 * part * (1 - share)) / (2 * (all + square));
  return {share, part == 0 ? 0 : middle - half, part == all ? 1 : middle + half};
}

RateInterval ratio_interval(double first, double of_first, double second, double of_second, double level) {
  check_count(first, of_first, level);
  check_count(second, of_second, level);
  const double a = first + 0.5, all_a = of_first + 0.5, b = second + 0.5, all_b = of_second + 0.5;
  const double ratio = a / all_a / (b / all_b);
  const double reach = normal_bound(level) * std::sqrt(1 / a - 1 / all_a + 1 / b - 1 / all_b);
  return {ratio, ratio * elementary::exp(-reach), ratio * elementary::exp(reach)};
}

RateInterval event_rate(double events, double exposure, double level) {
  if (!(exposure > 0 && std::isfinite(exposure))) refuse_input("there is nothing that events could be of", "exposure");
  if (!(events >= 0 && std::isfinite(events))) refuse_input("a count is not negative", "events");
  if (!(level > 0 && level < 1)) refuse_input("a level lies between 0 and 1", "level");
  const double tail = (1 - level) / 2;
  return {events / exposure, events == 0 ? 0 : mean_reached(events, tail) / exposure,
          mean_reached(events + 1, 1 - tail) / exposure};
}

}  // namespace emptor::mine
