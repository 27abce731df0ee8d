#include "insight/value/value_score.hpp"

#include <algorithm>
#include <cmath>

#include "emptor/core/exact_sum.hpp"
#include "mine/mid_ranks.hpp"

namespace emptor {
namespace {

constexpr std::size_t count = value_dimension_count;

std::array<std::vector<double>, count> all_places(const ValueMeasures& measures) {
  std::array<std::vector<double>, count> places;
  for (std::size_t i = 0; i < count; ++i) places[i] = places_of(measures.of[i]);
  return places;
}

/// Covariances of the dimensions' places with each other and with the target's.
struct NormalEquations {
  std::array<std::array<double, count>, count> own{};
  std::array<double, count> target{};
};

double product_of(const std::vector<double>& a, const std::vector<double>& b) {
  DoubleSum sum;
  for (std::size_t i = 0; i < a.size(); ++i) sum.add((a[i] - 0.5) * (b[i] - 0.5));
  return sum.value();
}

NormalEquations equations_of(const std::array<std::vector<double>, count>& places, const std::vector<double>& target) {
  NormalEquations equations;
  for (std::size_t i = 0; i < count; ++i) {
    if (places[i].empty()) continue;
    equations.target[i] = product_of(places[i], target);
    for (std::size_t k = 0; k < count; ++k)
      if (!places[k].empty()) equations.own[i][k] = product_of(places[i], places[k]);
  }
  return equations;
}

/// Least squares on the dimensions of a set, by Gauss's elimination; nothing where they are dependent or a weight is
/// below 0.
std::optional<ValueWeights> solve(const NormalEquations& equations, unsigned set) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < count; ++i)
    if ((set >> i & 1U) != 0) chosen.push_back(i);
  auto own = equations.own;
  auto target = equations.target;
  for (std::size_t p = 0; p < chosen.size(); ++p) {
    const std::size_t pivot = chosen[p];
    if (!(own[pivot][pivot] > 1e-9 * equations.own[pivot][pivot])) return std::nullopt;
    for (std::size_t r = p + 1; r < chosen.size(); ++r) {
      const double factor = own[chosen[r]][pivot] / own[pivot][pivot];
      for (std::size_t k = p; k < chosen.size(); ++k) own[chosen[r]][chosen[k]] -= factor * own[pivot][chosen[k]];
      target[chosen[r]] -= factor * target[pivot];
    }
  }
  ValueWeights weights{};
  for (std::size_t p = chosen.size(); p-- > 0;) {
    double rest = target[chosen[p]];
    for (std::size_t k = p + 1; k < chosen.size(); ++k) rest -= own[chosen[p]][chosen[k]] * weights[chosen[k]];
    weights[chosen[p]] = rest / own[chosen[p]][chosen[p]];
    if (!(weights[chosen[p]] >= 0)) return std::nullopt;
  }
  return weights;
}

/// How much of the target's squares the weights explain; at a least-squares solution w' target.
double explained(const NormalEquations& equations, const ValueWeights& weights) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += weights[i] * equations.target[i];
  return sum;
}

}  // namespace

std::vector<double> places_of(std::span<const double> numbers) {
  std::vector<double> places = mine::mid_ranks(numbers);
  const auto known =
      static_cast<double>(std::count_if(places.begin(), places.end(), [](double rank) { return rank == rank; }));
  for (double& place : places) place = place == place ? (place - 0.5) / known : 0.5;
  return places;
}

std::vector<double> score_value(const ValueMeasures& measures, const ValueWeights& weights) {
  const std::array<std::vector<double>, count> places = all_places(measures);
  std::vector<double> score(measures.at(ValueDimension::contribution).size());
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (places[i].empty()) continue;
    sum += weights[i];
    for (std::size_t row = 0; row < score.size(); ++row) score[row] += weights[i] * places[i][row];
  }
  for (double& one : score) one = sum > 0 ? 100 * one / sum : 50;
  return score;
}

std::optional<ValueWeights> learn_weights(const ValueRows& rows, const ValueMeasures& measures) {
  if (!lack_of_earnings(rows).empty()) return std::nullopt;
  const NormalEquations equations = equations_of(all_places(measures), places_of(next_earned_of(rows)));
  std::optional<ValueWeights> best;
  double most = 0;
  for (unsigned set = 1; set < 1U << count; ++set) {
    const std::optional<ValueWeights> weights = solve(equations, set);
    if (!weights || explained(equations, *weights) <= most) continue;
    most = explained(equations, *weights);
    best = weights;
  }
  if (!best) return std::nullopt;
  double sum = 0;
  for (const double weight : *best) sum += weight;
  for (double& weight : *best) weight /= sum;
  return best;
}

}  // namespace emptor
