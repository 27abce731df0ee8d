#include "insight/words/portrait.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "emptor/core/random.hpp"

using namespace emptor;

namespace {

struct Crowd {
  PortraitColumns columns;
  std::vector<std::uint8_t> within;
};

/// 600 customers, a sixth of them in the group; `differ` of the numbers lie higher there, one country is more frequent.
Crowd crowd(std::size_t numbers, std::size_t differ, double country, std::uint64_t seed) {
  Random random(seed);
  Crowd out;
  constexpr std::size_t rows = 600;
  for (std::size_t i = 0; i < rows; ++i) out.within.push_back(i % 6 == 0);
  for (std::size_t c = 0; c < numbers; ++c) {
    PortraitNumbers column{"number_" + std::to_string(c), {}};
    for (std::size_t i = 0; i < rows; ++i)
      column.values.push_back(random.normal() + (c < differ && out.within[i] ? 1 : 0));
    column.values[7] = std::numeric_limits<double>::quiet_NaN();
    out.columns.numbers.push_back(std::move(column));
  }
  PortraitKinds kinds{"country", {"DE", "FR", "rare"}, {}};
  for (std::size_t i = 0; i < rows; ++i)
    kinds.of.push_back(i == 1 ? 2 : random.uniform() < (out.within[i] ? .2 + country : .2) ? 0 : 1);
  out.columns.kinds.push_back(std::move(kinds));
  return out;
}

}  // namespace

TEST_CASE("portrait: [I12] what was planted is found, with its effect, and the greatest comes first") {
  const Crowd of = crowd(10, 2, .4, 1);
  const Portrait portrait = draw_portrait(of.columns, of.within);
  CHECK(portrait.within == 100);
  CHECK(portrait.outside == 500);
  CHECK(portrait.tests == 12);  // ten numbers and two countries; the third has too few customers
  REQUIRE(portrait.findings.size() >= 4);
  CHECK(portrait.findings.size() <= 5);
  for (std::size_t i = 1; i < portrait.findings.size(); ++i)
    CHECK(std::abs(portrait.findings[i - 1].effect()) >= std::abs(portrait.findings[i].effect()));
  const PortraitFinding& first = portrait.findings.front();
  CHECK(first.kind.empty());
  CHECK(first.number.delta.value == doctest::Approx(.52).epsilon(.25));  // of normals a deviation apart
  CHECK(first.number.d.value == doctest::Approx(1).epsilon(.25));
  const auto country = std::find_if(portrait.findings.begin(), portrait.findings.end(),
                                    [](const PortraitFinding& one) { return one.kind == "DE"; });
  REQUIRE(country != portrait.findings.end());
  CHECK(country->share.log_lift.lower > 0);
}

TEST_CASE("portrait: of groups by chance hardly one in twenty has a finding") {
  int with = 0;
  constexpr int rounds = 200;
  for (int round = 0; round < rounds; ++round) {
    const Crowd of = crowd(20, 0, 0, 1'000 + static_cast<std::uint64_t>(round));
    with += !draw_portrait(of.columns, of.within).findings.empty();
  }
  CHECK(with <= 10 + 9);  // 5 % on average at most; three standard errors
}

TEST_CASE("portrait: groups that are too small have none, and say why") {
  Crowd of = crowd(2, 2, 0, 2);
  of.within.assign(of.within.size(), 0);
  of.within[3] = 1;
  const Portrait portrait = draw_portrait(of.columns, of.within);
  CHECK(portrait.findings.empty());
  CHECK(portrait.why == "the group has 1 customers and there are 599 others; 5 of each are needed");
}

TEST_CASE("portrait: findings are words in English and Chinese") {
  PortraitFinding number{"spend", {}};
  number.number.median_within = 320;
  number.number.median_outside = 45.25;
  number.number.delta = {.71, .6, .8};
  CHECK(finding_in_words(number, Language::english) == "spend: far higher (median 320 against 45.2, delta 0.71)");
  CHECK(finding_in_words(number, Language::chinese) == "累计消费：高得多（中位数 320，其他客户 45.2，δ 0.71）");
  PortraitFinding share{"country", "DE"};
  share.share = mine::contrast_shares({35, 100}, {20, 100});
  CHECK(finding_in_words(share, Language::english) == "country is DE: 1.75 times as often (35.0 % against 20.0 %)");
  CHECK(finding_in_words(share, Language::chinese) ==
        "country为 DE：占比是其他客户的 1.75 倍（35.0 %，其他客户 20.0 %）");
}
