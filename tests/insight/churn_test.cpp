#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "emptor/core/random.hpp"
#include "emptor/insight/facts.hpp"
#include "insight/churn/churn_model.hpp"
#include "insight/churn/churn_work.hpp"
#include "support/made_facts.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

constexpr std::int32_t last_day = 20'000;

/// Customers who buy at a constant rate of their own for 500 days; of every `leaver`-th the purchases end at some time.
std::vector<MadePurchase> shop(std::size_t customers, bool own_rates, std::size_t leaver, std::uint64_t seed) {
  Random random(seed);
  std::vector<MadePurchase> purchases;
  for (std::size_t id = 1; id <= customers; ++id) {
    const double gap = own_rates ? 10 + 40 * random.uniform() : 60;
    const double end = leaver > 0 && id % leaver == 0 ? last_day - 500 * random.uniform() : last_day;
    for (double day = last_day - 500 + gap * random.uniform(); day <= end; day += -gap * std::log(1 - random.uniform()))
      purchases.push_back({static_cast<std::int64_t>(id), static_cast<std::int64_t>(purchases.size()) + 1,
                           static_cast<std::int32_t>(day), 5 + 20 * random.uniform()});
  }
  return purchases;
}

const ChurnQuality& quality(const ChurnOutcome& outcome, std::string_view name) {
  return *std::find_if(outcome.qualities.begin(), outcome.qualities.end(),
                       [&](const ChurnQuality& one) { return one.name == name; });
}

}  // namespace

TEST_CASE("churn: features of one customer, by hand") {
  const Facts facts =
      made_facts({{1, 1, 100, 10}, {1, 2, 120, 30}, {1, 3, 150, 20}, {1, 4, 150, -5, -1}, {1, 5, 190, 1}});
  const Date days[] = {{160}};
  const ChurnRows rows = churn_rows(lines_of(facts), days, {.horizon = 30}).front();
  REQUIRE(rows.size() == 1);
  const auto at = [&](ChurnFeature feature) { return rows.at(0, feature); };
  CHECK(at(ChurnFeature::recency) == 10);
  CHECK(at(ChurnFeature::age) == 60);
  CHECK(at(ChurnFeature::orders) == 3);
  CHECK(at(ChurnFeature::gap) == 25);
  CHECK(at(ChurnFeature::gap_spread) == doctest::Approx(5.0 / 25));
  CHECK(at(ChurnFeature::lateness) == doctest::Approx(.4));
  CHECK(at(ChurnFeature::spend) == 60);
  CHECK(at(ChurnFeature::mean_spend) == 20);
  CHECK(at(ChurnFeature::recent_orders) == 1);
  CHECK(at(ChurnFeature::former_orders) == 1);
  CHECK(at(ChurnFeature::recent_spend) == 20);
  CHECK(at(ChurnFeature::former_spend) == 30);
  CHECK(at(ChurnFeature::returned) == .25);
  CHECK(rows.silent.front() == 0);  // day 190 is the thirtieth after
  CHECK(churn_rows(lines_of(facts), days, {.horizon = 29}).front().silent.front() == 1);
}

TEST_CASE("churn: nothing after a day enters its features") {
  std::vector<MadePurchase> purchases = shop(300, true, 3, 1);
  const Date days[] = {{last_day - 180}};
  const Facts facts = made_facts(purchases);
  const ChurnRows all = churn_rows(lines_of(facts), days, {}).front();
  std::erase_if(purchases, [&](const MadePurchase& one) { return one.day > days[0].days; });
  const Facts before = made_facts(purchases);
  const ChurnRows known = churn_rows(lines_of(before), days, {}).front();
  CHECK(all.customer == known.customer);
  REQUIRE(all.x.size() == known.x.size());
  for (std::size_t i = 0; i < all.x.size(); ++i) CHECK((all.x[i] == known.x[i] || std::isnan(known.x[i])));
  CHECK(std::count(known.silent.begin(), known.silent.end(), 1.0) == static_cast<std::ptrdiff_t>(known.size()));
}

TEST_CASE("churn: [I16] those who left are found, the chances are what they say, and lateness is the reason") {
  const Facts facts = made_facts(shop(4'000, true, 4, 2));
  const ChurnOutcome outcome = predict_churn(lines_of(facts), {}, {});
  CHECK(outcome.verdict == "sufficient");
  const ChurnQuality& boosting = quality(outcome, "gradient_boosting");
  CHECK(boosting.auc > .85);
  CHECK(boosting.auc > quality(outcome, "recency").auc);
  CHECK(*boosting.calibration_slope > .8);
  CHECK(*boosting.calibration_slope < 1.25);
  CHECK(quality(outcome, "bg_nbd").auc > .8);
  std::size_t likely = 0, by_silence = 0;
  for (std::size_t row = 0; row < outcome.rows.size(); ++row) {
    if (outcome.chance[row] < .8) continue;
    ++likely;
    const ChurnFeature first = outcome.reasons[row].front();
    by_silence += first == ChurnFeature::lateness || first == ChurnFeature::recency ||
                  first == ChurnFeature::recent_orders || first == ChurnFeature::recent_spend;
  }
  CHECK(likely > 500);
  CHECK(by_silence * 10 > likely * 9);
}

TEST_CASE("churn: where the past tells nothing, no model pretends to know") {
  const Facts facts = made_facts(shop(4'000, false, 0, 3));
  const ChurnOutcome outcome = predict_churn(lines_of(facts), {}, {});
  // Everybody buys at one constant rate, so silence does not depend on the past: the area is one half but for chance
  // (a standard error of .012 here).
  CHECK(std::abs(quality(outcome, "gradient_boosting").auc - .5) < .04);
  CHECK(std::abs(quality(outcome, "logistic").auc - .5) < .04);
  CHECK(outcome.verdict.starts_with("no better than "));
}

TEST_CASE("churn: too few customers are said to be too few") {
  const Facts facts = made_facts(shop(60, true, 3, 4));
  const ChurnOutcome outcome = predict_churn(lines_of(facts), {}, {});
  CHECK(outcome.verdict.starts_with("insufficient: of the customers to learn from "));
  CHECK(outcome.chance.empty());
  CHECK(predict_churn(lines_of(made_facts({})), {}, {}).verdict == "insufficient: there are no purchases");
}

TEST_CASE("churn: the shares of a customer add up to the log-odds, less those of anybody") {
  const Facts facts = made_facts(shop(1'000, true, 3, 5));
  const Date days[] = {{last_day - 90}};
  const ChurnRows rows = churn_rows(lines_of(facts), days, {}).front();
  for (const ChurnModelKind kind : {ChurnModelKind::boosting, ChurnModelKind::logistic}) {
    const CalibratedChurnModel model = fit_churn_model(kind, rows, {});
    const std::vector<double> log_odds = model.model->log_odds(rows, {}), shares = model.model->shares(rows, {});
    std::vector<double> rest;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      double sum = 0;
      for (std::size_t i = 0; i < churn_feature_count; ++i) sum += shares[row * churn_feature_count + i];
      // The column for customers of one purchase has no reason of its own.
      if (kind == ChurnModelKind::boosting || rows.at(row, ChurnFeature::orders) > 1)
        rest.push_back(log_odds[row] - sum);
    }
    const auto [least, most] = std::minmax_element(rest.begin(), rest.end());
    CHECK(*most - *least < 1e-10);
  }
}

TEST_CASE("churn: reasons are words in English and Chinese") {
  const Facts facts = made_facts({{1, 1, 100, 10}, {1, 2, 120, 30}, {2, 3, 150, 20}});
  const Date days[] = {{200}};
  const ChurnRows rows = churn_rows(lines_of(facts), days, {}).front();
  CHECK(churn_reason(rows, 0, ChurnFeature::lateness, 90, Language::english) == "silent for 4 times the usual gap");
  CHECK(churn_reason(rows, 0, ChurnFeature::recent_orders, 90, Language::chinese) == "最近 90 天内购买 1 次");
  CHECK(churn_reason(rows, 1, ChurnFeature::lateness, 90, Language::english) == "bought only once");
}
