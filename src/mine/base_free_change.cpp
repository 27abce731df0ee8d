#include "emptor/mine/base_free_change.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "emptor/core/exact_sum.hpp"
#include "mine/training_check.hpp"
#include "mine/trial_check.hpp"

namespace emptor::mine {
namespace {

void check(const Halves& halves, std::size_t rows, const char* field) {
  if (rows < 3) refuse_input("three rows or more are needed", field);
  if (halves.a.size() != rows || halves.b.size() != rows) refuse_input("the halves differ in number", field);
  for (std::size_t r = 0; r < rows; ++r) {
    if (!std::isfinite(halves.a[r]) || !std::isfinite(halves.b[r])) refuse_row("a level is not finite", field, r);
  }
}

double mean_of(Numbers numbers) {
  DoubleSum sum;
  for (const double number : numbers) sum.add(number);
  return sum.value() / static_cast<double>(numbers.size());
}

double covariance(Numbers x, Numbers y) {
  const double mean_x = mean_of(x), mean_y = mean_of(y);
  DoubleSum sum;
  for (std::size_t r = 0; r < x.size(); ++r) sum.add((x[r] - mean_x) * (y[r] - mean_y));
  return sum.value() / static_cast<double>(x.size() - 1);
}

std::vector<double> level_of(const Halves& halves) {
  std::vector<double> level(halves.a.size());
  for (std::size_t r = 0; r < level.size(); ++r) level[r] = (halves.a[r] + halves.b[r]) / 2;
  return level;
}

/// Second moments of the observed levels and of what is true in them. Errors of the windows are independent, so that
/// their covariance is that of the true levels too.
struct Moments {
  double former, recent, both;
  double true_former, true_recent;

  Moments(const Halves& f, const Halves& r, Numbers level_f, Numbers level_r)
      : former(covariance(level_f, level_f)),
        recent(covariance(level_r, level_r)),
        both(covariance(level_f, level_r)),
        true_former(std::max(covariance(f.a, f.b), 0.0)),
        true_recent(std::max(covariance(r.a, r.b), 0.0)) {}

  double slope() const { return former > 0 ? both / former : 0; }
  /// Variance of the residual of the recent level, as observed and among true levels.
  double residual() const { return recent - slope() * both; }
  double true_residual() const {
    return true_former > 0 ? std::max(true_recent - both * both / true_former, 0.0) : true_recent;
  }
  /// Weights of the best linear estimate of the true recent level from both observed ones.
  std::pair<double, double> level_weights() const {
    const double determinant = former * recent - both * both;
    if (determinant > 1e-12 * former * recent)
      return {(both * recent - true_recent * both) / determinant, (true_recent * former - both * both) / determinant};
    return {0.0, recent > 0 ? true_recent / recent : 0.0};  // the levels tell the same
  }
};

double share(double part, double whole) { return whole > 0 ? std::clamp(part / whole, 0.0, 1.0) : 0.0; }

}  // namespace

BaseFreeChange estimate_base_free_change(const Halves& former, const Halves& recent) {
  const std::size_t rows = former.a.size();
  check(former, rows, "former");
  check(recent, rows, "recent");
  const std::vector<double> f = level_of(former), r = level_of(recent);
  const Moments moments(former, recent, f, r);
  BaseFreeChange result;
  result.slope = moments.slope();
  // What rounding leaves of nothing is no variance.
  const bool varies = moments.residual() > 1e-12 * moments.recent;
  result.reliability = varies ? share(moments.true_residual(), moments.residual()) : 0;
  result.reliability_former = share(moments.true_former, moments.former);
  result.reliability_recent = share(moments.true_recent, moments.recent);
  const auto [of_former, of_recent] = moments.level_weights();
  const double mean_f = mean_of(f), mean_r = mean_of(r);
  for (std::size_t row = 0; row < rows; ++row) {
    const double away_f = f[row] - mean_f, away_r = r[row] - mean_r;
    result.changes.push_back(result.reliability > 0 ? result.reliability * (away_r - result.slope * away_f) : 0);
    result.observed.push_back(r[row] - f[row]);
    result.levels.push_back(mean_r + of_former * away_f + of_recent * away_r);
  }
  return result;
}

}  // namespace emptor::mine
