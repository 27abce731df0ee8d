#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <cmath>
#include <map>
#include <set>

#include "emptor/core/random.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/insight/report.hpp"
#include "emptor/store/open.hpp"
#include "insight/causes/cause_work.hpp"

using namespace emptor;

namespace {

namespace json = boost::json;

const Voice english(Language::english, 2), chinese(Language::chinese, 2);
constexpr int months = 24;
constexpr std::int64_t unit = Decimal::micros_per_unit;

std::int32_t day_in(int month, std::int32_t day) { return Date::of(2022 + month / 12, month % 12 + 1, 1)->days + day; }
std::string name_of_product(std::int64_t number) { return "product " + std::to_string(number); }

/// What is planted into the last month.
struct Planted {
  double price = 1;  ///< of product 1
  double north = 1;  ///< orders of the north, of those that would be
  double web = 1;    ///< orders of the north by web
};

/// Two regions, two channels, three products in two categories; about 300 orders a month.
BusinessLines shop(std::uint64_t seed, const Planted& planted = {}) {
  Random random(seed);
  BusinessLines out;
  out.dimensions = {
      {"category", {"tea", "coffee"}, {}}, {"channel", {"web", "store"}, {}}, {"region", {"north", "south"}, {}}};
  std::int64_t order = 0;
  for (int month = 0; month < months; ++month) {
    const bool last = month == months - 1;
    const std::uint64_t orders = random.poisson(300);
    for (std::uint64_t n = 0; n < orders; ++n) {
      const auto channel = static_cast<std::uint32_t>(random.below(2)),
                 region = static_cast<std::uint32_t>(random.below(2));
      const double kept = !last || region == 1 ? 1 : planted.north * (channel == 0 ? planted.web : 1);
      const std::int64_t product = static_cast<std::int64_t>(random.below(3)) + 1;
      const auto quantity = static_cast<std::int64_t>(random.below(3)) + 1;
      const std::int64_t customer = static_cast<std::int64_t>(random.below(120));  // 0: nobody is named
      const std::int32_t day = day_in(month, static_cast<std::int32_t>(n == 0 ? 0 : n == 1 ? 27 : random.below(28)));
      if (random.uniform() >= kept) continue;
      double price = 5.0 * static_cast<double>(product);
      if (last && product == 1) price *= planted.price;
      const bool back = random.below(40) == 0;
      const auto amount = static_cast<std::int64_t>(price * static_cast<double>(quantity * unit)) + 1;
      out.lines.push_back(
          {day, customer, ++order, product, back ? -amount : amount, (back ? -1 : 1) * quantity * unit});
      out.dimensions[0].of.push_back(product == 3 ? 1 : 0);
      out.dimensions[1].of.push_back(channel);
      out.dimensions[2].of.push_back(region);
    }
  }
  std::vector<std::size_t> by_day(out.lines.size());
  for (std::size_t i = 0; i < by_day.size(); ++i) by_day[i] = i;
  std::stable_sort(by_day.begin(), by_day.end(),
                   [&](std::size_t a, std::size_t b) { return out.lines[a].day < out.lines[b].day; });
  BusinessLines sorted = out;
  for (std::size_t i = 0; i < by_day.size(); ++i) {
    sorted.lines[i] = out.lines[by_day[i]];
    for (std::size_t d = 0; d < 3; ++d) sorted.dimensions[d].of[i] = out.dimensions[d].of[by_day[i]];
  }
  return sorted;
}

CauseRequest until_the_end() { return {.until = Date{day_in(months, -1)}}; }

CauseOutcome causes_of(const BusinessLines& business, const CauseRequest& request = until_the_end()) {
  return find_causes(business, request, name_of_product, english, chinese);
}

std::int64_t sum_of(const std::vector<CausePart>& parts) {
  std::int64_t sum = 0;
  for (const CausePart& one : parts) sum += one.amount;
  return sum;
}
std::int64_t part(const std::vector<CausePart>& parts, std::string_view name) {
  for (const CausePart& one : parts)
    if (one.name == name) return one.amount;
  FAIL("there is no part " << name);
  return 0;
}

}  // namespace

TEST_CASE("causes: [K6] all parts add up to the change to the last micro, whatever is sold") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    BusinessLines business = shop(seed, {.price = 1 + .02 * static_cast<double>(seed), .north = .7});
    if (seed % 3 == 0)  // a product that is new in the last month
      for (BusinessLine& line : business.lines)
        if (line.day >= day_in(months - 1, 0) && line.product == 2) line.product = 9;
    if (seed % 4 == 0)
      for (BusinessLine& line : business.lines) line.product = 0;
    for (const Comparison& one : causes_of(business).comparisons) {
      std::int64_t before = 0, after = 0;
      for (const BusinessLine& line : business.lines) {
        const std::int32_t month = period_of(PeriodKind::month, line.day);
        before += month == one.before ? line.amount : 0;
        after += month == one.after ? line.amount : 0;
      }
      CHECK(one.revenue_before == before);
      CHECK(one.revenue_after == after);
      CHECK(sum_of(one.factors) == after - before);
      CHECK(sum_of(one.bridge) == after - before);
      std::int64_t categories = 0;
      for (const CategoryPart& category : one.categories) {
        CHECK(category.volume + category.price + category.mix == category.change);
        categories += category.change;
      }
      if (!one.categories.empty())
        CHECK(categories == after - before - part(one.factors, "returns") - part(one.factors, "without_customer"));
    }
  }
}

TEST_CASE("causes: who the customers are, by hand") {
  BusinessLines business = shop(5);
  const Comparison one = causes_of(business).comparisons.front();
  std::map<std::int64_t, std::int64_t> before, after;
  std::set<std::int64_t> earlier;
  for (const BusinessLine& line : business.lines) {
    if (line.customer == 0 || !line.is_purchase()) continue;
    const std::int32_t month = period_of(PeriodKind::month, line.day);
    if (month < one.before) earlier.insert(line.customer);
    if (month == one.before) before[line.customer] += line.amount;
    if (month == one.after) after[line.customer] += line.amount;
  }
  std::int64_t fresh = 0, again = 0, lost = 0;
  for (const auto& [customer, amount] : after)
    if (!before.contains(customer)) (earlier.contains(customer) ? again : fresh) += amount;
  for (const auto& [customer, amount] : before)
    if (!after.contains(customer)) lost -= amount;
  CHECK(part(one.bridge, "new_customers") == fresh);
  CHECK(part(one.bridge, "returned_customers") == again);
  CHECK(part(one.bridge, "lost_customers") == lost);
}

TEST_CASE("causes: a planted price rise is the price part, in its category, and is told beside the products") {
  const Comparison one = causes_of(shop(11, {.price = 1.5})).comparisons.front();
  // About 98 orders a month of two units of the first product, at 2.50 more each.
  CHECK(static_cast<double>(part(one.factors, "price")) == doctest::Approx(490 * unit).epsilon(.25));
  for (const CategoryPart& category : one.categories)
    CHECK((std::abs(category.price) > 100 * unit) == (category.name == "tea"));
  bool told = false;
  for (const Coincidence& event : one.coincidences)
    told = told || (event.kind == "price" && event.english.find("product 1") != std::string::npos &&
                    event.english.find("+50") != std::string::npos && !event.measured);
  CHECK(told);
}

TEST_CASE("causes: a planted fall of one region is named, and of one channel of a region that pair") {
  int region = 0, pair = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Comparison whole = causes_of(shop(seed, {.north = .3})).comparisons.front();
    const Comparison part_of = causes_of(shop(seed + 100, {.web = .05})).comparisons.front();
    region += whole.groups.named.size() >= 1 &&
              whole.groups.named[0].of == std::vector<std::pair<std::string, std::string>>{{"region", "north"}};
    pair += part_of.groups.named.size() >= 1 &&
            part_of.groups.named[0].of ==
                std::vector<std::pair<std::string, std::string>>{{"channel", "web"}, {"region", "north"}};
  }
  MESSAGE("named " << region << " of 20 regions and " << pair << " of 20 pairs");
  CHECK(region >= 17);
  CHECK(pair >= 17);
}

TEST_CASE("causes: where nothing happened a group is named no more often than was asked") {
  constexpr int shops = 300;
  int previous = 0;
  for (std::uint64_t seed = 1; seed <= shops; ++seed)
    previous += !causes_of(shop(1'000 + seed)).comparisons.front().groups.named.empty();
  MESSAGE("a group was named in " << previous << " of " << shops << " shops without a cause");
  CHECK(previous <= .05 * shops + 3 * std::sqrt(.05 * .95 * shops));
}

TEST_CASE("causes: explanatory power and surprise are those of Adtributor's paper") {
  const Comparison one = causes_of(shop(3, {.north = .3})).comparisons.front();
  REQUIRE_FALSE(one.groups.named.empty());
  const CauseGroup& group = one.groups.named.front();
  const double p = static_cast<double>(group.before) / static_cast<double>(one.revenue_before);
  const double q = static_cast<double>(group.after) / static_cast<double>(one.revenue_after);
  CHECK(group.power ==
        doctest::Approx(static_cast<double>(group.after - group.before) / static_cast<double>(one.change())));
  CHECK(group.surprise == doctest::Approx(.5 * (p * std::log(2 * p / (p + q)) + q * std::log(2 * q / (p + q)))));
  CHECK(group.excess ==
        doctest::Approx(static_cast<double>(group.after - group.before) - p * static_cast<double>(one.change())));
}

TEST_CASE("causes: only whole periods are compared, with the one before and the same a year before") {
  BusinessLines business = shop(2);
  const CauseOutcome out = causes_of(business, {.until = Date{day_in(months - 1, 20)}});
  REQUIRE(out.comparisons.size() == 2);
  CHECK(name_of(PeriodKind::month, out.comparisons[0].after) == "2023-11");
  CHECK(name_of(PeriodKind::month, out.comparisons[0].before) == "2023-10");
  CHECK(name_of(PeriodKind::month, out.comparisons[1].before) == "2022-11");
  const CauseOutcome young = causes_of(business, {.until = Date{day_in(1, 20)}});
  CHECK(young.comparisons.empty());
  CHECK(young.verdict.starts_with("insufficient"));
  const CauseOutcome few = causes_of(business, {.until = Date{day_in(4, 0)}});
  CHECK(few.verdict.starts_with("parts only"));
  CHECK(cause_words(few.comparisons[0], {}, english).find("not judged") != std::string::npos);
}

TEST_CASE("causes: the order of the lines changes nothing, nor do names of groups") {
  const BusinessLines business = shop(21, {.north = .4});
  BusinessLines turned = business;
  std::swap(turned.dimensions[2].values[0], turned.dimensions[2].values[1]);
  for (std::uint32_t& value : turned.dimensions[2].of) value = 1 - value;
  const json::object one = causes_json({}, causes_of(business), english, chinese);
  CHECK(json::serialize(one) == json::serialize(causes_json({}, causes_of(turned), english, chinese)));
}

TEST_CASE("causes: [K6] on a store: told in both languages with campaigns as coincidence, kept, and in the report") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  ChangeSet changes;
  const Id product = changes.put("product").set("name", "green tea").set("category", "tea").id();
  changes.put("campaign").set("name", "spring").set("starts_on", Date{day_in(months - 1, 3)});
  Random random(5);
  std::vector<Id> customers;
  for (int n = 0; n < 40; ++n) {
    ChangeSet::Put customer = changes.put("customer").by("shop", std::to_string(n)).set("name", "somebody");
    customers.push_back(customer.set("region", n % 2 == 0 ? "north" : "south").id());
  }
  for (int month = 0; month < months; ++month)
    for (std::size_t n = 0; n < customers.size(); ++n) {
      const std::int32_t day = day_in(month, n == 0 ? 0 : static_cast<std::int32_t>(random.below(28)));
      ChangeSet::Put order = changes.put("order").set("customer_id", customers[n]);
      order.set("ordered_at", Instant{day * micros_per_day + micros_per_day / 2});
      ChangeSet::Put line = changes.put("order_line").set("order_id", order.id()).set("customer_id", customers[n]);
      const Decimal price(month == months - 1 ? 12 : 10);
      line.set("product_id", product).set("quantity", Decimal(1)).set("amount", price);
    }
  session.apply(changes);
  const InsightResult result = run_insight(session, "causes", {.as_of = Date{day_in(months, -1)}, .table = true});
  const json::object told = json::parse(result.json).as_object();
  CHECK(told.at("verdict").as_string() == "sufficient");
  const json::object one = told.at("comparisons").at(0).as_object();
  CHECK(one.at("change").as_string() == "80");
  CHECK(one.at("en").as_string().find("prices +80.00") != std::string::npos);
  CHECK(one.at("en").as_string().find("not shown to be the cause") != std::string::npos);
  CHECK(one.at("en").as_string().find("spring") != std::string::npos);
  CHECK(one.at("zh").as_string().find("不代表因果") != std::string::npos);
  for (const json::value& event : one.at("meanwhile").as_array()) CHECK(event.at("evidence") == "coincidence");
  CHECK(result.table.rows() > 10);
  CHECK(session.view().select({.entity = "model", .where = Where::equal("name", "causes"), .limit = 2}).size() == 1);
  const std::string page = write_report(session, {});
  CHECK(page.find("What changed and why") != std::string::npos);
  CHECK(page.find("prices +80.00") != std::string::npos);
}
