#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <cmath>

#include "emptor/core/random.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/insight/report.hpp"
#include "emptor/store/open.hpp"
#include "insight/trends/trend_work.hpp"

using namespace emptor;

namespace {

namespace json = boost::json;

Instant noon(std::int32_t day) { return {day * micros_per_day + micros_per_day / 2}; }
std::int32_t day_of(int year, int month, int day) { return Date::of(year, month, day)->days; }

/// Four years of a shop, thirty orders a month and each of 10; from July 2022 on forty-eight, and twice as many each
/// December.
void fill(Session& session) {
  Random random(3);
  ChangeSet changes;
  std::vector<Id> customers;
  for (int i = 0; i < 40; ++i) {
    ChangeSet::Put customer = changes.put("customer").by("shop", std::to_string(i)).set("name", "somebody");
    customers.push_back(customer.set("region", i % 2 == 0 ? "north" : "south").id());
  }
  const Id product = changes.put("product").set("name", "tea").set("category", "drinks").set("cost", Decimal(6)).id();
  for (int month = 0; month < 48; ++month) {
    const Date begin = *Date::of(2020 + month / 12, month % 12 + 1, 1);
    const double usual = (month < 30 ? 30 : 48) * (begin.month() == 12 ? 2 : 1) * (1 + .02 * random.normal());
    for (int n = 0; n < static_cast<int>(usual); ++n) {
      const Id customer = customers[random.below(40)];
      const Instant at = noon(begin.days + static_cast<std::int32_t>(n == 0 ? 0 : random.below(28)));
      const Id order = changes.put("order").set("customer_id", customer).set("ordered_at", at).id();
      changes.put("order_line")
          .set("order_id", order)
          .set("customer_id", customer)
          .set("product_id", product)
          .set("quantity", Decimal(1))
          .set("amount", Decimal(10));
    }
    if (month % 2 == 0)
      changes.put("case").set("customer_id", customers[3]).set("kind", "complaint").set("opened_at", noon(begin.days));
  }
  session.apply(changes);
}

json::object run(Session& session, const InsightOptions& options) {
  return json::parse(run_insight(session, "trends", options).json).as_object();
}

json::object series_of(const json::object& told, std::string_view measure, std::string_view value = {}) {
  for (const json::value& one : told.at("series").as_array()) {
    const json::value* of = one.as_object().if_contains("value");
    if (one.at("measure") == json::value(measure) && (of == nullptr ? value.empty() : *of == json::value(value)))
      return one.as_object();
  }
  FAIL("there is no series " << measure);
  return {};
}

}  // namespace

TEST_CASE("trends: periods are whole ones only, and follow each other") {
  CHECK(name_of(PeriodKind::month, period_of(PeriodKind::month, day_of(2024, 2, 29))) == "2024-02");
  CHECK(name_of(PeriodKind::quarter, period_of(PeriodKind::quarter, day_of(2024, 5, 1))) == "2024-Q2");
  CHECK(name_of(PeriodKind::week, period_of(PeriodKind::week, day_of(2024, 3, 3))) == "2024-02-26");
  for (const PeriodKind kind : {PeriodKind::month, PeriodKind::quarter, PeriodKind::week})
    for (std::int32_t day = -2'000; day < 20'000; ++day) {
      const std::int32_t period = period_of(kind, day);
      REQUIRE(begin_of(kind, period).days <= day);
      REQUIRE(day < begin_of(kind, period + 1).days);
    }
  const WholePeriods whole = whole_periods(PeriodKind::month, day_of(2024, 1, 2), day_of(2024, 4, 29));
  CHECK(name_of(PeriodKind::month, whole.first) == "2024-02");
  CHECK(name_of(PeriodKind::month, whole.last) == "2024-03");
  CHECK(whole_periods(PeriodKind::month, day_of(2024, 1, 1), day_of(2024, 1, 31)).size() == 1);
  CHECK(whole_periods(PeriodKind::month, day_of(2024, 1, 2), day_of(2024, 2, 27)).size() == 0);
}

TEST_CASE("trends: the series of a business, by hand") {
  BusinessLines business;
  const auto sell = [&](int month, std::int64_t customer, std::int64_t amount, std::int64_t quantity) {
    business.lines.push_back({.day = day_of(2024, month, 10),
                              .customer = customer,
                              .order = static_cast<std::int64_t>(business.lines.size()) + 1,
                              .product = 7,
                              .amount = amount * 1'000'000,
                              .quantity = quantity * 1'000'000});
  };
  sell(1, 1, 10, 1);
  sell(1, 2, 20, 2);
  sell(2, 1, 12, 1);
  sell(2, 1, -12, -1);
  sell(4, 3, 24, 2);
  sell(5, 2, 36, 3);
  const WholePeriods whole = whole_periods(PeriodKind::month, day_of(2024, 1, 1), day_of(2024, 5, 31));
  const std::vector<PeriodSeries> series = business_series(business, whole, {.lapse = 2, .groups = 5});
  const auto numbers = [&](std::string_view measure) {
    for (const PeriodSeries& one : series)
      if (one.measure == measure) return one.numbers;
    return std::vector<double>{};
  };
  CHECK(numbers("revenue") == std::vector<double>{30, 0, 0, 24, 36});
  CHECK(numbers("orders") == std::vector<double>{2, 1, 0, 1, 1});
  CHECK(numbers("active_customers") == std::vector<double>{2, 1, 0, 1, 1});
  CHECK(numbers("returns") == std::vector<double>{0, 12, 0, 0, 0});
  CHECK(numbers("new_customers") == std::vector<double>{0, 1, 0});       // from March on
  CHECK(numbers("returned_customers") == std::vector<double>{0, 0, 1});  // the second, after four months
  CHECK(numbers("lost_customers") == std::vector<double>{1, 1, 0});      // the second by March, the first by April
  CHECK(numbers("price_level").empty());                                 // nothing was sold in March
}

TEST_CASE("trends: [J13] a shop's step, its season and its slope are told, and the last part of a month is left out") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  fill(session);
  const json::object told = run(session, {.as_of = Date{day_of(2023, 12, 30)}, .table = true});
  CHECK(told.at("last_period").as_string() == "2023-11");
  CHECK(told.at("periods").as_int64() == 47);
  const json::object revenue = series_of(told, "revenue");
  CHECK(revenue.at("season_of").to_number<int>() == 12);
  CHECK(revenue.at("seasonal_strength").as_double() > .8);
  CHECK(revenue.at("numbers").as_array().size() == 47);
  CHECK(revenue.at("forecast").at("period").as_string() == "2023-12");
  const double next = revenue.at("forecast").at("value").to_number<double>();
  CHECK(next > 800);  // twice 48 orders of 10
  CHECK(next < 1'150);
  CHECK(revenue.at("forecast").at("beats_naive").as_bool());
  CHECK(revenue.at("verdict").as_string() == "sufficient");
  REQUIRE(revenue.at("changes").as_array().size() >= 1);
  CHECK(revenue.at("changes").at(0).at("from").as_string() == "2022-07");
  CHECK(revenue.at("changes").at(0).at("jump").as_double() == doctest::Approx(.6).epsilon(.25));
  CHECK(revenue.at("en").as_string().find("2022-07") != std::string::npos);
  CHECK(revenue.at("zh").as_string().find("销售额") != std::string::npos);
  CHECK(series_of(told, "margin").at("numbers").at(0).to_number<double>() == doctest::Approx(.4));
  CHECK(series_of(told, "price_level").at("numbers").at(40).to_number<double>() == doctest::Approx(100));
  CHECK(series_of(told, "cases").at("numbers").at(2).to_number<double>() == 1);
  const double north = series_of(told, "revenue", "north").at("numbers").at(5).to_number<double>();
  const double south = series_of(told, "revenue", "south").at("numbers").at(5).to_number<double>();
  CHECK(north + south == doctest::Approx(revenue.at("numbers").at(5).to_number<double>()));
}

TEST_CASE("trends: the table has every period of every series, the model keeps no series, the report tells it") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  fill(session);
  const InsightResult result = run_insight(session, "trends", {.as_of = Date{day_of(2023, 12, 31)}, .table = true});
  const json::object told = json::parse(result.json).as_object();
  std::size_t rows = 0;
  for (const json::value& one : told.at("series").as_array()) rows += one.at("numbers").as_array().size();
  CHECK(result.table.rows() == rows);
  const auto models = session.view().select({.entity = "model", .where = Where::equal("name", "trends"), .limit = 2});
  REQUIRE(models.size() == 1);
  CHECK(models[0].get("state").text().find("numbers") == std::string_view::npos);
  CHECK(write_report(session, {}).find("id=\"trends\"") != std::string::npos);
  CHECK(write_report(session, {.language = Language::chinese}).find("趋势") != std::string::npos);
}

TEST_CASE("trends: of shops in which nothing happens changes are told in no more series than was asked") {
  int alarms = 0, series = 0, links = 0;
  constexpr int shops = 60;
  for (std::uint64_t shop = 0; shop < shops; ++shop) {
    Random random(hash_of(9, shop));
    PeriodSeries quiet{.measure = "revenue", .first = 24'240}, other{.measure = "orders", .first = 24'240};
    for (int month = 0; month < 48; ++month) {
      const double season = month % 12 == 11 ? 1.8 : 1;
      quiet.numbers.push_back(1'000 * season * std::exp(.1 * random.normal()));
      other.numbers.push_back(90 * season * std::exp(.1 * random.normal()));
    }
    const TrendOutcome out = find_trends({quiet, other}, Date{20'000}, {24'240, 24'287}, TrendRequest{}, {});
    for (const SeriesTrend& one : out.series) alarms += !one.changes.changes.empty();
    series += 2;
    links += !out.links.empty();
  }
  MESSAGE(alarms << " of " << series << " series had a change, " << links << " of " << shops << " shops a link");
  CHECK(alarms <= .05 * series + 3 * std::sqrt(.05 * .95 * series));
  CHECK(links <= .05 * shops + 3 * std::sqrt(.05 * .95 * shops));
}

TEST_CASE(
    "trends: weeks have a season in their forecast where it tells the weeks just past better, else it is left out") {
  TrendRequest request;
  request.series.period = PeriodKind::week;
  Random random(4);
  PeriodSeries seasonal{.measure = "revenue", .first = 2'600}, plain{.measure = "orders", .first = 2'600};
  constexpr double turn = 2 * 3.141592653589793 / 52;
  for (int week = 0; week < 120; ++week) {
    seasonal.numbers.push_back(1'000 * std::exp(.5 * std::cos(turn * week) + .08 * random.normal()));
    plain.numbers.push_back(1'000 * std::exp(.08 * random.normal()));
  }
  const TrendOutcome out = find_trends({seasonal, plain}, Date{20'000}, {2'600, 2'719}, request, {});
  CHECK_FALSE(out.series[0].season_left_out);
  CHECK(out.series[0].form.find("wave") != std::string::npos);
  CHECK(out.series[0].verdict == "sufficient");
  CHECK(std::abs(std::log(out.series[0].next->value / 1'000) - .5 * std::cos(turn * 120)) < .1);
  CHECK(out.series[1].season_left_out);
  CHECK(out.series[1].form.find("wave") == std::string::npos);
  CHECK(trend_words(out.series[1], request, Language::english).find("left out") != std::string::npos);
  CHECK(trends_json(request, out).at("series").at(1).at("forecast").as_object().contains("season_left_out"));
}

TEST_CASE("trends: too short a past is said so") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  fill(session);
  const json::object told = run(session, {.as_of = Date{day_of(2020, 8, 31)}});
  CHECK(told.at("verdict").as_string().starts_with("insufficient"));
  CHECK_FALSE(series_of(told, "revenue").contains("slope"));
}
