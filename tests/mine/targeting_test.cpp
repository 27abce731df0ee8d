#include "emptor/mine/targeting.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

struct Trial {
  std::vector<double> y, scores, treated;
  std::vector<std::uint32_t> folds;
  UpliftRows view() const { return {y, scores, treated}; }
};

/// A contact moves those above `cut` by `gain`, and the others by `loss`; the score tells them apart as `told` says.
Trial drawn(std::size_t rows, std::uint64_t seed, double gain, double loss, double told = 1) {
  Random random(seed);
  Trial trial;
  for (std::size_t r = 0; r < rows; ++r) {
    const double place = random.uniform();
    const bool treated = random.below(3) > 0;
    const double effect = place > 0.6 ? gain : loss;
    trial.scores.push_back(told * place + (1 - told) * random.uniform());
    trial.treated.push_back(treated ? 1 : 0);
    trial.y.push_back(random.uniform() < 0.3 + (treated ? effect : 0) ? 1 : 0);
    trial.folds.push_back(static_cast<std::uint32_t>(r % 5));
  }
  return trial;
}

/// Profit a head of all rows that satisfy `in`, if those at or above the threshold among them are contacted: by adding
/// up.
template <class In>
double plain_profit(const Trial& trial, double threshold, double value, double cost, double least, const In& in) {
  double rows[2] = {}, sums[2] = {}, all = 0;
  for (std::size_t r = 0; r < trial.y.size(); ++r) {
    if (!in(r)) continue;
    all += 1;
    if (trial.scores[r] < threshold) continue;
    rows[trial.treated[r] == 1] += 1;
    sums[trial.treated[r] == 1] += trial.y[r];
  }
  if (std::min(rows[0], rows[1]) < least) return -std::numeric_limits<double>::infinity();
  return ((sums[1] / rows[1] - sums[0] / rows[0]) * value - cost) * (rows[0] + rows[1]) / all;
}

}  // namespace

TEST_CASE("targeting: rows are chosen by the best cut of the other folds, and judged together") {
  // Brute force: every score of the other folds as a threshold on them.
  const Trial trial = drawn(250, 5, 0.3, -0.1);
  const ContactEconomics economics{.value = 10, .cost = 0.8, .least_arm = 12};
  const Targeting found = choose_targets(trial.view(), trial.folds, {economics, {.repetitions = 20}});
  std::vector<double> chosen(trial.y.size());
  for (std::uint32_t fold = 0; fold < 5; ++fold) {
    double best = 0, cut = std::numeric_limits<double>::infinity();
    for (std::size_t at = 0; at < trial.scores.size(); ++at) {
      if (trial.folds[at] == fold) continue;
      const double threshold = trial.scores[at];
      const double profit =
          plain_profit(trial, threshold, 10, 0.8, 12, [&](std::size_t r) { return trial.folds[r] != fold; });
      if (profit > best + 1e-12) {
        best = profit;
        cut = threshold;
      }
    }
    for (std::size_t r = 0; r < chosen.size(); ++r)
      if (trial.folds[r] == fold && trial.scores[r] >= cut) chosen[r] = 1;
  }
  CHECK(found.chosen == chosen);
  Trial split = trial;
  split.scores = chosen;
  const auto all = [](std::size_t) { return true; };
  CHECK(found.profit.value == doctest::Approx(plain_profit(split, 1, 10, 0.8, 1, all)).epsilon(1e-12));
  CHECK(found.profit_of_all.value == doctest::Approx(plain_profit(split, 0, 10, 0.8, 1, all)).epsilon(1e-12));
  CHECK(found.beyond_all.value == doctest::Approx(found.profit.value - found.profit_of_all.value).epsilon(1e-12));
}

TEST_CASE("targeting: where some gain and others lose, the chosen beat everybody") {
  const Trial trial = drawn(20'000, 1, 0.2, -0.1);
  // The best cut contacts the two fifths that gain: .4 (.2 x 5 - .25) = .3 a head; all: (.08 - .06) x 5 - .25 = -.15.
  const Targeting found = choose_targets(trial.view(), trial.folds, {{.value = 5, .cost = 0.25}, {.repetitions = 200}});
  CHECK(std::abs(found.share - 0.4) < 0.05);
  CHECK(found.profit.lower < 0.3);
  CHECK(found.profit.upper > 0.3);
  CHECK(found.profit_of_all.lower < -0.15);
  CHECK(found.profit_of_all.upper > -0.15);
  CHECK(found.beyond_all.lower > 0);
  CHECK(found.advice() == TargetingAdvice::chosen);
  CHECK(std::abs(found.cut.threshold - 0.6) < 0.05);
}

TEST_CASE("targeting: without an effect the best cut flatters itself, and what is told does not") {
  double flattered = 0, told = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Trial trial = drawn(2'000, 100 + seed, 0, 0);
    const Targeting found = choose_targets(trial.view(), trial.folds, {{.value = 5, .cost = 0.1}, {.repetitions = 20}});
    flattered += found.cut.profit / 20;
    told += found.profit.value / 20;
    CHECK(found.cut.profit >= 0);
  }
  MESSAGE("profit a head of the best cut " << flattered << ", of rows that others chose " << told);
  // Every contact costs .1 for nothing.
  CHECK(flattered > 0.02);
  CHECK(told < 0);
}

TEST_CASE("targeting: advice is everybody where all gain alike, nobody where contacts only cost") {
  const Trial gains = drawn(8'000, 2, 0.2, 0.2), costs = drawn(8'000, 3, 0, 0);
  const TargetingOptions cheap{{.value = 5, .cost = 0.1}, {.repetitions = 100}};
  CHECK(choose_targets(gains.view(), gains.folds, cheap).advice() == TargetingAdvice::everybody);
  const TargetingOptions dear{{.value = 1, .cost = 0.5}, {.repetitions = 100}};
  const Targeting nothing = choose_targets(costs.view(), costs.folds, dear);
  CHECK(nothing.advice() == TargetingAdvice::nobody);
  CHECK(nothing.share == 0);
  CHECK(nothing.profit.upper == 0);
  const Trial few = drawn(300, 4, 0.05, 0.05);
  CHECK(choose_targets(few.view(), few.folds, cheap).advice() == TargetingAdvice::undecided);
}

TEST_CASE("targeting: wrong input is refused by field") {
  const Trial trial = drawn(100, 9, 0.1, 0);
  const auto field_of = [&](const std::vector<std::uint32_t>& folds, const TargetingOptions& options) -> std::string {
    try {
      (void)choose_targets(trial.view(), folds, options);
    } catch (const Error& error) {
      return error.first().field;
    }
    return {};
  };
  CHECK(field_of(std::vector<std::uint32_t>(99), {}) == "folds");
  CHECK(field_of(std::vector<std::uint32_t>(100), {}) == "folds");
  CHECK(field_of(trial.folds, {{.value = NAN}, {}}) == "value");
}
