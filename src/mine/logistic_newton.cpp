#include <algorithm>
#include <cmath>

#include "core/elementary.hpp"
#include "emptor/core/error.hpp"
#include "mine/logistic_state.hpp"
#include "mine/logistic_tile.hpp"

namespace emptor::mine {
namespace {

using State = LogisticPlan::State;
using Values = std::vector<double>;

/// Below this share of its diagonal a parameter is explained by others: what rounding may leave of a pivot that is 0.
/// With a ridge a small pivot is no accident, and what lies below the second bound changes the gradient too little.
constexpr double free_pivot = 1e-9, ridge_pivot = 1e-11;
constexpr double quick_pivot = 1e-4;  ///< below this share rounding to short integers would be felt
constexpr double accepted_slope = 0.25;
constexpr double settled = 1e-3;  ///< movement of the decision that a finite maximum falls below
constexpr std::size_t first_test = 8;
/// Rounds in a row: on the way to a maximum that is far away, one or two may look like separation.
constexpr std::size_t needed_proofs = 3;
constexpr std::size_t rounds_to_prove = 25;

double exact_pivot(const State& state) { return state.options.ridge == 0 ? free_pivot : ridge_pivot; }

double unit(int bits) { return std::ldexp(1.0, -bits); }

double total_weight(const LogisticSums& sums) { return static_cast<double>(sums.others[0]) * unit(sum_bits); }

double sum_of_sizes(const Values& values) {
  double sum = 0;
  for (const double value : values) sum += std::abs(value);
  return sum;
}

/// Calls work(parameter, column) for every penalised parameter.
template <class Work>
void each_coefficient(const State& state, Work&& work) {
  for (std::size_t k = 0, at = 0; k < state.outputs; ++k, ++at) {
    for (std::size_t c = 0; c < state.columns; ++c, ++at) work(at, c);
  }
}

double ridge_at(const State& state, std::size_t column) {
  return state.options.ridge * state.weight_factor * state.factor[column] * state.factor[column];
}
double lasso_at(const State& state, std::size_t column) {
  return state.options.lasso * state.weight_factor * state.factor[column];
}

/// Of the sum of losses and the ridge, with regard to the parameters inside.
Values gradient_of(const State& state, const LogisticSums& sums) {
  Values gradient(state.parameters());
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    gradient[i] = static_cast<double>(sums.gradient[i]) * unit(sum_bits);
  }
  each_coefficient(state, [&](std::size_t i, std::size_t c) { gradient[i] += ridge_at(state, c) * state.theta[i]; });
  if (!state.options.intercept) {
    for (std::size_t k = 0; k < state.outputs; ++k) gradient[(k + 1) * (state.columns + 1) - 1] = 0;
  }
  return gradient;
}

/// Second derivatives as a lower triangle of all parameters.
Values information_of(const State& state, const LogisticSums& sums) {
  const std::size_t width = state.columns + 1, block = triangle_size(width);
  const double scale = state.information == Information::quick ? 1 / (short_factor * short_factor) : unit(sum_bits);
  Values matrix(triangle_size(state.parameters()));
  for (std::size_t a = 0; a < state.outputs; ++a) {
    for (std::size_t b = 0; b <= a; ++b) {
      const std::size_t first = triangle_index(a, b) * block;
      for (std::size_t i = 0; i < width; ++i) {
        for (std::size_t j = 0; j < (a == b ? i + 1 : width); ++j) {
          const Wide sum = sums.information[first + triangle_index(std::max(i, j), std::min(i, j))];
          matrix[triangle_index(a * width + i, b * width + j)] = static_cast<double>(sum) * scale;
        }
      }
    }
  }
  each_coefficient(state, [&](std::size_t i, std::size_t c) { matrix[triangle_index(i, i)] += ridge_at(state, c); });
  return matrix;
}

/// Constants before features, and class 0 last: it is the one that others explain, where one must be.
std::vector<std::size_t> elimination_order(const State& state) {
  std::vector<std::size_t> order;
  const std::size_t width = state.columns + 1;
  for (std::size_t k = state.outputs; k-- > 0;) {
    if (state.options.intercept) order.push_back(k * width + state.columns);
    for (std::size_t c = 0; c < state.columns; ++c) order.push_back(k * width + c);
  }
  return order;
}

/// The least subgradient under the lasso.
double least_subgradient(double gradient, double theta, double lasso) {
  if (theta != 0) return gradient + (theta > 0 ? lasso : -lasso);
  return std::max(std::abs(gradient) - lasso, 0.0);
}

/// Largest component for the mean loss, each feature in its own unit if deviations are 1 to 1,000.
double size_of(const State& state, const Values& gradient, double total) {
  double most = 0;
  for (std::size_t k = 0; k < state.outputs; ++k) {
    most = std::max(most, std::abs(gradient[(k + 1) * (state.columns + 1) - 1]));
  }
  each_coefficient(state, [&](std::size_t i, std::size_t c) {
    const double component = least_subgradient(gradient[i], state.theta[i], lasso_at(state, c));
    most = std::max(most, std::abs(component) * std::clamp(1 / state.factor[c], 1.0, 1024.0));
  });
  return most / total;
}

/// The derivative along the direction; of |theta| at 0 the one from where the direction comes.
double slope_of(const State& state, const Values& gradient, bool at_start) {
  double slope = 0;
  for (std::size_t i = 0; i < gradient.size(); ++i) slope += gradient[i] * state.direction[i];
  if (state.options.lasso == 0) return slope;
  each_coefficient(state, [&](std::size_t i, std::size_t c) {
    const double theta = state.theta[i], along = state.direction[i];
    const double bend = at_start ? std::abs(along) : -std::abs(along);
    slope += lasso_at(state, c) * (theta > 0 ? along : theta < 0 ? -along : bend);
  });
  return slope;
}

/// The parameters at which the quadratic model with the lasso is least, by coordinates in order.
Values lasso_target(const State& state, const Values& gradient, const Values& matrix) {
  Values target = state.theta, slopes = gradient;
  const std::vector<std::size_t> order = elimination_order(state);
  for (int sweep = 0; sweep < 10'000; ++sweep) {
    double moved = 0;
    for (const std::size_t i : order) {
      const double curvature = matrix[triangle_index(i, i)];
      if (!(curvature > 0)) continue;
      const std::size_t column = i % (state.columns + 1);
      const double lasso = column == state.columns ? 0 : lasso_at(state, column);
      const double free = target[i] - slopes[i] / curvature, bound = lasso / curvature;
      const double next = free > bound ? free - bound : free < -bound ? free + bound : 0.0;
      const double step = next - target[i];
      if (step == 0) continue;
      target[i] = next;
      moved = std::max(moved, std::abs(step) * std::sqrt(curvature));
      for (std::size_t j = 0; j < slopes.size(); ++j) {
        slopes[j] += step * matrix[triangle_index(std::max(i, j), std::min(i, j))];
      }
    }
    if (moved < 1e-13 * std::sqrt(matrix.back() + 1)) break;
  }
  return target;
}

/// Columns that have a share in the direction under test.
std::vector<std::size_t> columns_in(const State& state) {
  Values shares(state.columns);
  each_coefficient(state, [&](std::size_t i, std::size_t c) {
    shares[c] = std::max(shares[c], std::abs(state.tested[i]) * state.reach[c]);
  });
  const double most = *std::max_element(shares.begin(), shares.end());
  std::vector<std::size_t> columns;
  for (std::size_t c = 0; c < shares.size(); ++c) {
    if (shares[c] > 1e-3 * most) columns.push_back(c);
  }
  return columns;
}

bool out_of_reach(const LogisticSums& sums) {
  return std::any_of(sums.reach.begin(), sums.reach.end(), [](double reach) { return reach > largest_reach; });
}

/// The sample did not show how far a column reaches: once more, on the scale that the whole asks for.
void rescale(State& state, const LogisticSums& sums) {
  for (std::size_t c = 0; c < state.columns; ++c) {
    if (sums.reach[c] <= largest_reach) continue;
    int exponent = 0;
    std::frexp(sums.reach[c], &exponent);
    const double by = std::ldexp(1.0, -exponent);
    state.factor[c] *= by;
    for (std::size_t k = 0; k < state.outputs; ++k) state.theta[k * (state.columns + 1) + c] /= by;
  }
}

void finish(State& state) {
  state.tested.clear();
  state.stage = state.options.inference ? Stage::inference : Stage::done;
  state.information = state.options.inference && state.options.lasso == 0 ? Information::exact : Information::none;
}

void infer(State& state, const LogisticSums& sums) {
  const double total = total_weight(sums);
  state.log_likelihood = -(static_cast<double>(sums.others[1]) * 0x1p-32) / state.weight_factor;
  const double classes = static_cast<double>(state.classes);
  double null = state.options.intercept ? 0 : -total * elementary::log(classes);
  for (std::size_t k = 0; k < state.classes && state.options.intercept; ++k) {
    const double weight = static_cast<double>(sums.others[2 + k]) * unit(sum_bits);
    if (weight > 0) null += weight * elementary::log(weight / total);
  }
  state.null_log_likelihood = null / state.weight_factor;
  if (state.information == Information::exact) {
    state.factors = SymmetricFactors(information_of(state, sums), elimination_order(state), exact_pivot(state));
    state.aliased = state.factors.aliased();
    state.covariance = state.factors.inverse();
    for (double& value : state.covariance) value *= state.weight_factor;
  }
  state.stage = Stage::done;
}

/// False where the information is too rough for this matrix and must be summed again.
bool take_information(State& state, const LogisticSums& sums, Values& matrix) {
  matrix = information_of(state, sums);
  const bool quick = state.information == Information::quick;
  state.factors = SymmetricFactors(matrix, elimination_order(state), quick ? 1e-6 : exact_pivot(state));
  state.aliased = state.factors.aliased();
  state.stale = false;
  const bool any = std::find(state.aliased.begin(), state.aliased.end(), 1) != state.aliased.end();
  return !(quick && (any || state.factors.least_share() < quick_pivot));
}

void go_from_here(State& state, const Values& gradient, const Values& matrix) {
  state.from = state.theta;
  if (state.options.lasso > 0) {
    state.target = lasso_target(state, gradient, matrix);
    state.direction.resize(state.theta.size());
    for (std::size_t i = 0; i < state.theta.size(); ++i) state.direction[i] = state.target[i] - state.theta[i];
  } else {
    state.direction = state.factors.solve(gradient);
    for (double& value : state.direction) value = -value;
    state.target = state.theta;
    for (std::size_t i = 0; i < state.theta.size(); ++i) state.target[i] += state.direction[i];
  }
  state.slope = slope_of(state, gradient, true);
  state.step = 1;
  state.theta = state.target;
}

void look_nearer(State& state, double slope) {
  const double secant = state.step * state.slope / (state.slope - slope);
  state.step = std::clamp(secant, 0.1 * state.step, 0.9 * state.step);
  for (std::size_t i = 0; i < state.theta.size(); ++i) {
    state.theta[i] = state.from[i] + state.step * state.direction[i];
  }
}

bool overshot(const State& state, double slope, double total) {
  const double noise = 1e-13 * total * sum_of_sizes(state.direction);
  return slope > std::max(-accepted_slope * state.slope, noise);
}

/// Whether the point is as good as can be had.
bool arrived(State& state, double size) {
  const bool free = state.options.ridge == 0 && state.options.lasso == 0;
  if (size <= state.options.tolerance) {
    // Separated rows go on moving while the gradient vanishes; so many rounds prove it, or that they do not.
    return !free || sum_of_sizes(state.direction) <= settled || ++state.quiet_rounds > rounds_to_prove;
  }
  // Near the end, without getting nearer: the precision of doubles is used up.
  state.stalls = size < 1e-6 && size > 0.5 * state.last_gradient ? state.stalls + 1 : 0;
  return state.stalls >= 3;
}

void plan_next(State& state, double size) {
  const double movement = sum_of_sizes(state.direction);
  const bool free = state.options.ridge == 0 && state.options.lasso == 0;
  state.tested.clear();
  if (free && state.rounds >= first_test && movement > settled) state.tested = state.direction;
  decide_information(state);
  // Newton's steps square the error; rounded information leaves a small share of it.
  const double expected = size * (movement + (state.information == Information::quick ? 1e-4 : 0));
  if (!state.stale && state.options.lasso == 0 && expected < 0.5 * state.options.tolerance) {
    state.information = Information::none;
  }
  state.last_gradient = size;
}

void descend(State& state, const LogisticSums& sums) {
  const double total = total_weight(sums);
  const Values gradient = gradient_of(state, sums);
  if (!state.direction.empty()) {
    const double slope = slope_of(state, gradient, false);
    if (overshot(state, slope, total) && state.rounds < state.options.rounds) return look_nearer(state, slope);
  }
  Values matrix;
  state.stale = true;
  if (state.information != Information::none && !take_information(state, sums, matrix)) {
    state.exact_only = true;
    state.direction.clear();
    return decide_information(state);
  }
  const double size = size_of(state, gradient, total);
  if (state.information == Information::quick && state.last_gradient > 0 && size > 0.25 * state.last_gradient) {
    state.exact_only = true;
  }
  const Values here = state.theta;
  go_from_here(state, gradient, matrix);
  state.gradient = size;
  state.converged = arrived(state, size);
  if (state.converged || state.rounds >= state.options.rounds) {
    state.theta = here;
    return finish(state);
  }
  plan_next(state, size);
}

}  // namespace

void decide_information(State& state) {
  const double work = static_cast<double>(state.rows) * static_cast<double>(state.columns * state.columns);
  const bool quick = !state.exact_only && state.outputs == 1 && work >= 4e6;
  state.information = quick ? Information::quick : Information::exact;
}

std::vector<double> newton_target(const State& state, const LogisticSums& sums) {
  const SymmetricFactors factors(information_of(state, sums), elimination_order(state), exact_pivot(state));
  const Values direction = factors.solve(gradient_of(state, sums));
  Values target = state.theta;
  for (std::size_t i = 0; i < target.size(); ++i) target[i] -= direction[i];
  return target;
}

void advance(State& state, const LogisticSums& sums) {
  if (sums.gradient.size() != state.parameters() || sums.rows != state.rows) {
    throw Error(Code::misuse, "the sums are of another plan or of other rows than the survey was",
                "sum all parts, each once, in every round");
  }
  ++state.rounds;
  if (state.stage == Stage::inference) return infer(state, sums);
  if (state.first_round()) {
    state.reach = sums.reach;
    if (out_of_reach(sums)) return rescale(state, sums);
    state.stage = Stage::descent;
  }
  const bool looks_separated = !state.tested.empty() && !sums.separated[0] && sums.separated[1];
  state.proofs = looks_separated ? state.proofs + 1 : 0;
  if (state.proofs == needed_proofs) {
    state.separating = columns_in(state);
    state.stage = Stage::done;
    return;
  }
  descend(state, sums);
}

}  // namespace emptor::mine
