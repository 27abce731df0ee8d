// Miners of tables against their definitions, on 10,000 random tables of up to 12 columns and 40 rows: few values, so
// that equal, constant and missing ones are common.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include "emptor/core/random.hpp"
#include "emptor/mine/correlation.hpp"
#include "emptor/mine/encoding.hpp"
#include "emptor/mine/naive_bayes.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

constexpr std::uint64_t tables = 10'000;
const double missing = std::numeric_limits<double>::quiet_NaN();

struct Table {
  std::size_t rows, columns, classes;
  std::vector<double> x, y;
  double at(std::size_t row, std::size_t column) const { return x[row * columns + column]; }
  NumberView view() const { return {x.data(), rows, columns, columns, 1}; }
  TrainingRows training() const { return {view(), y, {}, {}}; }
};

/// Every class has a row; a tenth of the numbers are missing, where they may be.
Table random_table(std::uint64_t seed, bool gaps) {
  Random random(seed);
  Table table{2 + random.below(39), 1 + random.below(12), 2 + random.below(2), {}, {}};
  table.rows = std::max(table.rows, table.classes);
  const std::uint64_t values = 1 + random.below(5);
  for (std::size_t i = 0; i < table.rows * table.columns; ++i)
    table.x.push_back(gaps && random.below(10) == 0 ? missing : static_cast<double>(random.below(values)));
  for (std::size_t row = 0; row < table.rows; ++row)
    table.y.push_back(static_cast<double>(row < table.classes ? row : random.below(table.classes)));
  return table;
}

bool close(double found, double expected) {
  if (std::isnan(expected)) return std::isnan(found);
  return std::abs(found - expected) <= 1e-9 * (1 + std::abs(expected));
}

/// Sums of work(row) over the rows of a class.
template <class Work>
double over_class(const Table& table, std::size_t k, Work work) {
  double sum = 0;
  for (std::size_t row = 0; row < table.rows; ++row)
    if (table.y[row] == static_cast<double>(k)) sum += work(row);
  return sum;
}

double variance_of(const Table& table, std::size_t column) {
  double sum = 0, squares = 0;
  for (std::size_t row = 0; row < table.rows; ++row) sum += table.at(row, column);
  for (std::size_t row = 0; row < table.rows; ++row)
    squares += std::pow(table.at(row, column) - sum / static_cast<double>(table.rows), 2);
  return squares / static_cast<double>(table.rows);
}

/// log P(x | class) of one number, by the textbook.
double log_chance(const Table& table, NaiveBayesKind kind, std::size_t k, std::size_t column, double value) {
  if (kind == NaiveBayesKind::gaussian) {
    double largest = 0;
    for (std::size_t c = 0; c < table.columns; ++c) largest = std::max(largest, variance_of(table, c));
    const double n = over_class(table, k, [](std::size_t) { return 1; });
    const double mean = over_class(table, k, [&](std::size_t row) { return table.at(row, column); }) / n;
    const double variance =
        over_class(table, k, [&](std::size_t row) { return std::pow(table.at(row, column) - mean, 2); }) / n +
        1e-9 * largest;
    return -0.5 * std::log(2 * std::acos(-1.0) * variance) - (value - mean) * (value - mean) / (2 * variance);
  }
  if (kind == NaiveBayesKind::multinomial) {
    double all = 0;
    for (std::size_t c = 0; c < table.columns; ++c)
      all += over_class(table, k, [&](std::size_t row) { return table.at(row, c); });
    const double own = over_class(table, k, [&](std::size_t row) { return table.at(row, column); });
    return value * std::log((own + 1) / (all + static_cast<double>(table.columns)));
  }
  if (std::isnan(value)) return 0;
  double highest = -1;
  for (std::size_t row = 0; row < table.rows; ++row) highest = std::fmax(highest, table.at(row, column));
  const double own = over_class(table, k, [&](std::size_t row) { return table.at(row, column) == value ? 1 : 0; });
  const double all = over_class(table, k, [&](std::size_t row) { return std::isnan(table.at(row, column)) ? 0 : 1; });
  return std::log((own + 1) / (all + highest + 1));
}

std::vector<double> chances_of(const Table& table, NaiveBayesKind kind, std::size_t row) {
  std::vector<double> logs;
  for (std::size_t k = 0; k < table.classes; ++k) {
    logs.push_back(std::log(over_class(table, k, [](std::size_t) { return 1; }) / static_cast<double>(table.rows)));
    for (std::size_t column = 0; column < table.columns; ++column)
      logs[k] += log_chance(table, kind, k, column, table.at(row, column));
  }
  const double most = *std::max_element(logs.begin(), logs.end());
  double sum = 0;
  for (double& log : logs) sum += log = std::exp(log - most);
  for (double& chance : logs) chance /= sum;
  return logs;
}

/// Pearson's coefficient of pairs.
double correlation_of(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size());
  double mean_a = 0, mean_b = 0, aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    mean_a += a[i] / n;
    mean_b += b[i] / n;
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
    ab += (a[i] - mean_a) * (b[i] - mean_b);
  }
  const auto constant = [](const std::vector<double>& all) {
    return all.empty() || std::all_of(all.begin(), all.end(), [&](double each) { return each == all[0]; });
  };
  return constant(a) || constant(b) ? missing : ab / std::sqrt(aa * bb);
}

std::vector<double> ranks_of(const std::vector<double>& all) {
  std::vector<double> ranks;
  for (const double each : all) {
    const auto less = std::count_if(all.begin(), all.end(), [&](double other) { return other < each; });
    ranks.push_back(static_cast<double>(less) + static_cast<double>(std::count(all.begin(), all.end(), each) + 1) / 2);
  }
  return ranks;
}

std::vector<std::int32_t> codes_of(const Table& table, std::size_t column) {
  std::vector<std::int32_t> codes;
  for (std::size_t row = 0; row < table.rows; ++row)
    codes.push_back(std::isnan(table.at(row, column)) ? -1 : static_cast<std::int32_t>(table.at(row, column)));
  return codes;
}

}  // namespace

TEST_CASE("naive Bayes: a brute force agrees on 10,000 random tables") {
  std::uint64_t judged = 0, wrong = 0;
  for (std::uint64_t seed = 0; seed < tables; ++seed) {
    const auto kind = static_cast<NaiveBayesKind>(seed % 3);
    const Table table = random_table(seed, kind == NaiveBayesKind::categorical);
    bool varied = false;
    for (std::size_t column = 0; column < table.columns; ++column) varied = varied || variance_of(table, column) != 0;
    if (kind == NaiveBayesKind::gaussian && !varied) continue;
    const std::vector<double> found = predict(fit_naive_bayes(table.training(), {.kind = kind}), table.view());
    for (const std::size_t row : {std::size_t{0}, table.rows - 1}) {
      const std::vector<double> expected = chances_of(table, kind, row);
      for (std::size_t k = 0; k < table.classes; ++k, ++judged)
        wrong += std::abs(found[row * table.classes + k] - expected[k]) > 1e-7;
    }
  }
  MESSAGE("chances judged: " << judged);
  CHECK(wrong == 0);
  CHECK(judged > 4 * tables);
}

TEST_CASE("correlation: a brute force agrees on 10,000 random tables") {
  std::uint64_t judged = 0, wrong = 0;
  for (std::uint64_t seed = 0; seed < tables; ++seed) {
    const Table table = random_table(seed, true);
    const bool ranks = seed % 2 == 1;
    const Correlations found =
        correlate(table.view(), {.method = ranks ? CorrelationMethod::spearman : CorrelationMethod::pearson});
    for (std::size_t a = 0; a < table.columns; ++a)
      for (std::size_t b = 0; b < a; ++b, ++judged) {
        std::vector<double> first, second;
        for (std::size_t row = 0; row < table.rows; ++row) {
          if (std::isnan(table.at(row, a)) || std::isnan(table.at(row, b))) continue;
          first.push_back(table.at(row, a));
          second.push_back(table.at(row, b));
        }
        if (ranks) {
          first = ranks_of(first);
          second = ranks_of(second);
        }
        wrong += found.rows[a * table.columns + b] != first.size();
        wrong += !close(found.coefficient(a, b), correlation_of(first, second));
      }
  }
  MESSAGE("pairs judged: " << judged);
  CHECK(wrong == 0);
}

TEST_CASE("mutual information: a brute force agrees on 10,000 random pairs") {
  std::uint64_t judged = 0, wrong = 0;
  for (std::uint64_t seed = 0; seed < tables; ++seed) {
    const Table table = random_table(seed, true);
    const std::vector<std::int32_t> a = codes_of(table, 0), b = codes_of(table, table.columns - 1);
    std::map<std::pair<std::int32_t, std::int32_t>, double> both;
    std::map<std::int32_t, double> first, second;
    double n = 0;
    for (std::size_t row = 0; row < table.rows; ++row) {
      if (a[row] < 0 || b[row] < 0) continue;
      ++both[{a[row], b[row]}];
      ++first[a[row]];
      ++second[b[row]];
      ++n;
    }
    if (n == 0) continue;
    double nats = 0;
    for (const auto& [pair, count] : both)
      nats += count / n * std::log(count * n / (first[pair.first] * second[pair.second]));
    const MutualInformation found = mutual_information(a, b);
    wrong += !close(found.nats, nats) || static_cast<double>(found.rows) != n ||
             found.degrees != (first.size() - 1) * (second.size() - 1);
    ++judged;
  }
  MESSAGE("pairs judged: " << judged);
  CHECK(wrong == 0);
}

TEST_CASE("encoding: a brute force agrees on 10,000 random tables") {
  std::uint64_t judged = 0, wrong = 0;
  for (std::uint64_t seed = 0; seed < tables; ++seed) {
    const Table table = random_table(seed, true);
    std::vector<std::vector<std::int32_t>> codes;
    for (std::size_t column = 0; column < table.columns; ++column) codes.push_back(codes_of(table, column));
    const std::vector<CategoryColumn> columns(codes.begin(), codes.end());
    const std::uint64_t least = 1 + seed % 4;
    const CategoryEncoding encoding =
        fit_encoding(columns, {.missing = MissingCategory::category, .least_rows = least});
    std::vector<double> out(table.rows * encoding.width());
    apply(encoding, columns, out);
    std::size_t place = 0;
    for (const std::vector<std::int32_t>& column : codes) {
      const auto rows_of = [&](std::int32_t code) {
        return static_cast<std::uint64_t>(std::count(column.begin(), column.end(), code));
      };
      const auto expect = [&](auto belongs) {
        for (std::size_t row = 0; row < table.rows; ++row, ++judged)
          wrong += out[row * encoding.width() + place] != (belongs(column[row]) ? 1 : 0);
        ++place;
      };
      bool rare = false;
      for (std::int32_t code = 0; code < 5; ++code) {
        if (rows_of(code) >= least) expect([=](std::int32_t met) { return met == code; });
        rare = rare || (rows_of(code) > 0 && rows_of(code) < least);
      }
      if (rare) expect([&](std::int32_t met) { return met >= 0 && rows_of(met) < least; });
      if (rows_of(-1) > 0) expect([](std::int32_t met) { return met < 0; });
    }
    wrong += place != encoding.width();
  }
  MESSAGE("cells judged: " << judged);
  CHECK(wrong == 0);
}
