#include "emptor/mine/change_points.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "mine/change_search.hpp"
#include "mine/matched_noise.hpp"
#include "mine/noise_series.hpp"

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

/// What a level or a line leaves of a stretch.
std::vector<double> plain_left(const std::vector<double>& y, std::size_t first, std::size_t last, SegmentShape shape) {
  const double n = static_cast<double>(last - first), middle = (n - 1) / 2;
  double mean = 0, turned = 0, spread = 0;
  for (std::size_t i = first; i < last; ++i) mean += y[i] / n;
  for (std::size_t i = first; i < last; ++i) {
    const double place = static_cast<double>(i - first) - middle;
    turned += place * y[i];
    spread += place * place;
  }
  std::vector<double> left;
  for (std::size_t i = first; i < last; ++i) {
    const double place = static_cast<double>(i - first) - middle;
    left.push_back(y[i] - mean - (shape == SegmentShape::line ? turned / spread * place : 0));
  }
  return left;
}

/// The squares of what is new in a point, where levels begin at these places, at the autocorrelation that fits best.
double plain_noise(const std::vector<double>& y, std::vector<std::size_t> begins) {
  std::vector<double> left;
  begins.insert(begins.begin(), 0);
  begins.push_back(y.size());
  for (std::size_t s = 0; s + 1 < begins.size(); ++s)
    for (const double one : plain_left(y, begins[s], begins[s + 1], SegmentShape::level)) left.push_back(one);
  double above = 0, below = 0;
  for (std::size_t i = 1; i < left.size(); ++i) above += left[i] * left[i - 1];
  for (std::size_t i = 1; i + 1 < left.size(); ++i) below += left[i] * left[i];
  const double alike = std::clamp(above / below, 0.0, .95);
  double squares = (1 - alike * alike) * left[0] * left[0];
  for (std::size_t i = 1; i < left.size(); ++i) squares += std::pow(left[i] - alike * left[i - 1], 2);
  return squares;
}

double cost_of(const std::vector<double>& y, const std::vector<std::size_t>& begins, double penalty,
               SegmentShape shape) {
  double sum = penalty * static_cast<double>(begins.size());
  for (std::size_t s = 0; s <= begins.size(); ++s)
    sum += plain_cost(y, s == 0 ? 0 : begins[s - 1], s < begins.size() ? begins[s] : y.size(), shape);
  return sum;
}

}  // namespace

TEST_CASE("change points: [J13] pruning loses nothing: the cost is that of trying every segmentation") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    std::vector<double> y = test::autocorrelated(18, 0, random);
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

TEST_CASE("change points: sums of a stretch are those of what its level or line leaves, by definition") {
  Random random(5);
  std::vector<double> y = test::autocorrelated(40, .6, random);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += 50 + .3 * static_cast<double>(i);
  for (const SegmentShape shape : {SegmentShape::level, SegmentShape::line})
    for (const auto& [first, last] : {std::pair<std::size_t, std::size_t>{0, 40}, {3, 9}, {17, 40}, {12, 15}}) {
      const std::vector<double> left = plain_left(y, first, last, shape);
      const Stretch told = SegmentCosts(y, shape).stretch(first, last);
      double squares = 0, neighbours = 0;
      for (std::size_t i = 0; i < left.size(); ++i) squares += left[i] * left[i];
      for (std::size_t i = 1; i < left.size(); ++i) neighbours += left[i] * left[i - 1];
      CHECK(told.squares == doctest::Approx(squares).epsilon(1e-9));
      CHECK(told.neighbours == doctest::Approx(neighbours).epsilon(1e-9).scale(1));
      CHECK(told.first == doctest::Approx(left.front()).epsilon(1e-9).scale(1));
      CHECK(told.last == doctest::Approx(left.back()).epsilon(1e-9).scale(1));
    }
}

TEST_CASE("change points: the evidence is that of the best of all single changes and pairs, by brute force") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Random random(seed);
    std::vector<double> y = test::autocorrelated(22, .4, random);
    for (std::size_t i = 8; i < (seed % 2 == 0 ? 15U : 22U); ++i) y[i] += 4;
    const double none = plain_noise(y, {}), n = 22;
    double one = none, two = none;
    for (std::size_t a = 3; a + 3 <= y.size(); ++a) {
      one = std::min(one, plain_noise(y, {a}));
      for (std::size_t b = a + 3; b + 3 <= y.size(); ++b) two = std::min(two, plain_noise(y, {a, b}));
    }
    const double expected = std::max((n - 4) * std::log(none / one), (n - 6) * std::log(none / two) / 2);
    const SegmentCosts costs(y, SegmentShape::level);
    CHECK(ChangeSearch(costs, SegmentShape::level, 3, true).evidence() == doctest::Approx(expected).epsilon(1e-9));
  }
}

TEST_CASE("change points: noise that is to hang together as a series does") {
  for (const double alike : {-.2, .1, .5, .75})
    for (const std::size_t period : {std::size_t{1}, std::size_t{12}}) {
      Random random(8);
      const std::vector<double> y = MatchedNoise(48, SegmentShape::line, period).draw(alike, random);
      CHECK(whole_alike(SegmentCosts(y, SegmentShape::line)) == doctest::Approx(alike).epsilon(.01).scale(1));
    }
}

TEST_CASE("change points: a planted step and a planted bend are found where they are") {
  int steps = 0, bends = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Random random(seed);
    std::vector<double> step = test::autocorrelated(48, .3, random), bend = test::autocorrelated(60, 0, random);
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

TEST_CASE("change points: a season is taken out before, and brings no false alarms") {
  constexpr int series = 100;
  int alarms = 0;
  for (int s = 0; s < series; ++s) {
    Random random(hash_of(77, static_cast<std::uint64_t>(s)));
    std::vector<double> y = test::autocorrelated(48, .3, random);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += 4.0 * static_cast<double>(i % 12 == 5);
    alarms += !find_change_points(y, {.period = 12, .simulations = 99}).changes.empty();
  }
  MESSAGE(alarms << " false alarms in " << series);
  CHECK(alarms <= .07 * series + 3 * std::sqrt(.07 * .93 * series));
}

TEST_CASE("change points: several changes are told one after the other") {
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Random random(seed);
    std::vector<double> y = test::autocorrelated(80, .2, random);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += i < 20 ? 0 : i < 45 ? 5 : i < 60 ? -3 : 2;
    const ChangePoints told = find_change_points(y, {.simulations = 99});
    found += told.changes.size() == 3 && std::abs(static_cast<int>(told.changes[1].at) - 45) <= 1;
  }
  CHECK(found >= 16);
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
