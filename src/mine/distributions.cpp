#include "mine/distributions.hpp"

#include <algorithm>
#include <cmath>

#include "core/elementary.hpp"

namespace emptor::mine {
namespace {

constexpr double smallest = 1e-300;
constexpr double precision = 1e-16;
constexpr int most_terms = 100'000;

/// x^a e^-x / Gamma(a).
double gamma_power(double a, double x) { return elementary::exp(a * elementary::log(x) - x - log_gamma(a)); }

/// The lower function by its series; for x < a + 1.
double lower_by_series(double a, double x) {
  double term = 1 / a, sum = term;
  for (int n = 1; n < most_terms && term > precision * sum; ++n) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * gamma_power(a, x);
}

double apart_from_zero(double value) { return std::abs(value) < smallest ? smallest : value; }

/// The upper function by its continued fraction; for x >= a + 1.
double upper_by_fraction(double a, double x) {
  double b = x + 1 - a, c = 1 / smallest, d = 1 / b, value = d;
  for (int n = 1; n < most_terms; ++n) {
    const double numerator = n * (a - n);
    b += 2;
    d = 1 / apart_from_zero(numerator * d + b);
    c = apart_from_zero(b + numerator / c);
    const double factor = d * c;
    value *= factor;
    if (std::abs(factor - 1) < 3 * precision) break;
  }
  return value * gamma_power(a, x);
}

double beta_fraction(double a, double b, double x) {
  double c = 1, d = 1 / apart_from_zero(1 - (a + b) * x / (a + 1)), value = d;
  for (int m = 1; m < most_terms; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / apart_from_zero(1 + even * d);
    c = apart_from_zero(1 + even / c);
    value *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / apart_from_zero(1 + odd * d);
    c = apart_from_zero(1 + odd / c);
    value *= d * c;
    if (std::abs(d * c - 1) < 3 * precision) break;
  }
  return value;
}

/// The point where a falling function meets a value, by halving; at least 0.
template <class Function>
double where(Function&& falling, double value) {
  double low = 0, high = 1;
  while (falling(high) > value && high < 1e300) high *= 2;
  for (int i = 0; i < 200; ++i) {
    const double middle = low + (high - low) / 2;
    if (middle == low || middle == high) break;
    (falling(middle) > value ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

/// What a distribution says at a place: the chance below it, and that chance's slope.
struct Reached {
  double below, slope;
};

/// The place between two where a distribution reaches a chance, by Newton's steps on the log-odds of the chance, which
/// are nearly straight where the place is a logarithm; by halving where a step leaves what is known.
template <class Distribution>
double place_of(double chance, double low, double high, double start, Distribution&& at) {
  const double wanted = elementary::log(chance / (1 - chance));
  double place = start;
  for (int i = 0; i < 200; ++i) {
    const Reached here = at(place);
    (here.below < chance ? low : high) = place;
    const double spread = here.below * (1 - here.below);
    double next = spread > 0 && here.slope > 0
                      ? place - (elementary::log(here.below / (1 - here.below)) - wanted) * spread / here.slope
                      : high;
    if (!(next > low && next < high)) next = low / 2 + high / 2;
    const double step = std::abs(next - place);
    place = next;
    if (step < 1e-9) break;  // the next one would be its square
  }
  return place;
}

}  // namespace

double log_gamma(double x) noexcept {
  double product = 1;
  while (x < 16) {
    product *= x;
    x += 1;
  }
  constexpr double half_log_two_pi = 0.91893853320467274178;
  const double y = 1 / (x * x);
  const double series =
      (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1'260 - y * (1.0 / 1'680 - y * (1.0 / 1'188 - y * 691.0 / 360'360))))) /
      x;
  return (x - 0.5) * elementary::log(x) - x + half_log_two_pi + series - elementary::log(product);
}

double upper_gamma(double a, double x) noexcept {
  if (!(x > 0)) return x == 0 ? 1.0 : x;
  if (std::isinf(x)) return 0;
  return x < a + 1 ? 1 - lower_by_series(a, x) : upper_by_fraction(a, x);
}

double incomplete_beta(double a, double b, double x) noexcept {
  if (!(x > 0)) return x == x ? 0.0 : x;
  if (x >= 1) return 1;
  return BetaDistribution(a, b).below(x, 1 - x);
}

BetaDistribution::BetaDistribution(double a, double b) noexcept
    : a_(a), b_(b), log_factor_(log_gamma(a + b) - log_gamma(a) - log_gamma(b)) {}

double BetaDistribution::below(double x, double rest) const noexcept {
  if (x < (a_ + 1) / (a_ + b_ + 2)) return slope(x, rest) * beta_fraction(a_, b_, x) / a_;
  return 1 - slope(x, rest) * beta_fraction(b_, a_, rest) / b_;
}

double BetaDistribution::slope(double x, double rest) const noexcept {
  return elementary::exp(log_factor_ + a_ * elementary::log(x) + b_ * elementary::log(rest));
}

double normal_two_sided(double z) noexcept { return upper_gamma(0.5, z * z / 2); }

double student_two_sided(double t, double degrees) noexcept {
  if (std::isinf(t)) return 0;
  const double square = t * t;
  // Near 1 the argument of the beta function would lose what the other side keeps.
  if (square < degrees) return 1 - incomplete_beta(0.5, degrees / 2, square / (degrees + square));
  return incomplete_beta(degrees / 2, 0.5, degrees / (degrees + square));
}

double chi_square_above(double x, double degrees) noexcept { return upper_gamma(degrees / 2, x / 2); }

double normal_bound(double level) noexcept {
  return where([](double z) { return normal_two_sided(z); }, 1 - level);
}
double student_bound(double level, double degrees) noexcept {
  return where([&](double t) { return student_two_sided(t, degrees); }, 1 - level);
}

double gamma_quantile(double a, double chance) noexcept {
  const double place = place_of(chance, -700, elementary::log(a + 700), elementary::log(a), [a](double log_x) {
    const double x = elementary::exp(log_x);
    return Reached{1 - upper_gamma(a, x), gamma_power(a, x)};
  });
  return elementary::exp(place);
}

double beta_odds_quantile(double a, double b, double chance) noexcept {
  constexpr double most = 36;
  const BetaDistribution distribution(a, b), mirrored(b, a);
  const double start = std::clamp(elementary::log(a / b), -most, most);
  const double place = place_of(chance, -most, most, start, [&](double log_odds) {
    const double x = 1 / (1 + elementary::exp(-log_odds)), rest = 1 / (1 + elementary::exp(log_odds));
    const double below = x < 0.5 ? distribution.below(x, rest) : 1 - mirrored.below(rest, x);
    return Reached{below, distribution.slope(x, rest)};
  });
  return elementary::exp(place);
}

}  // namespace emptor::mine
