#include "insight/churn/churn_decision.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <cmath>
#include <numeric>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "insight/churn/churn_work.hpp"
#include "support/made_facts.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

namespace json = boost::json;

constexpr std::int32_t last_day = 20'000;

/// Customers at rates of their own; of every third the purchases end at some time, and their last orders come back.
std::vector<MadePurchase> shop(std::size_t customers, std::uint64_t seed) {
  Random random(seed);
  std::vector<MadePurchase> purchases;
  const auto buy = [&](std::size_t id, double day, double amount, double quantity) {
    purchases.push_back({static_cast<std::int64_t>(id), static_cast<std::int64_t>(purchases.size()) + 1,
                         static_cast<std::int32_t>(day), amount, quantity});
  };
  for (std::size_t id = 1; id <= customers; ++id) {
    const double gap = 10 + 40 * random.uniform(), spend = 10 + 50 * random.uniform();
    const bool leaves = id % 3 == 0;
    const double end = leaves ? last_day - 500 * random.uniform() : last_day;
    for (double day = last_day - 600 + gap * random.uniform(); day <= end;
         day -= gap * std::log(1 - random.uniform())) {
      buy(id, day, spend * (.5 + random.uniform()), 1);
      if (leaves && end - day < 60) buy(id, day, -5, -1);
    }
  }
  return purchases;
}

/// Chances that are what they say.
HoldOut honest(std::size_t rows, std::uint64_t seed) {
  Random random(seed);
  HoldOut hold_out;
  for (std::size_t row = 0; row < rows; ++row) {
    hold_out.chance.push_back(random.uniform());
    hold_out.silent.push_back(random.uniform() < hold_out.chance.back() ? 1 : 0);
    hold_out.recency.push_back(static_cast<double>(random.below(300)));
  }
  return hold_out;
}

ChurnOutcome outcome_of(std::string_view options, std::uint64_t seed = 2) {
  const Facts facts = made_facts(shop(1'500, seed));
  const ChurnRequest request = churn_request(json::parse(options).as_object(), {});
  const CustomerGroups groups = groups_of(score_rfm(facts));
  return predict_churn(lines_of(facts), request, {}, {nullptr, &groups});
}

}  // namespace

TEST_CASE("churn decision: the threshold comes from the terms, its profit from the hold-out") {
  HoldOut hold_out = honest(5'000, 3);
  CHECK_FALSE(decide(hold_out, {}, {}, {}).has_value());
  const auto today = decide(hold_out, {}, {100, 300}, {});
  REQUIRE(today.has_value());
  CHECK(today->value_from == "lifetime of today");
  CHECK(today->terms.value == 200);
  hold_out.value.assign(5'000, 300);
  const auto decision = decide(hold_out, {.offer_cost = 30, .contact_cost = 3, .success_rate = .4}, {}, {});
  REQUIRE(decision.has_value());
  CHECK(decision->value_from == "lifetime");
  CHECK(decision->terms.value == 300);
  CHECK(decision->paying_chance == doctest::Approx(33 / (.4 * 270 + 30)));
  CHECK(decision->chosen.profit <= decision->best.profit);
  CHECK(decision->chosen.profit > .95 * decision->best.profit);  // as the chances are what they say
  CHECK(decision->chosen.profit > decision->everybody.profit);
  CHECK(decision->interval.lower < decision->chosen.profit);
  CHECK(decision->interval.upper > decision->chosen.profit);
  CHECK(decision->curve.size() == 20);
  // Just at the threshold the offer neither gains nor loses.
  CHECK(offer_profit(decision->paying_chance, 300, decision->terms) == doctest::Approx(0).epsilon(1e-9));
}

TEST_CASE("churn decision: no offer where it costs more than the customer is worth") {
  HoldOut hold_out = honest(200, 4);
  CHECK_FALSE(decide(hold_out, {.value = 10, .offer_cost = 12}, {}, {}).has_value());
}

TEST_CASE("churn value: expected loss is chance times what a customer brings who stays") {
  const ChurnOutcome outcome = outcome_of("{}");
  REQUIRE(outcome.verdict == "sufficient");
  REQUIRE(outcome.value.size() == outcome.rows.size());
  double loss = 0;
  for (std::size_t row = 0; row < outcome.rows.size(); ++row) loss += outcome.chance[row] * outcome.value[row];
  CHECK(outcome.groups.front().name.empty());
  CHECK(outcome.groups.front().expected_loss == doctest::Approx(loss).epsilon(1e-12));
  double parts = 0;
  std::size_t customers = 0;
  for (std::size_t i = 1; i < outcome.groups.size(); ++i) {
    parts += outcome.groups[i].expected_loss;
    customers += outcome.groups[i].customers;
  }
  CHECK(parts == doctest::Approx(loss).epsilon(1e-9));
  CHECK(customers == outcome.rows.size());
  REQUIRE(outcome.decision.has_value());
  CHECK(outcome.decision->chosen.profit > 0);
}

TEST_CASE("churn groups: reasons are means of the shares, and the direction is that of the feature") {
  const ChurnOutcome outcome = outcome_of("{}");
  const ChurnGroup& all = outcome.groups.front();
  const auto reason = [&](ChurnFeature feature) {
    return *std::find_if(all.reasons.begin(), all.reasons.end(),
                         [&](const GroupReason& one) { return one.feature == feature; });
  };
  double weight = 0, mean = 0;
  for (std::size_t row = 0; row < outcome.rows.size(); ++row) {
    const double share = outcome.shares[row * churn_feature_count + static_cast<std::size_t>(ChurnFeature::lateness)];
    weight += std::abs(share);
    mean += share;
  }
  const auto count = static_cast<double>(outcome.rows.size());
  CHECK(reason(ChurnFeature::lateness).weight == doctest::Approx(weight / count).epsilon(1e-9));
  CHECK(reason(ChurnFeature::lateness).mean == doctest::Approx(mean / count).epsilon(1e-6));
  CHECK(reason(ChurnFeature::lateness).direction > .5);
  CHECK(std::is_sorted(all.reasons.begin(), all.reasons.end(),
                       [](const GroupReason& a, const GroupReason& b) { return a.weight > b.weight; }));
  CHECK(churn_influence(ChurnFeature::lateness, .9, .5, Language::english) ==
        "silence against the usual gap: large values raise the chance; it raises that of this group");
  CHECK(churn_influence(ChurnFeature::spend, -.9, -.5, Language::chinese) ==
        "累计消费：数值越大流失概率越低；降低了本组的概率");
}

TEST_CASE("churn what-if: the answer is the model's with that feature changed, and is said to be") {
  const ChurnOutcome outcome = outcome_of(R"({"what_if":[{"feature":"returned","set":0}]})");
  const json::object& change = outcome.what_if.at("changes").as_array().front().as_object();
  CHECK(std::string_view(outcome.what_if.at("about").as_string()).starts_with("about the model, not the world"));
  const json::object& all = change.at("groups").as_array().front().as_object();
  CHECK(all.at("group").is_null());
  const double before = std::accumulate(outcome.chance.begin(), outcome.chance.end(), 0.0);
  CHECK(all.at("mean_chance").as_double() ==
        doctest::Approx(before / static_cast<double>(outcome.chance.size())).epsilon(1e-12));
  CHECK(all.at("change").as_double() < 0);  // goods come back from those who leave
  CHECK(all.at("change_of_expected_loss").as_double() < 0);
  CHECK(change.at("groups").as_array().size() == outcome.groups.size());
}

TEST_CASE("churn what-if: changed rows stay within what the feature can be") {
  ChurnRows rows;
  rows.customer = {1, 2, 3};
  rows.x.assign(3 * churn_feature_count, .25);
  const auto place = static_cast<std::size_t>(ChurnFeature::returned);
  rows.x[churn_feature_count + place] = std::nan("");
  const ChurnRows more = changed_rows(rows, {.feature = ChurnFeature::returned, .set = {}, .factor = 2, .add = .75});
  CHECK(more.at(0, ChurnFeature::returned) == 1);
  CHECK(std::isnan(more.at(1, ChurnFeature::returned)));
  CHECK(more.at(0, ChurnFeature::spend) == .25);
  CHECK(changed_rows(rows, {.feature = ChurnFeature::returned, .set = -1}).at(1, ChurnFeature::returned) == 0);
}

TEST_CASE("churn what-if: what cannot be asked is refused") {
  CHECK_THROWS_AS(churn_request(json::parse(R"({"what_if":[{"set":0}]})").as_object(), {}), Error);
  CHECK_THROWS_AS(churn_request(json::parse(R"({"what_if":[{"feature":"returned"}]})").as_object(), {}), Error);
  CHECK_THROWS_AS(outcome_of(R"({"what_if":[{"feature":"complaints","set":0}]})"), Error);
}

TEST_CASE("churn alerts: no more than asked for, those of the highest chance, and none about customers long gone") {
  const ChurnOutcome all = outcome_of(R"({"false_alarms":0.5,"watch_days":120})");
  const ChurnOutcome few = outcome_of(R"({"false_alarms":0.5,"watch_days":120,"most_alerts":7})");
  REQUIRE(all.alerts.size() > 20);
  CHECK(few.alerts.size() == 7);
  double least = 1;
  for (const ChurnAlert& alert : few.alerts) least = std::min(least, few.chance[alert.row]);
  std::size_t above = 0;
  for (const ChurnAlert& alert : all.alerts) {
    CHECK(all.rows.at(alert.row, ChurnFeature::recency) < 120);
    above += all.chance[alert.row] > least;
  }
  CHECK(above < 7);
  CHECK(all.alerts.front().reason.find("to buy nothing within 90 days; ") != std::string::npos);
}

TEST_CASE("churn correlations: ranks of the features against each other, constant ones left out") {
  const ChurnOutcome outcome = outcome_of("{}");
  const json::array& names = outcome.correlations.at("features").as_array();
  const json::array& matrix = outcome.correlations.at("coefficients").as_array();
  CHECK(names.size() == churn_purchase_feature_count);
  REQUIRE(matrix.size() == names.size());
  for (std::size_t i = 0; i < names.size(); ++i) CHECK(matrix[i].as_array()[i].as_double() == doctest::Approx(1));
  CHECK(matrix[0].as_array()[3] == matrix[3].as_array()[0]);
}
