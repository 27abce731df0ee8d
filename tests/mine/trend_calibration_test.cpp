// How often series without a change are told to have one, how often a step is found, and how often the slope's interval
// holds the slope: of simulated series (EMPTOR_RUNS of each kind, few without it) of usual lengths, whose noise hangs
// together more or less. docs/change_points.md and docs/seasonal_decomposition.md have what 2,000 of each came to.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <string>

#include "emptor/core/random.hpp"
#include "emptor/mine/change_points.hpp"
#include "emptor/mine/trend_slope.hpp"
#include "mine/noise_series.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

constexpr std::size_t lengths[] = {24, 36, 60, 104};
constexpr double alikes[] = {0, .3, .6};

int runs_or(int few) {
  const char* asked = std::getenv("EMPTOR_RUNS");
  return asked == nullptr ? few : std::atoi(asked);
}

std::vector<double> series_of(std::size_t n, double alike, std::uint64_t series) {
  Random random(hash_of(n, series));
  return test::autocorrelated(n, alike, random);
}

/// Whether a count is within three standard errors of a share between these.
bool between(int count, int of, double low, double high) {
  const double share = static_cast<double>(count) / of;
  return share >= low - 3 * std::sqrt(low * (1 - low) / of) && share <= high + 3 * std::sqrt(high * (1 - high) / of);
}

}  // namespace

TEST_CASE("trend calibration: [J13] changes are told in 3 to 7 % of series without one, where 5 % was asked") {
  const int runs = runs_or(25);
  for (const SegmentShape shape : {SegmentShape::level, SegmentShape::line}) {
    int all = 0;
    for (const std::size_t n : lengths)
      for (const double alike : alikes) {
        int alarms = 0;
        for (int s = 0; s < runs; ++s) {
          std::vector<double> y = series_of(n, alike, static_cast<std::uint64_t>(s));
          if (shape == SegmentShape::line)
            for (std::size_t i = 0; i < n; ++i) y[i] += .2 * static_cast<double>(i);
          alarms += !find_change_points(y, {.shape = shape, .simulations = 99}).changes.empty();
        }
        all += alarms;
        MESSAGE(std::string(shape == SegmentShape::level ? "levels, " : "lines, ")
                << n << " points, autocorrelation " << alike << ": " << alarms << " of " << runs);
        CHECK(between(alarms, runs, .03, .07));
      }
    CHECK(between(all, 12 * runs, .035, .065));
  }
}

TEST_CASE("trend calibration: steps are found at their place") {
  const int runs = runs_or(40);
  // Of so many deviations of what is new in a point; the shares are what was seen, less three standard errors of forty.
  constexpr struct {
    std::size_t n;
    double alike, step, least;
  } cases[] = {{24, 0, 3, .6}, {48, 0, 2, .6}, {48, .3, 5, .85}, {104, .6, 5, .85}};
  for (const auto& one : cases) {
    int found = 0;
    for (int s = 0; s < runs; ++s) {
      std::vector<double> y = series_of(one.n, one.alike, static_cast<std::uint64_t>(s));
      const std::size_t at = one.n / 3;
      for (std::size_t i = at; i < one.n; ++i) y[i] += one.step;
      const ChangePoints told = find_change_points(y, {.simulations = 99});
      for (const ChangePoint& change : told.changes)
        if (change.at + 1 >= at && change.at <= at + 1) {
          ++found;
          break;
        }
    }
    MESSAGE(one.n << " points, autocorrelation " << one.alike << ", a step of " << one.step << ": found in " << found
                  << " of " << runs);
    CHECK(found > one.least * runs);
  }
}

TEST_CASE("trend calibration: [J13] the slope's interval of 95 % holds it in 93 to 97 %") {
  const int runs = runs_or(300);
  for (const std::size_t n : lengths)
    for (const double alike : alikes) {
      int covered = 0;
      for (int s = 0; s < runs; ++s) {
        std::vector<double> y = series_of(n, alike, static_cast<std::uint64_t>(s));
        for (std::size_t i = 0; i < n; ++i) y[i] += .1 * static_cast<double>(i);
        const TrendSlope slope = fit_trend_slope(y);
        covered += slope.lower <= .1 && .1 <= slope.upper;
      }
      MESSAGE(n << " points, autocorrelation " << alike << ": covered " << covered << " of " << runs);
      CHECK(between(covered, runs, .93, .97));
    }
}
