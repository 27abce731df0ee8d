#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <limits>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/insight/compute.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/store/open.hpp"
#include "insight/habits/habit_work.hpp"

using namespace emptor;

namespace {

namespace json = boost::json;

constexpr std::int32_t first_day = 19'000, last_day = 19'730;
constexpr std::int32_t first_of_all = std::numeric_limits<std::int32_t>::min();

/// Customers 1, 2 ... with their lines by time.
struct MadeLines {
  std::vector<std::vector<TimedLine>> of;
  std::uint32_t places = 0;

  void buy(std::size_t customer, std::int32_t day, std::int32_t hour = 12, std::int64_t units = 10) {
    of.resize(std::max(of.size(), customer));
    of[customer - 1].push_back(
        {day * micros_per_day + hour * 3600 * micros_per_second, units * 1'000'000, 1'000'000, 1, day, places++});
  }
  CustomerLines lines() {
    for (auto& own : of)
      std::stable_sort(own.begin(), own.end(), [](const TimedLine& a, const TimedLine& b) { return a.at < b.at; });
    return {of.size(), [](Purchases) { return std::optional(Date{last_day}); },
            [this](const auto& visit) {
              for (std::size_t i = 0; i < of.size(); ++i)
                if (!of[i].empty()) visit(static_cast<std::int64_t>(i) + 1, of[i]);
            }};
  }
};

struct Shop : MadeLines {
  LineDetails details;
  LineKinds channel, method, category;
  HabitSource source() { return {lines(), details, channel, method, category, Zone()}; }
};

std::int32_t any_day(Random& random, std::int32_t from = first_day, std::int32_t to = last_day) {
  return from + static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(to - from + 1)));
}
/// The Saturday of that day or before it.
std::int32_t saturday_near(std::int32_t day) {
  while (Date{day}.weekday() != 6) --day;
  return std::max(day, first_day);
}

/// Customers who buy on any day; the first `fond` of them mostly on Saturdays.
Shop shop_of(std::size_t customers, std::size_t fond, std::uint64_t seed) {
  Random random(seed);
  Shop shop;
  for (std::size_t customer = 1; customer <= customers; ++customer)
    for (int i = 0; i < 20; ++i) {
      std::int32_t day = any_day(random);
      if (customer <= fond && random.below(10) < 7) day = saturday_near(day);
      shop.buy(customer, day, static_cast<std::int32_t>(random.below(24)));
    }
  return shop;
}

std::size_t rows_with(const std::vector<Habit>& habits, const HabitTables& tables, std::string_view cell,
                      std::size_t below) {
  std::vector<std::size_t> rows;
  for (const Habit& one : habits)
    if (tables[static_cast<std::size_t>(one.dimension)].cells[one.cell] == cell && one.row < below)
      rows.push_back(one.row);
  std::sort(rows.begin(), rows.end());
  return static_cast<std::size_t>(std::unique(rows.begin(), rows.end()) - rows.begin());
}

}  // namespace

TEST_CASE("habits: [I13] who buys on Saturdays is found, and told in two languages") {
  Shop shop = shop_of(400, 80, 1);
  const HabitOutcome outcome = find_customer_habits(shop.source(), {}, {});
  REQUIRE(outcome.verdict == "sufficient");
  CHECK(rows_with(outcome.habits, outcome.tables, "saturday", 80) >= 70);
  CHECK(rows_with(outcome.habits, outcome.tables, "saturday", 400) <=
        rows_with(outcome.habits, outcome.tables, "saturday", 80) + 6);
  const auto saturday = std::find_if(outcome.habits.begin(), outcome.habits.end(), [](const Habit& one) {
    return one.dimension == HabitDimension::weekday && one.cell == 5;
  });
  REQUIRE(saturday != outcome.habits.end());
  const Habit& habit = *saturday;
  CHECK(habit.confidence() > .95);
  CHECK(habit.share < static_cast<double>(habit.count) / habit.all);  // shrunk towards the base
  CHECK(habit.share > habit.base);
  CHECK(habit_words(outcome, habit, Language::english).starts_with("buys on Saturdays: "));
  CHECK(habit_words(outcome, habit, Language::chinese).starts_with("习惯周六购买："));
  CHECK(habit_tag(outcome, habit) == "habit:saturday");
}

TEST_CASE("habits: where nobody has any, one is told in a run of twenty, not in each") {
  int runs_with_any = 0;
  for (std::uint64_t seed = 10; seed < 50; ++seed) {
    Shop shop = shop_of(150, 0, seed);
    const HabitSource source = shop.source();
    const Occasions occasions = read_occasions(source, Purchases::positive, last_day);
    const HabitTables tables = tabulate_habits(source, occasions, first_of_all, last_day);
    runs_with_any += find_habits(tables, {.least_lift = 1}).empty() ? 0 : 1;
  }
  CHECK(runs_with_any <= 6);  // 2 of 40 are expected at most; more than 6 come in one of 300
  Shop shop = shop_of(150, 0, 60);
  const HabitOutcome outcome = find_customer_habits(shop.source(), {}, {});
  CHECK(outcome.habits.empty());
  CHECK(outcome.verdict.starts_with("no habits"));
}

TEST_CASE("habits: what changed in the window just past is told, and what did not is not") {
  Random random(4);
  Shop shop;
  for (std::size_t customer = 1; customer <= 200; ++customer)
    for (int i = 0; i < 40; ++i) {
      std::int32_t day = any_day(random);
      // The first twenty take to Saturdays, and to four times the spend, in the last half year.
      const bool moved = customer <= 20 && day > last_day - 180;
      if (moved) day = saturday_near(day);
      shop.buy(customer, day, 12, (moved ? 40 : 10) + static_cast<std::int64_t>(random.below(5)));
    }
  const HabitSource source = shop.source();
  const Occasions occasions = read_occasions(source, Purchases::positive, last_day);
  const HabitChanges changes = find_habit_changes(source, occasions, Date{last_day}, {}, {});
  std::size_t right = 0, wrong = 0;
  for (const HabitChange& one : changes.all) {
    if (one.what == "pace") continue;
    (one.row < 20 ? right : wrong) += 1;
    if (one.row < 20 && one.what == "spend") CHECK(one.cell == "more");
    if (one.row < 20 && one.what == "weekday") CHECK(one.after > one.before);
  }
  CHECK(right >= 20);
  CHECK(wrong <= 4);
  CHECK(changes.tests > 600);
}

TEST_CASE("habits: a quarter is a habit where it comes back, not where the customer came late") {
  Shop shop;
  Random random(8);
  const auto month_day = [](int year, int month, int day) { return Date::of(year, month, day)->days; };
  for (std::size_t customer = 1; customer <= 60; ++customer)
    for (int year = 2018; year <= 2023; ++year)
      for (int month = 1; month <= 12; ++month)
        if (random.below(3) == 0) shop.buy(customer, month_day(year, month, 5));
  for (int year = 2018; year <= 2023; ++year)  // 61 buys each autumn
    for (int month = 10; month <= 12; ++month) shop.buy(61, month_day(year, month, 7));
  for (int day = 1; day <= 28; ++day) shop.buy(62, month_day(2023, 11, day));  // 62 came in November
  const HabitSource source = shop.source();
  const Occasions occasions = read_occasions(source, Purchases::positive, last_day + 200);
  const HabitTables tables = tabulate_habits(source, occasions, first_of_all, month_day(2023, 12, 31));
  const std::vector<Habit> habits = find_habits(tables, {});
  bool found = false;
  for (const Habit& one : habits) {
    if (one.dimension != HabitDimension::quarter) continue;
    CHECK(occasions.customer[one.row] == 61);
    CHECK(one.cell == 3);
    CHECK(one.all == 17);  // the month of the first purchase says nothing
    found = true;
  }
  CHECK(found);
}

TEST_CASE("habits: hours are those of the clock on the wall, also on the days when it is moved") {
  const Zone berlin = Zone::of("Europe/Berlin");
  const auto hour = [&](const char* instant, int year, int month, int day) {
    return hour_of(parse_instant(instant)->micros, Date::of(year, month, day)->days, berlin);
  };
  CHECK(hour("2024-03-31T08:30:00Z", 2024, 3, 31) == 10);
  CHECK(hour("2024-03-30T23:10:00Z", 2024, 3, 31) == 0);
  CHECK(hour("2024-10-27T08:30:00Z", 2024, 10, 27) == 9);
  CHECK(hour("2024-07-01T21:59:59Z", 2024, 7, 1) == 23);
  CHECK(hour_of(parse_instant("2024-07-01T21:59:59Z")->micros, Date::of(2024, 7, 1)->days, Zone()) == 21);
}

TEST_CASE("habits: measures of what and how, reckoned by hand") {
  Shop shop;
  // Days 0, 7, 14, 21, 28: regular. Two lines on the first day; categories a a b a a a.
  const std::int32_t days[] = {first_day, first_day, first_day + 7, first_day + 14, first_day + 21, first_day + 28};
  for (const std::int32_t day : days) shop.buy(1, day);
  // One long silence among short gaps.
  for (const std::int32_t day : {0, 1, 2, 3, 4, 104}) shop.buy(2, first_day + day);
  shop.category = {{0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}, {"a", "b"}};
  const HabitSource source = shop.source();
  const Occasions occasions = read_occasions(source, Purchases::positive, last_day);
  const HabitMeasures measures = measure_habits(source, occasions, Date{last_day}, Purchases::positive);
  const auto of = [&](HabitMeasure measure, std::size_t row) {
    return measures[static_cast<std::size_t>(measure)][row];
  };
  CHECK(of(HabitMeasure::basket, 0) == doctest::Approx(60. / 5));
  CHECK(of(HabitMeasure::lines, 0) == doctest::Approx(6. / 5));
  CHECK(of(HabitMeasure::gap, 0) == 7);
  CHECK(of(HabitMeasure::burstiness, 0) == doctest::Approx(-1));
  // Gaps 1 1 1 1 100: mean 20.8, spread 39.6; r = 1.9038, (sqrt6 r - 2) / ((sqrt6 - 2) r + 2).
  CHECK(of(HabitMeasure::burstiness, 1) == doctest::Approx(0.933).epsilon(.01));
  CHECK(of(HabitMeasure::categories, 0) == 2);
  CHECK(of(HabitMeasure::first_share, 0) == doctest::Approx(5. / 6));
  CHECK(of(HabitMeasure::variety, 0) == doctest::Approx(1 - 20. / 30));  // pairs alike: 5 x 4 of 6 x 5
  CHECK(of(HabitMeasure::entropy, 0) == doctest::Approx(0.6500 + 1 / 12. / std::log(2.)).epsilon(.001));
  CHECK(of(HabitMeasure::novelty, 0) == doctest::Approx(1. / 4));
}

TEST_CASE("habits: of first purchases, who came back within ninety days and for what") {
  Shop shop;
  for (std::size_t customer = 1; customer <= 10; ++customer) {
    shop.buy(customer, first_day);
    shop.category.of.push_back(0);
    shop.buy(customer, first_day + (customer <= 4 ? 30 : 200));
    shop.category.of.push_back(1);
  }
  shop.category.names = {"tea", "cups"};
  const HabitSource source = shop.source();
  const std::vector<FirstPurchase> firsts =
      first_purchases(read_occasions(source, Purchases::positive, last_day), shop.category, Date{last_day});
  REQUIRE(firsts.size() == 1);
  CHECK(firsts[0].category == "tea");
  CHECK(firsts[0].next == "cups");
  CHECK(firsts[0].customers == 10);
  CHECK(firsts[0].again == 4);
  CHECK(firsts[0].share.lower < .4);
}

TEST_CASE("habits: groups by habit are found again and named by what sets them apart") {
  Random random(11);
  Shop shop;
  for (std::size_t customer = 1; customer <= 240; ++customer)
    for (int i = 0; i < 30; ++i) {
      const bool weekly = customer % 2 == 0;
      std::int32_t day = any_day(random);
      if (weekly) day = saturday_near(day);
      shop.buy(customer, day, weekly ? 20 : 9, weekly ? 100 : 10);
    }
  const HabitOutcome outcome = find_customer_habits(shop.source(), {}, {});
  REQUIRE(outcome.groups.portraits.size() == 2);
  for (std::size_t row = 2; row < 240; ++row) CHECK(outcome.groups.of[row] == outcome.groups.of[row % 2]);
  CHECK(outcome.groups.model.stability.mean_rand_index > .95);
  CHECK(group_name(outcome.groups.portraits[0], Language::english).find("share bought") != std::string::npos);
  Shop small = shop_of(20, 0, 2);
  CHECK(find_customer_habits(small.source(), {}, {}).groups.why.find("100 are needed") != std::string::npos);
}

TEST_CASE("habits: tags with their confidence, the best way to reach, and nothing written twice") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  ChangeSet changes;
  Shop shop = shop_of(120, 40, 5);
  const CustomerLines lines = shop.lines();
  std::vector<Id> customers;
  lines.each([&](std::int64_t, std::span<const TimedLine> own) {
    const Id customer = changes.put("customer").set("name", "somebody").id();
    customers.push_back(customer);
    for (const TimedLine& line : own) {
      const Id order = changes.put("order").set("customer_id", customer).set("ordered_at", Instant{line.at}).id();
      changes.put("order_line").set("order_id", order).set("customer_id", customer).set("amount", Decimal(10));
    }
  });
  const auto contact = [&](std::size_t customer, const char* channel, const char* outcome) {
    changes.put("interaction")
        .set("customer_id", customers[customer])
        .set("channel", channel)
        .set("direction", "out")
        .set("at", Instant{last_day * micros_per_day - 5 * 3600 * micros_per_second})
        .set("outcome", outcome);
  };
  for (std::size_t i = 0; i < 30; ++i) {
    for (int n = 0; n < 3; ++n) contact(i, "phone", "no answer");
    contact(i, "email", "answered");
  }
  const Receipt receipt = session.apply(changes);
  const auto run = [&] { return json::parse(run_insight(session, "habits").json).as_object(); };
  const json::object told = run();
  REQUIRE(told.at("verdict") == json::value("sufficient"));
  const std::uint64_t tags = session.view().count("tag", Where::equal("source", "habits"));
  CHECK(tags == told.at("habits").to_number<std::uint64_t>());
  const std::vector<Record> saturdays =
      session.view().select({.entity = "tag", .where = Where::equal("name", "habit:saturday"), .limit = 1});
  REQUIRE(saturdays.size() == 1);
  CHECK(saturdays.front().get("confidence").real() > .9);
  const std::vector<Record> best =
      session.view().select({.entity = "score", .where = Where::equal("name", "habits.best_channel"), .limit = 100});
  REQUIRE(best.size() == 30);
  for (const Record& one : best) CHECK(one.get("label").text() == "email");
  const std::int64_t position = session.view().info().position;
  run();
  CHECK(session.view().info().position == position);
}

TEST_CASE("habits: options that are none are refused by name, and no purchases are said to be lacking") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  CHECK_THROWS_WITH_AS(run_insight(session, "habits", {.json = R"({"recent":3})"}), doctest::Contains("recent"), Error);
  CHECK(json::parse(run_insight(session, "habits").json).as_object().at("verdict") ==
        json::value("insufficient: there are no purchases"));
}

TEST_CASE("habits: of a plain table with a channel and a way to pay, the hours as the zone's clock shows them") {
  Random random(12);
  NamedTable table;
  Column customer{.type = Type::integer}, date{.type = Type::instant}, amount{.type = Type::real};
  Column channel{.type = Type::text}, method{.type = Type::text}, category{.type = Type::integer};
  for (std::int64_t who = 1; who <= 200; ++who)
    for (int i = 0; i < 20; ++i) {
      const bool fond = who <= 40 && random.below(10) < 8;  // 22 o'clock in Shanghai is 14 o'clock UTC
      const std::int64_t hour = fond ? 14 : static_cast<std::int64_t>(random.below(24));
      customer.append(Value(who));
      date.append(Value(Instant{any_day(random) * micros_per_day + hour * 3600 * micros_per_second}));
      amount.append(Value(12.5));
      channel.append(Value(std::string_view(fond || random.below(4) == 0 ? "web" : "shop")));
      method.append(Value(std::string_view("card")));
      category.append(Value(static_cast<std::int64_t>(random.below(3))));
    }
  table.add("customer", customer.type) = customer;
  table.add("date", date.type) = date;
  table.add("amount", amount.type) = amount;
  table.add("via", channel.type) = channel;
  table.add("paid", method.type) = method;
  table.add("kind", category.type) = category;
  ArrowArrayStream stream{};
  to_arrow(std::move(table), &stream);
  const ComputedResult result = compute(
      "habits",
      {.stream = &stream,
       .json =
           R"({"zone":"Asia/Shanghai","channel":"via","payment_method":"paid","category":"kind","language":"zh"})"});
  const json::object told = json::parse(result.json).as_object();
  CHECK(told.at("verdict") == json::value("数据充分"));
  CHECK(told.at("customers") == json::value(200));
  std::size_t evening = 0, web = 0;
  const NamedTable& rows = result.table;
  const auto tags = std::find(rows.names.begin(), rows.names.end(), "tag") - rows.names.begin();
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const std::string_view tag = rows.columns[static_cast<std::size_t>(tags)].text(row);
    (row < 40 ? evening : web) += tag == "habit:evening" || tag == "habit:channel:web" ? 1 : 0;
  }
  CHECK(evening >= 35);
  CHECK(web <= 5);
  const json::object method_told = told.at("dimensions").at(6).as_object();
  CHECK(method_told.at("lack") == json::value("no payment has a method, or all have the same"));
  CHECK(told.at("first_purchases").as_array().size() == 3);
}
