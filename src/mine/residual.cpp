#include "mine/residual.hpp"

#include <limits>

#include "mine/peaked_integral.hpp"
#include "mine/special.hpp"

namespace emptor::mine {
namespace {

constexpr double most_terms = 2'000;
/// What a discount of e^-45 is applied to adds nothing.
constexpr double endless = 45;

}  // namespace

/// NaN where the sum is too long, or begins below what a double holds.
double BetaLeaving::by_sum(double until, bool count) const {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double z = until / (1 + until), mean = m * until, fall = m * special::log1p(until);
  if (fall > 500 || mean > most_terms / 2) return nan;
  double chance = elementary::exp(-fall), left = 1, before = 0, sum = 0;
  for (double n = 0; n < most_terms; n += 1) {
    const double term = chance * (count ? before : left);
    sum += term;
    // The terms fall at least as fast as a geometric series from here on.
    const double ratio = z * std::max((m + n) / (n + 1), 1.0) * (count && n > 0 ? 1 + 1 / n : 1.0);
    if (n > mean && ratio < 1 && term * ratio < 1e-16 * (1 - ratio) * sum) return sum;
    chance *= z * ((m + n) / (n + 1));
    before += left;
    left *= (b + n) / (a + b + n);
  }
  return nan;
}

double BetaLeaving::by_integral(double from, double until, bool count) const {
  const double grown = (until - from) / (1 + from);
  // Of p: the purchases given p, or the chance to stay.
  const auto log_given = [&](double log_p) {
    const double p = elementary::exp(log_p);
    if (!count) return -m * special::log1p(p * until);
    const double now = m * special::log1p(p * (until - from) / (1 + p * from));
    // What is gained in a short time is m times it, however small p is.
    const double gain = now < 1e-300 ? elementary::log(m) + elementary::log(until - from) + log_p
                                     : elementary::log(-special::expm1(-now));
    return gain - m * special::log1p(p * from) - log_p;
  };
  const double beta = special::log_beta(a, b);
  const auto log_f = [&](double q) {
    return -a * special::softplus(-q) - b * special::softplus(q) - beta + log_given(-special::softplus(-q));
  };
  // Beyond these bounds what is integrated is a power of p, or of 1 - p.
  const double low = elementary::log(1e-17) - special::log1p((m + 1) * (until + grown) + b);
  const double high = special::log1p(a + m) - elementary::log(1e-17);
  const double left = a * low - elementary::log(a) - beta + log_given(low);
  const double right = -b * high - elementary::log(b) - beta + log_given(0);
  const double body = log_peaked_integral(log_f, low, high, 1 / std::sqrt(a + b + m + 1));
  return elementary::exp(special::log_add(body, special::log_add(left, right)));
}

double BetaLeaving::purchases(double from, double until) const {
  if (!(until > from)) return 0;
  const double all = by_sum(until, true);
  if (from == 0) return all == all ? all : by_integral(0, until, true);
  const double before = by_sum(from, true);
  // A small part of a large sum has lost its digits.
  return all - before > 1e-3 * all ? all - before : by_integral(from, until, true);
}

double BetaLeaving::stays(double until) const {
  const double sum = by_sum(until, false);
  return sum == sum ? sum : by_integral(0, until, false);
}

double BetaLeaving::discounted(double rate, double horizon) const {
  if (rate == 0) {
    return horizon == std::numeric_limits<double>::infinity() ? (a + b - 1) / (a - 1) : purchases(0, horizon);
  }
  // By parts: rate x the integral of e^(-rate u) E(u), in log(1 + u), and what is left at the end.
  const double end = std::min(horizon, endless / rate), whole = special::log1p(end);
  const double panels = std::max(1.0, std::ceil(whole));
  double sum = 0;
  for (double panel = 0; panel < panels; panel += 1) {
    sum += panel_sum(
        [&](double at) {
          const double u = special::expm1(at);
          return elementary::exp(at - rate * u) * purchases(0, u);
        },
        whole * (panel / panels), whole * ((panel + 1) / panels));
  }
  return rate * sum + elementary::exp(-rate * end) * purchases(0, end);
}

double pareto_time(double s, double age, double from, double until) {
  const double grown = special::log1p((until - from) / (age + from)), over = s - 1;
  const double span = std::abs(over * grown) < 1e-300 ? grown : -special::expm1(-over * grown) / over;
  return (age + from) * elementary::exp(-s * special::log1p(from / age)) * span;
}

double discounted_pareto_time(double s, double age, double rate, double horizon) {
  if (rate == 0) {
    return horizon == std::numeric_limits<double>::infinity() ? age / (s - 1) : pareto_time(s, age, 0, horizon);
  }
  const double end = std::min(horizon, endless / rate), pace = rate * age;
  const auto log_f = [&](double at) { return (1 - s) * at - pace * special::expm1(at); };
  const double width = 1 / (1 + s + pace);
  return age * elementary::exp(log_peaked_integral(log_f, 0, special::log1p(end / age), width));
}

double negative_binomial_above(double m, double z, double n) {
  if (n == 0) return 1;
  const double q = z / (1 + z);
  if (n > m * z) {
    double term = elementary::exp(special::log_negative_binomial(m, z, n)), sum = term;
    for (double k = n; k < n + 1e7; k += 1) {
      const double ratio = q * ((m + k) / (k + 1));
      term *= ratio;
      sum += term;
      if (ratio < 1 && term * ratio < 1e-17 * (1 - ratio) * sum) break;
    }
    return std::min(sum, 1.0);
  }
  double term = elementary::exp(special::log_negative_binomial(m, z, n - 1)), sum = term;
  for (double k = n - 1; k > 0; k -= 1) {
    term *= k / (q * (m + k - 1));
    sum += term;
  }
  return std::max(1 - sum, 0.0);
}

}  // namespace emptor::mine
