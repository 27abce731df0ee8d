#include "emptor/mine/base_free_change.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

struct World {
  std::vector<double> former_a, former_b, recent_a, recent_b, change, level;
};

/// True former levels of variance 1; the recent one is half of it, and a change of a standard deviation `change`;
/// errors of 1 in every half.
World world(std::size_t rows, double change, std::uint64_t seed) {
  Random random(seed);
  World out;
  for (std::size_t i = 0; i < rows; ++i) {
    const double former = 3 + random.normal(), own = change * random.normal(), recent = .5 * former + own;
    out.former_a.push_back(former + random.normal());
    out.former_b.push_back(former + random.normal());
    out.recent_a.push_back(recent + random.normal());
    out.recent_b.push_back(recent + random.normal());
    out.change.push_back(own);
    out.level.push_back(recent);
  }
  return out;
}

BaseFreeChange estimated(const World& of) {
  return estimate_base_free_change({of.former_a, of.former_b}, {of.recent_a, of.recent_b});
}

double mean_square(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum / static_cast<double>(a.size());
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  double ab = 0, aa = 0, bb = 0, mean_a = 0, mean_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) mean_a += a[i], mean_b += b[i];
  mean_a /= static_cast<double>(a.size());
  mean_b /= static_cast<double>(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return ab / std::sqrt(aa * bb);
}

}  // namespace

TEST_CASE("base-free change: reliabilities and slope are those that were planted") {
  const BaseFreeChange change = estimated(world(40'000, 1, 1));
  // Observed levels have error variance 1/2: 1 of 1.5 and 1.25 of 1.75. The slope on the observed level is .5 / 1.5;
  // the residual has the variance 1.75 - .25 / 1.5 as seen, and 1 among true levels.
  CHECK(change.reliability_former == doctest::Approx(1 / 1.5).epsilon(.03));
  CHECK(change.reliability_recent == doctest::Approx(1.25 / 1.75).epsilon(.03));
  CHECK(change.slope == doctest::Approx(1.0 / 3).epsilon(.05));
  CHECK(change.reliability == doctest::Approx(1 / (1.75 - .25 / 1.5)).epsilon(.04));
}

TEST_CASE("base-free change: as near to the truth as theory says, and free of the base") {
  const World of = world(40'000, 1, 2);
  const BaseFreeChange change = estimated(of);
  CHECK(mean_square(change.changes, of.change) == doctest::Approx(1 - 1 / (1.75 - .25 / 1.5)).epsilon(.03));
  CHECK(mean_square(change.changes, of.change) < mean_square(change.observed, of.change));
  std::vector<double> former;
  for (std::size_t i = 0; i < of.former_a.size(); ++i) former.push_back((of.former_a[i] + of.former_b[i]) / 2);
  CHECK(std::abs(correlation(change.changes, former)) < .02);
  CHECK(correlation(change.observed, former) < -.5);  // regression to the mean, which is no change
  std::vector<double> level;
  for (std::size_t i = 0; i < of.recent_a.size(); ++i) level.push_back((of.recent_a[i] + of.recent_b[i]) / 2);
  CHECK(mean_square(change.levels, of.level) < mean_square(level, of.level));
}

TEST_CASE("base-free change: where nothing changed but by chance, hardly any change is told") {
  const BaseFreeChange change = estimated(world(4'000, 0, 3));
  CHECK(change.reliability < .1);
  for (const double one : change.changes) CHECK(std::abs(one) < .4);  // seen: up to about 4
}

TEST_CASE("base-free change: levels without variance, the order of rows, and what is refused") {
  const std::vector<double> flat(5, 2.0), other{1, 2, 3, 4, 5};
  const BaseFreeChange none = estimate_base_free_change({flat, flat}, {flat, flat});
  CHECK(none.reliability == 0);
  CHECK(none.changes == std::vector<double>(5, 0.0));
  const BaseFreeChange same = estimate_base_free_change({other, other}, {other, other});
  for (const double one : same.changes) CHECK(one == 0);
  const World of = world(50, 1, 4);
  World turned;
  for (auto column : {&World::former_a, &World::former_b, &World::recent_a, &World::recent_b})
    (turned.*column).assign((of.*column).rbegin(), (of.*column).rend());
  const BaseFreeChange a = estimated(of), b = estimated(turned);
  CHECK(a.changes == std::vector<double>(b.changes.rbegin(), b.changes.rend()));
  const std::vector<double> two{1, 2}, bad{1, 2, 3, 4, NAN};
  CHECK_THROWS_AS(estimate_base_free_change({two, two}, {two, two}), Error);
  CHECK_THROWS_AS(estimate_base_free_change({other, two}, {other, other}), Error);
  CHECK_THROWS_AS(estimate_base_free_change({other, other}, {bad, other}), Error);
}
