#include "mine/quadrature.hpp"

namespace emptor::mine {
namespace {

struct Legendre {
  double value, derivative;
};

/// The polynomial of degree n and its derivative at x in (-1, 1), by the recurrence (Abramowitz and Stegun, 22.7.10).
Legendre legendre(std::size_t n, double x) {
  double before = 1, now = x;
  for (std::size_t k = 2; k <= n; ++k) {
    const auto d = static_cast<double>(k);
    const double next = ((2 * d - 1) * x * now - (d - 1) * before) / d;
    before = now;
    now = next;
  }
  return {now, static_cast<double>(n) * (before - x * now) / (1 - x * x)};
}

double root_between(std::size_t n, double low, double high) {
  const bool rising = legendre(n, low).value < 0;
  for (;;) {
    const double middle = low / 2 + high / 2;
    if (middle <= low || middle >= high) return middle;
    ((legendre(n, middle).value < 0) == rising ? low : high) = middle;
  }
}

Quadrature rule_of(std::size_t n) {
  Quadrature rule;
  const auto add = [&](double root) {
    const double slope = legendre(n, root).derivative;
    rule.at.push_back((1 + root) / 2);
    rule.weight.push_back(1 / ((1 - root * root) * slope * slope));
  };
  if (n == 1) {
    add(0);
    return rule;
  }
  // Neighbouring roots lie further apart than 1 / n^2.
  const std::size_t steps = 2 * n * n + 1;
  double low = -1 + 1e-15;
  for (std::size_t s = 1; s <= steps && rule.at.size() < n; ++s) {
    const double high = s == steps ? 1 - 1e-15 : -1 + 2 * static_cast<double>(s) / static_cast<double>(steps);
    if ((legendre(n, low).value < 0) != (legendre(n, high).value < 0)) add(root_between(n, low, high));
    low = high;
  }
  return rule;
}

}  // namespace

const Quadrature& QuadratureRules::of_degree(std::size_t degree) {
  const std::size_t points = degree / 2 + 1;
  const auto known = by_points_.find(points);
  if (known != by_points_.end()) return known->second;
  return by_points_.emplace(points, rule_of(points)).first->second;
}

}  // namespace emptor::mine
