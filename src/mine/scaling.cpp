#include "emptor/mine/scaling.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/exact_sum.hpp"
#include "mine/model_frame.hpp"
#include "mine/row_chunks.hpp"

namespace emptor::mine {
namespace {

[[noreturn]] void refuse(std::string message, std::string field, std::string hint) {
  throw Error(Problem{
      .code = Code::invalid, .message = std::move(message), .field = std::move(field), .hint = std::move(hint)});
}

std::string name_of_column(std::size_t column) { return "column " + std::to_string(column); }

/// The numbers of a column without its missing ones.
std::vector<double> numbers_of(const NumberView& x, std::size_t column) {
  std::vector<double> out;
  out.reserve(x.rows());
  bool infinite = false;
  x.visit(column, [&](const auto& values) {
    for (std::size_t row = 0; row < x.rows(); ++row) {
      const double value = values[row];
      if (std::isnan(value)) continue;
      infinite = infinite || std::isinf(value);
      out.push_back(value);
    }
  });
  if (infinite) refuse("an infinite number", name_of_column(column), "leave the row out, or bound the value");
  if (out.empty()) refuse("no number at all", name_of_column(column), "leave the column out");
  return out;
}

struct Middle {
  double centre = 0, spread = 1;
};

/// Mean and sample standard deviation from exact sums, the squares about the rounded mean (what that lost is taken
/// off again: Chan, Golub and LeVeque, 1983).
Middle zscore(const std::vector<double>& values, std::size_t column) {
  if (values.size() < 2)
    refuse("one number has no standard deviation", name_of_column(column), "give two rows or more");
  const auto count = static_cast<double>(values.size());
  DoubleSum sum;
  for (const double value : values) sum.add(value);
  const double mean = sum.value() / count;
  DoubleSum squares, rest;
  for (const double value : values) {
    const double away = value - mean;
    squares.add(away * away);
    rest.add(away);
  }
  const double lost = rest.value();
  const double variance = (squares.value() - lost * lost / count) / (count - 1);
  return {mean, std::sqrt(std::max(variance, 0.0))};
}

Middle min_max(const std::vector<double>& values) {
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  return {*least, *greatest - *least};
}

/// The type-7 quantile at `share` of 0 to 1.
double quantile(std::vector<double>& values, double share) {
  const double place = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin(), at, values.end());
  const double low = *at;
  if (below + 1 == values.size()) return low;
  const double high = *std::min_element(at + 1, values.end());
  return low + (high - low) * (place - static_cast<double>(below));
}

Middle robust(std::vector<double>& values) {
  const double first = quantile(values, 0.25), third = quantile(values, 0.75);
  return {quantile(values, 0.5), third - first};
}

Middle middle_of(const NumberView& x, std::size_t column, ScalingMethod method) {
  std::vector<double> values = numbers_of(x, column);
  switch (method) {
    case ScalingMethod::none:
      return {};
    case ScalingMethod::zscore:
      return zscore(values, column);
    case ScalingMethod::min_max:
      return min_max(values);
    case ScalingMethod::robust:
      return robust(values);
  }
  throw Error(Code::misuse, "not a way of scaling");
}

/// Calls change(column, value) for every number and writes what it returns.
template <class Change>
void rewrite(const Scaling& scaling, const NumberView& x, std::span<double> out, const Run& run, Change&& change) {
  const LongCall call(run.progress);
  const std::size_t columns = scaling.centre.size();
  if (x.columns() != columns || scaling.spread.size() != columns) {
    refuse("rows of another number of columns", "x", "give the columns that the scaling was learnt from");
  }
  if (out.size() != x.rows() * columns) throw Error(Code::misuse, "the place for the result is of another size");
  constexpr std::size_t chunk = 4'096;
  for_chunks(run, "scaling", x.rows(), chunk, [&](std::size_t, std::size_t first, std::size_t count) {
    for (std::size_t column = 0; column < columns; ++column) {
      x.visit(column, [&](const auto& values) {
        for (std::size_t row = first; row < first + count; ++row) {
          out[row * columns + column] = change(column, static_cast<double>(values[row]));
        }
      });
    }
  });
}

}  // namespace

Scaling fit_scaling(const NumberView& x, const ScalingOptions& options, const Run& run) {
  const LongCall call(run.progress);
  if (x.rows() == 0 || x.columns() == 0) refuse("there are no rows or columns", "x", "give at least one of each");
  Scaling scaling{options, std::vector<double>(x.columns()), std::vector<double>(x.columns(), 1.0)};
  for_chunks(run, "scaling", x.columns(), 1, [&](std::size_t, std::size_t column, std::size_t) {
    const Middle middle = middle_of(x, column, options.method);
    scaling.centre[column] = middle.centre;
    if (!std::isfinite(middle.spread))
      refuse("numbers too great to be scaled", name_of_column(column), "bound the values");
    if (middle.spread > 0) {
      scaling.spread[column] = middle.spread;
    } else if (options.constant == ConstantColumn::refuse) {
      refuse("a constant column", name_of_column(column), "leave it out, or let constant columns be kept");
    }
  });
  return scaling;
}

void apply(const Scaling& scaling, const NumberView& x, std::span<double> out, const Run& run) {
  rewrite(scaling, x, out, run,
          [&](std::size_t column, double value) { return (value - scaling.centre[column]) / scaling.spread[column]; });
}

void undo(const Scaling& scaling, const NumberView& x, std::span<double> out, const Run& run) {
  rewrite(scaling, x, out, run,
          [&](std::size_t column, double value) { return value * scaling.spread[column] + scaling.centre[column]; });
}

// ---- bytes -------------------------------------------------------------------------------------------------------

namespace {

constexpr std::string_view algorithm = "scaling";

[[noreturn]] void damaged() { throw Error(Code::corrupt, "the bytes are no scaling", "save it again"); }

}  // namespace

std::string save(const Scaling& scaling) {
  std::string payload;
  append_varint(payload, static_cast<std::uint64_t>(scaling.options.method));
  append_varint(payload, static_cast<std::uint64_t>(scaling.options.constant));
  append_varint(payload, scaling.centre.size());
  for (const double value : scaling.centre) append_double(payload, value);
  for (const double value : scaling.spread) append_double(payload, value);
  static constexpr std::string_view methods[] = {"none", "zscore", "min_max", "robust"};
  const bool keeps = scaling.options.constant == ConstantColumn::keep;
  std::string options = "{\"method\":\"";
  options.append(methods[static_cast<std::size_t>(scaling.options.method)]);
  options.append(keeps ? "\",\"constant\":\"keep\"}" : "\",\"constant\":\"refuse\"}");
  return to_bytes({std::string(algorithm), 1, options, scaling.data_version, payload});
}

Scaling load_scaling(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, 1);
  ByteReader reader(frame.payload);
  Scaling scaling;
  scaling.data_version = frame.data_version;
  const std::uint64_t method = reader.varint(), constant = reader.varint();
  if (method > static_cast<std::uint64_t>(ScalingMethod::robust) || constant > 1) damaged();
  scaling.options = {static_cast<ScalingMethod>(method), static_cast<ConstantColumn>(constant)};
  const std::uint64_t columns = reader.varint();
  if (columns > reader.left() / (2 * sizeof(double))) damaged();
  for (std::uint64_t i = 0; i < columns; ++i) scaling.centre.push_back(read_double(reader));
  for (std::uint64_t i = 0; i < columns; ++i) scaling.spread.push_back(read_double(reader));
  if (!reader.done()) damaged();
  return scaling;
}

}  // namespace emptor::mine
