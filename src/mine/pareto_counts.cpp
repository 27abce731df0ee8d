#include "mine/pareto_counts.hpp"

#include <algorithm>
#include <cmath>

#include "core/elementary.hpp"
#include "mine/peaked_integral.hpp"
#include "mine/special.hpp"

namespace emptor::mine {
namespace {

using elementary::exp;
using elementary::log;

/// The logarithm of chances that add nothing to a double near 1, and those chances.
constexpr double log_nothing = -80;
constexpr double nothing = 1e-35;

/// How much wider each panel may be than the one before. A count's chance, by the logarithm of u, is no narrower than
/// 1 / sqrt(r), nor than 1 / sqrt(count) of the counts that matter.
double growth_of(double r, double mean) {
  const double most = mean + 8 * std::sqrt(mean + mean * mean / r) + 8;
  constexpr double finest = 0.003;  // a million purchases
  return std::clamp(3 / std::sqrt(std::min(r, most) + 1), finest, 1.0);
}

}  // namespace

ParetoCounts::ParetoCounts(const CountProcess& process, double time)
    : r_(process.r), alpha_(process.alpha), s_(process.s), beta_(process.beta) {
  const double growth = growth_of(r_, r_ * time / alpha_);
  double low = std::min({time, alpha_ / (r_ + 1), beta_ / (s_ + 1)});
  add_panel(0, low);
  while (low < time) {
    const double high = low * (1 + growth) < time ? low * (1 + growth) : time;
    add_panel(low, high);
    low = high;
  }
  add_point(time, -s_ * special::log1p(time / beta_));
  begin_points();
}

void ParetoCounts::add_panel(double low, double high) {
  const Quadrature& rule = sixteen_points();
  for (std::size_t i = 0; i < rule.at.size(); ++i) {
    const double time = low + (high - low) * rule.at[i];
    add_point(time, log(rule.weight[i] * (high - low) * s_ / beta_) - (s_ + 1) * special::log1p(time / beta_));
  }
}

void ParetoCounts::add_point(double time, double log_weight) {
  points_.push_back({time / (alpha_ + time), log_weight, 0});
}

double ParetoCounts::log_chance(const Point& point) const noexcept {
  const double odds = point.ratio / (1 - point.ratio);
  return special::log_negative_binomial(r_, odds, n_);
}

/// Chances of few purchases may be too small for a double where many are likely: a point waits until its count is near.
/// Later times have larger counts.
void ParetoCounts::begin_points() {
  for (; begun_ < points_.size(); ++begun_) {
    const double here = log_chance(points_[begun_]);
    if (here < log_nothing) return;
    points_[begun_].chance = exp(here + points_[begun_].log_weight);
  }
}

double ParetoCounts::next() {
  double sum = 0;
  const double more = (r_ + n_) / (n_ + 1);
  for (std::size_t i = first_; i < begun_; ++i) {
    sum += points_[i].chance;
    points_[i].chance *= more * points_[i].ratio;
  }
  n_ += 1;
  // Past is where chances are nothing and fall.
  while (first_ < begun_ && points_[first_].chance < nothing && more * points_[first_].ratio < 1) ++first_;
  begin_points();
  return sum;
}

}  // namespace emptor::mine
