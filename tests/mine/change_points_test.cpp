#include "emptor/mine/change_points.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "mine/segment_costs.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

/// The squares that a level or a line leaves, by definition.
double plain_cost(const std::vector<double>& y, std::size_t first, std::size_t last, SegmentShape shape) {
  const double n = static_cast<double>(last - first);
  double mean = 0, turned = 0, spread = 0, left = 0;
  for (std::size_t i = first; i < last; ++i) mean += y[i] / n;
  const double middle = (static_cast<double>(first) + static_cast<double>(last) - 1) / 2;
  for (std::size_t i = first; i < last; ++i) {
    turned += (static_cast<double>(i) - middle) * (y[i] - mean);
    spread += (static_cast<double>(i) - middle) * (static_cast<double>(i) - middle);
  }
  const double slope = shape == SegmentShape::line ? turned / spread : 0;
  for (std::size_t i = first; i < last; ++i) {
    const double off = y[i] - mean - slope * (static_cast<double>(i) - middle);
    left += off * off;
  }
  return left;
}

/// Every segmentation is tried.
double plain_least(const std::vector<double>& y, std::size_t first, std::size_t least, double penalty,
                   SegmentShape shape) {
  double best = plain_cost(y, first, y.size(), shape);
  for (std::size_t next = first + least; next + least <= y.size(); ++next)
    best = std::min(best, plain_cost(y, first, next, shape) + penalty + plain_least(y, next, least, penalty, shape));
  return best;
}

double cost_of(const std::vector<double>& y, const std::vector<std::size_t>& begins, double penalty,
               SegmentShape shape) {
  double sum = penalty * static_cast<double>(begins.size());
  for (std::size_t s = 0; s <= begins.size(); ++s)
    sum += plain_cost(y, s == 0 ? 0 : begins[s - 1], s < begins.size() ? begins[s] : y.size(), shape);
  return sum;
}

std::vector<double> noise(std::size_t n, double alike, Random& random) {
  std::vector<double> y(n);
  double now = random.normal() / std::sqrt(1 - alike * alike);
  for (double& one : y) {
    one = now;
    now = alike * now + random.normal();
  }
  return y;
}

}  // namespace

TEST_CASE("change points: [J13] pruning loses nothing: the cost is that of trying every segmentation") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    std::vector<double> y = noise(18, 0, random);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += i > 5 ? 3.0 : 0.0, y[i] += i > 11 ? -4.0 : 0.0;
    for (const SegmentShape shape : {SegmentShape::level, SegmentShape::line})
      for (const double penalty : {0.5, 3.0, 9.0}) {
        const std::size_t least = shape == SegmentShape::level ? 2 : 3;
        const std::vector<std::size_t> begins = least_cost_segments(SegmentCosts(y, shape), least, penalty);
        CHECK(cost_of(y, begins, penalty, shape) ==
              doctest::Approx(plain_least(y, 0, least, penalty, shape)).epsilon(1e-9));
      }
  }
}

TEST_CASE("change points: at the greatest mean gain the first change appears") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Random random(seed);
    const std::vector<double> y = noise(30, 0, random);
    const SegmentCosts costs(y, SegmentShape::level);
    const double gain = greatest_gain(costs, 3, 9);
    CHECK(least_cost_segments(costs, 3, gain * 1.0001).empty());
    CHECK_FALSE(least_cost_segments(costs, 3, gain * 0.9999).empty());
  }
}

TEST_CASE("change points: a planted step and a planted bend are found where they are") {
  int steps = 0, bends = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Random random(seed);
    std::vector<double> step = noise(48, .3, random), bend = noise(60, 0, random);
    for (std::size_t i = 30; i < step.size(); ++i) step[i] += 10;
    for (std::size_t i = 30; i < bend.size(); ++i) bend[i] += .5 * static_cast<double>(i - 30);
    const ChangePoints stepped = find_change_points(step, {.simulations = 199});
    const ChangePoints bent = find_change_points(bend, {.shape = SegmentShape::line, .simulations = 199});
    steps += stepped.changes.size() == 1 && std::abs(static_cast<int>(stepped.changes[0].at) - 30) <= 1 &&
             std::abs(stepped.changes[0].jump - 10) < 1.5;
    bends += bent.changes.size() == 1 && std::abs(static_cast<int>(bent.changes[0].at) - 30) <= 6 &&
             std::abs(bent.changes[0].bend - .5) < .25;
  }
  MESSAGE("found " << steps << " of 40 steps and " << bends << " of 40 bends");
  CHECK(steps >= 27);
  CHECK(bends >= 30);
}

TEST_CASE("change points: series without a change are told to have one no more often than was asked") {
  constexpr int series = 400;
  constexpr struct {
    std::size_t n, period;
    double alike;
    SegmentShape shape;
  } cases[] = {{48, 1, 0, SegmentShape::level},
               {48, 1, .5, SegmentShape::level},
               {48, 1, 0, SegmentShape::line},
               {48, 12, .3, SegmentShape::level},
               {36, 1, .3, SegmentShape::line}};
  for (const auto& one : cases) {
    int alarms = 0;
    for (int s = 0; s < series; ++s) {
      Random random(hash_of(77, static_cast<std::uint64_t>(s)));
      std::vector<double> y = noise(one.n, one.alike, random);
      for (std::size_t i = 0; i < y.size(); ++i)
        y[i] += (one.shape == SegmentShape::line ? .2 * static_cast<double>(i) : 0) +
                (one.period > 1 ? 4.0 * static_cast<double>(i % one.period == 5) : 0);
      alarms += !find_change_points(y, {.shape = one.shape, .period = one.period, .simulations = 199}).changes.empty();
    }
    MESSAGE(one.n << " points, period " << one.period << ", autocorrelation " << one.alike << ": " << alarms
                  << " false alarms in " << series);
    CHECK(alarms <= .05 * series + 3 * std::sqrt(.05 * .95 * series));
  }
}

TEST_CASE("change points: a constant has none, exact steps are seen, and the same seed gives the same answer") {
  CHECK(find_change_points(std::vector<double>(20, 3.5)).changes.empty());
  std::vector<double> steps(24, 1.0);
  for (std::size_t i = 12; i < steps.size(); ++i) steps[i] = 2;
  const ChangePoints found = find_change_points(steps);
  REQUIRE(found.changes.size() == 1);
  CHECK(found.changes[0].at == 12);
  CHECK(found.changes[0].jump == doctest::Approx(1));
  CHECK(find_change_points(steps).penalty == found.penalty);
}

TEST_CASE("change points: what cannot be segmented is refused by name") {
  const auto field = [](std::size_t n, const ChangePointOptions& options) {
    try {
      find_change_points(std::vector<double>(n, 1.0), options);
      return std::string();
    } catch (const Error& error) {
      return error.first().field;
    }
  };
  CHECK(field(6, {}) == "values");
  CHECK(field(30, {.least_length = 1}) == "least_length");
  CHECK(field(30, {.false_alarms = 1}) == "false_alarms");
  CHECK(field(30, {.simulations = 3}) == "simulations");
  CHECK(field(3'000, {}) == "values");
  CHECK(field(3'000, {.penalty = 10}).empty());
}
