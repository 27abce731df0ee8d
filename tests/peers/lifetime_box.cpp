// The lifetime models against numbers of 50 and 100 digits, over the whole box of parameters that they are meant for.
//
//     lifetime_box COUNT SEED [SECONDS [FIRST]]
//
// Parameters are log-uniform in 1e-3 to 1e4, times in 1e-3 to 1e5, x up to 10,000; every third case lies at an edge
// (t_x = T or just before it, a = 1, s = 1, alpha = beta, a + b < 1, x = 0). The formulas are not those of the library:
// Pareto/NBD by Gauss's continued fraction for 2F1(1, b; c; z), BG/NBD by its series in 2F1, which cancel by up to 60
// digits, and where that series is long by tanh-sinh quadrature over the chance to leave. A case counts only if both
// precisions agree to 20 digits (by quadrature, which takes other nodes for each, to 15); the others are counted as
// unsure. Prints each figure that is off by more than 1e-9 (relative; of logarithms absolute below 1; of what is below
// 1e-300 on the scale of logarithms), and ends with 1 then.
#include <algorithm>
#include <boost/math/quadrature/sinh_sinh.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <vector>

#include "emptor/core/random.hpp"
#include "emptor/mine/lifetime.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

namespace mp = boost::multiprecision;
template <unsigned digits>
using Real = mp::number<mp::cpp_bin_float<digits>, mp::et_off>;

struct Case {
  LifetimeKind kind;
  double r, alpha, s, beta, x, recency, age, ahead;
};

Case drawn_case(std::uint64_t seed, std::uint64_t number) {
  Random random(hash_of(seed, number));
  const auto log_uniform = [&](double low, double high) {
    return std::pow(10.0, low + (high - low) * random.uniform());
  };
  Case one{static_cast<LifetimeKind>(number % 4),
           log_uniform(-3, 4),
           log_uniform(-3, 4),
           log_uniform(-3, 4),
           log_uniform(-3, 4),
           0,
           0,
           log_uniform(-3, 5),
           log_uniform(-3, 5)};
  if (random.uniform() >= 0.2) one.x = std::floor(log_uniform(0, 4));
  if (one.x > 0) one.recency = one.age * (1 - random.uniform());
  if (random.below(3) != 0) return one;
  const std::uint64_t edge = random.below(6);
  if (edge == 0 && one.x > 0) one.recency = one.age;
  if (edge == 1) one.s = 1;
  if (edge == 2) one.beta = one.alpha;
  if (edge == 3) one.s = 0.3 * random.uniform() + 1e-3, one.beta = 0.5 * random.uniform() + 1e-3;
  if (edge == 4) one.x = one.recency = 0;
  if (edge == 5 && one.x > 0) one.recency = one.age * (1 - log_uniform(-12, -1));
  return one;
}

/// 2F1(1, b; c; z) for 0 <= z < 1, c > b > 0: Gauss's continued fraction, from its tail up, doubled until it stands.
template <class T>
T gauss_fraction(const T& b, const T& c, const T& z) {
  const auto from = [&](int terms) {
    T value = 1;
    for (int n = terms; n >= 1; --n) {  // two steps a term: an odd coefficient, then an even one
      const T even = n * (c - b + (n - 1)) / ((c + (2 * n - 2)) * (c + (2 * n - 1)));
      const T odd = (b + n) * (c + (n - 1)) / ((c + (2 * n - 1)) * (c + 2 * n));
      value = 1 - even * z / (1 - odd * z / value);
    }
    return T(1 / (1 - b / c * z / value));
  };
  T last = from(32);
  for (int terms = 64; terms <= 1 << 20; terms *= 2) {
    const T now = from(terms);
    if (abs(now - last) <= 4 * std::numeric_limits<T>::epsilon() * abs(now)) return now;
    last = now;
  }
  return std::numeric_limits<T>::quiet_NaN();
}

/// log of the integral of (alpha + t)^-m (beta + t)^-(s + 1) from u on.
template <class T>
T log_tail(const T& m, const T& alpha, const T& s, const T& beta, const T& u) {
  const T p = alpha + u, q = beta + u, c = m + s + 1;
  if (alpha >= beta) return -m * log(p) - s * log(q) + log(gauss_fraction<T>(m, c, (alpha - beta) / p) / (m + s));
  return (1 - m) * log(p) - (s + 1) * log(q) + log(gauss_fraction<T>(s + 1, c, (beta - alpha) / q) / (m + s));
}

template <class T>
struct Answers {
  T value[4];  ///< log-likelihood, log of the chance to be there, purchases ahead, repeats of a new customer
};

template <class T>
T log_add(const T& a, const T& b) {
  return a > b ? T(a + log1p(exp(b - a))) : T(b + log1p(exp(a - b)));
}

template <class T>
T pareto_time(const T& s, const T& beta, const T& until) {
  const T grown = log1p(until / beta);
  return s == 1 ? T(beta * grown) : T(-beta * expm1((1 - s) * grown) / (s - 1));
}

template <class T>
Answers<T> pareto_answers(const Case& one) {
  const T r = one.r, alpha = one.alpha, s = one.s, beta = one.beta, age = one.age, ahead = one.ahead, m = r + one.x;
  const T stays = -m * log(alpha + age) - s * log(beta + age);
  T likelihood = stays;
  if (one.recency < one.age) {
    const T early = log_tail<T>(m, alpha, s, beta, one.recency), late = log_tail<T>(m, alpha, s, beta, age);
    likelihood = log_add<T>(stays, log(s) + early + log1p(-exp(late - early)));
  }
  const T base = lgamma(m) - lgamma(r) + r * log(alpha) + s * log(beta), alive = stays - likelihood;
  return {likelihood + base, alive, exp(alive) * m / (alpha + age) * pareto_time<T>(s, beta + age, ahead),
          r / alpha * pareto_time<T>(s, beta, ahead)};
}

/// c 2F1(m, b; c; w) / (1 + y)^m, w = y / (1 + y), by its series; nothing where that is long.
template <class T>
std::optional<T> scaled_series(const T& m, const T& b, const T& c, const T& y, int most) {
  const T w = y / (1 + y), low = -m * log1p(y);
  T term = m * b * w, sum = c + term;  // the first two terms: c cancels in the second
  for (int k = 1; k < most; ++k) {
    term *= (m + k) * (b + k) * w / ((c + k) * (k + 1));
    sum += term;
    if (k > 8 && abs(term) < std::numeric_limits<T>::epsilon() * abs(sum) * (1 - w) / 4 && c + k > 0) {
      return T(exp(low) * sum);
    }
  }
  return std::nullopt;
}

/// How many purchases are expected of who leaves with a chance p ~ Beta(a, b) after each, while time grows by y scales
/// of a rate with shape m: (a + b - 1) / (a - 1) (1 - (1 + y)^-m 2F1(m, b; a + b - 1; y / (1 + y))).
template <class T>
std::optional<T> purchases_by_series(const T& m, const T& a, const T& b, const T& y, int most) {
  if (a == 1) {  // analytic there: the mean of both sides is off by the square of the step
    const T step = std::numeric_limits<T>::digits10 > 60 ? T("1e-30") : T("1e-16");
    const auto below = purchases_by_series<T>(m, a - step, b, y, most),
               above = purchases_by_series<T>(m, a + step, b, y, most);
    if (!below || !above) return std::nullopt;
    return T((*below + *above) / 2);
  }
  const auto series = scaled_series<T>(m, b, a + b - 1, y, most);
  if (!series) return std::nullopt;
  return T((a + b - 1 - *series) / (a - 1));
}

/// The mean over p of (1 - (1 + p y)^-m) / p, over the log-odds of p; all terms are above 0.
template <class T>
T purchases_by_integral(const T& m, const T& a, const T& b, const T& y) {
  const T log_beta = lgamma(a) + lgamma(b) - lgamma(a + b);
  const auto log_f = [&](const T& q) {
    const T grown = exp(-abs(q)), less = log1p(grown);
    const T log_p = q < 0 ? T(q - less) : T(-less), log_not = q < 0 ? T(-less) : T(-q - less);
    const T bought = -expm1(-m * log1p(exp(log_p) * y));
    return T((a - 1) * log_p + b * log_not + log(bought));
  };
  double low = -1e6, high = 1e6;  // the peak, roughly: it only places the nodes
  const auto rough = [&](double q) {
    const double log_p = q < 0 ? q - std::log1p(std::exp(q)) : -std::log1p(std::exp(-q)), log_not = log_p - q;
    const double grown = static_cast<double>(m) * std::log1p(std::exp(log_p) * static_cast<double>(y));
    const double bought = grown > 1e-8 ? std::log(-std::expm1(-grown))
                                       : std::log(static_cast<double>(m) * static_cast<double>(y)) + log_p;
    return (static_cast<double>(a) - 1) * log_p + static_cast<double>(b) * log_not + bought;
  };
  for (int i = 0; i < 200; ++i) {
    const double left = low + (high - low) * 0.45, right = low + (high - low) * 0.55;
    (rough(left) < rough(right) ? low : high) = rough(left) < rough(right) ? left : right;
  }
  // Both precisions take other nodes, so that they agree only where the nodes suffice.
  const double other = std::numeric_limits<T>::digits10 > 40 ? 0.83 : 1;
  const double width = other * std::clamp(2 / std::sqrt(static_cast<double>(a) + static_cast<double>(b)), 0.02, 2.0);
  const double centre = (low + high) / 2 + (1 - other) * width;
  const T top = log_f(T(centre)), wide = width;
  static boost::math::quadrature::sinh_sinh<T> rule(11);
  const auto f = [&](const T& u) {
    const T q = centre + wide * u;
    if (abs(q) > T("1e9")) return T(0);
    const T fallen = log_f(q) - top;
    return fallen < -200 ? T(0) : T(exp(fallen));
  };
  // Halving the step squares what is off: where the last step changed 1e-11, about 1e-22 is.
  return rule.integrate(f, T("1e-11")) * wide * exp(top - log_beta);
}

using Narrow = Real<50>;
using Wide = Real<100>;

bool agree(const Wide& a, const Wide& b, double least) {
  return abs(a - b) <= Wide("1e-20") * std::max<Wide>(abs(b), least);
}

/// At both precisions, or nothing. The series is cheap or not at all; the integral loses no digits, so that 30 and 50
/// of them do.
std::optional<Wide> purchases(const Wide& m, const Wide& a, const Wide& b, const Wide& y) {
  constexpr int most = 20'000;
  if (m * y + y < most / 60) {
    const auto narrow = purchases_by_series<Narrow>(Narrow(m), Narrow(a), Narrow(b), Narrow(y), most);
    const auto wide = narrow ? purchases_by_series<Wide>(m, a, b, y, most) : std::nullopt;
    if (wide && agree(Wide(*narrow), *wide, 0)) return wide;
  }
  using Few = Real<30>;
  const Wide few(purchases_by_integral<Few>(Few(m), Few(a), Few(b), Few(y)));
  const Wide more(purchases_by_integral<Narrow>(Narrow(m), Narrow(a), Narrow(b), Narrow(y)));
  return abs(few - more) <= Wide("1e-15") * abs(more) ? std::optional(more) : std::nullopt;
}

/// Log-likelihood and log of the chance to be there; the expectations come at both precisions from `purchases`.
template <class T>
Answers<T> beta_answers(const Case& one) {
  const T r = one.r, alpha = one.alpha, a = one.s, b = one.beta, age = one.age, m = r + one.x;
  const T k = one.x + (one.kind == LifetimeKind::mbg_nbd ? 1 : 0);
  const auto log_b = [](const T& u, const T& v) { return T(lgamma(u) + lgamma(v) - lgamma(u + v)); };
  const T stays = log_b(a, b + k) - m * log(alpha + age);
  const T likelihood = k > 0 ? log_add<T>(stays, log_b(a + 1, b + k - 1) - m * log(alpha + T(one.recency))) : stays;
  return {likelihood + lgamma(m) - lgamma(r) + r * log(alpha) - log_b(a, b), stays - likelihood, 0, 0};
}

template <class T>
Answers<T> closed_answers(const Case& one) {
  if (one.kind == LifetimeKind::pareto_nbd) return pareto_answers<T>(one);
  if (one.kind != LifetimeKind::nbd) return beta_answers<T>(one);
  const T r = one.r, alpha = one.alpha, age = one.age, m = r + one.x;
  return {lgamma(m) - lgamma(r) + r * log(alpha) - m * log(alpha + age), 0, m / (alpha + age) * one.ahead,
          r / alpha * one.ahead};
}

std::optional<Answers<Wide>> answers(const Case& one) {
  const Answers<Narrow> narrow = closed_answers<Narrow>(one);
  Answers<Wide> wide = closed_answers<Wide>(one);
  for (int i = 0; i < 4; ++i) {
    if (!agree(Wide(narrow.value[i]), wide.value[i], i < 2 ? 1 : 0)) return std::nullopt;
  }
  if (one.kind != LifetimeKind::bg_nbd && one.kind != LifetimeKind::mbg_nbd) return wide;
  const bool first_too = one.kind == LifetimeKind::mbg_nbd;
  const Wide a = one.s, b = one.beta, first = first_too ? 1 : 0, until = Wide(one.alpha) + one.age;
  const auto next = purchases(Wide(one.r) + one.x, a, b + one.x + first, one.ahead / until);
  const auto fresh = purchases(one.r, a, b + first, Wide(one.ahead) / one.alpha);
  if (!next || !fresh) return std::nullopt;
  wide.value[2] = exp(wide.value[1]) * *next;
  wide.value[3] = first_too ? Wide(b / (a + b) * *fresh) : *fresh;
  return wide;
}

/// Relative; of logarithms absolute below 1; of what a double hardly holds on the scale of logarithms.
double off(double found, const Wide& truth, bool logarithm) {
  const Wide size = abs(truth);
  if (!std::isfinite(found)) return HUGE_VAL;
  if (!logarithm && size < Wide("1e-300")) {
    if (size < Wide("1e-307")) return found >= 0 && found < 1e-300 ? 0 : HUGE_VAL;
    return static_cast<double>(Wide(abs(log(Wide(found)) - log(truth)) / abs(log(truth))));
  }
  return static_cast<double>(Wide(abs(Wide(found) - truth) / (logarithm ? std::max<Wide>(size, 1) : size)));
}

/// The worst of one case; tells each figure that is off.
double compare(const Case& one, const Answers<Wide>& truth) {
  const std::vector<double> all{one.r, one.alpha, one.s, one.beta};
  const LifetimeModel model = lifetime_of(one.kind, std::span(all).first(one.kind == LifetimeKind::nbd ? 2 : 4));
  const Purchases row{{&one.x, 1}, {&one.recency, 1}, {&one.age, 1}};
  double found[4];
  log_likelihoods(model, row, {&found[0], 1});
  log_alive(model, row, {&found[1], 1});
  expected_purchases(model, row, 0, one.ahead, {&found[2], 1});
  found[3] = expected_repeats(model, one.ahead);
  double worst = 0;
  for (int i = 0; i < 4; ++i) {
    const double by = off(found[i], truth.value[i], i < 2);
    worst = std::max(worst, by);
    if (by <= 1e-9) continue;
    constexpr const char* names[] = {"log-likelihood", "log alive", "purchases", "repeats"};
    std::printf("off by %.2e: %s of %s %.17g %.17g %.17g %.17g x %.17g tx %.17g T %.17g t %.17g: %.17g, truth %s\n", by,
                names[i], std::string(name_of(one.kind)).c_str(), one.r, one.alpha, one.s, one.beta, one.x, one.recency,
                one.age, one.ahead, found[i], truth.value[i].str(20).c_str());
  }
  return worst;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) return std::fprintf(stderr, "lifetime_box COUNT SEED [SECONDS [FIRST]]\n"), 2;
  const std::uint64_t cases = std::strtoull(arguments[1], nullptr, 10), seed = std::strtoull(arguments[2], nullptr, 10);
  const double most = count > 3 ? std::atof(arguments[3]) : HUGE_VAL;
  const std::uint64_t first = count > 4 ? std::strtoull(arguments[4], nullptr, 10) : 0;  // goes on where a run ended
  std::uint64_t unsure = 0, wrong = 0, done = 0;
  double worst = 0;
  const auto begin = std::chrono::steady_clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); };
  for (; done < cases && seconds() < most; ++done) {
    const Case one = drawn_case(seed, first + done);
    const auto truth = answers(one);
    if (!truth) {
      ++unsure;
      continue;
    }
    const double by = compare(one, *truth);
    wrong += by > 1e-9 ? 1 : 0;
    worst = std::max(worst, by);
  }
  std::printf(
      "seed %llu, from case %llu: %llu cases in %.0f s, %llu of them unsure; worst %.2e; %llu off by more than 1e-9\n",
      static_cast<unsigned long long>(seed), static_cast<unsigned long long>(first),
      static_cast<unsigned long long>(done), seconds(), static_cast<unsigned long long>(unsure), worst,
      static_cast<unsigned long long>(wrong));
  return wrong == 0 ? 0 : 1;
}
