#include "emptor/mine/amount_judgement.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

/// The area itself, of the curve of shares in ascending order of scores; where scores are equal, by a straight line.
double brute_concentration(const std::vector<double>& amounts, const std::vector<double>& scores) {
  std::vector<double> levels = scores;
  std::sort(levels.begin(), levels.end());
  levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  double all = 0;
  for (const double one : amounts) all += one;
  const auto n = static_cast<double>(amounts.size());
  double area = 0, customers = 0, share = 0;
  for (const double level : levels) {
    double more = 0, brought = 0;
    for (std::size_t i = 0; i < amounts.size(); ++i)
      if (scores[i] == level) {
        more += 1 / n;
        brought += amounts[i] / all;
      }
    area += more * (share + brought / 2);
    customers += more;
    share += brought;
  }
  return 1 - 2 * area;
}

}  // namespace

TEST_CASE("amounts: concentration is twice the area under the diagonal") {
  Random random(3);
  for (int round = 0; round < 50; ++round) {
    std::vector<double> amounts, scores;
    for (std::size_t i = 0; i < 3 + random.below(30); ++i) {
      amounts.push_back(static_cast<double>(random.below(50)) - 3);
      scores.push_back(static_cast<double>(random.below(8)));
    }
    amounts.push_back(100);
    scores.push_back(4);
    CHECK(concentration(amounts, scores) == doctest::Approx(brute_concentration(amounts, scores)).epsilon(1e-12));
    CHECK(normalised_gini(amounts, amounts) == doctest::Approx(1));
  }
}

TEST_CASE("amounts: Gini's coefficient by hand, of the best, the worst and no order") {
  // One of four has everything: 1 - 1/4.
  const std::vector<double> amounts{0, 0, 0, 8};
  CHECK(concentration(amounts, amounts) == doctest::Approx(.75));
  CHECK(normalised_gini(amounts, std::vector<double>{4, 3, 2, 1}) == doctest::Approx(-1));
  CHECK(normalised_gini(amounts, std::vector<double>{7, 7, 7, 7}) == doctest::Approx(0));
  CHECK_THROWS_AS(concentration(std::vector<double>{1, -2}, std::vector<double>{1, 2}), Error);
  CHECK_THROWS_AS(normalised_gini(std::vector<double>{2, 2}, std::vector<double>{1, 2}), Error);
  CHECK_THROWS_AS(concentration(std::vector<double>{1}, std::vector<double>{1, 2}), Error);
}

TEST_CASE("amounts: bins tell what was expected and what came") {
  const std::vector<double> came{0, 2, 4, 6, 10, 8}, expected{1, 1, 3, 3, 9, 9};
  const AmountCalibration told = calibrate_amounts(came, expected, 3);
  REQUIRE(told.bins.size() == 3);
  CHECK(told.bins[0] == AmountBin{2, 1, 1});
  CHECK(told.bins[1] == AmountBin{2, 3, 5});
  CHECK(told.bins[2] == AmountBin{2, 9, 9});
  CHECK(told.ratio == doctest::Approx(30.0 / 26));
  CHECK(told.error == doctest::Approx(4.0 / 30));
  CHECK(calibrate_amounts(came, std::vector<double>(6, 2.0), 3).bins.size() == 1);  // equal ones share a bin
  CHECK_THROWS_AS(calibrate_amounts(came, expected, 0), Error);
}
