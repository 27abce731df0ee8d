#include "mine/special.hpp"

#include <algorithm>
#include <limits>

#include "core/elementary.hpp"
#include "mine/distributions.hpp"

namespace emptor::mine::special {
namespace {

using elementary::exp;
using elementary::log;

/// From here on the asymptotic series have all digits.
constexpr double far = 12;

/// log Gamma(z) less (z - 1/2) log z - z + log(2 pi) / 2.
double stirling(double z) {
  const double y = 1 / (z * z);
  return (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1'260 -
                                           y * (1.0 / 1'680 - y * (1.0 / 1'188 - y * (691.0 / 360'360 - y / 156)))))) /
         z;
}

/// digamma(z) less log z - 1 / (2 z).
double digamma_tail(double z) {
  const double y = 1 / (z * z);
  return -y * (1.0 / 12 -
               y * (1.0 / 120 - y * (1.0 / 252 - y * (1.0 / 240 - y * (1.0 / 132 - y * (691.0 / 32'760 - y / 12))))));
}

/// trigamma(z) less 1 / z + 1 / (2 z^2).
double trigamma_tail(double z) {
  const double y = 1 / (z * z);
  return y / z *
         (1.0 / 6 -
          y * (1.0 / 30 - y * (1.0 / 42 - y * (1.0 / 30 - y * (5.0 / 66 - y * (691.0 / 2'730 - y * 7.0 / 6))))));
}

}  // namespace

double log1p(double x) noexcept {
  const double u = 1 + x;
  if (u == 1 || u == std::numeric_limits<double>::infinity()) return x;
  return log(u) * (x / (u - 1));
}

double expm1(double x) noexcept {
  const double u = exp(x);
  if (u == 1) return x;
  const double less = u - 1;
  if (less == -1 || u == std::numeric_limits<double>::infinity()) return less;
  return less * (x / log(u));
}

double softplus(double x) noexcept { return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x)); }

double log_add(double a, double b) noexcept {
  if (a < b) std::swap(a, b);
  return b == -std::numeric_limits<double>::infinity() ? a : a + log1p(exp(b - a));
}

double digamma(double a) noexcept {
  double sum = 0;
  for (; a < far; a += 1) sum -= 1 / a;
  return sum + log(a) - 0.5 / a + digamma_tail(a);
}

double trigamma(double a) noexcept {
  double sum = 0;
  for (; a < far; a += 1) sum += 1 / (a * a);
  return sum + 1 / a + 0.5 / (a * a) + trigamma_tail(a);
}

double log_rising(double a, double k) noexcept {
  double sum = 0, product = 1;
  for (; a < far; a += 1) {
    // Ratios near 1 keep their digits in log1p only.
    if (k < a / 2) {
      sum -= log1p(k / a);
    } else {
      product *= a / (a + k);
    }
  }
  const double by_stirling = (a - 0.5) * log1p(k / a) + k * (log(a + k) - 1) + (stirling(a + k) - stirling(a));
  return by_stirling + sum + log(product);
}

double digamma_rise(double a, double k) noexcept {
  double sum = 0;
  for (; a < far; a += 1) sum += k / (a * (a + k));
  return sum + log1p(k / a) + k / (2 * a * (a + k)) + (digamma_tail(a + k) - digamma_tail(a));
}

double trigamma_rise(double a, double k) noexcept {
  double sum = 0;
  const auto square = [&] { return k * (2 * a + k) / (a * a * (a + k) * (a + k)); };
  for (; a < far; a += 1) sum -= square();
  return sum - k / (a * (a + k)) - square() / 2 + (trigamma_tail(a + k) - trigamma_tail(a));
}

double log_beta(double a, double b) noexcept {
  if (a > b) std::swap(a, b);
  return log_gamma(a) - log_rising(b, a);
}

double log_beta_ratio(double a, double b, double k) noexcept {
  double sum = 0, product = 1;
  for (; b < far; b += 1) {
    const double lost = a / (a + b) * (k / (b + k));
    if (lost < 0.5) {
      sum += log1p(-lost);
    } else {
      product *= b / (b + k) * ((a + b + k) / (a + b));
    }
  }
  const double c = a + b;
  const double by_stirling = (b - 0.5) * log1p(a / b * (k / (c + k))) - a * log1p(k / c) - k * log1p(a / (b + k)) +
                             ((stirling(b + k) - stirling(b)) - (stirling(c + k) - stirling(c)));
  return by_stirling + sum + log(product);
}

double log_negative_binomial(double m, double z, double n) noexcept {
  if (n == 0) return -m * log1p(z);
  // -log(n!) + log_rising(m, n) = -log(n B(m, n)).
  return -log(n) - log_beta(m, n) - n * log1p(1 / z) - m * log1p(z);
}

}  // namespace emptor::mine::special
