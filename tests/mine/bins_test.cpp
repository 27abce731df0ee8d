#include "emptor/mine/bins.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "mine/bin_codes.hpp"
#include "support/made_rows.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::MadeTable;

namespace {

/// By sorting everything.
std::vector<double> brute_cuts(std::vector<double> values, std::size_t bins) {
  std::sort(values.begin(), values.end());
  std::vector<double> cuts;
  for (std::size_t k = 1; k < bins; ++k) {
    const double value = values[std::max<std::size_t>(k * values.size() / bins, 1) - 1];
    if (value < values.back() && (cuts.empty() || value > cuts.back())) cuts.push_back(value);
  }
  return cuts;
}

double drawn(Random& random, std::size_t shape) {
  switch (shape) {
    case 0:
      return random.normal();
    case 1:
      return std::exp(20 * random.normal());  // over a hundred orders of magnitude
    case 2:
      return 1.7e9 + random.uniform();
    case 3:
      return random.below(3) == 0 ? 0 : random.normal() * 1e-300;
    case 4:
      return (random.uniform() - 0.5) * std::numeric_limits<double>::max() * 1.9;
    default:
      return static_cast<double>(random.below(1'000)) * (random.below(2) == 0 ? -1 : 1);
  }
}

}  // namespace

// Expected values: sorting all numbers.
TEST_CASE("bins: cuts are the exact order statistics, whatever the numbers look like") {
  Random random(4);
  for (std::size_t i = 0; i < 300; ++i) {
    MadeTable table{.columns = 1};
    const std::size_t rows = 300 + random.below(3'000), bins = 2 + random.below(200);
    for (std::size_t row = 0; row < rows; ++row) table.x.push_back(drawn(random, i % 6));
    std::vector<double> different = table.x;
    std::sort(different.begin(), different.end());
    different.erase(std::unique(different.begin(), different.end()), different.end());
    const FeatureBins found = find_bins(table.view(), {}, {.bins = bins}).front();
    if (different.size() <= bins) {
      CHECK(found.size() == different.size());
      continue;
    }
    CHECK(found.cuts == brute_cuts(table.x, bins));
    CHECK(found.lowest == different.front());
    CHECK(found.highest == different.back());
    const BinCoder coder(found);
    for (const double value : table.x) REQUIRE(coder.code(value) == found.code_of(value));
  }
}

TEST_CASE("bins: few values get a bin each, cut half-way") {
  const double none = std::nan("");
  const MadeTable table{.columns = 1, .x = {4, 1, none, 2, 2, -0.0, 0.0}};
  const FeatureBins bins = find_bins(table.view(), {}).front();
  CHECK(bins.cuts == std::vector<double>{0.5, 1.5, 3});
  CHECK(bins.single_values);
  CHECK(bins.missing() == 4);
  const BinnedRows rows = bin_rows(table.view(), {bins});
  CHECK(rows.by_column == std::vector<std::uint8_t>{3, 1, 4, 2, 2, 0, 0});
}

TEST_CASE("bins: rows of weight 0 do not count") {
  const MadeTable table{.columns = 1, .x = {1, 2, 9}};
  const std::vector<double> weights{1, 1, 0};
  CHECK(find_bins(table.view(), weights).front().cuts == std::vector<double>{1.5});
}

TEST_CASE("bins: the rows by row and by column say the same, over several blocks of columns") {
  const MadeTable table = test::made_table(2'500, 47, 3, false);
  const BinnedRows rows = bin_rows(table.view(), find_bins(table.view(), {}), {.executor = thread_executor(2)});
  std::size_t at = 0;
  for (std::size_t block = 0; block < 47; block += BinnedRows::block_width) {
    const std::size_t end = std::min<std::size_t>(47, block + BinnedRows::block_width);
    for (std::size_t row = 0; row < 2'500; ++row)
      for (std::size_t c = block; c < end; ++c) REQUIRE(rows.by_row[at++] == rows.column(c)[row]);
  }
}

TEST_CASE("bins: floats and doubles by row or by column have the same bins") {
  const MadeTable table = test::made_table(3'000, 3, 6, false);
  std::vector<float> floats(table.x.begin(), table.x.end());
  std::vector<double> same(floats.begin(), floats.end()), turned;
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t row = 0; row < 3'000; ++row) turned.push_back(same[row * 3 + c]);
  const auto bins = find_bins(NumberView(same.data(), 3'000, 3, 3, 1), {});
  CHECK(find_bins(NumberView(floats.data(), 3'000, 3, 3, 1), {}) == bins);
  CHECK(find_bins(NumberView(turned.data(), 3'000, 3, 1, 3'000), {}) == bins);
}

TEST_CASE("bins: a table in batches has the bins and codes of the whole, however it is split") {
  const MadeTable table = test::made_table(9'000, 5, 8, true);
  const std::vector<FeatureBins> bins = find_bins(table.view(), {});
  const BinnedRows rows = bin_rows(table.view(), bins);
  for (const std::size_t batch : {1'000, 4'321, 9'000}) {
    std::size_t first = 0;
    const RowBatches batches{5, [&] { first = 0; },
                             [&](TrainingRows& rows_of_batch) {
                               if (first == 9'000) return false;
                               const std::size_t count = std::min(batch, 9'000 - first);
                               rows_of_batch = {table.view().slice(first, count),
                                                std::span(table.y).subspan(first, count),
                                                {},
                                                std::span(table.ids).subspan(first, count)};
                               first += count;
                               return true;
                             }};
    const BinnedTable read = bin_batches(batches);
    CHECK(read.rows.features == bins);
    CHECK(read.rows.by_column == rows.by_column);
    CHECK(read.rows.by_row == rows.by_row);
    CHECK(read.y == table.y);
    CHECK(read.ids == table.ids);
  }
}

TEST_CASE("bins: of 100,000 categories the most frequent keep their names, ties to the lower") {
  MadeTable table{.columns = 1};
  for (std::size_t i = 0; i < 100'000; ++i) table.x.push_back(static_cast<double>(i));
  for (int i = 0; i < 3; ++i) table.x.push_back(77'777);
  const std::vector<std::size_t> categorical{0};
  const FeatureBins bins = find_bins(table.view(), {}, {.categorical = categorical}).front();
  CHECK(bins.categories.size() == 255);
  CHECK(bins.categories.back() == 77'777);
  CHECK(bins.categories[253] == 253);
  CHECK(bins.code_of(90'000) == bins.missing());
}

TEST_CASE("bins: infinities, names that are no integers and options out of range are refused") {
  const MadeTable table{.columns = 1, .x = {1, std::numeric_limits<double>::infinity()}};
  CHECK_THROWS_AS((void)find_bins(table.view(), {}), Error);
  const MadeTable half{.columns = 1, .x = {1, 1.5}};
  const std::vector<std::size_t> first{0}, second{1};
  CHECK_THROWS_AS((void)find_bins(half.view(), {}, {.categorical = first}), Error);
  CHECK_THROWS_AS((void)find_bins(half.view(), {}, {.categorical = second}), Error);
  CHECK_THROWS_AS((void)find_bins(half.view(), {}, {.bins = 256}), Error);
}
