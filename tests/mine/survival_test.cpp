#include "emptor/mine/survival.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "mine/remission.hpp"
#include "support/telco.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::Remission;
using emptor::test::Telco;

namespace {

bool near(double a, double b, double within = 1e-12) { return std::abs(a - b) < within; }

const SurvivalPoint& point_at(const SurvivalCurve& curve, double time) {
  for (const SurvivalPoint& point : curve.points)
    if (point.time == time) return point;
  throw std::out_of_range("no such time");
}

std::string field_of(const Lifetimes& rows, const KaplanMeierOptions& options = {}) {
  try {
    fit_kaplan_meier(rows, options);
  } catch (const Error& error) {
    return error.first().field + (error.first().row ? ' ' + std::to_string(*error.first().row) : "");
  }
  return "nothing";
}

}  // namespace

TEST_CASE("Kaplan-Meier: the remission table of the textbooks") {
  // Kleinbaum and Klein, Survival Analysis (2012), 2.2: survival and its error under 6-MP.
  const Remission data;
  const KaplanMeier model = fit_kaplan_meier(data.rows());
  REQUIRE(model.curves.size() == 2);
  const SurvivalCurve& curve = model.curves[0];
  const struct {
    double time, at_risk, events, survival, error;
  } published[] = {{6, 21, 3, .8571, .0764},  {7, 17, 1, .8067, .0869},  {10, 15, 1, .7529, .0963},
                   {13, 12, 1, .6902, .1068}, {16, 11, 1, .6275, .1141}, {22, 7, 1, .5378, .1282},
                   {23, 6, 1, .4482, .1346}};
  for (const auto& line : published) {
    const SurvivalPoint& point = point_at(curve, line.time);
    CHECK(point.at_risk == line.at_risk);
    CHECK(point.events == line.events);
    CHECK(near(point.survival, line.survival, 5e-5));
    CHECK(near(point.standard_error, line.error, 5e-5));
  }
  CHECK(point_at(curve, 6).censored == 1);
  CHECK(curve.rows == 21);
  CHECK(curve.events == 9);
  CHECK(curve.median == 23);
  CHECK(curve.median_lower == 16);  // .6275 exp(-1.96 x .1141 / .6275) = .439, and .510 at 13
  CHECK(curve.median_upper == SurvivalCurve::never);
  CHECK(model.curves[1].median == 8);
  CHECK(survival_at(curve, 5.9) == 1);
  CHECK(survival_at(curve, 9.5) == point_at(curve, 7).survival);
  CHECK(survival_at(curve, 1e9) == curve.points.back().survival);
  CHECK(quantile_of(curve, 0.25) == 13);
}

TEST_CASE("Kaplan-Meier: the three intervals are their formulae") {
  const Remission data;
  const double z = 1.959963984540054, s = 18.0 / 21, e = std::sqrt(3.0 / (21 * 18));
  const auto first = [&](SurvivalInterval interval) {
    return point_at(fit_kaplan_meier(data.rows(), {.interval = interval}).curves[0], 6);
  };
  CHECK(near(first(SurvivalInterval::plain).lower, s - z * s * e));
  CHECK(first(SurvivalInterval::plain).upper == 1);
  CHECK(near(first(SurvivalInterval::log).lower, s * std::exp(-z * e)));
  CHECK(first(SurvivalInterval::log).upper == 1);
  // lifelines 0.30.3, exponential Greenwood.
  CHECK(near(first(SurvivalInterval::log_log).lower, 0.6197179552659838));
  CHECK(near(first(SurvivalInterval::log_log).upper, 0.9515517476469969));
  const SurvivalPoint end = point_at(fit_kaplan_meier(data.rows()).curves[1], 23);
  CHECK(end.survival == 0);
  CHECK(end.lower == 0);
  CHECK(end.upper == 1);
}

TEST_CASE("Kaplan-Meier: a median that half survive for a while is the middle of it") {
  const std::vector<double> time = {1, 2, 4, 7}, event = {1, 1, 1, 1};
  const KaplanMeier model = fit_kaplan_meier({time, event, {}, {}});
  CHECK(model.curves[0].median == 3);
}

TEST_CASE("Kaplan-Meier: a weight is so many rows, and a row of weight 0 is none") {
  const Remission data;
  std::vector<double> weights(42), time, event;
  std::vector<std::uint32_t> group;
  for (std::size_t r = 0; r < 42; ++r) {
    weights[r] = static_cast<double>(r % 3);
    for (std::size_t i = 0; i < r % 3; ++i) {
      time.push_back(data.time[r]);
      event.push_back(data.event[r]);
      group.push_back(data.group[r]);
    }
  }
  const KaplanMeier weighted = fit_kaplan_meier({data.time, data.event, weights, data.group});
  const KaplanMeier repeated = fit_kaplan_meier({time, event, {}, group});
  for (std::size_t g = 0; g < 2; ++g) {
    REQUIRE(weighted.curves[g].points.size() == repeated.curves[g].points.size());
    for (std::size_t i = 0; i < weighted.curves[g].points.size(); ++i) {
      CHECK(weighted.curves[g].points[i].at_risk == repeated.curves[g].points[i].at_risk);
      CHECK(near(weighted.curves[g].points[i].standard_error, repeated.curves[g].points[i].standard_error));
    }
  }
  const LogRank test = log_rank({data.time, data.event, weights, data.group});
  CHECK(near(test.statistic, log_rank({time, event, {}, group}).statistic, 1e-9));
}

TEST_CASE("Kaplan-Meier: Telco as R's survfit has it") {
  const auto telco = Telco::read();
  if (!telco) return;
  const SurvivalCurve all = fit_kaplan_meier(telco->rows()).curves[0];
  CHECK(all.rows == 7'032);
  const double expected[] = {.9460, .8432, .7887, .7485, .7088, .6644, .5928};
  const double times[] = {1, 12, 24, 36, 48, 60, 72};
  for (std::size_t i = 0; i < 7; ++i) CHECK(near(survival_at(all, times[i]), expected[i], 5e-5));
  const Lifetimes by_contract{telco->time, telco->event, {}, telco->contract};
  const SurvivalCurve monthly = fit_kaplan_meier(by_contract).curves[0];
  CHECK(monthly.median == 35);
  CHECK(monthly.median_lower == 32);
  CHECK(monthly.median_upper == 38);
  const LogRank test = log_rank(by_contract);
  CHECK(near(test.statistic, 2352.9, 0.05));
  CHECK(test.degrees == 2);
  CHECK(test.p_value < 1e-300);
}

TEST_CASE("log-rank: the remission data, by lifelines 0.30.3") {
  const Remission data;
  const LogRank test = log_rank(data.rows());
  CHECK(test.degrees == 1);
  CHECK(near(test.statistic, 16.792940989216547, 1e-9));
  CHECK(near(test.p_value, 4.168809109334511e-05, 1e-15));
  CHECK(test.groups[0].observed == 9);
  CHECK(test.groups[1].observed == 21);
  CHECK(near(test.groups[0].expected + test.groups[1].expected, 30, 1e-12));
  CHECK(near(test.groups[0].expected, 19.25, 0.005));  // Kleinbaum and Klein: 19.25 and 10.75
  CHECK(near(log_rank(data.rows(), {.rho = 1}).statistic, 14.457150818717132, 1e-9));
}

TEST_CASE("log-rank: strata that hold one group each have nothing to compare") {
  const Remission data;
  const LogRank alone = log_rank(data.rows(), {.strata = data.group});
  CHECK(alone.degrees == 0);
  CHECK(alone.p_value == 1);
  // The same data twice, as two strata: differences and variances both double.
  std::vector<double> time = data.time, event = data.event;
  std::vector<std::uint32_t> group = data.group, strata(84, 0);
  time.insert(time.end(), data.time.begin(), data.time.end());
  event.insert(event.end(), data.event.begin(), data.event.end());
  group.insert(group.end(), data.group.begin(), data.group.end());
  std::fill(strata.begin() + 42, strata.end(), 7U);
  CHECK(near(log_rank({time, event, {}, group}, {.strata = strata}).statistic, 2 * log_rank(data.rows()).statistic,
             1e-9));
}

TEST_CASE("survival: the same bits for any order of rows") {
  Random random(4);
  std::vector<double> time, event, weights;
  std::vector<std::uint32_t> group;
  for (std::size_t r = 0; r < 3'000; ++r) {
    time.push_back(std::floor(40 * random.uniform()) / 3);
    event.push_back(random.below(3) == 0 ? 0 : 1);
    weights.push_back(0.1 * static_cast<double>(random.below(30)));
    group.push_back(static_cast<std::uint32_t>(random.below(4)));
  }
  const KaplanMeier model = fit_kaplan_meier({time, event, weights, group});
  const LogRank test = log_rank({time, event, weights, group}, {.rho = 0.5});
  std::reverse(time.begin(), time.end());
  std::reverse(event.begin(), event.end());
  std::reverse(weights.begin(), weights.end());
  std::reverse(group.begin(), group.end());
  CHECK(save(fit_kaplan_meier({time, event, weights, group})) == save(model));
  CHECK(log_rank({time, event, weights, group}, {.rho = 0.5}) == test);
}

TEST_CASE("survival: what it cannot take is refused by field and row") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  const std::vector<double> good = {1, 2, 3}, events = {1, 0, 1}, one = {1};
  const std::vector<std::uint32_t> groups = {1, 1, 2};
  CHECK(field_of({good, events, {}, groups}) == "nothing");
  CHECK(field_of({std::vector<double>{1, -2, 3}, events, {}, {}}) == "time 1");
  CHECK(field_of({std::vector<double>{1, 2, nan}, events, {}, {}}) == "time 2");
  CHECK(field_of({std::vector<double>{infinity, 2, 3}, events, {}, {}}) == "time 0");
  CHECK(field_of({good, std::vector<double>{1, 2, 0}, {}, {}}) == "event 1");
  CHECK(field_of({good, one, {}, {}}) == "event");
  CHECK(field_of({good, events, one, {}}) == "weights");
  CHECK(field_of({good, events, std::vector<double>{1, 1, -1}, {}}) == "weights 2");
  CHECK(field_of({good, events, std::vector<double>{0, 0, 0}, {}}) == "time");
  CHECK(field_of({{}, {}, {}, {}}) == "time");
  CHECK(field_of({good, events, {}, {}}, {.level = 1}) == "level");
  CHECK_THROWS_AS(log_rank({good, events, {}, {}}), Error);
  CHECK_THROWS_AS(log_rank({good, events, {}, groups}, {.rho = nan}), Error);
  CHECK_THROWS_AS(log_rank({good, events, {}, groups}, {.strata = std::span(groups).first(1)}), Error);
}

TEST_CASE("Kaplan-Meier: bytes come back, and damage is refused") {
  const Remission data;
  KaplanMeier model = fit_kaplan_meier(data.rows(), {.interval = SurvivalInterval::plain, .level = 0.9});
  model.data_version = "v1";
  const std::string bytes = save(model);
  CHECK(load_kaplan_meier(bytes) == model);
  for (std::size_t i = 0; i < bytes.size(); i += 5) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x04);
    CHECK_THROWS_AS(load_kaplan_meier(damaged), Error);
    CHECK_THROWS_AS(load_kaplan_meier(std::string_view(bytes).substr(0, i)), Error);
  }
}
