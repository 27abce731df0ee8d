#include "emptor/mine/net_promoter.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include "emptor/core/error.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

constexpr double z = 1.959963984540054;

/// The likelihood of counts, as its logarithm.
double log_likelihood(const PromoterCounts& counts, double p, double d) {
  const auto part = [](std::uint64_t count, double share) {
    return count == 0 ? 0.0 : static_cast<double>(count) * std::log(share);
  };
  return part(counts.promoters, p) + part(counts.detractors, d) + part(counts.passives, 1 - p - d);
}

/// The test that the interval inverts, by searching the likeliest shares under a score on a grid.
double searched_distance(const PromoterCounts& counts, double score) {
  const double low = std::max(0.0, -score), high = (1 - score) / 2;
  double best = -1e300, share = 0;
  for (int i = 0; i <= 20'000; ++i) {
    const double d = low + (high - low) * i / 20'000;
    const double value = log_likelihood(counts, d + score, d);
    if (value > best) {
      best = value;
      share = d;
    }
  }
  const auto n = static_cast<double>(counts.all());
  const double difference = static_cast<double>(counts.promoters) - static_cast<double>(counts.detractors) - n * score;
  return difference / std::sqrt(n * (2 * share + score - score * score));
}

}  // namespace

TEST_CASE("net promoter: score and standard error are mean and deviation of answers that count 1, 0 and -1") {
  const PromoterCounts counts{46, 31, 23};
  std::vector<double> answers(46, 1);
  answers.resize(46 + 31, 0);
  answers.resize(100, -1);
  double mean = 0, squares = 0;
  for (const double answer : answers) mean += answer / 100;
  for (const double answer : answers) squares += (answer - mean) * (answer - mean) / 100;
  const Interval score = net_promoter(counts);
  CHECK(score.value == doctest::Approx(mean).epsilon(1e-14));
  CHECK(score.standard_error == doctest::Approx(std::sqrt(squares / 100)).epsilon(1e-14));
}

TEST_CASE("net promoter: the interval ends where a test with the likeliest shares under a score says no") {
  for (const PromoterCounts& counts :
       std::vector<PromoterCounts>{{46, 31, 23}, {3, 2, 9}, {5, 5, 1}, {0, 3, 4}, {20, 200, 1}}) {
    const Interval score = net_promoter(counts);
    CHECK(std::abs(searched_distance(counts, score.lower)) == doctest::Approx(z).epsilon(1e-3));
    CHECK(std::abs(searched_distance(counts, score.upper)) == doctest::Approx(z).epsilon(1e-3));
    CHECK(score.lower < score.value);
    CHECK(score.upper > score.value);
  }
}

TEST_CASE(
    "net promoter: where all answers are of one class the interval still has a width, and stays within -1 and 1") {
  const Interval best = net_promoter({10, 0, 0});
  CHECK(best.value == 1);
  CHECK(best.upper == 1);
  CHECK(best.lower == doctest::Approx((10 - z * z) / (10 + z * z)).epsilon(1e-9));  // 2 x Wilson's - 1
  const Interval passive = net_promoter({0, 10, 0});
  CHECK(passive.value == 0);
  CHECK(passive.lower == doctest::Approx(-passive.upper).epsilon(1e-9));
  CHECK(passive.upper > .2);
  CHECK(net_promoter({0, 0, 1}).lower == -1);
  CHECK_THROWS_AS(net_promoter({}), Error);
  CHECK_THROWS_AS(net_promoter({1, 1, 1}, 1), Error);
}

TEST_CASE("net promoter: over all outcomes of a few answers the interval holds the truth about as often as it says") {
  // Every outcome of 20 answers with its multinomial chance, for several truths: an exact coverage, no simulation.
  constexpr int n = 20;
  std::array<double, n + 1> factorial{1};
  for (int i = 1; i <= n; ++i) factorial[static_cast<std::size_t>(i)] = factorial[static_cast<std::size_t>(i - 1)] * i;
  for (const auto& [p, d] : std::vector<std::pair<double, double>>{{.5, .2}, {.3, .3}, {.8, .05}, {.1, .1}, {.2, .6}}) {
    double held = 0;
    for (int a = 0; a <= n; ++a)
      for (int b = 0; a + b <= n; ++b) {
        const int c = n - a - b;
        const double chance = factorial[n] / factorial[static_cast<std::size_t>(a)] /
                              factorial[static_cast<std::size_t>(b)] / factorial[static_cast<std::size_t>(c)] *
                              std::pow(p, a) * std::pow(d, b) * std::pow(1 - p - d, c);
        const Interval score =
            net_promoter({static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(c), static_cast<std::uint64_t>(b)});
        if (score.lower <= p - d && p - d <= score.upper) held += chance;
      }
    INFO("promoters ", p, ", detractors ", d, ": ", held);
    CHECK(held > .93);
    CHECK(held < .99);
  }
}

TEST_CASE("net promoter: the bounds are reached if the silent are all of one mind") {
  const PromoterCounts counts{30, 10, 10};
  const AnswerBounds bounds = bound_net_promoter(counts, 200);
  CHECK(bounds.lower == doctest::Approx(net_promoter({30, 10, 160}).value).epsilon(1e-14));
  CHECK(bounds.upper == doctest::Approx(net_promoter({180, 10, 10}).value).epsilon(1e-14));
  CHECK(bound_net_promoter(counts, 50).lower == doctest::Approx(.4).epsilon(1e-14));
  CHECK_THROWS_AS(bound_net_promoter(counts, 49), Error);
}
