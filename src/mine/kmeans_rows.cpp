#include "mine/kmeans_rows.hpp"

#include <cmath>
#include <limits>
#include <mutex>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/kmeans_range.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t chunk_rows = 8'192;
constexpr std::size_t rows_at_once = 64;
constexpr double greatest_number = 1e150;  // its square, and sums of it, stay finite

[[noreturn]] void refuse(std::string message, std::string field, std::string hint,
                         std::optional<std::int64_t> row = std::nullopt) {
  throw Error(Problem{.code = Code::invalid,
                      .message = std::move(message),
                      .field = std::move(field),
                      .row = row,
                      .hint = std::move(hint)});
}

/// Finds what a pass over all rows has seen somewhere, and names it.
[[noreturn]] void refuse_number(const NumberView& x) {
  for (std::size_t row = 0; row < x.rows(); ++row) {
    for (std::size_t column = 0; column < x.columns(); ++column) {
      if (std::abs(x(row, column)) <= greatest_number) continue;
      refuse("a number is NaN, infinite or beyond 1e150", "column " + std::to_string(column),
             "leave the row out, or fill the value in first", static_cast<std::int64_t>(row));
    }
  }
  throw Error(Code::misuse, "the rows changed while they were read");
}

/// The range of one worker's rows.
template <class T>
struct Widening {
  std::vector<T> least, greatest, stain;

  explicit Widening(std::size_t columns)
      : least(columns, std::numeric_limits<T>::infinity()),
        greatest(columns, -std::numeric_limits<T>::infinity()),
        stain(columns) {}

  void take(RowPack<T>& pack, std::size_t first, std::size_t count) {
    const T* rows[rows_at_once];
    for (std::size_t done = 0; done < count; done += rows_at_once) {
      const std::size_t some = std::min(rows_at_once, count - done);
      pack.take(
          some, [&](std::size_t i) { return first + done + i; }, rows);
      widen({least.data(), greatest.data(), stain.data()}, rows, some, least.size());
    }
  }
  bool sound() const {
    for (std::size_t i = 0; i < stain.size(); ++i) {
      if (stain[i] != 0 || std::abs(least[i]) > greatest_number || std::abs(greatest[i]) > greatest_number)
        return false;
    }
    return true;
  }
};

template <class T>
void widen_by(KmeansRange& range, const NumberView& x, const Run& run) {
  std::mutex mutex;
  bool sound = true;
  for_chunks(run, "range", x.rows(), chunk_rows, [&](std::size_t, std::size_t first, std::size_t count) {
    Widening<T> seen(x.columns());
    RowPack<T> pack(x, rows_at_once);
    seen.take(pack, first, count);
    const std::lock_guard lock(mutex);
    sound = sound && seen.sound();
    for (std::size_t i = 0; i < x.columns(); ++i) {
      range.least[i] = std::min<double>(range.least[i], seen.least[i]);
      range.greatest[i] = std::max<double>(range.greatest[i], seen.greatest[i]);
    }
  });
  if (!sound) refuse_number(x);
}

/// How many rows weigh anything.
std::size_t check_weights(const TrainingRows& rows, KmeansRange& range) {
  if (rows.weights.empty()) {
    range.greatest_weight = std::max(range.greatest_weight, rows.x.rows() > 0 ? 1.0 : 0.0);
    return rows.x.rows();
  }
  std::size_t weighing = 0;
  for (std::size_t row = 0; row < rows.weights.size(); ++row) {
    const double weight = rows.weights[row];
    if (!(weight >= 0 && weight <= greatest_number)) {
      refuse("a weight is negative, NaN or infinite", "weights", "give every row a weight of 0 or more",
             static_cast<std::int64_t>(row));
    }
    weighing += weight > 0 ? 1 : 0;
    range.weighted = range.weighted || (weight != 0 && weight != 1);
    range.greatest_weight = std::max(range.greatest_weight, weight);
  }
  return weighing;
}

KmeansRange empty_range(std::size_t columns) {
  return {std::vector<double>(columns, std::numeric_limits<double>::infinity()),
          std::vector<double>(columns, -std::numeric_limits<double>::infinity())};
}

/// Widens a range by a batch; returns how many of its rows weigh anything.
std::size_t widen_by(KmeansRange& range, const TrainingRows& batch, const Run& run) {
  check_shape(batch, range.least.size());
  const std::size_t weighing = check_weights(batch, range);
  with_type(batch.x, [&]<class T>() { widen_by<T>(range, batch.x, run); });
  range.rows += batch.x.rows();
  return weighing;
}

}  // namespace

void check_shape(const TrainingRows& rows, std::size_t columns) {
  if (rows.x.columns() != columns || columns == 0) {
    refuse(
        "rows of " + std::to_string(rows.x.columns()) + " columns, where " + std::to_string(columns) + " are expected",
        "x", "every batch has the same columns, at least one");
  }
  if (!rows.weights.empty() && rows.weights.size() != rows.x.rows()) {
    refuse("weights for another number of rows", "weights", "give a weight for each row, or none");
  }
  if (!rows.ids.empty() && rows.ids.size() != rows.x.rows()) {
    refuse("ids for another number of rows", "ids", "give an id for each row, or none");
  }
}

void check_numbers(const NumberView& x, const Run& run) {
  KmeansRange range = empty_range(x.columns());
  with_type(x, [&]<class T>() { widen_by<T>(range, x, run); });
}

KmeansRange range_of(const TrainingRows& batch, const Run& run) {
  const LongCall call(run.progress);
  KmeansRange range = empty_range(batch.x.columns());
  widen_by(range, batch, run);
  return range;
}

void merge(KmeansRange& into, const KmeansRange& other) {
  if (into.least.empty()) into = empty_range(other.least.size());
  if (other.least.empty()) return;
  if (into.least.size() != other.least.size()) refuse("ranges of other columns", "range", "merge parts of one table");
  for (std::size_t i = 0; i < into.least.size(); ++i) {
    into.least[i] = std::min(into.least[i], other.least[i]);
    into.greatest[i] = std::max(into.greatest[i], other.greatest[i]);
  }
  into.greatest_weight = std::max(into.greatest_weight, other.greatest_weight);
  into.weighted = into.weighted || other.weighted;
  into.rows += other.rows;
}

KmeansRows::KmeansRows(const RowBatches& batches, const Run& run, Weightless weightless)
    : batches_(batches), run_(run), range_(empty_range(batches.columns)) {
  batches_.rewind();
  TrainingRows batch;
  for (; batches_.next(batch); batch = {}) {
    weighing_ += widen_by(range_, batch, run);
    single_ = single_ || batch.x.type() == NumberView::Type::float32;
  }
  if (range_.rows == 0) refuse("there are no rows", "x", "give at least as many rows as clusters");
  if (weighing_ == 0 && weightless == Weightless::refused)
    refuse("all weights are 0", "weights", "give at least one row a weight");
}

void KmeansRows::for_batches(const std::function<void(const KmeansBatch&)>& work) const {
  batches_.rewind();
  KmeansBatch batch;
  for (; batches_.next(batch.rows); batch.rows = {}) {
    check_shape(batch.rows, columns());
    if (batch.base + batch.rows.x.rows() > count()) break;
    work(batch);
    batch.base += batch.rows.x.rows();
  }
  if (batch.base != count()) {
    throw Error(Code::misuse, "the batches gave another number of rows than before",
                "every pass must give the same rows in the same order");
  }
}

void KmeansRows::for_all(
    std::string_view stage, std::size_t chunk,
    const std::function<void(std::size_t, const KmeansBatch&, std::size_t, std::size_t)>& work) const {
  for_batches([&](const KmeansBatch& batch) {
    for_chunks(run_, stage, batch.rows.x.rows(), chunk,
               [&](std::size_t worker, std::size_t first, std::size_t count) { work(worker, batch, first, count); });
  });
}

}  // namespace emptor::mine
