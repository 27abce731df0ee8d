#include "emptor/mine/bins.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/bin_codes.hpp"
#include "mine/column_cuts.hpp"
#include "mine/shares.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t most_together = 32;  // columns that are cut together, so that their tables fit the cache
constexpr std::size_t rows_at_once = 1024;

[[noreturn]] void refuse(std::string message, std::string field, std::string hint = {}) {
  throw Error(Problem{
      .code = Code::invalid, .message = std::move(message), .field = std::move(field), .hint = std::move(hint)});
}

std::size_t most_bins(const BinOptions& options, bool categorical) {
  return categorical && options.names > 0 ? options.names : options.bins;
}

/// One column of a stretch of rows without missing values and rows that weigh nothing.
class ColumnBuffer {
 public:
  ColumnBuffer() : values_(rows_at_once) {}
  std::span<const double> read(NumberView x, std::span<const double> weights, std::size_t column, std::size_t begin,
                               std::size_t end, std::size_t step = 1) {
    std::size_t size = 0;
    x.visit(column, [&](auto numbers) {
      for (std::size_t row = begin; row < end; row += step) {
        const double value = numbers[row];
        values_[size] = value;
        size += value == value && (weights.empty() || weights[row] > 0);
      }
    });
    return {values_.data(), size};
  }

 private:
  std::vector<double> values_;
};

/// Gives the columns' values to work(cuts, values), stretch by stretch of rows, so that rows are read once.
template <class Work>
void walk(NumberView x, std::span<const double> weights, std::span<ColumnCuts> columns, std::size_t first,
          ColumnBuffer& buffer, Work work) {
  for (std::size_t begin = 0; begin < x.rows(); begin += rows_at_once) {
    beat("cut", begin, x.rows());
    const std::size_t end = std::min(x.rows(), begin + rows_at_once);
    for (std::size_t c = 0; c < columns.size(); ++c)
      work(columns[c], [&] { return buffer.read(x, weights, first + c, begin, end); });
  }
}

/// Rows over the whole table, as many as the buffer holds: mostly they show that a column has many values.
void look(NumberView x, std::span<const double> weights, ColumnCuts& cuts, std::size_t column, ColumnBuffer& buffer) {
  if (cuts.categorical()) return;
  const std::size_t step = (x.rows() + rows_at_once - 1) / rows_at_once;
  cuts.sample(buffer.read(x, weights, column, 0, x.rows(), step));
}

void cut_columns(NumberView x, std::span<const double> weights, std::span<ColumnCuts> columns, std::size_t first) {
  ColumnBuffer buffer;
  for (std::size_t c = 0; c < columns.size(); ++c) look(x, weights, columns[c], first + c, buffer);
  walk(x, weights, columns, first, buffer, [](ColumnCuts& cuts, auto read) {
    if (cuts.few()) cuts.sample(read());
  });
  for (ColumnCuts& cuts : columns) cuts.ready();
  walk(x, weights, columns, first, buffer, [](ColumnCuts& cuts, auto read) {
    if (!cuts.few()) cuts.count(read());
  });
  for (ColumnCuts& cuts : columns) cuts.ready();
  walk(x, weights, columns, first, buffer, [](ColumnCuts& cuts, auto read) {
    if (!cuts.few()) cuts.collect(read());
  });
}

/// The codes of rows begin ... end - 1, by column and by row.
void encode(NumberView x, const std::vector<BinCoder>& coders, std::size_t begin, std::size_t end, BinnedRows& out) {
  const std::size_t features = coders.size();
  for (std::size_t f = 0; f < features; ++f) {
    std::uint8_t* by_column = out.by_column.data() + f * out.rows;
    const std::size_t block = f / BinnedRows::block_width * BinnedRows::block_width;
    const std::size_t width = std::min(BinnedRows::block_width, features - block);
    std::uint8_t* by_row = out.by_row.data() + block * out.rows + (f - block);
    const BinCoder& coder = coders[f];
    x.visit(f, [&](auto column) {
      for (std::size_t row = begin; row < end; ++row) by_column[row] = coder.code(column[row]);
    });
    for (std::size_t row = begin; row < end; ++row) by_row[row * width] = by_column[row];
  }
}

std::vector<BinCoder> coders_of(const std::vector<FeatureBins>& features) {
  std::vector<BinCoder> coders;
  for (const FeatureBins& bins : features) coders.emplace_back(bins);
  return coders;
}

void prepare(BinnedRows& out, std::vector<FeatureBins> features, std::size_t rows) {
  out.features = std::move(features);
  out.rows = rows;
  out.by_column.resize(out.features.size() * rows);
  out.by_row.resize(out.features.size() * rows);
}

}  // namespace

std::vector<FeatureBins> find_bins(NumberView x, std::span<const double> weights, const BinOptions& options,
                                   const Run& run) {
  const LongCall call(run.progress);
  const std::vector<char> categorical = checked_columns(options, x.columns());
  if (!weights.empty() && weights.size() != x.rows()) refuse("a weight a row is needed", "weights");
  std::vector<ColumnCuts> columns;
  for (std::size_t c = 0; c < x.columns(); ++c)
    columns.emplace_back(most_bins(options, categorical[c] != 0), categorical[c] != 0, c);
  const std::size_t together = std::min(most_together, (x.columns() + workers_of(run) - 1) / workers_of(run));
  run_shares(run, (x.columns() + together - 1) / together, "cut", [&](std::size_t group) {
    const std::size_t first = group * together;
    cut_columns(x, weights, std::span(columns).subspan(first, std::min(together, x.columns() - first)), first);
  });
  std::vector<FeatureBins> out;
  for (ColumnCuts& cuts : columns) out.push_back(cuts.finish());
  return out;
}

BinnedRows bin_rows(NumberView x, std::vector<FeatureBins> features, const Run& run) {
  const LongCall call(run.progress);
  if (features.size() != x.columns()) refuse("the bins are of another number of columns", "x");
  BinnedRows out;
  prepare(out, std::move(features), x.rows());
  const std::vector<BinCoder> coders = coders_of(out.features);
  run_shares(run, (x.rows() + rows_at_once - 1) / rows_at_once, "encode", [&](std::size_t block) {
    encode(x, coders, block * rows_at_once, std::min(x.rows(), (block + 1) * rows_at_once), out);
  });
  return out;
}

namespace {

/// The passes over a table that comes in batches.
class BatchReader {
 public:
  BatchReader(const RowBatches& batches, const BinOptions& options) : batches_(batches), options_(options) {}

  BinnedTable read() {
    pass([](ColumnCuts& cuts, std::span<const double> values) { cuts.sample(values); });
    if (rows_ == 0) refuse("there are no rows", "x");
    pass([](ColumnCuts& cuts, std::span<const double> values) { cuts.count(values); });
    pass([](ColumnCuts& cuts, std::span<const double> values) { cuts.collect(values); });
    std::vector<FeatureBins> features;
    for (ColumnCuts& cuts : columns_) features.push_back(cuts.finish());
    return encoded(std::move(features));
  }

 private:
  template <class Take>
  void each_batch(const Take& take) const {
    batches_.rewind();
    for (TrainingRows batch; batches_.next(batch);) take(batch);
  }

  template <class Work>
  void pass(Work work) {
    rows_ = 0;
    each_batch([&](const TrainingRows& batch) {
      open(batch);
      walk(batch.x, batch.weights, columns_, 0, buffer_, [&](ColumnCuts& cuts, auto read) { work(cuts, read()); });
      rows_ += batch.x.rows();
    });
    for (ColumnCuts& cuts : columns_) cuts.ready();
  }

  void open(const TrainingRows& batch) {
    if (columns_.empty()) {
      const std::vector<char> categorical = checked_columns(options_, batch.x.columns());
      for (std::size_t c = 0; c < batch.x.columns(); ++c)
        columns_.emplace_back(most_bins(options_, categorical[c] != 0), categorical[c] != 0, c);
    }
    if (batch.x.columns() != columns_.size()) refuse("the batches differ in their columns", "x");
    if (batch.y.size() != batch.x.rows()) refuse("a target a row is needed", "y");
  }

  BinnedTable encoded(std::vector<FeatureBins> features) {
    BinnedTable out;
    prepare(out.rows, std::move(features), rows_);
    const std::vector<BinCoder> coders = coders_of(out.rows.features);
    std::size_t done = 0;
    each_batch([&](const TrainingRows& batch) {
      if (done + batch.x.rows() > rows_) refuse("the batches have more rows than before", "x");
      append(out, batch, coders, done);
      done += batch.x.rows();
      beat("encode", done, rows_);
    });
    if (done != rows_) refuse("the batches have fewer rows than before", "x");
    if (!out.weights.empty() && out.weights.size() != rows_) refuse("all batches have weights or none", "weights");
    if (!out.ids.empty() && out.ids.size() != rows_) refuse("all batches have ids or none", "ids");
    return out;
  }

  /// Encodes beside, then lays the rows where they belong.
  static void append(BinnedTable& out, const TrainingRows& batch, const std::vector<BinCoder>& coders, std::size_t at) {
    const std::size_t features = coders.size();
    for (std::size_t f = 0; f < features; ++f) {
      std::uint8_t* to = out.rows.by_column.data() + f * out.rows.rows + at;
      const std::size_t block = f / BinnedRows::block_width * BinnedRows::block_width;
      const std::size_t width = std::min(BinnedRows::block_width, features - block);
      std::uint8_t* by_row = out.rows.by_row.data() + block * out.rows.rows + at * width + (f - block);
      for (std::size_t row = 0; row < batch.x.rows(); ++row) {
        to[row] = coders[f].code(batch.x(row, f));
        by_row[row * width] = to[row];
      }
    }
    out.y.insert(out.y.end(), batch.y.begin(), batch.y.end());
    out.weights.insert(out.weights.end(), batch.weights.begin(), batch.weights.end());
    out.ids.insert(out.ids.end(), batch.ids.begin(), batch.ids.end());
  }

  const RowBatches& batches_;
  const BinOptions& options_;
  std::vector<ColumnCuts> columns_;
  ColumnBuffer buffer_;
  std::size_t rows_ = 0;
};

}  // namespace

BinnedTable bin_batches(const RowBatches& batches, const BinOptions& options, const Run& run) {
  const LongCall call(run.progress);
  return BatchReader(batches, options).read();
}

}  // namespace emptor::mine
