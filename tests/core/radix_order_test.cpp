#include "core/radix_order.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "emptor/core/random.hpp"

using namespace emptor;

namespace {

std::vector<std::uint32_t> by_stable_sort(const std::vector<std::int64_t>& values) {
  std::vector<std::uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return values[a] < values[b]; });
  return order;
}

}  // namespace

TEST_CASE("radix order: the order of a stable sort, for any range and many ties") {
  Random random(11);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::int64_t> values(random.below(200));
    const auto range = std::uint64_t{1} << random.below(63);
    const auto base = static_cast<std::int64_t>(random.below(1'000'000)) - 500'000;
    for (std::int64_t& value : values) value = base + static_cast<std::int64_t>(random.below(range));
    CHECK(ascending_order(values) == by_stable_sort(values));
  }
}

TEST_CASE("radix order: the ends of 64 bits, one value and none") {
  constexpr auto least = std::numeric_limits<std::int64_t>::min(), most = std::numeric_limits<std::int64_t>::max();
  const std::vector<std::int64_t> ends = {most, 0, least, -1, most, least, 1};
  CHECK(ascending_order(ends) == by_stable_sort(ends));
  CHECK(ascending_order(std::vector<std::int64_t>{5}) == std::vector<std::uint32_t>{0});
  CHECK(ascending_order({}).empty());
}
