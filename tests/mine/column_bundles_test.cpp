#include "mine/column_bundles.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "emptor/core/random.hpp"
#include "mine/histogram.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

/// Columns with so many different whole numbers each; of every third something is missing.
BinnedRows drawn(std::size_t rows, const std::vector<std::uint64_t>& values, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> x(rows * values.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t c = i % values.size();
    x[i] = c % 3 == 2 && random.below(10) == 0 ? NAN : static_cast<double>(random.below(values[c]));
  }
  const NumberView view(x.data(), rows, values.size(), values.size(), 1);
  std::vector<std::size_t> categorical;
  for (std::size_t c = 0; c < values.size(); c += 2) categorical.push_back(c);
  return bin_rows(view, find_bins(view, {}, {.bins = 64, .categorical = categorical}));
}

RowSums sums_of(std::size_t rows, std::uint64_t seed) {
  Random random(seed);
  RowSums sums;
  for (std::size_t row = 0; row < rows; ++row)
    sums.packed.push_back(pack(static_cast<std::int64_t>(random.below(131'073)) - 65'536,
                               1 + static_cast<std::int64_t>(random.below(131'072))));
  return sums;
}

Histogram counted(const BinnedRows& bins, const ColumnBundles& bundles, const RowSums& sums,
                  const std::vector<std::uint32_t>& order, Histogram::Form form) {
  const HistogramLayout layout(bins.features);
  const HistogramBuilder builder(bins, bundles, sums, layout);
  HistogramScratch scratch;
  builder.prepare(scratch);
  Histogram histogram;
  histogram.reset(layout.size(), form);
  for (int time = 0; time < 2; ++time) {  // the scratch is as empty after as before
    histogram.reset(layout.size(), form);
    for (std::size_t block = 0; block < builder.blocks(); ++block) {
      builder.count(block, order.data(), 0, order.size(), scratch);
      builder.flush(block, scratch, histogram);
    }
  }
  return histogram;
}

}  // namespace

TEST_CASE("column bundles: each column's sums are those that rows added one by one give") {
  for (const std::size_t rows : {200, 3'000, 16'000}) {
    const BinnedRows bins =
        drawn(rows, {2, 3, 4, 70, 2, 2, 3, 5, 14, 15, 16, 1, 3, 2, 2, 2, 6, 2, 3, 3, 4, 2, 2, 255}, rows);
    const ColumnBundles bundles(bins);
    REQUIRE_FALSE(bundles.empty());
    CHECK(4 * bundles.bundles.size() <= (rows < 1'000 ? 3 : 2) * bins.features.size());
    const RowSums sums = sums_of(rows, 7);
    std::vector<std::uint32_t> order;
    for (std::uint32_t row = 0; row < rows; row += 1 + row % 3) order.push_back(row);
    const HistogramLayout layout(bins.features);
    for (const Histogram::Form form : {Histogram::Form::packed, Histogram::Form::plain}) {
      const Histogram found = counted(bins, bundles, sums, order, form);
      for (std::size_t f = 0; f < bins.features.size(); ++f) {
        std::vector<Sums> expected(bins.features[f].size() + 1);
        for (const std::uint32_t row : order) expected[bins.column(f)[row]] += sums.of(row);
        for (std::size_t code = 0; code < expected.size(); ++code) {
          CHECK(found.at(layout.first[f] + code).g == expected[code].g);
          CHECK(found.at(layout.first[f] + code).h == expected[code].h);
        }
      }
    }
  }
}

TEST_CASE("column bundles: columns of many codes stay as they are") {
  CHECK(ColumnBundles(drawn(2'000, {200, 300, 400, 500}, 1)).empty());
}
