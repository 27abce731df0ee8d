#include "emptor/mine/shrunk_shares.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

/// The logarithm of the Dirichlet-multinomial chance by plain products, without a special function.
double brute_log_likelihood(const std::vector<std::uint32_t>& counts, const std::vector<double>& base, double weight) {
  double sum = 0;
  for (std::size_t row = 0; row < counts.size(); row += base.size()) {
    std::uint32_t total = 0;
    for (std::size_t kind = 0; kind < base.size(); ++kind)
      for (std::uint32_t i = 0; i < counts[row + kind]; ++i, ++total)
        sum += std::log((weight * base[kind] + i) / (weight + total));
  }
  return sum;
}

}  // namespace

TEST_CASE("shrunk shares: the weight is that of greatest likelihood, by a brute force over a grid") {
  Random random(3);
  std::vector<std::uint32_t> counts;
  for (int row = 0; row < 200; ++row) {
    const bool odd = random.below(4) == 0;  // a quarter of the rows do nearly everything in the last kind
    std::uint32_t of[3] = {};
    for (int i = 0; i < 8; ++i) ++of[odd && random.below(10) > 0 ? 2 : random.below(3)];
    counts.insert(counts.end(), std::begin(of), std::end(of));
  }
  const SharePrior prior = fit_share_prior(counts, 3);
  CHECK(prior.rows == 200);
  double best = 0, likelihood = -1e300;
  for (int step = 0; step <= 4'000; ++step) {
    const double weight = std::exp(-2.9 + step * 0.003);
    const double own = brute_log_likelihood(counts, prior.base, weight);
    if (own > likelihood) {
      likelihood = own;
      best = weight;
    }
  }
  CHECK(std::abs(std::log(prior.weight / best)) < 0.004);
  CHECK(best < 20);
}

TEST_CASE("shrunk shares: rows that differ by chance only have a weight without end, and the order changes nothing") {
  Random random(5);
  std::vector<std::uint32_t> counts;
  for (int row = 0; row < 2'000; ++row) {
    std::uint32_t of[2] = {};
    for (int i = 0; i < 10; ++i) ++of[random.below(2)];
    counts.insert(counts.end(), std::begin(of), std::end(of));
  }
  const SharePrior prior = fit_share_prior(counts, 2);
  CHECK(prior.weight > 100);  // an excess of variance of 1 % is three standard errors away
  std::vector<std::uint32_t> turned;
  for (std::size_t row = counts.size(); row > 0; row -= 2)
    turned.insert(turned.end(), {counts[row - 2], counts[row - 1]});
  const SharePrior again = fit_share_prior(turned, 2);
  CHECK(again.weight == prior.weight);
  CHECK(again.base == prior.base);
}

TEST_CASE("shrunk shares: the tail of the binomial is the sum of its terms") {
  for (const double p : {0.05, 0.3, 0.9}) {
    for (unsigned count = 0; count <= 9; ++count) {
      double sum = 0;
      for (unsigned k = count; k <= 9; ++k)
        sum += std::exp(std::lgamma(10.) - std::lgamma(k + 1.) - std::lgamma(10. - k)) * std::pow(p, k) *
               std::pow(1 - p, 9 - k);
      CHECK(binomial_above(count, 9, p) == doctest::Approx(sum).epsilon(1e-11));
    }
  }
  CHECK(binomial_above(10, 9, 0.5) == 0);
}

TEST_CASE("shrunk shares: a share lies between its own and the base") {
  const SharePrior prior{{0.2, 0.8}, 5, 1};
  CHECK(shrunk_share(prior, 0, 4, 5) == doctest::Approx((4 + 1) / 10.));
  CHECK(shrunk_share(prior, 0, 0, 0) == doctest::Approx(0.2));
}

TEST_CASE("shrunk shares: nothing counted, and rows that are not whole, are refused") {
  const std::vector<std::uint32_t> nothing(6), odd(5, 1);
  CHECK_THROWS_AS(fit_share_prior(nothing, 3), Error);
  CHECK_THROWS_AS(fit_share_prior(odd, 3), Error);
  CHECK_THROWS_AS(fit_share_prior(odd, 0), Error);
}
