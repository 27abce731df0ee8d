#include "emptor/mine/mantel_haenszel.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"

using namespace emptor;
using namespace emptor::mine;

// One stratum: the ratio is ad / bc, and the variance of its logarithm Woolf's 1/a + 1/b + 1/c + 1/d (Robins, Breslow
// and Greenland 1986 say so of theirs); the test is Pearson's with n - 1 in the place of n.
TEST_CASE("Mantel-Haenszel: of one stratum it is the odds ratio with Woolf's interval") {
  const Stratum one{12, 28, 40, 20};
  const StratifiedOdds odds = mantel_haenszel(std::vector{one});
  REQUIRE(odds.ratio);
  const double ratio = 12.0 * 20 / (28 * 40),
               half = 1.959963984540054 * std::sqrt(1 / 12. + 1 / 28. + 1 / 40. + 1 / 20.);
  CHECK(odds.ratio->value == doctest::Approx(ratio));
  CHECK(odds.ratio->lower == doctest::Approx(ratio * std::exp(-half)));
  CHECK(odds.ratio->upper == doctest::Approx(ratio * std::exp(half)));
  const double pearson = 99 * std::pow(12. * 20 - 28. * 40, 2) / (40. * 60 * 52 * 48);
  CHECK(odds.p_value == doctest::Approx(std::erfc(std::sqrt(pearson / 2))));
}

// Simpson's paradox with the counts of Charig and others, BMJ 292 (1986), 879: kidney stones, small and large. Open
// surgery does better in both strata (odds ratios 2.08 and 1.23) and worse over all.
TEST_CASE("Mantel-Haenszel: what strata hide is undone") {
  const std::vector<Stratum> strata = {{81, 6, 234, 36}, {192, 71, 55, 25}};
  const StratifiedOdds odds = mantel_haenszel(strata);
  CHECK(273. * 61 / (77 * 289) < 1);
  REQUIRE(odds.ratio);
  const double with = 81. * 36 / 357 + 192. * 25 / 343, against = 6. * 234 / 357 + 71. * 55 / 343;
  CHECK(odds.ratio->value == doctest::Approx(with / against));
  CHECK(odds.ratio->value > 1.2);
  CHECK(odds.strata == 2);
}

// Strata whose events range from rare to frequent, all with a true odds ratio of 2: 95 % of the intervals hold it. Of
// 400 draws a share below .917 or above .983 is three standard errors away.
TEST_CASE("Mantel-Haenszel: intervals hold the true ratio as often as they say") {
  Random random(3);
  int held = 0;
  constexpr int draws = 400;
  for (int draw = 0; draw < draws; ++draw) {
    std::vector<Stratum> strata(30);
    for (std::size_t s = 0; s < strata.size(); ++s) {
      const double odds = 0.1 * std::exp(4.0 * static_cast<double>(s) / 30);
      for (int i = 0; i < 14; ++i) {
        const bool exposed = random.below(3) == 0;
        const double own = odds * (exposed ? 2 : 1);
        const bool event = random.uniform() < own / (1 + own);
        ++(exposed ? (event ? strata[s].exposed_with : strata[s].exposed_without)
                   : (event ? strata[s].others_with : strata[s].others_without));
      }
    }
    const StratifiedOdds found = mantel_haenszel(strata);
    held += found.ratio && found.ratio->lower <= 2 && 2 <= found.ratio->upper ? 1 : 0;
  }
  CHECK(held >= draws * 0.917);
  CHECK(held <= draws * 0.983);
}

TEST_CASE("Mantel-Haenszel: strata with one side alone tell nothing; bad counts are refused") {
  const std::vector<Stratum> one_sided = {{5, 5, 0, 0}, {0, 0, 3, 4}};
  CHECK_FALSE(mantel_haenszel(one_sided).ratio);
  CHECK(mantel_haenszel(one_sided).p_value == 1);
  CHECK(mantel_haenszel(one_sided).strata == 0);
  CHECK_THROWS_AS(mantel_haenszel(std::vector<Stratum>{{-1, 0, 0, 0}}), Error);
  CHECK_THROWS_AS(mantel_haenszel(std::vector<Stratum>{{1, 1, 1, 1}}, 1), Error);
}
