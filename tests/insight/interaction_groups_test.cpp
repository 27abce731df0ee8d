#include "emptor/insight/interaction_groups.hpp"

#include <doctest/doctest.h>

#include "emptor/core/error.hpp"

using namespace emptor;

namespace {

using Groups = std::vector<InteractionGroup>;
constexpr auto hh = InteractionGroup::high_high, hl = InteractionGroup::high_low, lh = InteractionGroup::low_high,
               ll = InteractionGroup::low_low;

const std::vector<std::int64_t> ids = {1, 2, 3, 4};
const std::vector<std::int64_t> spend = {10'000'000, 20'000'000, 30'000'000, 40'000'000};

}  // namespace

TEST_CASE("interaction groups: high is above the median on both sides") {
  const std::vector<std::int64_t> contacts = {9, 1, 1, 5};
  const InteractionGroups groups = group_by_interaction(ids, spend, contacts);
  CHECK(groups.of == Groups{lh, ll, hl, hh});
  CHECK(groups.interactions == std::array<std::int64_t, 4>{5, 1, 9, 1});
  CHECK(groups.value[0].micros_to_decimal() == Decimal(40));
}

TEST_CASE("interaction groups: what equals the median is not high") {
  const std::vector<std::int64_t> contacts = {1, 1, 1, 2};
  CHECK(group_by_interaction(ids, spend, contacts).of == Groups{ll, ll, hl, hh});
  CHECK(group_by_interaction({}, {}, {}).of.empty());
}

TEST_CASE("interaction groups: cuts can be a share of the customers or a least value") {
  const std::vector<std::int64_t> contacts = {3, 3, 3, 3};
  InteractionGroupOptions options;
  options.value = {HighCut::Kind::at_least, Decimal(20)};
  options.interaction = {HighCut::Kind::share, Decimal::of(5, 1)};
  CHECK(group_by_interaction(ids, spend, contacts, options).of == Groups{lh, hh, hl, hl});
  options.interaction = {HighCut::Kind::at_least, Decimal(4)};
  CHECK(group_by_interaction(ids, spend, contacts, options).of == Groups{ll, hl, hl, hl});
  options.interaction = {HighCut::Kind::share, Decimal(2)};
  CHECK_THROWS_AS(group_by_interaction(ids, spend, contacts, options), Error);
}
