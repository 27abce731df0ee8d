#include "emptor/mine/correlation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/exact_sum.hpp"
#include "mine/distributions.hpp"
#include "mine/fixed_point.hpp"
#include "mine/mid_ranks.hpp"
#include "mine/row_blocks.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
using Column = std::vector<double>;

Column column_at(const NumberView& x, std::size_t c, bool nan_allowed) {
  Column values(x.rows());
  for (std::size_t r = 0; r < x.rows(); ++r) {
    values[r] = x(r, c);
    if (std::isinf(values[r]) || (values[r] != values[r] && !nan_allowed)) refuse_number(x);
  }
  return values;
}

bool whole(const Column& values) {
  return std::none_of(values.begin(), values.end(), [](double value) { return value != value; });
}

/// The values less their mean, divided by the largest that remains: products are at most 1. Empty for a constant.
Column centred(const Column& values) {
  DoubleSum sum;
  for (const double value : values) sum.add(value);
  const double mean = sum.value() / static_cast<double>(values.size());
  Column result(values.size());
  double most = 0;
  const bool constant =
      std::all_of(values.begin(), values.end(), [&](double value) { return value == values.front(); });
  if (constant) return {};
  for (std::size_t r = 0; r < values.size(); ++r) {
    // Halved, so that the distance of the largest and the smallest double is one too.
    result[r] = values[r] / 2 - mean / 2;
    most = std::max(most, std::abs(result[r]));
  }
  if (!(most > 0)) return {};
  for (double& value : result) value /= most;
  return result;
}

double product_sum(const Column& a, const Column& b) {
  const FixedScale scale = FixedScale::of(1, a.size());
  std::int64_t sum = 0;
  for (std::size_t r = 0; r < a.size(); ++r) sum += scale.round(a[r] * b[r]);
  return scale.value(sum);
}

struct Result {
  double coefficient = nothing, p_value = 1;
};

Result judged(double products, double squares_a, double squares_b, std::size_t rows) {
  Result result;
  result.coefficient = std::clamp(products / (std::sqrt(squares_a) * std::sqrt(squares_b)), -1.0, 1.0);
  if (rows < 3) return result;
  const double r = result.coefficient, degrees = static_cast<double>(rows - 2);
  const double rest = (1 - r) * (1 + r);
  result.p_value = rest > 0 ? student_two_sided(r * std::sqrt(degrees / rest), degrees) : 0;
  return result;
}

/// Of the rows that have both; each pair on its own.
Result correlate_pair(const Column& a, const Column& b, bool ranks, std::uint64_t& rows) {
  Column left, right;
  for (std::size_t r = 0; r < a.size(); ++r) {
    if (a[r] != a[r] || b[r] != b[r]) continue;
    left.push_back(a[r]);
    right.push_back(b[r]);
  }
  rows = left.size();
  if (left.size() < 2) return {};
  const Column x = centred(ranks ? mid_ranks(left) : left), y = centred(ranks ? mid_ranks(right) : right);
  if (x.empty() || y.empty()) return {};
  return judged(product_sum(x, y), product_sum(x, x), product_sum(y, y), rows);
}

/// Rows of the square in parallel: columns that are whole are centred once.
class Square {
 public:
  Square(const NumberView& x, const CorrelationOptions& options) : options_(options) {
    for (std::size_t c = 0; c < x.columns(); ++c) {
      beat("correlation", c, 2 * x.columns());
      columns_.push_back(column_at(x, c, options.pairwise));
      whole_.push_back(whole(columns_.back()) ? 1 : 0);
      if (whole_.back()) {
        centred_.push_back(centred(ranked() ? mid_ranks(columns_.back()) : columns_.back()));
      } else {
        centred_.emplace_back();
      }
      squares_.push_back(centred_.back().empty() ? 0 : product_sum(centred_.back(), centred_.back()));
    }
  }

  Result pair(std::size_t a, std::size_t b, std::uint64_t& rows) const {
    if (!whole_[a] || !whole_[b]) return correlate_pair(columns_[a], columns_[b], ranked(), rows);
    rows = columns_[a].size();
    if (rows < 2 || centred_[a].empty() || centred_[b].empty()) return {};
    return judged(product_sum(centred_[a], centred_[b]), squares_[a], squares_[b], rows);
  }

 private:
  bool ranked() const { return options_.method == CorrelationMethod::spearman; }
  CorrelationOptions options_;
  std::vector<Column> columns_, centred_;
  std::vector<std::uint8_t> whole_;
  std::vector<double> squares_;
};

double entropy(const std::vector<double>& counts, double total) {
  double sum = 0;
  for (const double count : counts) {
    if (count > 0) sum -= count / total * elementary::log(count / total);
  }
  return sum;
}

/// Ranks of codes among those that occur.
std::map<std::int32_t, std::size_t> places_of(std::span<const std::int32_t> codes,
                                              std::span<const std::int32_t> others) {
  std::map<std::int32_t, std::size_t> places;
  for (std::size_t r = 0; r < codes.size(); ++r) {
    if (codes[r] >= 0 && others[r] >= 0) places[codes[r]] = 0;
  }
  std::size_t next = 0;
  for (auto& [code, place] : places) place = next++;
  return places;
}

}  // namespace

Correlations correlate(const NumberView& x, const CorrelationOptions& options, const Run& run) {
  if (x.rows() == 0 || x.columns() == 0) refuse_input("there are no rows or no columns", "x");
  const LongCall call(run.progress);
  const Square square(x, options);
  const std::size_t columns = x.columns();
  Correlations result;
  result.columns = columns;
  result.coefficients.assign(columns * columns, nothing);
  result.p_values.assign(columns * columns, 1.0);
  result.rows.assign(columns * columns, 0);
  in_blocks(columns * columns, 1, run, "correlation", [&](std::size_t i, std::size_t) {
    const std::size_t a = i / columns, b = i % columns;
    if (b > a) return;
    const Result found = square.pair(a, b, result.rows[i]);
    result.coefficients[i] = a == b && found.coefficient == found.coefficient ? 1 : found.coefficient;
    result.p_values[i] = a == b && found.coefficient == found.coefficient ? 0 : found.p_value;
  });
  for (std::size_t a = 0; a < columns; ++a) {
    for (std::size_t b = a + 1; b < columns; ++b) {
      result.coefficients[a * columns + b] = result.coefficients[b * columns + a];
      result.p_values[a * columns + b] = result.p_values[b * columns + a];
      result.rows[a * columns + b] = result.rows[b * columns + a];
    }
  }
  return result;
}

CorrelationInterval correlation_interval(CorrelationMethod method, double coefficient, std::uint64_t rows,
                                         double level) {
  if (!(level > 0 && level < 1)) refuse_input("a level lies between 0 and 1", "level");
  CorrelationInterval out;
  if (rows < 4 || !(std::abs(coefficient) <= 1)) return out;
  if (std::abs(coefficient) == 1) return {coefficient, coefficient};
  const double variance = (method == CorrelationMethod::spearman ? 1.06 : 1.0) / static_cast<double>(rows - 3);
  const double z = elementary::log((1 + coefficient) / (1 - coefficient)) / 2;
  const double apart = normal_bound(level) * std::sqrt(variance);
  const auto back = [](double at) {
    const double grown = elementary::exp(-2 * std::abs(at)), size = (1 - grown) / (1 + grown);
    return at < 0 ? -size : size;
  };
  return {back(z - apart), back(z + apart)};
}

MutualInformation mutual_information(std::span<const std::int32_t> a, std::span<const std::int32_t> b, const Run& run) {
  if (a.size() != b.size()) refuse_input("both columns must have as many rows", "b");
  const LongCall call(run.progress);
  beat("mutual information");
  const auto rows_of = places_of(a, b), columns_of = places_of(b, a);
  if (rows_of.empty()) refuse_input("no row has both codes", "a");
  if (rows_of.size() > (std::size_t{1} << 24) / columns_of.size()) {
    throw Error(Code::budget, "the table of both codes has more than 2^24 cells", "call seldom categories one");
  }
  std::vector<std::uint64_t> table(rows_of.size() * columns_of.size());
  std::vector<double> left(rows_of.size()), right(columns_of.size());
  MutualInformation result;
  for (std::size_t r = 0; r < a.size(); ++r) {
    if (a[r] < 0 || b[r] < 0) continue;
    const std::size_t i = rows_of.at(a[r]), j = columns_of.at(b[r]);
    ++table[i * columns_of.size() + j];
    ++left[i];
    ++right[j];
    ++result.rows;
  }
  const auto total = static_cast<double>(result.rows);
  DoubleSum nats, chi_square;
  for (std::size_t i = 0; i < left.size(); ++i) {
    for (std::size_t j = 0; j < right.size(); ++j) {
      const auto found = static_cast<double>(table[i * right.size() + j]);
      const double expected = left[i] * right[j] / total;
      chi_square.add((found - expected) * (found - expected) / expected);
      if (found > 0) nats.add(found / total * elementary::log(found / expected));
    }
  }
  result.nats = std::max(nats.value(), 0.0);
  const double mean = (entropy(left, total) + entropy(right, total)) / 2;
  result.normalised = mean > 0 ? std::min(result.nats / mean, 1.0) : 0;
  result.g = 2 * total * result.nats;
  result.chi_square = chi_square.value();
  result.degrees = (left.size() - 1) * (right.size() - 1);
  if (result.degrees == 0) return result;
  const auto degrees = static_cast<double>(result.degrees);
  result.p_value = chi_square_above(result.g, degrees);
  result.p_value_chi_square = chi_square_above(result.chi_square, degrees);
  const auto least = static_cast<double>(std::min(left.size(), right.size()) - 1);
  result.cramers_v = std::min(std::sqrt(result.chi_square / (total * least)), 1.0);
  return result;
}

std::vector<std::int32_t> equal_bins(std::span<const double> numbers, std::size_t bins) {
  if (bins < 2 || bins > 1'000) refuse_input("2 to 1,000 bins are possible", "bins");
  std::vector<std::size_t> order;
  for (std::size_t r = 0; r < numbers.size(); ++r) {
    if (numbers[r] == numbers[r]) order.push_back(r);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return numbers[a] < numbers[b]; });
  std::vector<std::int32_t> codes(numbers.size(), -1);
  std::int32_t code = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool tied = i > 0 && numbers[order[i]] == numbers[order[i - 1]];
    if (!tied) code = static_cast<std::int32_t>(i * bins / order.size());
    codes[order[i]] = code;
  }
  return codes;
}

}  // namespace emptor::mine
