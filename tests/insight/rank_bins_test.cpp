#include "insight/rfm/rank_bins.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "emptor/core/random.hpp"

using namespace emptor;

namespace {

using Bins = std::vector<std::uint8_t>;

/// Thirteen values with ties; the expected bins come from numpy 2 (quantile, method 'linear', plus 1,
/// left-closed) and pandas 2 (rank and qcut; np.array_split of the stable order; mean ranks).
const std::vector<std::int64_t> thirteen = {12, 3, 3, 45, 7, 7, 7, 120, 1, 33, 18, 3, 60};

/// The definition, spelled out: sort, interpolate as a fraction, compare as fractions.
Bins quantile_bins_by_definition(const std::vector<std::int64_t>& values, int bins, std::int64_t unit) {
  std::vector<std::int64_t> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  Bins out;
  for (const std::int64_t value : values) {
    int bin = 1;
    for (int i = 1; i < bins; ++i) {
      const std::int64_t position = static_cast<std::int64_t>(sorted.size() - 1) * i;
      const std::int64_t low = position / bins, rest = position % bins;
      const std::int64_t high = std::min<std::int64_t>(low + 1, static_cast<std::int64_t>(sorted.size()) - 1);
      bin += value * bins >= sorted[low] * bins + rest * (sorted[high] - sorted[low]) + unit * bins;
    }
    out.push_back(static_cast<std::uint8_t>(bin));
  }
  return out;
}

}  // namespace

TEST_CASE("rank bins: type-7 quantiles plus one, closed on the left, as numpy gives them") {
  std::vector<std::int64_t> cuts;
  CHECK(quantile_bins(thirteen, 3, 1, cuts) == Bins{2, 1, 1, 3, 1, 1, 1, 3, 1, 3, 2, 1, 3});
  CHECK(cuts == std::vector<std::int64_t>{8, 19});
  CHECK(quantile_bins(thirteen, 5, 1, cuts) == Bins{3, 1, 1, 5, 2, 2, 2, 5, 1, 4, 4, 1, 5});
  CHECK(cuts == std::vector<std::int64_t>{4, 8, 15, 42});  // 4, 8, 14.2 and 41.2, as first whole values
}

TEST_CASE("rank bins: quantiles equal their definition on random values with many ties") {
  Random random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::int64_t> values(1 + random.below(60));
    const std::uint64_t range = 1 + random.below(1000);
    for (std::int64_t& value : values) value = static_cast<std::int64_t>(random.below(range)) - 300;
    const int bins = 2 + static_cast<int>(random.below(8));
    std::vector<std::int64_t> cuts;
    CHECK(quantile_bins(values, bins, 1, cuts) == quantile_bins_by_definition(values, bins, 1));
  }
}

TEST_CASE("rank bins: ranks in order of appearance, cut as pandas' qcut does") {
  CHECK(rank_first_bins(thirteen, 3) == Bins{2, 1, 1, 3, 1, 2, 2, 3, 1, 3, 2, 1, 3});
  CHECK(rank_first_bins(thirteen, 5) == Bins{3, 1, 1, 5, 2, 3, 3, 5, 1, 4, 4, 2, 5});
}

TEST_CASE("rank bins: ntile gives the first bins one more") {
  CHECK(ntile_bins(thirteen, 3) == Bins{2, 1, 1, 3, 1, 2, 2, 3, 1, 3, 2, 1, 3});
  CHECK(ntile_bins(thirteen, 5) == Bins{3, 1, 1, 4, 2, 2, 3, 5, 1, 4, 3, 2, 5});
}

TEST_CASE("rank bins: SPSS ranks ties by their mean, so equal values share a bin") {
  CHECK(spss_bins(thirteen, {}, 3, {}) == Bins{2, 1, 1, 3, 2, 2, 2, 3, 1, 3, 2, 1, 3});
  CHECK(spss_bins(thirteen, {}, 5, {}) == Bins{3, 2, 2, 4, 3, 3, 3, 5, 1, 4, 4, 2, 5});
}

TEST_CASE("rank bins: SPSS nested bins rank within their group") {
  const std::vector<std::int64_t> values = {5, 1, 3, 2, 40, 10, 30, 20};
  const Bins groups = {1, 1, 1, 1, 2, 2, 2, 2};
  // Four values a group, two bins: int(rank * 2 / 5) + 1 is 1 1 2 2 by hand.
  CHECK(spss_bins(values, groups, 2, {}) == Bins{2, 1, 2, 1, 2, 1, 2, 1});
}

TEST_CASE("rank bins: spread ties fill the bins evenly and follow the given order") {
  const std::vector<std::int64_t> same(10, 4);
  const std::vector<std::uint64_t> order = {9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
  // int(rank * 5 / 11) + 1 for ranks 1 to 10, by hand: 1 1 2 2 3 3 4 4 5 5.
  CHECK(spss_bins(same, {}, 5, order) == Bins{5, 5, 4, 4, 3, 3, 2, 2, 1, 1});
  CHECK(spss_bins(same, {}, 5, {}) == Bins(10, 3));
}

TEST_CASE("rank bins: one value and no value are fine") {
  std::vector<std::int64_t> cuts;
  const std::vector<std::int64_t> one = {42};
  CHECK(quantile_bins(one, 5, 1, cuts) == Bins{1});
  CHECK(rank_first_bins(one, 5) == Bins{1});
  CHECK(ntile_bins(one, 5) == Bins{1});
  CHECK(spss_bins(one, {}, 5, {}) == Bins{3});
  CHECK(quantile_bins({}, 5, 1, cuts).empty());
  CHECK(ntile_bins({}, 5).empty());
}
