#include "core/elementary.hpp"

#include <bit>
#include <limits>

namespace emptor::elementary {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// ln 2 in two parts: the first has 21 zero bits at its end, so that its products with exponents are exact.
constexpr double ln2_high = 0x1.62e42fee00000p-1;
constexpr double ln2_low = 0x1.a39ef35793c76p-33;
constexpr double log2_e = 0x1.71547652b82fep+0;

/// 2^n for -1022 <= n <= 1023.
double power_of_two(int n) { return std::bit_cast<double>(static_cast<std::uint64_t>(n + 1023) << 52); }

/// x * 2^n, rounded once, for any n that exp can meet.
double scale(double x, int n) {
  if (n > 1023) return x * 2.0 * power_of_two(n - 1);
  if (n < -1022) return x * power_of_two(n + 200) * power_of_two(-200);
  return x * power_of_two(n);
}

/// The sum of r^k / k! for k from 3 on, divided by r^3; for |r| <= ln(2) / 2.
double exp_tail(double r) {
  constexpr double reciprocals[] = {1.0 / 6,          1.0 / 24,          1.0 / 120,           1.0 / 720,
                                    1.0 / 5'040,      1.0 / 40'320,      1.0 / 362'880,       1.0 / 3'628'800,
                                    1.0 / 39'916'800, 1.0 / 479'001'600, 1.0 / 6'227'020'800, 1.0 / 87'178'291'200};
  double sum = 0;
  for (int k = 11; k >= 0; --k) sum = sum * r + reciprocals[k];
  return sum;
}

/// atanh(s) / s - 1, divided by s^2, for |s| < 0.172: the sum of z^(k-1) / (2k + 1) from k = 1 on.
double atanh_tail(double z) {
  constexpr double reciprocals[] = {1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9,  1.0 / 11, 1.0 / 13,
                                    1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21, 1.0 / 23};
  double sum = 0;
  for (int k = 10; k >= 0; --k) sum = sum * z + reciprocals[k];
  return sum;
}

}  // namespace

double exp(double x) noexcept {
  if (x != x) return x;
  if (x > 709.7827128933841) return infinity;
  if (x < -745.1332191019412) return 0;
  const double turns = x * log2_e;
  const int n = static_cast<int>(turns < 0 ? turns - 0.5 : turns + 0.5);
  const double high = x - n * ln2_high;
  const double low = n * ln2_low;
  const double r = high - low;
  const double lost = (high - r) - low;  // what the difference was rounded by
  const double sum = 1.0 + (r + (0.5 * r * r + (r * r * r * exp_tail(r) + lost)));
  return scale(sum, n);
}

double log(double x) noexcept {
  if (x != x || x == infinity) return x;
  if (x <= 0) return x < 0 ? std::numeric_limits<double>::quiet_NaN() : -infinity;
  int n = 0;
  if (x < std::numeric_limits<double>::min()) {
    x *= 0x1p54;
    n = -54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  n += static_cast<int>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0x000F'FFFF'FFFF'FFFF) | 0x3FF0'0000'0000'0000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    ++n;
  }
  // log(m) = f - f^2/2 + s (f^2/2 + 2 z T(z)) with f = m - 1, s = f / (2 + f), z = s^2: the large terms are
  // exact or nearly so.
  const double f = m - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double half_square = 0.5 * f * f;
  const double rest = s * (half_square + 2.0 * z * atanh_tail(z));
  if (n == 0) return f - (half_square - rest);
  return n * ln2_high - ((half_square - (rest + n * ln2_low)) - f);
}

double log_factorial(std::uint64_t n) noexcept {
  if (n < 20) {
    std::uint64_t product = 1;
    for (std::uint64_t k = 2; k <= n; ++k) product *= k;
    return log(static_cast<double>(product));
  }
  // Stirling's series for log Gamma(x), x = n + 1 (Abramowitz and Stegun, 6.1.41).
  constexpr double half_log_two_pi = 0.91893853320467274178;
  const double x = static_cast<double>(n) + 1.0;
  const double y = 1.0 / (x * x);
  const double series = (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1'260 - y * (1.0 / 1'680)))) / x;
  return (x - 0.5) * log(x) - x + half_log_two_pi + series;
}

}  // namespace emptor::elementary
