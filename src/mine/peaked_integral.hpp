/// The logarithm of an integral over a smooth function that has one peak, by Gauss-Legendre rules that are halved until
/// they agree.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/elementary.hpp"
#include "mine/quadrature.hpp"

namespace emptor::mine {

inline const Quadrature& sixteen_points() {
  static const Quadrature rule = QuadratureRules().of_degree(31);
  return rule;
}

/// The sum of one rule on one panel.
template <class Function>
double panel_sum(Function&& f, double low, double high) {
  const Quadrature& rule = sixteen_points();
  double sum = 0;
  for (std::size_t i = 0; i < rule.at.size(); ++i) sum += rule.weight[i] * f(low + (high - low) * rule.at[i]);
  return sum * (high - low);
}

/// The place of the peak of a function with one, on an interval.
template <class Function>
double peak_of(Function&& f, double low, double high) {
  constexpr int parts = 48;
  int best = 0;
  double most = f(low);
  for (int i = 1; i <= parts; ++i) {
    const double value = f(low + (high - low) * i / parts);
    if (value > most) most = value, best = i;
  }
  double from = low + (high - low) * std::max(best - 1, 0) / parts;
  double until = low + (high - low) * std::min(best + 1, parts) / parts;
  for (int i = 0; i < 40; ++i) {
    const double left = from + (until - from) * 0.45, right = from + (until - from) * 0.55;
    if (f(left) < f(right)) {
      from = left;
    } else {
      until = right;
    }
  }
  return (from + until) / 2;
}

/// `log_f` gives the logarithm of what is integrated; `width` is about that of its peak.
template <class Function>
double log_peaked_integral(Function&& log_f, double low, double high, double width) {
  if (!(high > low)) return -HUGE_VAL;
  const double peak = peak_of(log_f, low, high), top = std::max({log_f(peak), log_f(low), log_f(high)});
  const auto f = [&](double at) { return elementary::exp(log_f(at) - top); };
  struct Panel {
    double low, high, sum;
    int depth;
  };
  std::vector<Panel> open;
  double guess = 0, total = 0;
  const auto add = [&](double from, double until, int depth) {
    if (until > from) open.push_back({from, until, panel_sum(f, from, until), depth});
  };
  for (double from = peak, size = width; from > low; size *= 2) {
    const double until = std::max(low, from - size);
    add(until, from, 0);
    from = until;
  }
  for (double from = peak, size = width; from < high; size *= 2) {
    const double until = std::min(high, from + size);
    add(from, until, 0);
    from = until;
  }
  for (const Panel& panel : open) guess += panel.sum;
  // Where parameters are so large that rounding is all that differs, halving does not help.
  constexpr int deepest = 12, most = 2'000;
  for (int halved = 0; !open.empty(); ++halved) {
    const Panel panel = open.back();
    open.pop_back();
    if (halved > most) {
      total += panel.sum;
      continue;
    }
    const double middle = (panel.low + panel.high) / 2;
    const double left = panel_sum(f, panel.low, middle), right = panel_sum(f, middle, panel.high);
    const double sum = left + right;
    if (std::abs(sum - panel.sum) <= 1e-12 * std::max(guess, sum) || panel.depth == deepest) {
      total += sum;
      continue;
    }
    open.push_back({panel.low, middle, left, panel.depth + 1});
    open.push_back({middle, panel.high, right, panel.depth + 1});
  }
  return elementary::log(total) + top;
}

}  // namespace emptor::mine
