#include <algorithm>

#include "core/elementary.hpp"
#include "emptor/core/random.hpp"
#include "mine/count_chances.hpp"
#include "mine/lifetime_data.hpp"
#include "mine/peaked_integral.hpp"
#include "mine/residual.hpp"
#include "mine/special.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

using elementary::exp;
using elementary::log;

void check_age(const LifetimeModel& model, double age) {
  check_parameters(model.options.kind, model.parameters, "parameters");
  if (!(age >= 0 && age <= 1e12)) refuse_input("an age lies between 0 and 1e12", "age");
}

double beta_chance(const CountProcess& process, double age, double n) {
  const double r = process.r, z = age / process.alpha, a = process.s, b = process.beta;
  const bool first_too = process.kind == LifetimeKind::mbg_nbd;
  const double stayed = special::log_beta_ratio(a, b, first_too ? n + 1 : n);
  const double there = exp(special::log_negative_binomial(r, z, n) + stayed);
  if (n == 0 && !first_too) return there;
  const double against = first_too ? b + n : b + (n - 1);
  return there + exp(stayed + log(a / against)) * negative_binomial_above(r, z, n);
}

double pareto_chance(const CountProcess& process, double age, double n) {
  const double r = process.r, alpha = process.alpha, s = process.s, beta = process.beta;
  const double there = exp(special::log_negative_binomial(r, age / alpha, n) - s * special::log1p(age / beta));
  // Left at u, after n purchases: over log u.
  const auto log_f = [&](double at) {
    const double u = exp(at);
    const double purchases = n == 0 ? -r * special::log1p(u / alpha) : special::log_negative_binomial(r, u / alpha, n);
    return purchases + at - log(beta) - (s + 1) * special::log1p(u / beta);
  };
  const double high = log(age), low = std::min({high, log(alpha), log(beta)}) - 45;
  return there + s * exp(log_peaked_integral(log_f, low, high, 1 / std::sqrt(r + n + s + 1)));
}

/// A rate that the process has drawn, at least as large as a double above 0.
double drawn_rate(Random& random, double shape, double rate) { return std::max(random.gamma(shape) / rate, 1e-300); }

double waiting(Random& random, double rate) { return -log(1 - random.uniform()) / rate; }

struct Leaver {
  double until;   ///< the time of leaving, where that has its own clock
  double chance;  ///< of leaving at a purchase
};

Leaver drawn_leaver(const LifetimeModel& model, Random& random) {
  if (model.options.kind == LifetimeKind::nbd) return {HUGE_VAL, 0};
  const double s = model.parameters[2], beta = model.parameters[3];
  if (model.options.kind == LifetimeKind::pareto_nbd) return {waiting(random, drawn_rate(random, s, beta)), 0};
  const double x = drawn_rate(random, s, 1), y = drawn_rate(random, beta, 1);
  return {HUGE_VAL, x / (x + y)};
}

}  // namespace

CountProcess::CountProcess(const LifetimeModel& model)
    : kind(model.options.kind), r(model.parameters[0]), alpha(model.parameters[1]) {
  if (model.parameters.size() == 4) s = model.parameters[2], beta = model.parameters[3];
}

CountProcess CountProcess::after(double x, double age) const {
  CountProcess out = *this;
  out.r += x;
  out.alpha += age;
  if (kind == LifetimeKind::pareto_nbd) out.beta += age;
  if (kind == LifetimeKind::bg_nbd) out.beta += x;
  if (kind == LifetimeKind::mbg_nbd) out.beta += x + 1;
  if (kind == LifetimeKind::mbg_nbd) out.kind = LifetimeKind::bg_nbd;
  return out;
}

double CountProcess::chance(double time, double n) const {
  if (kind == LifetimeKind::nbd) return exp(special::log_negative_binomial(r, time / alpha, n));
  return kind == LifetimeKind::pareto_nbd ? pareto_chance(*this, time, n) : beta_chance(*this, time, n);
}

double expected_repeats(const LifetimeModel& model, double age) {
  check_age(model, age);
  const double r = model.parameters[0], alpha = model.parameters[1];
  if (model.options.kind == LifetimeKind::nbd) return r / alpha * age;
  const double s = model.parameters[2], beta = model.parameters[3];
  if (model.options.kind == LifetimeKind::pareto_nbd) return r / alpha * pareto_time(s, beta, 0, age);
  if (model.options.kind == LifetimeKind::bg_nbd) return BetaLeaving{r, s, beta}.purchases(0, age / alpha);
  return beta / (s + beta) * BetaLeaving{r, s, beta + 1}.purchases(0, age / alpha);
}

double repeat_chance(const LifetimeModel& model, double age, std::uint64_t n) {
  check_age(model, age);
  if (n > 1'000'000'000) refuse_input("a number of purchases is at most 1e9", "n");
  if (age == 0) return n == 0 ? 1 : 0;
  return CountProcess(model).chance(age, static_cast<double>(n));
}

DrawnPurchases simulate_lifetimes(const LifetimeModel& model, std::span<const double> ages, std::uint64_t seed) {
  check_parameters(model.options.kind, model.parameters, "parameters");
  const bool first_too = model.options.kind == LifetimeKind::mbg_nbd;
  DrawnPurchases out;
  for (std::size_t at = 0; at < ages.size(); ++at) {
    check_age(model, ages[at]);
    Random random(hash_of(seed, at));
    const double rate = drawn_rate(random, model.parameters[0], model.parameters[1]);
    const Leaver leaver = drawn_leaver(model, random);
    const double end = std::min(ages[at], leaver.until);
    double x = 0, last = 0;
    bool stays = !first_too || random.uniform() >= leaver.chance;
    while (stays && x < 1e9) {
      const double next = last + waiting(random, rate);
      if (!(next <= end) || next <= last) break;
      last = next;
      x += 1;
      stays = random.uniform() >= leaver.chance;
    }
    out.frequency.push_back(x);
    out.recency.push_back(last);
    out.age.push_back(ages[at]);
  }
  return out;
}

}  // namespace emptor::mine
