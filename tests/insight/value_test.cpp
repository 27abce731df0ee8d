#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "insight/value/value_portrait.hpp"
#include "insight/value/value_work.hpp"
#include "support/made_facts.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

constexpr std::int32_t last_day = 20'000;

ValueRequest request_of(const std::string& options = "{}") {
  return value_request(boost::json::parse(options).as_object(), std::nullopt);
}

struct Shop {
  Facts facts;
  LineDetails details;
  Receivables receivables;
  ContactCosts contacts;

  explicit Shop(std::vector<MadePurchase> purchases) : facts(made_facts(std::move(purchases))) {}
  ValueSource source() const { return {lines_of(facts), details, receivables, contacts}; }
};

/// Customers who buy at a rate and for amounts of their own that never change, two years long.
std::vector<MadePurchase> steady(std::size_t customers, std::uint64_t seed) {
  Random random(seed);
  std::vector<MadePurchase> purchases;
  for (std::size_t id = 1; id <= customers; ++id) {
    const double gap = 15 + 120 * random.uniform(), mean = 10 * std::exp(random.normal());
    for (double day = last_day - 720 + gap * random.uniform(); day <= last_day;
         day += -gap * std::log(1 - random.uniform()))
      purchases.push_back({static_cast<std::int64_t>(id), static_cast<std::int64_t>(purchases.size()) + 1,
                           static_cast<std::int32_t>(day), mean * (.5 + random.uniform())});
  }
  return purchases;
}

/// The same, but each customer's spend drifts by a factor of his own from window to window.
std::vector<MadePurchase> drifting(std::size_t customers, std::uint64_t seed) {
  Random random(seed);
  std::vector<MadePurchase> purchases;
  for (std::size_t id = 1; id <= customers; ++id) {
    const double mean = 20 * std::exp(.5 * random.normal()), drift = .6 * random.normal();
    for (double day = last_day - 720; day <= last_day; day += -9 * std::log(1 - random.uniform()))
      purchases.push_back({static_cast<std::int64_t>(id), static_cast<std::int64_t>(purchases.size()) + 1,
                           static_cast<std::int32_t>(day),
                           mean * std::exp(drift * (day - last_day) / 90) * (.5 + random.uniform())});
  }
  return purchases;
}

const DimensionJudgement& judged(const ValueOutcome& outcome, ValueDimension dimension) {
  return outcome.judgement[static_cast<std::size_t>(dimension)];
}

}  // namespace

TEST_CASE("value: what is known of one customer on a day, by hand") {
  // Windows of 28 days: the last is 133 to 160, the one before 105 to 132, the next 161 to 188; halves alternate by
  // weeks.
  Shop shop({{1, 1, 50, 10},
             {1, 2, 106, 30},
             {1, 3, 150, 20},
             {1, 4, 160, 5},
             {1, 5, 160, -5, -1},
             {1, 6, 161, 7},
             {1, 7, 189, 9}});
  const Date days[] = {{160}};
  const Earnings earnings(lines_of(shop.facts), shop.details, Purchases::positive, days[0]);
  const ValueRows rows = value_rows(lines_of(shop.facts), earnings, days, {.period = 28}).front();
  REQUIRE(rows.size() == 1);
  CHECK(rows.earned[0] == 25'000'000);
  CHECK(rows.spend[0] == 65'000'000);
  CHECK(rows.recency[0] == 0);
  CHECK(rows.orders[0] == 4);
  CHECK(rows.known_before[0] == 1);
  CHECK(rows.recent.a[0] == 5);   // day 160 is in the first week counted back
  CHECK(rows.recent.b[0] == 20);  // day 150 in the second
  CHECK(rows.former.a[0] + rows.former.b[0] == 30);
  CHECK(rows.next_earned[0] == 7'000'000);
  CHECK(rows.next_bought[0] == 1);
  CHECK(rows.next.a[0] == 7);
  // Thirds of nine days: 110 days since the first purchase are 12 thirds, of which 0, 1 and 6 have a purchase.
  double active = 0, all = 0;
  for (int third = 0; third < 12; ++third) {
    const double weight = std::pow(2.0, -third / 6.0);
    all += weight;
    if (third == 0 || third == 1 || third == 6) active += weight;
  }
  CHECK(rows.activity[0] == doctest::Approx((active + 2 * active / all) / (all + 2)));
}

TEST_CASE("value: nothing after a day enters what is known on it") {
  std::vector<MadePurchase> purchases = steady(200, 1);
  const Date days[] = {{last_day - 90}};
  Shop all(purchases);
  std::erase_if(purchases, [&](const MadePurchase& one) { return one.day > days[0].days; });
  Shop known(purchases);
  const ValueRequest request = request_of();
  const auto rows_of = [&](const Shop& shop) {
    const Earnings earnings(lines_of(shop.facts), shop.details, Purchases::positive, days[0]);
    return value_rows(lines_of(shop.facts), earnings, days, request.rows).front();
  };
  const ValueRows a = rows_of(all), b = rows_of(known);
  CHECK(a.customer == b.customer);
  const ValueMeasures x = measure_value(all.source(), a, request, {}),
                      y = measure_value(known.source(), b, request, {});
  for (std::size_t i = 0; i < value_dimension_count; ++i) {
    REQUIRE(x.of[i].size() == y.of[i].size());
    for (std::size_t row = 0; row < x.of[i].size(); ++row)
      CHECK((x.of[i][row] == y.of[i][row] || (std::isnan(x.of[i][row]) && std::isnan(y.of[i][row]))));
  }
  CHECK(std::count(b.next_bought.begin(), b.next_bought.end(), 0.0) == std::ssize(b.next_bought));
}

TEST_CASE("value: [I1, I2, I3] in a steady shop the measures hold on the window just past") {
  const Shop shop(steady(1'500, 2));
  const ValueOutcome outcome = assess_value(shop.source(), request_of(), {});
  const DimensionJudgement& contribution = judged(outcome, ValueDimension::contribution);
  const DimensionJudgement& future = judged(outcome, ValueDimension::future);
  REQUIRE(contribution.state == MeasureState::judged);
  REQUIRE(future.state == MeasureState::judged);
  CHECK(*future.gini > *contribution.gini);  // all that was bought tells more than one window
  CHECK(*future.gini > .5);
  CHECK(future.calibration->ratio == doctest::Approx(1).epsilon(.1));
  CHECK(future.calibration->error < contribution.calibration->error);
  const DimensionJudgement& loyalty = judged(outcome, ValueDimension::loyalty);
  REQUIRE(loyalty.state == MeasureState::judged);
  CHECK(*loyalty.auc > .65);
  CHECK(*loyalty.auc > *loyalty.recency_auc);
  CHECK(judged(outcome, ValueDimension::credit).state == MeasureState::absent);
  CHECK(outcome.verdict == "sufficient");
  CHECK(*outcome.score_gini > *outcome.contribution_gini);
  CHECK(outcome.correlations.coefficient(0, 1) > .3);
}

TEST_CASE("value: [I5] where spend only wavers, growth is shrunk and claims nothing") {
  const Shop shop(steady(1'500, 3));
  const ValueOutcome outcome = assess_value(shop.source(), request_of(), {});
  const DimensionJudgement& growth = judged(outcome, ValueDimension::growth);
  CHECK(outcome.measures.change->reliability < .15);
  // No change is to come. Three standard errors of a rank correlation of 1,500.
  if (growth.state == MeasureState::judged) CHECK(std::abs(*growth.rank_correlation) < .08);
}

TEST_CASE("value: [I5] spend that drifts goes on drifting, and shrinking tells it better than what was seen") {
  const Shop shop(drifting(1'500, 4));
  const ValueOutcome outcome = assess_value(shop.source(), request_of(), {});
  const DimensionJudgement& growth = judged(outcome, ValueDimension::growth);
  REQUIRE(growth.state == MeasureState::judged);
  CHECK(outcome.measures.change->reliability > .3);
  CHECK(*growth.rank_correlation > .15);
  CHECK(*growth.p_value < 1e-6);
  CHECK(*growth.rank_correlation >= *growth.observed);
}

TEST_CASE("value: margins are earnings where nearly all lines have a cost, amounts where they have not") {
  std::vector<MadePurchase> purchases = steady(400, 5);
  Shop shop(purchases);
  shop.details.cost.assign(shop.facts.rows, 0);
  std::size_t place = 0;
  std::vector<std::int64_t> expected;
  for (std::size_t i = 0; i < shop.facts.customers.size(); ++i) {
    std::int64_t earned = 0;
    const PurchaseRows rows = shop.facts.of(i);
    for (std::size_t k = 0; k < rows.size(); ++k, ++place) {
      shop.details.cost[place] = rows.amount[k] / 4;
      if (rows.day[k] > last_day - 90) earned += rows.amount[k] - rows.amount[k] / 4;
    }
    expected.push_back(earned);
  }
  const ValueRequest request = value_request({}, Date{last_day});
  const ValueOutcome by_margin = assess_value(shop.source(), request, {});
  CHECK(by_margin.by_margin);
  CHECK(by_margin.rows.earned == expected);
  CHECK(by_margin.rows.margin_rate == doctest::Approx(.75));
  for (std::size_t i = 0; i < shop.details.cost.size(); i += 5) shop.details.cost[i] = LineDetails::unknown;
  const ValueOutcome by_amount = assess_value(shop.source(), request, {});
  CHECK_FALSE(by_amount.by_margin);
  CHECK(by_amount.cost_known == doctest::Approx(.8).epsilon(.03));
}

TEST_CASE("value: what contacts cost comes off the margins of their window, and not off amounts") {
  // With the last day 100 and windows of 20 days: 81 to 100 is the last, 61 to 80 the one before.
  Shop shop({{1, 1, 70, 10}, {1, 2, 95, 10}, {2, 3, 100, 10}});
  shop.contacts.all = {{1, 60, 1}, {1, 61, 20}, {1, 81, 300}, {1, 100, 4'000}, {1, 101, 50'000}, {3, 90, 7}};
  const ValueRequest request = request_of(R"({"period_days":20})");
  CHECK(assess_value(shop.source(), request, {}).rows.earned == std::vector<std::int64_t>{10'000'000, 10'000'000});
  shop.details.cost = {2'000'000, 3'000'000, 4'000'000};
  CHECK(assess_value(shop.source(), request, {}).rows.earned == std::vector<std::int64_t>{6'995'700, 6'000'000});
  ValueRows past{.day = {80}, .customer = {1}, .earned = {0}, .next_earned = {0}};
  take_off(shop.contacts, 20, past);
  CHECK(past.earned[0] == -20);
  CHECK(past.next_earned[0] == -4'300);
}

TEST_CASE("value: [I4] who paid late before is late again, by the share that was paid in time") {
  Shop shop(steady(600, 6));
  Random random(7);
  for (std::int64_t id = 1; id <= 600; ++id) {
    const double late = random.uniform();
    for (std::int32_t due = last_day - 600; due <= last_day; due += 30) {
      const std::int32_t paid = due + (random.uniform() < late ? 50 : 2);
      shop.receivables.rows.push_back({.customer = id, .placed = due - 14, .due = due, .amount = 1, .settled = paid});
    }
  }
  shop.receivables.payments = 1;
  const ValueOutcome outcome = assess_value(shop.source(), value_request({}, Date{last_day}), {});
  const DimensionJudgement& credit = judged(outcome, ValueDimension::credit);
  REQUIRE(credit.state == MeasureState::judged);
  CHECK(*credit.auc > .75);
  for (const double share : outcome.measures.at(ValueDimension::credit)) CHECK((share > 0 && share < 1));
}

TEST_CASE("value: learned weights are those of least squares without negative ones") {
  const Shop shop(steady(800, 8));
  const Date days[] = {{last_day - 90}};
  const ValueRequest request = request_of();
  const Earnings earnings(lines_of(shop.facts), shop.details, Purchases::positive, days[0]);
  const ValueRows rows = value_rows(lines_of(shop.facts), earnings, days, request.rows).front();
  const ValueMeasures measures = measure_value(shop.source(), rows, request, {});
  const std::optional<ValueWeights> learned = learn_weights(rows, measures);
  REQUIRE(learned);
  double sum = 0;
  for (const double weight : *learned) {
    CHECK(weight >= 0);
    sum += weight;
  }
  CHECK(sum == doctest::Approx(1));
  // By brute force: the best line through any mixture on a grid of twentieths is no better.
  const std::vector<double> target = places_of(next_earned_of(rows));
  const auto correlation = [&](const ValueWeights& weights) {
    const std::vector<double> score = score_value(measures, weights);
    double xy = 0, xx = 0;
    for (std::size_t i = 0; i < score.size(); ++i) {
      xy += (score[i] - 50) * (target[i] - .5);
      xx += (score[i] - 50) * (score[i] - 50);
    }
    return xx > 0 ? xy / std::sqrt(xx) : -1;
  };
  const double best = correlation(*learned);
  for (int a = 0; a <= 20; ++a)
    for (int b = 0; a + b <= 20; ++b)
      for (int c = 0; a + b + c <= 20; ++c)
        CHECK(correlation({a / 20.0, b / 20.0, c / 20.0, 0, (20 - a - b - c) / 20.0}) <= best * (1 + 1e-9));
  const ValueOutcome outcome = assess_value(shop.source(), request_of(R"({"combine":"learned"})"), {});
  CHECK(outcome.learned);
  CHECK(*outcome.score_gini > .3);
}

TEST_CASE("value: [I6, I9, I10] tiers by shares, by spend and by criteria of one's own") {
  const Shop shop(steady(200, 9));
  const ValueOutcome usual = assess_value(shop.source(), request_of(), {});
  CHECK(std::count(usual.tier.begin(), usual.tier.end(), 0) == 10);
  CHECK(std::count(usual.tier.begin(), usual.tier.end(), 1) == 30);
  for (std::size_t row = 0; row < usual.tier.size(); ++row)
    for (std::size_t other = 0; other < usual.tier.size(); ++other)
      if (usual.tier[row] < usual.tier[other]) CHECK(usual.score[row] >= usual.score[other]);

  const ValueOutcome by_spend = assess_value(
      shop.source(), request_of(R"({"tier_by":"spend","tiers":[{"name":"big","least":300},{"name":"small"}]})"), {});
  for (std::size_t row = 0; row < by_spend.tier.size(); ++row)
    CHECK((by_spend.tier[row] == 0) == (by_spend.rows.spend[row] >= 300'000'000));

  const ValueOutcome own = assess_value(
      shop.source(),
      request_of(R"({"tiers":[{"name":"key","at_least":{"contribution":50,"loyalty":".6"}},{"name":"rest"}]})"), {});
  for (std::size_t row = 0; row < own.tier.size(); ++row)
    CHECK((own.tier[row] == 0) == (own.rows.earned[row] >= 50'000'000 && own.rows.activity[row] >= .5999995));
}

TEST_CASE("value: tiers and weights that contradict themselves are refused, naming the option") {
  const auto field_of = [](const std::string& options) {
    try {
      request_of(options);
    } catch (const Error& error) {
      return error.first().field;
    }
    return std::string("accepted");
  };
  CHECK(field_of(R"({"tiers":[{"name":"a"}]})") == "tiers");
  CHECK(field_of(R"({"tiers":[{"name":"a","share":0.2},{"name":"b","share":0.1}]})") == "tiers");
  CHECK(field_of(R"({"tiers":[{"name":"a","share":0.2},{"name":"b","least":5},{"name":"c"}]})") == "tiers");
  CHECK(field_of(R"({"tiers":[{"name":"a","share":0.7},{"name":"b","share":0.6},{"name":"c"}]})") == "tiers.share");
  CHECK(field_of(R"({"tiers":[{"name":"a","least":1},{"name":"b","least":2},{"name":"c"}]})") == "tiers.least");
  CHECK(field_of(R"({"tiers":[{"share":0.1},{"name":"c"}]})") == "tiers.name");
  CHECK(field_of(R"({"weights":{"growth":0}})") == "weights");
  CHECK(field_of(R"({"false_alarms":1})") == "false_alarms");
  CHECK(field_of(R"({"weights":{"growth":2}})") == "accepted");
}

TEST_CASE("value: [D14] key accounts are the fewest who make the share together") {
  std::vector<MadePurchase> purchases;
  for (std::int64_t id = 1; id <= 5; ++id) purchases.push_back({id, id, last_day, id == 3 ? 60.0 : 10.0 * id});
  const Shop shop(purchases);  // 10, 20, 60, 40, 50 of 180
  const auto keys = [&](const char* options) { return assess_value(shop.source(), request_of(options), {}).keys; };
  CHECK(keys(R"({"key_share":0.5})") == std::vector<std::size_t>{2, 4});
  CHECK(keys(R"({"key_share":0.62})") == std::vector<std::size_t>{2, 4, 3});
  CHECK(keys(R"({"key_share":0.62,"most_key_accounts":1})") == std::vector<std::size_t>{2});
  CHECK(keys(R"({"key_share":0})").empty());
}

TEST_CASE("value: too few customers are said to be too few, and none are no fault") {
  const Shop few(steady(20, 10)), none({});
  const ValueOutcome outcome = assess_value(few.source(), request_of(), {});
  CHECK(outcome.verdict.starts_with("insufficient: in the window just past "));
  CHECK(judged(outcome, ValueDimension::contribution).state == MeasureState::index);
  CHECK(judged(outcome, ValueDimension::growth).state == MeasureState::absent);
  CHECK(outcome.score.size() == 20);
  CHECK(assess_value(none.source(), request_of(), {}).verdict == "insufficient: there are no purchases");
  CHECK(assess_value(few.source(), value_request({}, Date{100}), {}).verdict ==
        "insufficient: nobody had bought by the day");
}

TEST_CASE("value: the same bits for any number of threads") {
  const Shop shop(steady(700, 11));
  const ValueRequest request = request_of(R"({"combine":"learned"})");
  const ValueOutcome one = assess_value(shop.source(), request, {});
  const ValueOutcome four = assess_value(shop.source(), request, {.executor = thread_executor(4)});
  CHECK(boost::json::serialize(value_json(request, one)) == boost::json::serialize(value_json(request, four)));
  CHECK(one.score == four.score);
}
