#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/core/text.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/insight/report.hpp"
#include "emptor/store/open.hpp"
#include "insight/market/competition_reading.hpp"
#include "insight/market/market_segments.hpp"
#include "insight/market/market_words.hpp"

using namespace emptor;

namespace {

namespace json = boost::json;

constexpr std::int32_t today = 20'000;

/// Buyers about centres of (log orders, log amount); one centre is a cloud without segments.
BuyerRows buyers_about(const std::vector<std::array<double, 2>>& centres, std::size_t count, std::uint64_t seed) {
  Random random(seed);
  BuyerRows rows;
  rows.has_before = true;
  for (std::size_t i = 0; i < count; ++i) {
    const std::array<double, 2>& centre = centres[i % centres.size()];
    const auto around = [&](double mean) { return std::expm1(mean + 0.35 * random.normal()); };
    rows.customer.push_back(static_cast<std::int64_t>(i) + 1);
    rows.orders.push_back(around(centre[0]));
    rows.mean_amount.push_back(around(centre[1]));
    rows.recency.push_back(around(3));
    rows.tenure.push_back(around(6));
    rows.revenue.push_back(rows.orders.back() * rows.mean_amount.back());
    rows.before.push_back(rows.revenue.back() * (0.4 + 0.2 * random.uniform()));
  }
  return rows;
}

std::vector<DecidedDeal> deals_of(std::int64_t competitor, std::size_t count, double large, double odds,
                                  Random& random) {
  std::vector<DecidedDeal> deals;
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_large = random.uniform() < large;
    const double own = (is_large ? 0.25 : 3.0) * odds;  // large deals are hard to win, against anybody
    deals.push_back({.customer = 1,
                     .competitor = competitor,
                     .day = today,
                     .won = random.uniform() < own / (1 + own),
                     .amount = is_large ? 900 + 200 * random.uniform() : 10 + 20 * random.uniform(),
                     .product = i % 2 == 0 ? "pump" : "valve",
                     .region = i % 3 == 0 ? "North" : "South",
                     .reason = i % 4 == 0 ? "price" : "features"});
  }
  return deals;
}

void append(std::vector<DecidedDeal>& all, const std::vector<DecidedDeal>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

const CompetitorRecord& record(const Competition& all, std::string_view name) {
  return *std::ranges::find_if(all.competitors, [&](const CompetitorRecord& one) { return one.name == name; });
}

Instant noon(std::int32_t day) { return {day * micros_per_day + micros_per_day / 2}; }

/// 60 who buy often and little, 60 seldom and much.
void fill(Session& session, std::vector<Id>& ids) {
  Random random(3);
  ChangeSet changes;
  for (int i = 0; i < 120; ++i) {
    const Id customer = changes.put("customer").set("name", "somebody").set("annual_revenue", Decimal(50'000)).id();
    const int orders = i % 2 == 0 ? 24 + static_cast<int>(random.below(6)) : 2;
    for (int k = 0; k < orders; ++k) {
      const Id order =
          changes.put("order")
              .set("customer_id", customer)
              .set("ordered_at", noon(today - k * (i % 2 == 0 ? 10 : 90) - static_cast<int>(random.below(9))))
              .id();
      const auto amount = static_cast<std::int64_t>((i % 2 == 0 ? 20 : 900) * (1 + 0.2 * random.uniform()));
      changes.put("order_line").set("order_id", order).set("customer_id", customer).set("amount", Decimal(amount));
    }
  }
  session.apply(changes);
  for (const Record& one : session.view().select({.entity = "customer", .limit = 1'000})) ids.push_back(one.id());
}

}  // namespace

TEST_CASE("market: a name is found as a word of its own, in scripts without spaces anywhere") {
  CHECK(names_it(fold("They went to ACME, at last"), fold("Acme")));
  CHECK(names_it(fold("acme"), fold("Acme")));
  CHECK_FALSE(names_it(fold("an acmeist poem"), fold("Acme")));
  CHECK_FALSE(names_it(fold("pacme"), fold("Acme")));
  CHECK(names_it(fold("我们考虑华为的报价"), fold("华为")));
  CHECK_FALSE(names_it(fold("a"), fold("a")));  // one letter names nobody
}

TEST_CASE("market: [I21] planted segments are found, told by what sets them apart, with their growth") {
  const BuyerRows rows = buyers_about({{1, 6}, {3.5, 3}, {3.5, 6}}, 900, 1);
  const Segmentation found = segment_market(rows, {}, {}, {}, {});
  CHECK(found.verdict == "sufficient");
  REQUIRE(found.segments.size() == 3);
  for (std::size_t i = 3; i < rows.size(); ++i) CHECK(found.segment[i] == found.segment[i % 3]);
  CHECK(found.segment[2] == 0);  // many orders of much: the most revenue a customer
  for (const MarketSegment& one : found.segments) {
    CHECK(one.customers == 300);
    CHECK(one.overlap > 0.95);
    CHECK_FALSE(one.portrait.findings.empty());
    REQUIRE(one.growth);
    CHECK(one.growth->lower < 1);  // twice as much as before
    CHECK(one.growth->upper > 1);
  }
}

// A cloud has no segments, whatever its shape. The test against clouds errs in 5 %, the one of stability comes on top:
// of 12 more than two would be a chance of 2 %.
TEST_CASE("market: [I21] a cloud of customers gives no segments, and the verdict says so") {
  int called = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    BuyerRows rows = buyers_about({{2, 4}}, 300, seed);
    if (seed % 2 == 0)  // stretched, so that cutting it in two is stable
      for (std::size_t i = 0; i < rows.size(); ++i)
        rows.mean_amount[i] = std::expm1(4 + 3 * (std::log1p(rows.orders[i]) - 2));
    const Segmentation found = segment_market(rows, {}, {.greatest_k = 4}, {}, {});
    called += found.verdict == "sufficient" ? 1 : 0;
    if (found.verdict != "sufficient") CHECK(found.segments.empty());
  }
  CHECK(called <= 2);
  CHECK(segment_market(buyers_about({{1, 1}}, 20, 1), {}, {}, {}, {}).verdict.starts_with("insufficient"));
}

TEST_CASE("market: attributes make segments, too, and unknown ones are refused") {
  BuyerRows rows = buyers_about({{2, 4}}, 400, 2);
  PortraitColumns fields;
  fields.numbers.push_back({"employees", {}});
  fields.kinds.push_back({"industry", {"retail", "steel"}, {}});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    fields.numbers[0].values.push_back(i % 7 == 0 ? std::nan("") : i % 2 == 0 ? 10 : 1'000);
    fields.kinds[0].of.push_back(i % 2 == 0 ? 0 : 1);
  }
  const Segmentation found = segment_market(rows, fields, {.attributes = {"employees", "industry"}}, {}, {});
  REQUIRE(found.model);
  CHECK(found.model->columns.names.back() == "industry=steel");
  REQUIRE(found.verdict == "sufficient");
  REQUIRE(found.segments.size() == 2);
  for (std::size_t i = 2; i < rows.size(); ++i)
    if (i % 7 != 0) CHECK(found.segment[i] == found.segment[2 + i % 2]);
  const std::optional<SegmentModel> kept = load_segments(save(*found.model));
  CHECK(segment_market(rows, fields, {}, kept, {}).segment == found.segment);  // it knows its attributes by itself
  CHECK_THROWS_WITH_AS(segment_market(rows, fields, {.attributes = {"weather"}}, {}, {}), doctest::Contains("weather"),
                       Error);
}

TEST_CASE("market: a kept model puts old customers where they were, and new ones where their like are") {
  const BuyerRows rows = buyers_about({{1, 6}, {3.5, 3}}, 400, 4);
  const Segmentation first = segment_market(rows, {}, {}, {}, {});
  REQUIRE(first.verdict == "sufficient");
  const std::optional<SegmentModel> kept = load_segments(save(*first.model));
  REQUIRE(kept);
  CHECK(kept->columns == first.model->columns);
  CHECK(kept->clusters == first.model->clusters);
  const Segmentation again = segment_market(rows, {}, {}, kept, {});
  CHECK(again.segment == first.segment);
  const BuyerRows few = buyers_about({{1, 6}, {3.5, 3}}, 4, 5);  // too few to make segments of
  const Segmentation fresh = segment_market(few, {}, {}, kept, {});
  CHECK(fresh.verdict == "sufficient");
  for (std::size_t i = 0; i < few.size(); ++i) CHECK(fresh.segment[i] == first.segment[i % 2]);
  CHECK_FALSE(load_segments("{}"));
  CHECK_FALSE(load_segments("no JSON"));
}

TEST_CASE("market: [I21] a competitor met in hard deals is no stronger for it; one that wins like deals is") {
  Random random(6);
  CompetitionData data;
  data.competitors = {{1, "Hard"}, {2, "Strong"}, {3, "Absent"}};
  append(data.deals, deals_of(1, 200, 0.9, 1, random));
  append(data.deals, deals_of(2, 200, 0.2, 0.3, random));
  append(data.deals, deals_of(0, 600, 0.3, 1, random));
  const Competition all = compare_competitors(data, today);
  CHECK(all.verdict == "sufficient");
  const CompetitorRecord &hard = record(all, "Hard"), &strong = record(all, "Strong");
  CHECK(hard.rate->upper < all.rate->lower);  // it looks strong
  CHECK(hard.adjusted > 0.05);                // and is not, in deals of the same size
  REQUIRE(strong.odds.ratio);
  CHECK(strong.adjusted < 0.01);
  CHECK(strong.odds.ratio->lower < 0.3);
  CHECK(strong.odds.ratio->upper > 0.3);
  CHECK_FALSE(record(all, "Absent").rate);
  CHECK(all.groups.front().name == "large");
  CHECK(all.groups.front().adjusted < 0.01);
  for (const DealGroup& one : all.groups)
    if (one.dimension == "product") CHECK(one.adjusted > 0.05);
  CHECK(all.reasons.front().reason == "features");
  CHECK(competitor_words(strong, 0.05, Language::english).find("the odds of winning are 0.") != std::string::npos);
  CHECK(competitor_words(hard, 0.05, Language::chinese).find("无显著差别") != std::string::npos);
  CHECK(compare_competitors({}, today).verdict == "insufficient: no competitors are on record");
}

TEST_CASE("market: a store's segments, deals and mentions; tags and scores are written once") {
  const auto store = open_store(":memory:", {.create = true, .currency = *Currency::parse("EUR")});
  Session session(*store);
  std::vector<Id> ids;
  fill(session, ids);
  ChangeSet changes;
  const Id acme = changes.put("competitor").set("name", "Acme").id();
  for (int i = 0; i < 40; ++i) {
    ChangeSet::Put deal = changes.put("opportunity");
    deal.set("customer_id", ids[static_cast<std::size_t>(i)]).set("closed_at", noon(today - i));
    deal.set("outcome", i % 4 == 0 ? "won" : "lost").set("amount", Decimal(100));
    if (i % 4 != 0) deal.set("lost_reason", "price");
    if (i % 2 == 0) deal.set("competitor_id", acme);
  }
  changes.put("interaction")
      .set("customer_id", ids[0])
      .set("at", noon(today - 3))
      .set("body", "Compares us with ACME.");
  changes.put("feedback").set("customer_id", ids[1]).set("received_at", noon(today - 400)).set("body", "Acme again");
  changes.put("opportunity").set("customer_id", ids[2]).set("opened_at", noon(today - 5)).set("competitor_id", acme);
  session.apply(changes);
  const InsightResult result =
      run_insight(session, "market", {.json = R"({"wallet":"annual_revenue"})", .table = true});
  const json::object told = json::parse(result.json).as_object();
  const json::object &segmentation = told.at("segmentation").as_object(),
                     &competition = told.at("competition").as_object();
  CHECK(segmentation.at("verdict").as_string() == "sufficient");
  CHECK(segmentation.at("segments").as_array().size() == 2);
  CHECK(competition.at("deals") == json::value(40));
  CHECK(competition.at("competitors").at(0).at("deals") == json::value(20));
  CHECK(competition.at("competitors").at(0).at("won") == json::value(10));
  CHECK(competition.at("competitors").at(0).at("customers") == json::value(2));  // the one of last year is not lately
  CHECK(competition.at("reasons").at(0).at("reason").as_string() == "price");
  CHECK(competition.at("named_lately") == json::value(2));
  CHECK(told.at("share_of_wallet").at("customers") == json::value(120));
  CHECK(session.view().count("tag", Where::equal("source", "market")) == 120);
  const std::vector<Record> scores =
      session.view().select({.entity = "score", .where = Where::equal("name", "market.mentions"), .limit = 10});
  REQUIRE(scores.size() == 2);
  CHECK(scores.front().get("label").text() == "Acme");
  const std::int64_t position = session.view().info().position;
  run_insight(session, "market", {.json = R"({"wallet":"annual_revenue"})"});
  CHECK(session.view().info().position == position);
  const json::object kept =
      json::parse(run_insight(session, "market", {.json = R"({"use_kept":true})"}).json).as_object();
  CHECK(kept.at("segmentation").at("kept") == json::value(true));
  const std::string report = write_report(session, {});
  CHECK(report.find("Acme: 10 of 20 decided deals won") != std::string::npos);
  CHECK(report.find("segment_2") != std::string::npos);
  CHECK(session.view().count("tag", Where::equal("source", "market")) == 120);
}

TEST_CASE("market: without a kept model none can be used") {
  const auto store = open_store(":memory:", {.create = true});
  Session session(*store);
  CHECK_THROWS_WITH_AS(run_insight(session, "market", {.json = R"({"use_kept":true})"}),
                       doctest::Contains("no segments are kept"), Error);
}
