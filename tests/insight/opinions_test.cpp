// What opinions come to by themselves: scales, groups, index, what goes with them; against brute force and planted
// truth.
#include "insight/satisfaction/opinions.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "emptor/core/random.hpp"
#include "emptor/core/time.hpp"
#include "insight/satisfaction/problem_customers.hpp"
#include "insight/satisfaction/satisfaction_drivers.hpp"
#include "insight/satisfaction/satisfaction_index.hpp"
#include "insight/satisfaction/satisfaction_sequel.hpp"
#include "support/made_facts.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

double normal(Random& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += random.uniform();
  return sum;
}

CustomerWord answer(std::int64_t customer, std::int32_t day, double score) {
  return {.customer = customer,
          .day = day,
          .level = level_of(OpinionScale::nps, score),
          .scale = OpinionScale::nps,
          .score = score};
}
CustomerWord complaint(std::int64_t customer, std::int32_t day, std::int32_t closed = CustomerWord::still_open) {
  return {.customer = customer, .day = day, .closed = closed, .kind = WordKind::complaint};
}

/// Customers whose answer falls with a measure by so much; another measure says nothing.
Opinions made_opinions(std::size_t customers, std::uint64_t seed, double slope) {
  Random random(seed);
  Opinions opinions;
  opinions.before = {{"waiting", {}}, {"idle", {}}};
  opinions.groups = {{.name = "channel", .kinds = {"phone", "web"}, .of = {}}};
  for (std::size_t i = 0; i < customers; ++i) {
    const double waiting = random.uniform(), idle = random.uniform();
    const double score = std::clamp(std::round(7.5 - slope * waiting + 2 * normal(random)), 0.0, 10.0);
    opinions.rows.push_back(
        {static_cast<std::int64_t>(i) + 1, static_cast<std::int32_t>(i / 10), OpinionScale::nps, score});
    opinions.before[0].values.push_back(waiting);
    opinions.before[1].values.push_back(idle);
    opinions.groups[0].of.push_back(static_cast<std::uint32_t>(i % 2));
  }
  return opinions;
}

std::vector<std::size_t> all_rows(const Opinions& opinions) {
  return last_opinions(opinions, OpinionScale::nps, 1'000'000);
}

}  // namespace

TEST_CASE("opinions: each scale has its classes and its direction") {
  CHECK(mood_of(OpinionScale::nps, 6) == Mood::dissatisfied);
  CHECK(mood_of(OpinionScale::nps, 7) == Mood::neutral);
  CHECK(mood_of(OpinionScale::nps, 9) == Mood::satisfied);
  CHECK(mood_of(OpinionScale::csat, 2) == Mood::dissatisfied);
  CHECK(mood_of(OpinionScale::csat, 4) == Mood::satisfied);
  CHECK(mood_of(OpinionScale::ease, 3) == Mood::dissatisfied);
  CHECK(mood_of(OpinionScale::ease, 5) == Mood::satisfied);
  CHECK(mood_of(OpinionScale::effort, 1) == Mood::satisfied);
  CHECK(mood_of(OpinionScale::effort, 3) == Mood::neutral);
  CHECK(mood_of(OpinionScale::effort, 5) == Mood::dissatisfied);
  CHECK(level_of(OpinionScale::effort, 1) == 1);
  CHECK(level_of(OpinionScale::ease, 4) == .5);
  CHECK_FALSE(on_scale(OpinionScale::csat, 0));
  CHECK(period_of(Date::of(2024, 9, 30)->days, Period::quarter) == "2024-Q3");
  CHECK(period_of(Date::of(2024, 10, 1)->days, Period::month) == "2024-10");
}

TEST_CASE("opinions: groups count their own answers, and only a group that differs stands out") {
  Opinions opinions = made_opinions(590, 3, 0);
  for (std::size_t i = 0; i < opinions.rows.size(); ++i)
    if (i % 2 == 1) opinions.rows[i].score = std::max(0.0, opinions.rows[i].score - 3);
  const std::vector<OpinionGroup> groups = group_opinions(opinions, Period::month, .95);
  std::size_t seen = 0;
  for (const OpinionGroup& group : groups) {
    std::array<std::uint64_t, 3> moods{};
    for (std::size_t i = 0; i < opinions.rows.size(); ++i) {
      const Opinion& one = opinions.rows[i];
      const bool in = group.by.empty() || (group.by == "period" && period_of(one.day, Period::month) == group.name) ||
                      (group.by == "channel" && opinions.groups[0].kinds[opinions.groups[0].of[i]] == group.name);
      if (in) ++moods[static_cast<std::size_t>(one.mood())];
    }
    CHECK(group.figures.moods == moods);
    const double all = static_cast<double>(moods[0] + moods[1] + moods[2]);
    CHECK(group.figures.headline.value ==
          doctest::Approx((static_cast<double>(moods[2]) - static_cast<double>(moods[0])) / all).epsilon(1e-12));
    if (group.by == "channel") CHECK(group.stands_out(.05));
    if (group.by == "period") CHECK_FALSE(group.stands_out(.05));
    ++seen;
  }
  CHECK(seen == 1 + 2 + 2);                        // all, January and February of 1970, two channels
  CHECK(groups.back().contrast->delta.upper < 0);  // web
}

TEST_CASE("satisfaction index: by its formula, with k = 2 where few said two things") {
  const std::vector<CustomerWord> words = {answer(1, 100, 10), complaint(1, 280), answer(2, 280, 0), answer(3, 400, 5)};
  const SatisfactionIndex index = index_satisfaction(words, 280, 180);
  // Customer 3 answered later. Weights 1/2, 1; 1. m = (1/2 x 1 + 0 + 0) / 2.5 = .2.
  CHECK(index.customer == std::vector<std::int64_t>{1, 2});
  CHECK(index.mean == doctest::Approx(.2).epsilon(1e-12));
  CHECK(index.shrink == 2);
  CHECK_FALSE(index.fitted);
  CHECK(index.index[0] == doctest::Approx(100 * (2 * .2 + .5) / 3.5).epsilon(1e-12));
  CHECK(index.index[1] == doctest::Approx(100 * (2 * .2) / 3).epsilon(1e-12));
  CHECK(index.reasons[0] == std::vector<std::size_t>{0, 1});  // .5 x .8 against 1 x .2
}

TEST_CASE(
    "satisfaction index: it finds how much customers differ, and foretells the next answer better than the last") {
  // Levels of customers vary by .15, their words by .3 about them: k = .09 / .0225 = 4.
  Random random(11);
  std::vector<CustomerWord> words;
  for (std::int64_t customer = 1; customer <= 3'000; ++customer) {
    const double level = .5 + .15 * normal(random);
    for (std::int32_t day = 1; day <= 4; ++day)
      words.push_back({.customer = customer, .day = day, .level = level + .3 * normal(random)});
  }
  const SatisfactionIndex index = index_satisfaction(words, 3, 1e9);
  CHECK(index.fitted);
  CHECK(index.shrink > 3.4);
  CHECK(index.shrink < 4.7);
  const IndexJudgement judged = judge_index(words, index, 3);
  CHECK(judged.customers == 3'000);
  CHECK(judged.index < judged.mean);
  CHECK(judged.index < judged.last_word);
}

TEST_CASE("satisfaction index: with mean and k of another one it can be compared with it") {
  const std::vector<CustomerWord> words = {answer(1, 100, 10), answer(2, 100, 0), answer(2, 200, 2)};
  const SatisfactionIndex then = index_satisfaction(words, 100, 180), now = index_satisfaction(words, 200, 180, &then);
  CHECK(then.mean == .5);
  CHECK(now.mean == then.mean);
  const double weight = std::exp2(-100.0 / 180);
  CHECK(now.index[1] == doctest::Approx(100 * (2 * .5 + .2) / (2 + weight + 1)).epsilon(1e-12));
}

TEST_CASE("satisfaction index: where customers do not differ it stays near the mean of all") {
  Random random(12);
  std::vector<CustomerWord> words;
  for (std::int64_t customer = 1; customer <= 500; ++customer)
    for (std::int32_t day = 1; day <= 2; ++day)
      words.push_back({.customer = customer, .day = day, .level = random.uniform()});
  CHECK(index_satisfaction(words, 2, 1e9).shrink > 8);
}

TEST_CASE("satisfaction drivers: the planted one is found with its direction, the idle one is not") {
  const Opinions opinions = made_opinions(400, 5, 4);
  const std::vector<SatisfactionDriver> drivers = find_drivers(opinions, all_rows(opinions), {});
  REQUIRE(drivers.size() == 2);
  CHECK(drivers[0].name == "waiting");
  CHECK(drivers[0].adjusted < .001);
  CHECK(drivers[0].correlation.upper < 0);
  CHECK(drivers[0].contrast.delta.upper < 0);
  CHECK(drivers[1].adjusted > .05);
  // The split is the median: means of both halves by brute force.
  double above = 0, others = 0;
  int n = 0, m = 0;
  for (std::size_t i = 0; i < opinions.rows.size(); ++i) {
    const bool high = opinions.before[0].values[i] > drivers[0].split;
    (high ? above : others) += opinions.rows[i].score;
    ++(high ? n : m);
  }
  CHECK(drivers[0].contrast.mean_within == doctest::Approx(above / n).epsilon(1e-12));
  CHECK(drivers[0].contrast.mean_outside == doctest::Approx(others / m).epsilon(1e-12));
}

TEST_CASE("satisfaction drivers: where nothing is planted, hardly any of many shops has a finding") {
  int findings = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Opinions opinions = made_opinions(60, 1'000 + seed, 0);
    const std::vector<SatisfactionDriver> drivers = find_drivers(opinions, all_rows(opinions), {});
    findings += std::any_of(drivers.begin(), drivers.end(), [](const auto& one) { return one.adjusted <= .05; });
  }
  // 10 of 200 are expected; three binomial deviations are 9.
  CHECK(findings <= 19);
}

TEST_CASE("problem customers: each sign of the rule, and only what had been said by the day") {
  const std::vector<CustomerWord> words = {
      answer(1, 100, 3),      answer(1, 150, 9),       // was dissatisfied, and no longer is
      answer(2, 150, 3),                               // low
      answer(3, 50, 3),                                // long ago
      complaint(4, 20),                                // open since long
      complaint(5, 150, 160), complaint(5, 155, 156),  // again and again, all closed
      complaint(6, 150, 155),                          // once, closed
      complaint(7, 250),                               // later
  };
  const SatisfactionIndex index = index_satisfaction(words, 200, 180);
  const ProblemRule rule{.fresh = 90, .horizon = 90};
  const std::vector<ProblemCustomer> found = problem_customers(words, index, index, 200, rule);
  REQUIRE(found.size() == 3);
  CHECK((found[0].customer == 2 && found[0].low_answer && found[0].signs() == 1));
  CHECK((found[1].customer == 4 && found[1].open_complaint && found[1].signs() == 1));
  CHECK((found[2].customer == 5 && found[2].complained_again && found[2].signs() == 1));
  // On day 152 both complaints of 5 were not there yet, but the first was open, as was that of 6; 1 had said 9.
  const SatisfactionIndex then = index_satisfaction(words, 152, 180);
  const std::vector<ProblemCustomer> earlier = problem_customers(words, then, then, 152, rule);
  std::vector<std::int64_t> customers;
  for (const ProblemCustomer& one : earlier) customers.push_back(one.customer);
  CHECK(customers == std::vector<std::int64_t>{2, 4, 5, 6});
}

TEST_CASE(
    "problem customers: an alarm is false where the customer bought on and was dissatisfied no more; the rate holds") {
  // All were dissatisfied on day 100. Those of a low index (two low answers) stay away, of the others two thirds buy
  // on.
  std::vector<CustomerWord> words;
  std::vector<MadePurchase> purchases;
  for (std::int64_t customer = 1; customer <= 90; ++customer) {
    if (customer <= 45) words.push_back(answer(customer, 95, 0));
    words.push_back(answer(customer, 100, customer <= 45 ? 0 : 6));
    purchases.push_back({customer, 2 * customer, 90, 10});
    if (customer > 45 && customer % 3 != 0) purchases.push_back({customer, 2 * customer + 1, 150, 10});
  }
  const Facts facts = made_facts(purchases);
  ProblemRule rule{.fresh = 90, .horizon = 90, .false_alarms = .1};
  const SatisfactionIndex past = index_satisfaction(words, 110, 180);
  ProblemHoldOut seen = judge_problems(words, past, facts, 110, rule);
  CHECK(seen.flagged == 90);
  CHECK(seen.flagged_quiet->value == doctest::Approx(30.0 / 90).epsilon(1e-12));
  REQUIRE(seen.threshold);
  CHECK(*seen.threshold == past.index[0]);
  CHECK(seen.alerted_quiet->value == 0);
  rule.false_alarms = .5;
  seen = judge_problems(words, past, facts, 110, rule);
  CHECK(*seen.threshold == past.index[89]);
  // A complaint within the horizon makes an alarm true although they bought on.
  std::vector<CustomerWord> again = words;
  again.insert(std::find_if(again.begin(), again.end(), [](const auto& word) { return word.customer == 47; }) + 1,
               complaint(47, 160));
  CHECK(judge_problems(again, past, facts, 110, rule).flagged_quiet->value ==
        doctest::Approx(29.0 / 90).epsilon(1e-12));
}

TEST_CASE("satisfaction afterwards: shares and spend of both groups, of those who bought before the answer only") {
  Opinions opinions;
  std::vector<MadePurchase> purchases;
  std::vector<std::size_t> rows;
  double again[2] = {}, spend[2] = {}, all[2] = {};
  for (std::int64_t customer = 1; customer <= 120; ++customer) {
    const bool low = customer % 2 == 0, gone = customer % 10 == 5, returns = customer % (low ? 4 : 3) != 0;
    opinions.rows.push_back({customer, 100, OpinionScale::nps, low ? 2.0 : 10.0});
    rows.push_back(rows.size());
    purchases.push_back({customer, 3 * customer, gone ? 5 : 60, 20});
    if (returns) purchases.push_back({customer, 3 * customer + 1, 150, 30});
    purchases.push_back({customer, 3 * customer + 2, 191, 1'000});  // beyond the horizon
    if (gone) continue;
    ++all[low];
    again[low] += returns;
    spend[low] += returns ? 30 : 0;
  }
  const SatisfactionSequel sequel = follow_up(opinions, rows, made_facts(purchases), 90, .95);
  CHECK(sequel.dissatisfied == static_cast<std::size_t>(all[1]));
  CHECK(sequel.others == static_cast<std::size_t>(all[0]));
  CHECK(sequel.again->difference == doctest::Approx(again[1] / all[1] - again[0] / all[0]).epsilon(1e-12));
  CHECK(sequel.spend->difference == doctest::Approx(spend[1] / all[1] - spend[0] / all[0]).epsilon(1e-12));
  CHECK(sequel.change->difference == doctest::Approx(sequel.spend->difference).epsilon(1e-12));  // all spent 20 before
  CHECK(follow_up(opinions, {rows.data(), 30}, made_facts(purchases), 90, .95).again.has_value() == false);
}
