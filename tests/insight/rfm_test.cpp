#include "emptor/insight/rfm.hpp"

#include <doctest/doctest.h>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "support/made_facts.hpp"

using namespace emptor;
using emptor::test::made_facts;

namespace {

/// Two customers: one with a return and a free item, one with a single sale.
Facts two_customers() {
  return made_facts(
      {{1, 10, 100, 20, 2}, {1, 10, 100, 5, 1}, {1, 11, 110, -8, -1}, {1, 12, 120, 0, 1}, {2, 13, 90, 30, 3}});
}

Facts many_customers(std::size_t count) {
  Random random(11);
  std::vector<test::MadePurchase> purchases;
  std::int64_t order = 0;
  for (std::size_t customer = 1; customer <= count; ++customer) {
    const std::uint64_t orders = 1 + random.below(6);
    for (std::uint64_t i = 0; i < orders; ++i) {
      purchases.push_back({static_cast<std::int64_t>(customer), ++order, static_cast<std::int32_t>(random.below(365)),
                           static_cast<double>(1 + random.below(20'000)) / 100});
    }
  }
  return made_facts(purchases);
}

}  // namespace

TEST_CASE("rfm: recency counts days, frequency counts orders, monetary is the exact sum of purchases") {
  const Measures measures = measure_purchases(two_customers());
  CHECK(measures.as_of.days == 100);  // the last day with a purchase: a free item is none
  CHECK(measures.customer == std::vector<std::int64_t>{1, 2});
  CHECK(measures.recency == std::vector<std::int64_t>{0, 10});
  CHECK(measures.frequency == std::vector<std::int64_t>{1, 1});
  CHECK(measures.monetary == std::vector<std::int64_t>{25'000'000, 30'000'000});
  CHECK(measures.total.micros_to_decimal() == Decimal(55));
}

TEST_CASE("rfm: a free item counts as a purchase only where that is asked for") {
  const Measures measures = measure_purchases(two_customers(), {.purchases = Purchases::non_negative});
  CHECK(measures.as_of.days == 120);
  CHECK(measures.frequency == std::vector<std::int64_t>{2, 1});
  CHECK(measures.monetary[0] == 25'000'000);
}

TEST_CASE("rfm: net takes off what came back, without making a return a purchase") {
  const Measures measures = measure_purchases(two_customers(), {.as_of = Date{120}, .purchases = Purchases::net});
  CHECK(measures.recency == std::vector<std::int64_t>{20, 30});
  CHECK(measures.frequency == std::vector<std::int64_t>{1, 1});
  CHECK(measures.monetary[0] == 17'000'000);
}

TEST_CASE("rfm: what comes after the day, or before the horizon, does not count") {
  CHECK(measure_purchases(two_customers(), {.as_of = Date{99}}).customer == std::vector<std::int64_t>{2});
  CHECK(measure_purchases(two_customers(), {.as_of = Date{100}, .horizon_days = 10}).customer ==
        std::vector<std::int64_t>{1});
  CHECK(measure_purchases(two_customers(), {.as_of = Date{100}, .horizon_days = 11}).size() == 2);
}

TEST_CASE("rfm: a customer whose returns eat the sales up is kept, left out or scored lowest, as asked") {
  const Facts facts = made_facts({{1, 1, 10, 50}, {1, 2, 11, -60, -1}, {2, 3, 12, 40}, {3, 4, 12, 10}});
  MeasureOptions options{.purchases = Purchases::net};
  CHECK(measure_purchases(facts, options).size() == 3);
  CHECK(measure_purchases(facts, options).monetary[0] == -10'000'000);
  options.non_positive = NonPositive::exclude;
  CHECK(measure_purchases(facts, options).customer == std::vector<std::int64_t>{2, 3});
  options.non_positive = NonPositive::lowest;
  RfmOptions fixed{.measures = options, .scoring = RfmScoring::fixed_cuts, .bins = 2};
  fixed.cuts = {{5}, {2}, {Decimal(-100)}};
  CHECK(score_rfm(facts, fixed).m == std::vector<std::uint8_t>{1, 2, 2});
}

TEST_CASE("rfm: no purchases give no rows") {
  const RfmTable table = score_rfm(made_facts({}));
  CHECK(table.size() == 0);
  CHECK(score_rfm(made_facts({}), {.scoring = RfmScoring::spss_nested}).size() == 0);
}

TEST_CASE("rfm: fixed cuts are inclusive on the better side") {
  const Facts facts = made_facts({{1, 1, 100, 50}, {2, 2, 70, 49.999999}, {3, 3, 69, 100}, {3, 4, 69, 1}});
  RfmOptions options{.measures = {.as_of = Date{100}}, .scoring = RfmScoring::fixed_cuts, .bins = 2};
  options.cuts = {{30}, {2}, {Decimal(50)}};
  const RfmTable table = score_rfm(facts, options);
  CHECK(table.r == std::vector<std::uint8_t>{2, 2, 1});
  CHECK(table.f == std::vector<std::uint8_t>{1, 1, 2});
  CHECK(table.m == std::vector<std::uint8_t>{2, 1, 2});
  CHECK(table.names.empty());
}

TEST_CASE("rfm: cut points that are too few or do not ascend are refused by name") {
  RfmOptions options{.scoring = RfmScoring::fixed_cuts, .bins = 3};
  options.cuts = {{10, 20}, {2, 2}, {Decimal(5), Decimal(9)}};
  CHECK_THROWS_AS(score_rfm(two_customers(), options), Error);
  try {
    score_rfm(two_customers(), options);
  } catch (const Error& error) {
    CHECK(error.first().field == "cuts.frequency");
  }
}

TEST_CASE("rfm: every convention gives scores within the bins and a name to everybody") {
  const Facts facts = many_customers(500);
  for (const RfmScoring scoring : {RfmScoring::quantile, RfmScoring::rank_first, RfmScoring::ntile,
                                   RfmScoring::spss_independent, RfmScoring::spss_nested}) {
    for (const RfmTies ties : {RfmTies::together, RfmTies::spread}) {
      const RfmTable table = score_rfm(facts, {.scoring = scoring, .ties = ties});
      CHECK(table.size() == 500);
      CHECK(*std::min_element(table.m.begin(), table.m.end()) == 1);
      CHECK(*std::max_element(table.r.begin(), table.r.end()) == 5);
      CHECK(table.segment.size() == 500);
    }
  }
}

TEST_CASE("rfm: nested bins are equally full within each recency bin") {
  const RfmTable table =
      score_rfm(many_customers(500), {.scoring = RfmScoring::spss_nested, .ties = RfmTies::spread, .seed = 3});
  int count[6][6] = {};
  for (std::size_t i = 0; i < table.size(); ++i) ++count[table.r[i]][table.f[i]];
  for (int r = 1; r <= 5; ++r) {
    const auto [least, most] = std::minmax_element(count[r] + 1, count[r] + 6);
    CHECK(*most - *least <= 2);
  }
}

TEST_CASE("rfm: the best customer of a quantile table is the champion") {
  const RfmTable table = score_rfm(many_customers(500));
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table.r[i] == 5 && table.f[i] == 5) CHECK(table.names[table.segment[i]] == "champion");
    if (table.r[i] == 1 && table.f[i] == 1) CHECK(table.names[table.segment[i]] == "hibernating");
  }
}

TEST_CASE("rfm: segment rules for another number of bins are refused") {
  CHECK_THROWS_AS(score_rfm(two_customers(), {.bins = 4, .segments = ten_segments()}), Error);
  CHECK_THROWS_AS(score_rfm(two_customers(), {.bins = 10}), Error);
}
