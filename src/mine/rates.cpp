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

}  // namespace emptor::mine
