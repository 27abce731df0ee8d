#include "insight/churn/churn_alerts.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <cmath>

#include "emptor/core/random.hpp"
#include "emptor/store/open.hpp"
#include "insight/churn/churn_work.hpp"
#include "insight/writing/alert_writing.hpp"
#include "support/manual_clock.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

namespace json = boost::json;

/// Chances that are what they say, or are `bolder` than that.
HoldOut hold_out_of(std::size_t rows, std::uint64_t seed, double bolder = 1) {
  Random random(seed);
  HoldOut hold_out;
  for (std::size_t row = 0; row < rows; ++row) {
    const double chance = random.uniform();
    hold_out.silent.push_back(random.uniform() < chance ? 1 : 0);
    hold_out.chance.push_back(1 - (1 - chance) / bolder);
    hold_out.recency.push_back(static_cast<double>(random.below(300)));
  }
  return hold_out;
}

std::size_t false_above(const HoldOut& hold_out, double threshold, std::int32_t days, std::size_t& alerted) {
  std::size_t wrong = 0;
  alerted = 0;
  for (std::size_t row = 0; row < hold_out.chance.size(); ++row) {
    if (hold_out.recency[row] >= days || hold_out.chance[row] < threshold) continue;
    ++alerted;
    wrong += hold_out.silent[row] == 0;
  }
  return wrong;
}

}  // namespace

TEST_CASE("alerts: the rate of false alarms is held on the hold-out, and told") {
  const HoldOut hold_out = hold_out_of(4'000, 1);
  const AlertRule rule = alert_rule(hold_out, {.rate = .2, .days = 180});
  REQUIRE(rule.threshold.has_value());
  std::size_t alerted = 0;
  const std::size_t wrong = false_above(hold_out, *rule.threshold, 180, alerted);
  CHECK(rule.alerted == alerted);
  CHECK(rule.realised.value == doctest::Approx(double(wrong) / double(alerted)));
  CHECK(rule.realised.value <= .2);
  CHECK(rule.expected <= .2);
  CHECK(rule.realised.lower < rule.realised.value);
  CHECK(rule.realised.upper > rule.realised.value);
  // Chances are uniform, so that those above 1 - 2 x .2 are wrong in one fifth of the cases.
  CHECK(std::abs(*rule.threshold - .6) < .05);
}

TEST_CASE("alerts: of those who stay, the share that is alerted") {
  const HoldOut hold_out = hold_out_of(4'000, 2);
  const AlertRule rule = alert_rule(hold_out, {.rate = .05, .of = FalseAlarmOf::stayers, .days = 1'000});
  REQUIRE(rule.threshold.has_value());
  std::size_t alerted = 0;
  const std::size_t wrong = false_above(hold_out, *rule.threshold, 1'000, alerted);
  const double stayed = static_cast<double>(std::count(hold_out.silent.begin(), hold_out.silent.end(), 0.0));
  CHECK(rule.realised.value == doctest::Approx(double(wrong) / stayed));
  CHECK(rule.realised.value <= .05);
  // Of uniform chances the stayers above t are (1 - t)^2 of all stayers.
  CHECK(std::abs(*rule.threshold - (1 - std::sqrt(.05))) < .05);
}

TEST_CASE("alerts: on customers that the threshold was not chosen on the rate holds within its interval") {
  std::size_t within = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const AlertRule rule = alert_rule(hold_out_of(2'000, 100 + seed), {.rate = .2, .days = 1'000});
    REQUIRE(rule.threshold.has_value());
    const HoldOut later = hold_out_of(2'000, 200 + seed);
    std::size_t alerted = 0;
    const std::size_t wrong = false_above(later, *rule.threshold, 1'000, alerted);
    within += double(wrong) / double(alerted) <= .2 + 2 * std::sqrt(.2 * .8 / double(alerted));
  }
  CHECK(within >= 37);  // two standard errors on one side hold in 39 of 40
}

TEST_CASE("alerts: chances that promise too much are found out, and where no rate holds there is none") {
  const HoldOut bold = hold_out_of(4'000, 3, 4);
  const AlertRule rule = alert_rule(bold, {.rate = .2, .days = 1'000});
  REQUIRE(rule.threshold.has_value());
  CHECK(rule.expected < .1);
  CHECK(rule.realised.value <= .2);
  HoldOut blind = hold_out_of(4'000, 4);
  Random random(5);
  for (double& silent : blind.silent) silent = random.uniform() < .3 ? 1 : 0;
  CHECK_FALSE(alert_rule(blind, {.rate = .2, .days = 1'000}).threshold.has_value());
  CHECK_FALSE(alert_rule(hold_out_of(15, 6), {.rate = .9, .days = 1'000}).threshold.has_value());
}

TEST_CASE("alerts written back: once, changed where they differ, expired where they are gone, quiet once handled") {
  const auto store = open_store(":memory:", {.create = true});
  ManualClock clock;
  Session session(*store, {.clock = clock.clock()});
  ChangeSet changes;
  std::vector<std::int64_t> customers;
  for (int i = 0; i < 3; ++i) changes.put("customer").set("name", "somebody");
  for (const Id id : session.apply(changes).ids) customers.push_back(id.value);
  const InsightRun run{.name = "churn",
                       .algorithm = "x",
                       .options = "{}",
                       .state = "{}",
                       .as_of = Date{20'000},
                       .data_version = 7,
                       .scores = {}};
  const Id model = write_model(session, run);
  const auto write = [&](const std::vector<GivenAlert>& alerts) { write_alerts(session, run, model, alerts, 90); };
  const auto count = [&](std::string_view status) {
    return session.view().count("alert", Where::equal("status", status));
  };
  const std::vector<GivenAlert> two = {{customers[0], "value", 4, "may leave"},
                                       {customers[1], "churn", 2, "may leave"}};
  write(two);
  CHECK(count("open") == 2);
  const std::int64_t position = session.view().info().position;
  write(two);
  CHECK(session.view().info().position == position);
  write({{customers[0], "value", 5, "will leave"}});
  CHECK(count("open") == 1);
  CHECK(count("expired") == 1);
  const Record open = session.view().select({.entity = "alert", .where = Where::equal("status", "open")}).front();
  CHECK(open.get("severity").integer() == 5);
  CHECK(open.get("reason").text() == "will leave");
  CHECK(open.get("data_version").integer() == 7);
  ChangeSet dismissed;
  dismissed.put("alert", open.id()).set("status", "dismissed").set("handled_at", session.now());
  session.apply(dismissed);
  write(two);
  CHECK(count("dismissed") == 1);
  CHECK(count("open") == 1);  // the other customer's, raised anew
  clock.advance_seconds(91 * 86'400);
  write(two);
  CHECK(count("open") == 2);
}
