#include "emptor/mine/judgement.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "support/made_numbers.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::MadeNumbers;

namespace {

std::vector<double> first_column(const MadeNumbers& made) {
  std::vector<double> column;
  for (std::size_t r = 0; r < made.rows; ++r) column.push_back(made.x[r * 3]);
  return column;
}

double area(Numbers y, Numbers scores, Numbers weights) { return auc(y, scores, weights); }

}  // namespace

TEST_CASE("judgement: areas and the largest difference are those of scikit-learn") {
  const MadeNumbers made;  // scikit-learn 1.9.1 on the same numbers
  const std::vector<double> scores = first_column(made);
  CHECK(std::abs(auc(made.y, scores) - 0.6365546218487395) < 1e-14);
  CHECK(std::abs(auc(made.y, scores, made.weights) - 0.6431862484494063) < 1e-14);
  CHECK(std::abs(average_precision(made.y, scores, made.weights) - 0.5084811257981323) < 1e-14);
  CHECK(std::abs(ks(made.y, scores) - 0.20378151260504196) < 1e-14);
}

TEST_CASE("judgement: 10,000 random inputs meet the definitions, pair by pair and cut by cut") {
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    Random random(seed);
    const std::size_t rows = 2 + random.below(14);
    std::vector<double> y, scores, weights;
    for (std::size_t r = 0; r < rows; ++r) {
      y.push_back(r < 2 ? static_cast<double>(r) : static_cast<double>(random.below(2)));
      scores.push_back(static_cast<double>(random.below(6)) / 5);
      weights.push_back(static_cast<double>(1 + random.below(3)));
    }
    double pairs = 0, right = 0, brier_sum = 0, weight = 0, most = 0;
    for (std::size_t a = 0; a < rows; ++a) {
      brier_sum += weights[a] * (y[a] - scores[a]) * (y[a] - scores[a]);
      weight += weights[a];
      double ones = 0, zeros = 0, all_ones = 0, all_zeros = 0;
      for (std::size_t b = 0; b < rows; ++b) {
        (y[b] == 1 ? all_ones : all_zeros) += weights[b];
        if (scores[b] >= scores[a]) (y[b] == 1 ? ones : zeros) += weights[b];
        if (y[a] != 1 || y[b] != 0) continue;
        pairs += weights[a] * weights[b];
        right += weights[a] * weights[b] * (scores[a] > scores[b] ? 1 : scores[a] == scores[b] ? 0.5 : 0);
      }
      most = std::max(most, std::abs(ones / all_ones - zeros / all_zeros));
    }
    REQUIRE(std::abs(auc(y, scores, weights) - right / pairs) < 1e-12);
    REQUIRE(std::abs(ks(y, scores, weights) - most) < 1e-12);
    REQUIRE(std::abs(brier(y, scores, weights) - brier_sum / weight) < 1e-12);
    const CostChoice choice = cheapest_threshold(y, scores, {.false_negative = 2}, weights);
    double least = cost_of(confusion(y, scores, 2, weights), {.false_negative = 2});
    for (const double cut : scores)
      least = std::min(least, cost_of(confusion(y, scores, cut, weights), {.false_negative = 2}));
    REQUIRE(choice.cost == doctest::Approx(least));
    REQUIRE(cost_of(confusion(y, scores, choice.threshold, weights), {.false_negative = 2}) == doctest::Approx(least));
  }
}

TEST_CASE("judgement: losses by hand") {
  const std::vector<double> y{1, 0, 1}, chances{0.5, 0.25, 1};
  CHECK(log_loss(y, chances) == doctest::Approx((std::log(2.0) - std::log(0.75)) / 3));
  const std::vector<double> wrong{0, 0, 1};
  CHECK(log_loss(y, wrong) == doctest::Approx(52 * std::log(2.0) / 3));
}

TEST_CASE("judgement: calibration sorts chances into bins and measures how far they are off") {
  const std::vector<double> y{0, 1, 1, 1, 0, 1}, chances{0.1, 0.1, 0.5, 0.9, 0.9, 1.0};
  const Calibration made = calibrate(y, chances, 2);
  REQUIRE(made.bins.size() == 2);
  CHECK(made.bins[0] == CalibrationBin{2, 0.1, 0.5});
  CHECK(made.bins[1].weight == 4);
  CHECK(made.bins[1].mean_chance == doctest::Approx(0.825));
  CHECK(made.bins[1].share == 0.75);
  CHECK(made.expected_error == doctest::Approx((2 * 0.4 + 4 * 0.075) / 6));
  CHECK(made.greatest_error == doctest::Approx(0.4));
  CHECK(calibrate(y, chances, 3, Binning::equal_rows).bins.size() == 3);
  const std::vector<double> ties(6, 0.5);
  CHECK(calibrate(y, ties, 3, Binning::equal_rows).bins.size() == 1);
}

TEST_CASE("judgement: lift takes the highest scores first, ties in part") {
  const std::vector<double> y{1, 1, 0, 0, 0, 0, 0, 1}, scores{9, 8, 7, 6, 5, 5, 5, 5};
  const std::vector<LiftStep> steps = lift(y, scores, 4);
  REQUIRE(steps.size() == 4);
  CHECK(steps[0].captured == doctest::Approx(2.0 / 3));
  CHECK(steps[0].lift == doctest::Approx(8.0 / 3));
  CHECK(steps[0].threshold == 8);
  CHECK(steps[2].captured == doctest::Approx(2.0 / 3 + 0.5 / 3));
  CHECK(steps[3].captured == 1);
  CHECK(steps[3].lift == 1);
}

TEST_CASE("judgement: a confusion and what follows from it") {
  const std::vector<double> y{1, 1, 1, 0, 0}, scores{0.9, 0.5, 0.1, 0.6, 0.2};
  const Confusion found = confusion(y, scores);
  CHECK(found == Confusion{2, 1, 1, 1});
  CHECK(found.accuracy() == 0.6);
  CHECK(found.precision() == doctest::Approx(2.0 / 3));
  CHECK(found.recall() == doctest::Approx(2.0 / 3));
  CHECK(found.specificity() == 0.5);
  CHECK(found.f1() == doctest::Approx(2.0 / 3));
  CHECK(found.matthews() == doctest::Approx((2 * 1 - 1 * 1) / std::sqrt(3.0 * 3 * 2 * 2)));
  CHECK(std::isnan(confusion(y, scores, 2).precision()));
  CHECK(confusion_table(std::vector<double>{0, 1, 2, 2}, std::vector<double>{0, 2, 2, 1}, 3) ==
        std::vector<double>{1, 0, 0, 0, 0, 1, 0, 1, 1});
}

TEST_CASE("judgement: a bootstrap interval covers, and does not depend on order or threads") {
  std::vector<double> y, scores;
  std::vector<std::uint64_t> ids;
  Random random(3);
  for (std::uint64_t r = 0; r < 400; ++r) {
    y.push_back(static_cast<double>(random.below(2)));
    scores.push_back(random.normal() + y.back());
    ids.push_back(r * 3);
  }
  const Interval interval = bootstrap(y, scores, area, {.repetitions = 400, .seed = 5}, ids);
  CHECK(interval.value == auc(y, scores));
  CHECK(interval.lower < interval.value);
  CHECK(interval.upper > interval.value);
  // Hanley and McNeil (1982), eq. 1: the standard error of an area.
  const double a = interval.value, ones = static_cast<double>(std::count(y.begin(), y.end(), 1.0)), zeros = 400 - ones;
  const double expected =
      std::sqrt((a * (1 - a) + (ones - 1) * (a / (2 - a) - a * a) + (zeros - 1) * (2 * a * a / (1 + a) - a * a)) /
                (ones * zeros));
  CHECK(interval.standard_error == doctest::Approx(expected).epsilon(0.15));
  std::reverse(y.begin(), y.end());
  std::reverse(scores.begin(), scores.end());
  std::reverse(ids.begin(), ids.end());
  CHECK(bootstrap(y, scores, area, {.repetitions = 400, .seed = 5}, ids, {}, {thread_executor(3), {}}) == interval);
  const auto both = [&](Numbers a, Numbers b, Numbers w) { return std::vector<double>{-area(a, b, w), area(a, b, w)}; };
  CHECK(bootstrap_each(y, scores, both, {.repetitions = 400, .seed = 5}, ids).back() == interval);
  const Interval none = bootstrap_difference(y, scores, scores, area, {.repetitions = 50}, ids);
  CHECK(none == Interval{0, 0, 0, 0});
}

TEST_CASE("judgement: models on paired folds by the corrected t-test") {
  // SciPy 1.17.1: t = mean / sqrt((1/5 + 1/4) var), p = 2 t.sf(|t|, 4).
  const std::vector<double> first{.81, .83, .79, .85, .82}, second{.80, .80, .79, .83, .83};
  const PairedComparison found = compare_paired(first, second, 0.2);
  CHECK(found.mean_difference == doctest::Approx(0.01));
  CHECK(found.standard_error == doctest::Approx(0.010606601717798198));
  CHECK(std::abs(found.t - 0.9428090415820635) < 1e-10);
  CHECK(std::abs(found.p_value - 0.3991616175432795) < 1e-10);
  CHECK(found.first_better == 3);
  CHECK(found.second_better == 1);
  CHECK(found.equal == 1);
  CHECK(compare_paired(first, first).p_value == 1);
}

TEST_CASE("judgement: an interval of out-of-fold scores is widened by Nadeau and Bengio's factor") {
  // Five folds: 1 + 5 x (1 / 4) = 2.25 times the variance.
  const Interval wide = widen_for_folds({2, 1, 4, 0.5}, 5);
  CHECK(wide == Interval{2, 0.5, 5, 0.75});
  CHECK_THROWS_AS(widen_for_folds({}, 1), Error);
}

TEST_CASE("judgement: cross-validation scores each row once, out of its fold") {
  const MadeNumbers made;
  const std::vector<double> column = first_column(made);
  const auto folds = stratified_folds(made.y, {.folds = 5, .seed = 1});
  std::size_t calls = 0;
  const CrossValidation result = cross_validate(folds, made.y, [&](const Split& split, std::uint32_t fold) {
    CHECK(fold == calls++);
    std::vector<double> scores;
    for (const std::size_t r : split.test) scores.push_back(column[r]);
    return scores;
  });
  CHECK(calls == 5);
  CHECK(result.scores == column);
  double sum = 0;
  for (const double value : result.auc) sum += value;
  CHECK(result.means[0] == doctest::Approx(sum / 5));
  CHECK(std::isnan(result.brier[0]));  // these are no chances
}

TEST_CASE("judgement: what cannot be judged is refused") {
  const std::vector<double> y{0, 1}, ones{1, 1}, scores{0.1, 0.2}, three{1, 2, 3}, bad{0.5, std::nan("")}, out{0.5, 2};
  CHECK_THROWS_AS(auc(ones, scores), Error);
  CHECK_THROWS_AS(auc(y, three), Error);
  CHECK_THROWS_AS(auc({}, {}), Error);
  CHECK_THROWS_AS(auc(y, bad), Error);
  CHECK_THROWS_AS(auc(three, three), Error);
  CHECK_THROWS_AS(brier(y, out), Error);
  CHECK_THROWS_AS(ks(y, scores, std::vector<double>{0, 0}), Error);
  CHECK_THROWS_AS(ks(y, scores, std::vector<double>{1, -1}), Error);
  CHECK_THROWS_AS(lift(y, scores, 1), Error);
  CHECK_THROWS_AS(bootstrap(y, scores, area, {.repetitions = 1}), Error);
  CHECK_THROWS_AS(compare_paired(y, three), Error);
}
