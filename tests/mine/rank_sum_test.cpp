#include "emptor/mine/rank_sum.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/false_discovery.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

double wins(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (const double x : a)
    for (const double y : b) sum += x > y ? 1 : x == y ? 0.5 : 0;
  return sum;
}

/// Every way to deal the numbers to groups of these sizes.
double brute_p(const std::vector<double>& first, const std::vector<double>& second) {
  std::vector<double> all = first;
  all.insert(all.end(), second.begin(), second.end());
  const double own = wins(first, second);
  double ways = 0, below = 0, above = 0;
  for (std::uint32_t chosen = 0; chosen < 1U << all.size(); ++chosen) {
    if (static_cast<std::size_t>(std::popcount(chosen)) != first.size()) continue;
    std::vector<double> a, b;
    for (std::size_t i = 0; i < all.size(); ++i) ((chosen >> i & 1) != 0 ? a : b).push_back(all[i]);
    const double one = wins(a, b);
    ++ways;
    below += one <= own;
    above += one >= own;
  }
  return std::min(1.0, 2 * std::min(below, above) / ways);
}

}  // namespace

TEST_CASE("rank sum: the exact p is that of all ways to deal the numbers, equal ones too") {
  Random random(1);
  for (int round = 0; round < 60; ++round) {
    std::vector<double> a, b;
    const std::size_t m = 1 + random.below(5), n = 1 + random.below(8);
    for (std::size_t i = 0; i < m; ++i) a.push_back(static_cast<double>(random.below(6)));
    for (std::size_t i = 0; i < n; ++i) b.push_back(static_cast<double>(random.below(6)));
    const RankSum result = rank_sum(a, b);
    CHECK(result.exact);
    CHECK(result.p_value == doctest::Approx(brute_p(a, b)).epsilon(1e-12));
    CHECK(result.delta == doctest::Approx(2 * wins(a, b) / static_cast<double>(m * n) - 1).epsilon(1e-12));
    CHECK(rank_sum(b, a).p_value == doctest::Approx(result.p_value).epsilon(1e-12));
  }
}

TEST_CASE("rank sum: the worked example of Mann and Whitney's tables, and the normal p beyond") {
  // All of three above all of ten: 1 of C(13, 3) = 286 ways, twice.
  const std::vector<double> few{11, 12, 13}, more{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  CHECK(rank_sum(few, more).p_value == doctest::Approx(2.0 / 286));
  CHECK(rank_sum(few, more).delta == 1);
  // z = (U - mn/2) / sqrt(mn (m + n + 1) / 12) = 15 / sqrt(35) for these.
  const RankSum normal = rank_sum(few, more, 0);
  CHECK_FALSE(normal.exact);
  CHECK(normal.p_value == doctest::Approx(std::erfc(15 / std::sqrt(35.0) / std::sqrt(2.0))).epsilon(1e-9));
}

TEST_CASE("rank sum: of groups without a difference few are called different") {
  Random random(2);
  int called = 0;
  constexpr int rounds = 4'000;
  for (int round = 0; round < rounds; ++round) {
    std::vector<double> a, b;
    for (int i = 0; i < 3; ++i) a.push_back(std::exp(2 * random.normal()));  // as skewed as money
    for (int i = 0; i < 12; ++i) b.push_back(std::exp(2 * random.normal()));
    called += rank_sum(a, b).p_value <= 0.05;
  }
  // The exact level is at most .05: 20 of 455 ways here, with a standard error of .003.
  CHECK(called < rounds * 0.055);
  CHECK(called > rounds * 0.03);
}

TEST_CASE("rank sum: a group without numbers and numbers that are none are refused") {
  const std::vector<double> none, one{1}, bad{1, NAN};
  CHECK_THROWS_AS(rank_sum(none, one), Error);
  CHECK_THROWS_AS(rank_sum(one, none), Error);
  CHECK_THROWS_AS(rank_sum(one, bad), Error);
}

TEST_CASE("false discovery: the example of Benjamini and Hochberg's paper") {
  // Their section 4.1: 15 p-values, of which four are found at .05 and, by Bonferroni, three.
  const std::vector<double> p{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344,
                              .0459, .3240, .4262, .5719, .6528, .7590, 1.000};
  const std::vector<double> adjusted = false_discovery(p);
  CHECK(std::count_if(adjusted.begin(), adjusted.end(), [](double one) { return one <= .05; }) == 4);
  CHECK(adjusted[3] == doctest::Approx(.0095 * 15 / 4));
  CHECK(adjusted.back() == 1);
  std::vector<double> reversed(p.rbegin(), p.rend());
  const std::vector<double> again = false_discovery(reversed);
  CHECK(std::equal(adjusted.rbegin(), adjusted.rend(), again.begin()));
  CHECK(false_discovery({}).empty());
  CHECK_THROWS_AS(false_discovery(std::vector<double>{.5, 1.5}), Error);
}
