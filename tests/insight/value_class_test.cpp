#include "emptor/insight/value_class.hpp"

#include <doctest/doctest.h>

#include <numeric>

#include "emptor/core/error.hpp"

using namespace emptor;

namespace {

std::vector<std::int64_t> counted(std::size_t count, std::int64_t unit) {
  std::vector<std::int64_t> values(count);
  std::iota(values.begin(), values.end(), std::int64_t{1});
  for (std::int64_t& value : values) value *= unit;
  return values;
}

using Counts = std::array<std::size_t, 4>;

}  // namespace

TEST_CASE("value class: the pyramid is 1, 4, 15 and 80 percent of the customers") {
  const ValueClasses classes = classify_by_value(counted(1000, 1), counted(1000, 1'000'000));
  CHECK(classes.customers == Counts{10, 40, 150, 800});
  CHECK(classes.of[999] == ValueClass::vip);
  CHECK(classes.of[990] == ValueClass::vip);
  CHECK(classes.of[989] == ValueClass::care);
  CHECK(classes.of[0] == ValueClass::indifferent);
  CHECK(classes.value[0].micros_to_decimal() == Decimal(9955));  // 991 + ... + 1000
}

TEST_CASE("value class: a class ends at the customer who completes its share") {
  // 4,338 customers: 43.38, 216.9 and 867.6 are rounded up.
  const ValueClasses classes = classify_by_value(counted(4338, 1), counted(4338, 1));
  CHECK(classes.customers == Counts{44, 217 - 44, 868 - 217, 4338 - 868});
  CHECK(classify_by_value(counted(1, 1), counted(1, 1)).customers == Counts{1, 0, 0, 0});
  CHECK(classify_by_value({}, {}).customers == Counts{0, 0, 0, 0});
}

TEST_CASE("value class: equal values are split by id, or join the better class together") {
  const std::vector<std::int64_t> customers = {40, 30, 20, 10};
  const std::vector<std::int64_t> same(4, 5'000'000);
  ValueClassOptions options{.shares = {Decimal::of(25, 2), Decimal::of(25, 2), Decimal::of(25, 2)}};
  const ValueClasses split = classify_by_value(customers, same, options);
  CHECK(split.of[3] == ValueClass::vip);
  CHECK(split.of[0] == ValueClass::indifferent);
  options.ties = BorderTies::upward;
  CHECK(classify_by_value(customers, same, options).customers == Counts{4, 0, 0, 0});
}

TEST_CASE("value class: thresholds are least values, whatever the shares") {
  const ValueClassOptions options{.thresholds = {{Decimal(90), Decimal(50), Decimal(10)}}};
  const ValueClasses classes = classify_by_value(counted(100, 1), counted(100, 1'000'000), options);
  CHECK(classes.customers == Counts{11, 40, 40, 9});
}

TEST_CASE("value class: shares above one and thresholds out of order are refused") {
  CHECK_THROWS_AS(classify_by_value({}, {}, {.shares = {Decimal(1), Decimal::of(1, 1), Decimal(0)}}), Error);
  CHECK_THROWS_AS(classify_by_value({}, {}, {.shares = {Decimal(-1), Decimal(0), Decimal(0)}}), Error);
  CHECK_THROWS_AS(classify_by_value({}, {}, {.thresholds = {{Decimal(1), Decimal(2), Decimal(0)}}}), Error);
}
