#include "mine/matched_noise.hpp"

#include <cmath>

#include "emptor/mine/seasonal_decomposition.hpp"
#include "mine/change_search.hpp"

namespace emptor::mine {
namespace {

constexpr double lowest = -0.9, highest = 0.99;
constexpr int halvings = 11;

/// What the season of a series is of each of its points, by the season of one that is 0 elsewhere.
std::vector<double> season_of_points(std::size_t n, std::size_t period) {
  std::vector<double> out(n * n);
  for (std::size_t j = 0; j < n; ++j) {
    std::vector<double> point(n, 0.0);
    point[j] = 1;
    const SeasonalDecomposition parts = decompose_season(point, {.period = period, .seasonal_window = 0});
    for (std::size_t i = 0; i < n; ++i) out[i * n + j] = parts.season[i];
  }
  return out;
}

std::vector<double> normals(std::size_t n, Random& random) {
  std::vector<double> out(n);
  for (double& one : out) one = random.normal();
  return out;
}

}  // namespace

MatchedNoise::MatchedNoise(std::size_t n, SegmentShape shape, std::size_t period) : n_(n), shape_(shape) {
  if (period > 1) season_ = season_of_points(n, period);
}

/// An autoregression that was always so, without the season.
std::vector<double> MatchedNoise::series(const std::vector<double>& fresh, double alike) const {
  std::vector<double> y(n_);
  double before = fresh[0] / std::sqrt(1 - alike * alike);
  y[0] = before;
  for (std::size_t i = 1; i < n_; ++i) before = y[i] = alike * before + fresh[i];
  if (season_.empty()) return y;
  std::vector<double> plain = y;
  for (std::size_t i = 0; i < n_; ++i)
    for (std::size_t j = 0; j < n_; ++j) plain[i] -= season_[i * n_ + j] * y[j];
  return plain;
}

std::vector<double> MatchedNoise::independent(Random& random) const { return series(normals(n_, random), 0); }

std::vector<double> MatchedNoise::draw(double alike, Random& random) const {
  const std::vector<double> fresh = normals(n_, random);
  double low = lowest, high = highest;
  for (int i = 0; i < halvings; ++i) {
    const double middle = (low + high) / 2;
    (whole_alike(SegmentCosts(series(fresh, middle), shape_)) < alike ? low : high) = middle;
  }
  return series(fresh, (low + high) / 2);
}

}  // namespace emptor::mine
