#include "emptor/mine/trend_slope.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/elementary.hpp"
#include "mine/distributions.hpp"
#include "mine/refusal.hpp"

namespace emptor::mine {
namespace {

double product_sum(const std::vector<double>& a, std::size_t lag) {
  double sum = 0;
  for (std::size_t i = lag; i < a.size(); ++i) sum += a[i] * a[i - lag];
  return sum;
}

/// The long-run variance of scores, times their number.
double long_run_sum(std::vector<double> scores) {
  const double n = static_cast<double>(scores.size()), own = product_sum(scores, 0);
  if (!(own > 0)) return 0;
  const double alike = std::clamp(product_sum(scores, 1) / own, -0.97, 0.97);
  for (std::size_t i = scores.size() - 1; i > 0; --i) scores[i] -= alike * scores[i - 1];
  scores.erase(scores.begin());
  const auto lags = static_cast<std::size_t>(4 * elementary::exp(2.0 / 9 * elementary::log(n / 100)));
  double sum = product_sum(scores, 0);
  for (std::size_t lag = 1; lag <= lags && lag < scores.size(); ++lag)
    sum += 2 * (1 - static_cast<double>(lag) / static_cast<double>(lags + 1)) * product_sum(scores, lag);
  return std::max(sum, 0.0) / ((1 - alike) * (1 - alike));
}

}  // namespace

TrendSlope fit_trend_slope(Numbers values, double level) {
  if (values.size() < 6) refuse_row("a slope needs six points or more", "values");
  if (!(level > 0 && level < 1)) refuse_row("a level lies between 0 and 1", "level");
  const double n = static_cast<double>(values.size()), middle = (n - 1) / 2, spread = n * (n * n - 1) / 12;
  TrendSlope out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) refuse_row("a number of the series is not finite", "values", i);
    out.level += values[i] / n;
  }
  for (std::size_t i = 0; i < values.size(); ++i)
    out.slope += (static_cast<double>(i) - middle) * (values[i] - out.level) / spread;
  std::vector<double> scores(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double place = static_cast<double>(i) - middle;
    scores[i] = place * (values[i] - out.level - out.slope * place);
  }
  out.standard_error = std::sqrt(long_run_sum(std::move(scores)) * n / (n - 2)) / spread;
  const double wide = student_bound(level, n - 2) * out.standard_error;
  out.lower = out.slope - wide;
  out.upper = out.slope + wide;
  if (out.standard_error > 0)
    out.p_value = student_two_sided(out.slope / out.standard_error, n - 2);
  else
    out.p_value = out.slope == 0 ? 1 : 0;
  return out;
}

}  // namespace emptor::mine
