#include "emptor/mine/campaign_effect.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

bool near(double found, double expected, double relative = 1e-9) {
  return std::abs(found - expected) <= relative * std::max(1e-300, std::abs(expected));
}

template <class Work>
Problem problem_of(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.first();
  }
  return {.code = Code::ok};
}

}  // namespace

TEST_CASE("campaign effect: Welch's test of made numbers is SciPy's") {
  // scipy 1.17.1, stats.ttest_ind([1, 2, 4, 7, 11], [0, 1, 1, 2], equal_var=False) and its confidence_interval(.9).
  const std::vector<double> y{1, 0, 2, 1, 4, 1, 7, 2, 11}, treated{1, 0, 1, 0, 1, 0, 1, 0, 1};
  const CampaignEffect effect = campaign_effect(y, treated, {.level = 0.9});
  CHECK(effect.treated.rows == 5);
  CHECK(effect.held_out.rows == 4);
  CHECK(near(effect.difference, 4));
  CHECK(near(effect.statistic, 2.1483446221183));
  CHECK(near(effect.p_value, 0.0919292524714748));
  CHECK(near(effect.degrees, 4.39928142900722));
  CHECK(near(effect.lower, 0.131997958603176));
  CHECK(near(effect.upper, 7.86800204139682));
  CHECK(near(effect.lift(), 4));
  CHECK(near(effect.incremental_total(), 20));
}

TEST_CASE("campaign effect: Newcombe's interval is that of his paper") {
  // Newcombe (1998), table II, method 10 (hybrid score): 56/70 - 48/80 and 9/10 - 3/10.
  const EffectOptions proportions{.method = EffectMethod::proportions};
  const CampaignEffect first = compare_arms({70, 56.0 / 70, 0}, {80, 48.0 / 80, 0}, proportions);
  CHECK(std::abs(first.lower - 0.0524) < 5e-5);
  CHECK(std::abs(first.upper - 0.3339) < 5e-5);
  const CampaignEffect second = compare_arms({10, 0.9, 0}, {10, 0.3, 0}, proportions);
  CHECK(std::abs(second.lower - 0.1705) < 5e-5);
  CHECK(std::abs(second.upper - 0.8090) < 5e-5);
  // The square of the pooled z is the chi-squared of the 2 x 2 table without correction: 150 (56 32 - 14 48)^2 /
  // (70 80 104 46).
  CHECK(near(first.statistic * first.statistic,
             150.0 * (56 * 32 - 14 * 48) * (56 * 32 - 14 * 48) / (70.0 * 80 * 104 * 46)));
}

TEST_CASE("campaign effect: sample sizes that do not come by chance are suspicious") {
  // scipy 1.17.1, stats.chisquare([821588, 815482]): 22.77436884189436, p 1.8217928726191858e-06.
  const std::vector<std::uint64_t> rows{821'588, 815'482};
  const SampleRatio ratio = check_sample_ratio(rows, std::vector<double>{1, 1});
  CHECK(near(ratio.statistic, 22.77436884189436));
  CHECK(near(ratio.p_value, 1.8217928726191858e-06));
  CHECK(ratio.suspicious);
  CHECK_FALSE(check_sample_ratio(std::vector<std::uint64_t>{900, 100}, std::vector<double>{0.9, 0.1}).suspicious);
  CHECK(check_sample_ratio(std::vector<std::uint64_t>{900, 100}, std::vector<double>{9, 1}).p_value == 1);
}

TEST_CASE("campaign effect: intervals hold the truth as often as they say") {
  Random random(11);
  const int trials = 4'000;
  int welch = 0, newcombe = 0;
  for (int trial = 0; trial < trials; ++trial) {
    std::vector<double> spend, visit, treated;
    for (int row = 0; row < 90; ++row) {
      const bool arm = row % 3 != 0;
      treated.push_back(arm ? 1 : 0);
      spend.push_back(random.normal() * (arm ? 3 : 1) + (arm ? 0.5 : 0));
      visit.push_back(random.uniform() < (arm ? 0.3 : 0.1) ? 1 : 0);
    }
    const CampaignEffect means = campaign_effect(spend, treated);
    welch += means.lower <= 0.5 && 0.5 <= means.upper;
    const CampaignEffect shares = campaign_effect(visit, treated, {.method = EffectMethod::proportions});
    newcombe += shares.lower <= 0.2 && 0.2 <= shares.upper;
  }
  // Five standard errors of a share of 4,000.
  CHECK(std::abs(welch / double{trials} - 0.95) < 0.0173);
  CHECK(newcombe / double{trials} > 0.95 - 0.0173);
}

TEST_CASE("campaign effect: one arm's mean has Wilson's interval, or Student's") {
  // Newcombe, Statistics in Medicine 17 (1998), 857, table I, method 3.
  const auto share = [](double hits, std::uint64_t rows) {
    return arm_interval({rows, hits / static_cast<double>(rows), 0}, {.method = EffectMethod::proportions});
  };
  CHECK(std::abs(share(81, 263).lower - 0.2553) < 5e-5);
  CHECK(std::abs(share(81, 263).upper - 0.3662) < 5e-5);
  CHECK(std::abs(share(15, 148).lower - 0.0624) < 5e-5);
  CHECK(std::abs(share(15, 148).upper - 0.1605) < 5e-5);
  CHECK(std::abs(share(0, 20).lower) < 1e-12);
  CHECK(std::abs(share(0, 20).upper - 0.1611) < 5e-5);
  CHECK(std::abs(share(1, 29).lower - 0.0061) < 5e-5);
  CHECK(std::abs(share(1, 29).upper - 0.1718) < 5e-5);
  // Of 1 ... 5: mean 3, variance 2.5; t of 4 degrees of freedom is 2.776445 at 95 %.
  const Interval mean = arm_interval(summarise_arm(std::vector<double>{1, 2, 3, 4, 5}));
  CHECK(mean.value == 3);
  CHECK(std::abs(mean.upper - 3 - 2.776445 * std::sqrt(0.5)) < 1e-5);
  CHECK(std::abs(3 - mean.lower - (mean.upper - 3)) < 1e-12);
  CHECK(problem_of([] { (void)arm_interval({1, 0, 0}); }).field == "arm");
}

TEST_CASE("campaign effect: nothing that varies, and any order of rows") {
  const std::vector<double> y{2, 2, 2, 2}, treated{1, 1, 0, 0};
  CHECK(campaign_effect(y, treated).p_value == 1);
  const CampaignEffect sure = campaign_effect(std::vector<double>{3, 3, 2, 2}, treated);
  CHECK(sure.p_value == 0);
  CHECK(sure.lower == 1);
  CHECK(std::isinf(sure.statistic));
  const std::vector<double> a{1e16, 1, -1e16, 3, 0.1, 0.7}, b{0.1, 3, 1, 1e16, 0.7, -1e16};
  const std::vector<double> of_a{1, 0, 1, 1, 0, 1}, of_b{0, 1, 0, 1, 1, 1};
  CHECK(campaign_effect(a, of_a) == campaign_effect(b, of_b));
}

TEST_CASE("campaign effect: wrong input is refused by field and row") {
  const std::vector<double> y{1, 0, 1, 0}, treated{1, 1, 0, 0};
  const auto of = [&](std::vector<double> outcomes, std::vector<double> arms, EffectOptions options = {}) {
    return problem_of([&] { (void)campaign_effect(outcomes, arms, options); });
  };
  CHECK(of(y, treated).code == Code::ok);
  CHECK(of({1, NAN, 1, 0}, treated).row == 1);
  CHECK(of({1, 0, INFINITY, 0}, treated).row == 2);
  CHECK(of({1, 0, 1e200, 0}, treated).field == "y");
  CHECK(of(y, {1, 0, 2, 0}).field == "treated");
  CHECK(of(y, {1, 0, 2, 0}).row == 2);
  CHECK(of(y, {1, 1, 1, 1}).code == Code::invalid);
  CHECK(of(y, {1, 1, 1, 0}).field == "held_out");  // one row has no variance
  CHECK(of({}, {}).code == Code::invalid);
  CHECK(of(y, {1, 0}).field == "treated");
  CHECK(of({1, 0, 1, 0.5}, treated, {.method = EffectMethod::proportions}).row == 3);
  CHECK(of(y, treated, {.level = 1}).field == "level");
  CHECK(problem_of([] { (void)compare_arms({5, 0.5, -1}, {5, 0.5, 1}); }).field == "treated");
  CHECK(problem_of([] { (void)check_sample_ratio(std::vector<std::uint64_t>{1}, std::vector<double>{1}); }).field ==
        "rows");
  CHECK(problem_of([] {
          (void)check_sample_ratio(std::vector<std::uint64_t>{1, 2}, std::vector<double>{1, 0});
        }).row == 1);
  CHECK(problem_of([] {
          (void)check_sample_ratio(std::vector<std::uint64_t>{0, 0}, std::vector<double>{1, 1});
        }).code == Code::invalid);
}
