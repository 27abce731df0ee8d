#include "emptor/mine/trend_slope.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/elementary.hpp"
#include "mine/distributions.hpp"
#include "mine/refusal.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t points_beside_season = 5;
constexpr int grid_points = 97;       // autocorrelations -.96, -.94 ... .96
constexpr double least_share = 1e-7;  // of the weights, below which an autocorrelation is left out
constexpr int most_steps = 60;
constexpr double near_enough = 1e-10;  // of the chance that is looked for
constexpr double rounding = 1e-13;     // of the greatest value, below which what a line leaves is no noise

/// The product of two series after whitening by an autocorrelation, the first point kept: a0 b0 (1 - r^2) + the sum of
/// (a_t - r a_{t-1}) (b_t - r b_{t-1}), which is a polynomial in r.
struct WhiteProduct {
  double own = 0, beside = 0, inner = 0;

  template <class A, class B>
  WhiteProduct(std::size_t n, A&& a, B&& b) {
    for (std::size_t t = 0; t < n; ++t) own += a(t) * b(t);
    for (std::size_t t = 1; t < n; ++t) beside += a(t) * b(t - 1) + a(t - 1) * b(t);
    for (std::size_t t = 1; t + 1 < n; ++t) inner += a(t) * b(t);
  }
  double at(double alike) const { return own - alike * beside + alike * alike * inner; }
};

/// The line of least squares, and what it leaves.
struct PlainLine {
  double level = 0, slope = 0;
  std::vector<double> left;
};

PlainLine plain_line(Numbers values) {
  const double n = static_cast<double>(values.size()), middle = (n - 1) / 2, spread = n * (n * n - 1) / 12;
  PlainLine line;
  for (const double one : values) line.level += one / n;
  for (std::size_t i = 0; i < values.size(); ++i)
    line.slope += (static_cast<double>(i) - middle) * (values[i] - line.level) / spread;
  for (std::size_t i = 0; i < values.size(); ++i)
    line.left.push_back(values[i] - line.level - line.slope * (static_cast<double>(i) - middle));
  return line;
}

/// What an autocorrelation makes of the series.
struct Candidate {
  double alike = 0, level = 0, slope = 0, error = 0;
  double weight = 0;  ///< its logarithm until all are known
};

/// Level and slope are orthogonal at every autocorrelation, as places are counted from the middle.
std::vector<Candidate> candidates_of(const PlainLine& line, double degrees, std::size_t period) {
  const std::size_t n = line.left.size();
  const double middle = (static_cast<double>(n) - 1) / 2;
  const auto one = [](std::size_t) { return 1.0; };
  const auto place = [&](std::size_t t) { return static_cast<double>(t) - middle; };
  const auto left = [&](std::size_t t) { return line.left[t]; };
  const WhiteProduct levels(n, one, one), places(n, place, place), rest(n, left, left);
  const WhiteProduct of_level(n, one, left), of_place(n, place, left);
  std::vector<Candidate> out;
  for (int i = 0; i < grid_points; ++i) {
    const double r = 0.02 * (i - grid_points / 2);
    const double level = of_level.at(r) / levels.at(r), slope = of_place.at(r) / places.at(r);
    const double squares = rest.at(r) - level * of_level.at(r) - slope * of_place.at(r);
    // Of a season that was taken out, each number is told the worse the less the noise differs from place to place.
    double alike = 1, season = 1;
    for (std::size_t k = 1; k < period; ++k) season += alike *= r;
    Candidate next{r, line.level + level, line.slope + slope, std::sqrt(squares / degrees / places.at(r))};
    next.weight = 0.5 * elementary::log((1 - r * r) / (levels.at(r) * places.at(r))) - elementary::log(season) -
                  0.5 * degrees * elementary::log(squares);
    out.push_back(next);
  }
  return out;
}

/// Weights that add up to 1; what hardly counts is left out.
void weigh(std::vector<Candidate>& all) {
  double most = all.front().weight, sum = 0;
  for (const Candidate& one : all) most = std::max(most, one.weight);
  for (Candidate& one : all) one.weight = elementary::exp(one.weight - most);
  std::erase_if(all, [](const Candidate& one) { return one.weight < least_share; });
  for (const Candidate& one : all) sum += one.weight;
  for (Candidate& one : all) one.weight /= sum;
}

/// The chance that the slope is below.
double chance_below(const std::vector<Candidate>& all, double degrees, double slope) {
  double chance = 0;
  for (const Candidate& one : all) {
    const double off = (slope - one.slope) / one.error, tail = student_two_sided(off, degrees) / 2;
    chance += one.weight * (off < 0 ? tail : 1 - tail);
  }
  return chance;
}

/// It lies between the least and the greatest of the candidates' own, and is found by chords that never stay at one end
/// (the Illinois rule: Dowell and Jarratt, BIT 11 (1971), 168).
double quantile(const std::vector<Candidate>& all, double degrees, double chance) {
  const double bound = student_bound(std::abs(1 - 2 * chance), degrees) * (chance < 0.5 ? -1 : 1);
  double low = all.front().slope + bound * all.front().error, high = low;
  for (const Candidate& one : all) {
    low = std::min(low, one.slope + bound * one.error);
    high = std::max(high, one.slope + bound * one.error);
  }
  double below = chance_below(all, degrees, low) - chance, above = chance_below(all, degrees, high) - chance;
  double at = low;
  int side = 0;
  for (int i = 0; i < most_steps && above > below; ++i) {
    at = (low * above - high * below) / (above - below);
    const double here = chance_below(all, degrees, at) - chance;
    if (std::abs(here) < near_enough) break;
    (here < 0 ? low : high) = at;
    (here < 0 ? below : above) = here;
    if (here < 0 && side < 0) above /= 2;
    if (here >= 0 && side > 0) below /= 2;
    side = here < 0 ? -1 : 1;
  }
  return at;
}

double greatest(Numbers values) {
  double most = 0;
  for (const double one : values) most = std::max(most, std::abs(one));
  return most;
}

void check(Numbers values, const TrendSlopeOptions& options) {
  if (!(options.level > 0 && options.level < 1)) refuse_row("a level lies between 0 and 1", "level");
  if (options.period == 0) refuse_row("a season has one point or more", "period", {}, "1 is none");
  if (values.size() < options.period + points_beside_season)
    refuse_row("a slope needs five points more than the season", "values");
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i])) refuse_row("a number of the series is not finite", "values", i);
}

}  // namespace

TrendSlope fit_trend_slope(Numbers values, const TrendSlopeOptions& options) {
  check(values, options);
  const PlainLine line = plain_line(values);
  TrendSlope out{.level = line.level};
  const double least = rounding * greatest(values);
  if (greatest(line.left) <= least) {
    if (std::abs(line.slope) * static_cast<double>(values.size()) <= least) return out;
    out.slope = out.lower = out.upper = line.slope;
    out.p_value = 0;
    return out;
  }
  const double degrees = static_cast<double>(values.size() - 1 - options.period);
  std::vector<Candidate> all = candidates_of(line, degrees, options.period);
  weigh(all);
  out.level = out.slope = 0;
  for (const Candidate& one : all) {
    out.level += one.weight * one.level;
    out.slope += one.weight * one.slope;
    out.autocorrelation += one.weight * one.alike;
  }
  double variance = 0;
  for (const Candidate& one : all)
    variance += one.weight * (one.error * one.error + (one.slope - out.slope) * (one.slope - out.slope));
  out.standard_error = std::sqrt(variance);
  out.lower = quantile(all, degrees, (1 - options.level) / 2);
  out.upper = quantile(all, degrees, (1 + options.level) / 2);
  const double below = chance_below(all, degrees, 0);
  out.p_value = 2 * std::min(below, 1 - below);
  return out;
}

}  // namespace emptor::mine
