#include "insight/composition/composition_work.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/insight/report.hpp"
#include "emptor/mine/rank_sum.hpp"
#include "emptor/store/open.hpp"
#include "insight/composition/composition_words.hpp"

using namespace emptor;

namespace {

namespace json = boost::json;

constexpr std::int64_t unit = Decimal::micros_per_unit;
constexpr std::int32_t today = 20'000;

/// Customers in groups drawn by chance; those of group 0 spend `factor` times as much as others.
CompositionRows made_rows(std::size_t customers, std::size_t groups, double factor, std::uint64_t seed) {
  Random random(seed);
  CompositionRows rows;
  rows.has_before = true;
  CompositionDimension dimension{.name = "region", .place = true, .groups = {}, .of = {}};
  for (std::size_t g = 0; g < groups; ++g) dimension.groups.push_back("group " + std::to_string(100 + g));
  for (std::size_t i = 0; i < customers; ++i) {
    const auto group = static_cast<std::uint32_t>(random.below(groups));
    const double level = std::exp(random.normal()) * (group == 0 ? factor : 1);
    const auto spent = [&] {
      return random.below(4) == 0 ? 0 : static_cast<std::int64_t>(100 * level * random.gamma(4)) * unit;
    };
    rows.customer.push_back(static_cast<std::int64_t>(i) + 1);
    rows.revenue.push_back(spent());
    rows.before.push_back(spent());
    rows.orders.push_back(rows.revenue.back() > 0 ? 1 : 0);
    rows.orders_before.push_back(rows.before.back() > 0 ? 1 : 0);
    rows.last_day.push_back(rows.revenue.back() > 0 ? today : CompositionRows::never);
    dimension.of.push_back(group);
  }
  rows.dimensions.push_back(std::move(dimension));
  return rows;
}

const CompositionRequest request{.until = Date{today}};

/// Customers with addresses and orders: region North has 20 who spend 200 each, South 20 who spend 50, West 15 who
/// bought long ago, and in East and Far live 3 each.
void fill(Session& session) {
  session.define_field({.entity = "customer", .name = "x_segment", .type = Type::text});
  ChangeSet changes;
  int number = 0;
  const auto customer = [&](const char* region, bool address, int orders, std::int64_t amount, std::int32_t day) {
    ChangeSet::Put put =
        changes.put("customer").set("name", "somebody").set("kind", "person").set("country", "Germany");
    put.set("x_segment", number % 2 == 0 ? "blue" : "red");
    put.set("birth_date", Date{today - (20 + number % 3 * 20) * 366});
    if (!address) put.set("region", region);
    const Id id = put.id();
    if (address)
      changes.put("contact_point")
          .set("customer_id", id)
          .set("channel", "address")
          .set("value", "a street")
          .set("region", region)
          .set("postal_code", "01234");
    for (int i = 0; i < orders; ++i) {
      const Instant at{(day - i) * micros_per_day};
      const Id order = changes.put("order").set("customer_id", id).set("ordered_at", at).id();
      changes.put("order_line")
          .set("order_id", order)
          .set("customer_id", id)
          .set("amount", Decimal(amount))
          .set("cost", Decimal(amount / 2));
    }
    ++number;
  };
  for (int i = 0; i < 20; ++i) customer("North", true, 2, 100, today - i);
  for (int i = 0; i < 20; ++i) customer(i % 2 == 0 ? "South" : "SOUTH", false, 1, 50, today - i);
  for (int i = 0; i < 15; ++i) customer("West", false, 1, 80, today - 500);
  for (int i = 0; i < 3; ++i) customer("East", false, 1, 70, today - 3);
  for (int i = 0; i < 3; ++i) customer("Far", false, 1, 70, today - 3);
  customer("South", false, 1, 10, today - 800);  // the data reach back to the window before
  session.apply(changes);
}

const json::object& dimension(const json::object& told, std::string_view name) {
  for (const json::value& one : told.at("dimensions").as_array())
    if (one.at("name").as_string() == name) return one.as_object();
  throw Error(Code::not_found, "no such dimension");
}
const json::object* group(const json::object& dimension, std::string_view name) {
  for (const json::value& one : dimension.at("groups").as_array())
    if (one.at("name").is_string() && one.at("name").as_string() == name) return &one.as_object();
  return nullptr;
}

}  // namespace

// Gini by its definition: the mean difference of all pairs over twice the mean.
TEST_CASE("composition: concentration is that of its definitions") {
  Random random(1);
  std::vector<std::int64_t> revenue;
  for (int i = 0; i < 250; ++i) revenue.push_back(static_cast<std::int64_t>(1e6 * std::exp(2 * random.normal())) + 1);
  double differences = 0, sum = 0, squares = 0;
  for (const std::int64_t a : revenue) {
    for (const std::int64_t b : revenue) differences += std::abs(static_cast<double>(a - b));
    sum += static_cast<double>(a);
  }
  for (const std::int64_t a : revenue) squares += std::pow(static_cast<double>(a) / sum, 2);
  const Concentration found = concentration_of(revenue);
  CHECK(found.gini == doctest::Approx(differences / (250 * 250) / (2 * sum / 250)));
  CHECK(found.herfindahl == doctest::Approx(squares));
  std::sort(revenue.begin(), revenue.end(), std::greater<>());
  double top = 0;
  for (int i = 0; i < 3; ++i) top += static_cast<double>(revenue[static_cast<std::size_t>(i)]);  // 1 % of 250, up
  CHECK(found.top_1 == doctest::Approx(top / sum));
  CHECK(concentration_of({5, 5, 5, 5}).gini == doctest::Approx(0));
  CHECK(concentration_of({0, -3, 7}).customers == 1);
  CHECK(concentration_of({}).gini == 0);
}

TEST_CASE("composition: a group's effect and its significance are those of the rank sum") {
  const CompositionRows rows = made_rows(400, 4, 2, 2);
  const CompositionOutcome outcome = compose(rows, request);
  for (const CompositionGroup& one : outcome.parts.at(0).groups) {
    std::vector<double> own, others;
    for (std::size_t i = 0; i < rows.size(); ++i)
      (rows.dimensions[0].groups[rows.dimensions[0].of[i]] == one.name ? own : others)
          .push_back(static_cast<double>(rows.revenue[i]));
    const mine::RankSum expected = mine::rank_sum(own, others);
    CHECK(one.delta == doctest::Approx(expected.delta));
    CHECK(one.p_value == doctest::Approx(expected.p_value));
  }
}

// The interval beside a bootstrap of 2,000 Poisson draws of the customers, written out here.
TEST_CASE("composition: intervals of growth and of shares of revenue agree with a bootstrap") {
  const CompositionRows rows = made_rows(3'000, 5, 1.5, 3);
  const CompositionOutcome outcome = compose(rows, request);
  const CompositionGroup& one = outcome.parts.at(0).groups.front();
  Random random(4);
  std::vector<double> growths, shares;
  for (int draw = 0; draw < 2'000; ++draw) {
    double now = 0, before = 0, all = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto weight = static_cast<double>(random.poisson(1));
      all += weight * static_cast<double>(rows.revenue[i]);
      if (rows.dimensions[0].groups[rows.dimensions[0].of[i]] != one.name) continue;
      now += weight * static_cast<double>(rows.revenue[i]);
      before += weight * static_cast<double>(rows.before[i]);
    }
    growths.push_back(now / before - 1);
    shares.push_back(now / all);
  }
  const auto check = [](std::vector<double> drawn, const mine::RateInterval& interval) {
    std::sort(drawn.begin(), drawn.end());
    const double lower = drawn[50], upper = drawn[1'950], width = upper - lower;
    CHECK(std::abs(interval.lower - lower) < 0.1 * width);
    CHECK(std::abs(interval.upper - upper) < 0.1 * width);
  };
  REQUIRE(one.growth);
  REQUIRE(one.revenue_share);
  check(growths, *one.growth);
  check(shares, *one.revenue_share);
}

TEST_CASE("composition: [I23] a group that brings more is told so; of groups alike few are, by chance") {
  const CompositionOutcome planted = compose(made_rows(2'000, 10, 4, 5), request);
  for (const CompositionGroup& one : planted.parts.at(0).groups)
    if (one.name == "group 100") CHECK(one.stands_out(0.05) == 1);
  std::size_t wrong = 0;
  constexpr std::uint64_t bases = 100;
  for (std::uint64_t seed = 1; seed <= bases; ++seed) {
    const CompositionOutcome alike = compose(made_rows(500, 10, 1, seed), request);
    wrong += std::ranges::any_of(alike.parts.at(0).groups,
                                 [](const CompositionGroup& one) { return one.stands_out(0.05) != 0; })
                 ? 1U
                 : 0U;
  }
  // Where all are alike, a finding is false in at most 5 % of the bases: 5 of 100, and 11 by three standard errors.
  CHECK(wrong <= 11);
}

TEST_CASE("composition: no group below the least cell is told, and none can be found by subtraction") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const CompositionRows rows = made_rows(200, 40, 1, seed);
    const CompositionOutcome outcome = compose(rows, {.least_cell = 5, .most_groups = 15, .until = Date{today}});
    const auto& groups = outcome.parts.at(0).groups;
    std::size_t all = 0;
    for (const CompositionGroup& one : groups) {
      all += one.customers;
      CHECK(one.customers >= 5);
      CHECK((one.buyers == 0 || one.buyers >= 5));
      CHECK((one.buyers_before == 0 || one.buyers_before >= 5));
    }
    CHECK(all == rows.size());  // what is left out of the list is in the one that is told together
    CHECK(groups.size() <= 16);
    CHECK(groups.back().merged > 1);
  }
  // A single small group would be the rest of the total: the next larger one joins it.
  CompositionRows rows = made_rows(60, 3, 1, 1);
  for (std::size_t i = 0; i < rows.size(); ++i) rows.dimensions[0].of[i] = i < 3 ? 2 : i < 20 ? 1 : 0;
  const auto& groups = compose(rows, request).parts.at(0).groups;
  REQUIRE(groups.size() == 2);
  CHECK(groups[1].merged == 2);
  CHECK(groups[1].customers == 20);
}

TEST_CASE("composition: [I23] a store's customers by region, age and a custom field; white spots; written once") {
  const auto store = open_store(":memory:", {.create = true, .currency = *Currency::parse("EUR")});
  Session session(*store);
  fill(session);
  const InsightResult result = run_insight(session, "composition", {.table = true});
  const json::object told = json::parse(result.json).as_object();
  REQUIRE(told.at("verdict").as_string() == "sufficient");
  const json::object& region = dimension(told, "region");
  const json::object* north = group(region, "North (DE)");
  REQUIRE(north != nullptr);
  CHECK(north->at("customers") == json::value(20));
  CHECK(north->at("orders") == json::value(40));
  CHECK(north->at("revenue").as_string() == "4000");
  CHECK(north->at("margin").as_string() == "2000");
  CHECK(north->at("brings").as_string() == "more");
  CHECK(north->at("share").at("value").as_double() == doctest::Approx(20 / 62.0));
  CHECK(group(region, "East (DE)") == nullptr);  // three customers: told with others only
  // The oldest day is 800 back: a window of 365 days and the one before it reach back 730.
  CHECK(told.at("before").as_string() == "1200");
  REQUIRE(region.at("white_spots").as_array().size() == 1);
  CHECK(region.at("white_spots").at(0).at("name").as_string() == "West (DE)");
  CHECK(group(dimension(told, "country"), "DE")->at("customers") == json::value(62));
  CHECK(group(dimension(told, "postal_area"), "01 (DE)")->at("customers") == json::value(20));
  CHECK(group(dimension(told, "age_band"), "18-24")->at("customers") == json::value(21));
  const json::object custom =
      json::parse(run_insight(session, "composition", {.json = R"({"by":["x_segment"]})"}).json).as_object();
  CHECK(custom.at("dimensions").as_array().size() == 1);
  CHECK(group(dimension(custom, "x_segment"), "blue")->at("customers") == json::value(31));
  CHECK_THROWS_WITH_AS(run_insight(session, "composition", {.json = R"({"by":["name"]})"}),
                       doctest::Contains("makes no groups"), Error);
  CHECK_THROWS_AS(run_insight(session, "composition", {.json = R"({"by":["weather"]})"}), Error);
  run_insight(session, "composition");
  const std::int64_t position = session.view().info().position;
  run_insight(session, "composition");
  CHECK(session.view().info().position == position);
  const std::string english = write_report(session, {}),
                    chinese = write_report(session, {.language = Language::chinese});
  CHECK(english.find("North (DE)") != std::string::npos);
  CHECK(english.find("id=\"places\"") != std::string::npos);
  CHECK(chinese.find("365 天内均未购买") != std::string::npos);
}

TEST_CASE("composition: without orders or customers there is a verdict") {
  CHECK(compose({}, {}).verdict.starts_with("insufficient"));
  CHECK(compose(made_rows(3, 1, 1, 1), request).verdict.starts_with("insufficient"));
}

TEST_CASE("composition: bands of time are named in the language of the finding, the store's own names never") {
  const CompositionGroup years{.name = "1-2 years"};
  const auto said = [&](const char* part, Language language) {
    return white_spot_words({.name = part}, years, 365, language);
  };
  CHECK(said("tenure", Language::english) == "tenure 1-2 years: 0 customers, none of whom bought within 365 days");
  CHECK(said("tenure", Language::chinese) == "客龄“1-2 年”：0 位客户，365 天内均未购买");
  CHECK(said("region", Language::chinese) == "地区“1-2 years”：0 位客户，365 天内均未购买");
}
