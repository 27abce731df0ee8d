/// The errors of exponential smoothing for given parameters, and the first state that makes their squares least.
#pragma once

#include <vector>

#include "emptor/mine/exponential_smoothing.hpp"

namespace emptor::mine {

struct SmoothingParameters {
  double alpha = 0, beta = 0, gamma = 0, phi = 1;
};

/// Level, slope, and the season of the next points, the nearest first.
struct SmoothingState {
  double level = 0, slope = 0;
  std::vector<double> season;
};

/// What the next point is expected to be; `step` moves the state past it.
double expected_next(const SmoothingState& state, std::size_t place, const SmoothingParameters& parameters);
void step(SmoothingState& state, std::size_t place, double error, const SmoothingParameters& parameters);

struct SmoothedSeries {
  SmoothingState first, last;
  std::vector<double> errors;
  double squares = 0;
};
SmoothedSeries smooth_series(Numbers values, const SmoothingForm& form, std::size_t period,
                             const SmoothingParameters& parameters);
/// Numbers of the first state that are free: a season's add up to 0, or are a cosine and a sine a wave.
std::size_t free_states(const SmoothingForm& form, std::size_t period);

}  // namespace emptor::mine
