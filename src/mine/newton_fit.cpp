#include "mine/newton_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "mine/symmetric.hpp"

namespace emptor::mine {
namespace {

/// Logarithms of parameters beyond this are not followed: e^23 is 1e10.
constexpr double farthest = 23;
constexpr double normal_95 = 1.959963984540054;

/// Eigenvalues and vectors (columns) of a small symmetric matrix, by Jacobi's rotations.
struct Eigen {
  std::vector<double> values, vectors;
};

Eigen eigen_of(const std::vector<double>& triangle, std::size_t n) {
  std::vector<double> a(n * n), v(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    v[i * n + i] = 1;
    for (std::size_t j = 0; j < n; ++j) a[i * n + j] = triangle[triangle_index(std::max(i, j), std::min(i, j))];
  }
  for (int sweep = 0; sweep < 60; ++sweep) {
    double off = 0;
    for (std::size_t p = 0; p < n; ++p) {
      for (std::size_t q = p + 1; q < n; ++q) {
        const double apq = a[p * n + q];
        off += std::abs(apq);
        if (apq == 0) continue;
        const double theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
        const double t = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
        const double c = 1 / std::sqrt(t * t + 1), s = t * c;
        for (std::size_t k = 0; k < n; ++k) {
          const double akp = a[k * n + p], akq = a[k * n + q];
          a[k * n + p] = c * akp - s * akq;
          a[k * n + q] = s * akp + c * akq;
        }
        for (std::size_t k = 0; k < n; ++k) {
          const double apk = a[p * n + k], aqk = a[q * n + k];
          a[p * n + k] = c * apk - s * aqk;
          a[q * n + k] = s * apk + c * aqk;
          const double vkp = v[k * n + p], vkq = v[k * n + q];
          v[k * n + p] = c * vkp - s * vkq;
          v[k * n + q] = s * vkp + c * vkq;
        }
      }
    }
    if (off == 0) break;
  }
  Eigen eigen{std::vector<double>(n), std::move(v)};
  for (std::size_t i = 0; i < n; ++i) eigen.values[i] = a[i * n + i];
  return eigen;
}

/// The function of the logarithms (of plain parameters: of themselves) at a point: the slope there, and its negative
/// second derivatives taken apart.
struct Point {
  std::vector<double> logs, parameters;
  std::vector<double> factors;  ///< derivatives of the parameters by their logarithms; 1 of plain ones
  double value = -std::numeric_limits<double>::infinity();
  std::vector<double> gradient;
  Eigen eigen;

  std::size_t size() const { return logs.size(); }
  /// Newton's step with every curvature raised to at least `least`, and what is expected of it.
  std::vector<double> step(double shift) const {
    std::vector<double> out(size(), 0.0);
    for (std::size_t k = 0; k < size(); ++k) {
      double along = 0;
      for (std::size_t i = 0; i < size(); ++i) along += eigen.vectors[i * size() + k] * gradient[i];
      const double by = along / (curvature(k) + shift);
      for (std::size_t i = 0; i < size(); ++i) out[i] += eigen.vectors[i * size() + k] * by;
    }
    return out;
  }
  /// Uphill also along directions that curve the wrong way.
  double curvature(std::size_t k) const { return std::max(std::abs(eigen.values[k]), 1e-14 * greatest() + 1e-300); }
  double greatest() const {
    double most = 0;
    for (const double value : eigen.values) most = std::max(most, std::abs(value));
    return most;
  }
  double least() const { return *std::min_element(eigen.values.begin(), eigen.values.end()); }
  double slope() const {
    double most = 0;
    for (const double g : gradient) most = std::max(most, std::abs(g));
    return most;
  }
};

Point point_at(const Likelihood& likelihood, std::vector<double> logs, std::size_t plain) {
  Point point;
  point.logs = std::move(logs);
  const std::size_t n = point.size();
  for (std::size_t i = 0; i < n; ++i) {
    point.parameters.push_back(i + plain < n ? elementary::exp(point.logs[i]) : point.logs[i]);
    point.factors.push_back(i + plain < n ? point.parameters[i] : 1);
  }
  const Curvature found = likelihood(point.parameters);
  point.value = found.value;
  std::vector<double> against(found.hessian.size());
  for (std::size_t i = 0; i < n; ++i) {
    point.gradient.push_back(found.gradient[i] * point.factors[i]);
    for (std::size_t j = 0; j <= i; ++j) {
      const std::size_t at = triangle_index(i, j);
      against[at] = -found.hessian[at] * point.factors[i] * point.factors[j];
    }
    if (i + plain < n) against[triangle_index(i, i)] -= point.gradient[i];
  }
  point.eigen = eigen_of(against, n);
  return point;
}

double length_of(const std::vector<double>& step) {
  double sum = 0;
  for (const double part : step) sum += part * part;
  return std::sqrt(sum);
}

/// The step within the radius that the quadratic model likes best.
std::vector<double> bounded_step(const Point& point, double radius) {
  std::vector<double> step = point.step(0);
  if (length_of(step) <= radius) return step;
  double low = 0, high = point.greatest() + point.slope() / radius * std::sqrt(static_cast<double>(point.size()));
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    step = point.step(middle);
    (length_of(step) > radius ? low : high) = middle;
  }
  return point.step(high);
}

/// What the quadratic model promises of a step.
double promise(const Point& point, const std::vector<double>& step) {
  double gain = 0;
  const std::size_t n = point.size();
  for (std::size_t i = 0; i < n; ++i) gain += point.gradient[i] * step[i];
  for (std::size_t k = 0; k < n; ++k) {
    double along = 0;
    for (std::size_t i = 0; i < n; ++i) along += point.eigen.vectors[i * n + k] * step[i];
    gain -= point.eigen.values[k] * along * along / 2;
  }
  return gain;
}

/// sqrt(g' H^-1 g); infinite where H is not positive.
double certificate_of(const Point& point) {
  if (!(point.least() > 0)) return std::numeric_limits<double>::infinity();
  const std::vector<double> step = point.step(0);
  double sum = 0;
  for (std::size_t i = 0; i < point.size(); ++i) sum += step[i] * point.gradient[i];
  return std::sqrt(std::max(sum, 0.0));
}

/// The lower triangle of H^-1, by the parameters themselves.
std::vector<double> covariance_of(const Point& point) {
  const std::size_t n = point.size();
  std::vector<double> out(triangle_size(n), 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < n; ++k)
        sum += point.eigen.vectors[i * n + k] * point.eigen.vectors[j * n + k] / point.eigen.values[k];
      out[triangle_index(i, j)] = sum * point.factors[i] * point.factors[j];
    }
  }
  return out;
}

/// Variances of the logarithms above this: the data say nothing along some direction.
constexpr double flat = 1e4;

FitEnd judged(const Point& point, const std::vector<double>& covariance, const NewtonLimits& limits) {
  if (point.least() * flat < 1) return FitEnd::unidentified;
  for (std::size_t i = 0; i + limits.plain < point.size(); ++i) {
    const double error = std::sqrt(covariance[triangle_index(i, i)]) / point.parameters[i];
    if (2 * normal_95 * error > limits.width) return FitEnd::vague;
  }
  return FitEnd::certified;
}

bool outside(const Point& point) {
  return std::any_of(point.logs.begin(), point.logs.end(), [](double log) { return std::abs(log) > farthest; });
}

}  // namespace

std::string_view name_of(FitEnd end) noexcept {
  constexpr std::string_view names[] = {"certified", "vague", "boundary", "unidentified", "rounds"};
  return names[static_cast<std::size_t>(end)];
}

NewtonFit maximise(const Likelihood& likelihood, std::vector<double> start, const NewtonLimits& limits) {
  for (std::size_t i = 0; i + limits.plain < start.size(); ++i) start[i] = elementary::log(start[i]);
  Point now = point_at(likelihood, std::move(start), limits.plain);
  NewtonFit fit;
  fit.rounds = 1;
  double radius = 1;
  bool stuck = false;
  while (fit.rounds < limits.rounds && !stuck) {
    beat("fit", fit.rounds, limits.rounds);
    fit.certificate = certificate_of(now);
    if (fit.certificate < limits.aim || outside(now)) break;
    const std::vector<double> step = bounded_step(now, radius);
    std::vector<double> logs = now.logs;
    for (std::size_t i = 0; i < logs.size(); ++i) logs[i] += step[i];
    Point next = point_at(likelihood, std::move(logs), limits.plain);
    ++fit.rounds;
    // Near the maximum the gain drowns in rounding; there the slope decides.
    const double promised = promise(now, step), noise = 1e-13 * std::abs(now.value), gained = next.value - now.value;
    const bool better = gained > 0.01 * promised || (promised < noise && certificate_of(next) < fit.certificate);
    if (!better || !(gained > 0.25 * promised || promised < noise)) radius = length_of(step) / 4;
    if (better && gained > 0.75 * promised && length_of(step) > 0.8 * radius) radius = std::min(2 * radius, 8.0);
    if (better) now = std::move(next);
    stuck = radius < 1e-14;
  }
  fit.certificate = certificate_of(now);
  fit.parameters = now.parameters;
  fit.value = now.value;
  if (now.least() > 0) fit.covariance = covariance_of(now);
  if (outside(now)) {
    fit.end = FitEnd::boundary;
  } else if (now.least() * flat < 1) {
    fit.end = FitEnd::unidentified;
  } else if (fit.certificate < limits.certificate) {
    fit.end = judged(now, fit.covariance, limits);
  }
  return fit;
}

}  // namespace emptor::mine
