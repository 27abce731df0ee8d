#include "emptor/mine/kmeans_stream.hpp"

#include <algorithm>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/kmeans_rounds.hpp"
#include "mine/kmeans_exact.hpp"
#include "mine/kmeans_rows.hpp"

namespace emptor::mine {
namespace {

[[noreturn]] void refuse(std::string message, std::string field, std::string hint) {
  throw Error(Problem{
      .code = Code::invalid, .message = std::move(message), .field = std::move(field), .hint = std::move(hint)});
}

void check(const KmeansStreamOptions& options) {
  if (options.k == 0) refuse("k must be at least 1", "k", "ask for 1 cluster or more");
  if (!(options.memory > 0 && options.memory <= 1))
    refuse("a memory is above 0 and at most 1", "memory", "1 forgets nothing");
  if (options.start == KmeansStart::given)
    refuse("a stream has no given starts", "start", "begin with a model instead");
}

NumberView view_of(const std::vector<double>& values, std::size_t columns) {
  return {values.data(), values.size() / columns, columns, columns, 1};
}

}  // namespace

KmeansStream::KmeansStream(KmeansStreamOptions options) : options_(std::move(options)) {
  check(options_);
  options_.first_rows = std::max(options_.first_rows == 0 ? 10 * options_.k : options_.first_rows, options_.k);
}

KmeansStream::KmeansStream(const KmeansModel& model, KmeansStreamOptions options) : KmeansStream(std::move(options)) {
  if (model.k() != options_.k || model.columns == 0) {
    refuse("a model of another number of clusters", "model", "ask for as many clusters as the model has");
  }
  columns_ = model.columns;
  centres_ = model.centres;
  weights_.assign(model.sizes.begin(), model.sizes.end());
  sizes_ = model.sizes;
  inertia_ = model.inertia;
}

void KmeansStream::add(const TrainingRows& batch, const Run& run) {
  if (batch.x.rows() == 0) return;
  const LongCall call(run.progress);
  if (started()) return take(batch, run);
  check_shape(batch, columns_ == 0 ? batch.x.columns() : columns_);
  range_of(batch, run);  // throws before anything is kept
  columns_ = batch.x.columns();
  for (std::size_t row = 0; row < batch.x.rows(); ++row) {
    for (std::size_t column = 0; column < columns_; ++column) waiting_.push_back(batch.x(row, column));
    waiting_weights_.push_back(batch.weight(row));
  }
  if (waiting_weights_.size() >= options_.first_rows) begin(run);
}

/// The first rows are clustered as a whole and then taken in as the first batch.
void KmeansStream::begin(const Run& run) {
  const std::size_t weighing = waiting_weights_.size() - static_cast<std::size_t>(std::count(
                                                             waiting_weights_.begin(), waiting_weights_.end(), 0.0));
  if (weighing < options_.k) return;
  const TrainingRows first{.x = view_of(waiting_, columns_), .weights = waiting_weights_};
  const KmeansFit fit = fit_kmeans(first, {.k = options_.k, .seed = options_.seed, .start = options_.start}, run);
  centres_ = fit.model.centres;
  weights_.assign(options_.k, 0.0);
  sizes_.assign(options_.k, 0);
  try {
    take(first, run);
  } catch (...) {
    weights_.clear();  // stopped half way: it has not begun
    throw;
  }
  waiting_ = {};
  waiting_weights_ = {};
}

void KmeansStream::take(const TrainingRows& batch, const Run& run) {
  check_shape(batch, columns_);
  const KmeansPlan plan(view_of(centres_, columns_), range_of(batch, run));
  const KmeansSums sums = partial_kmeans(batch, plan, run);
  const SumScale scale(plan.range(), plan.centres());
  for (std::size_t cluster = 0; cluster < options_.k; ++cluster) {
    weights_[cluster] *= options_.memory;
    sizes_[cluster] += sums.sizes[cluster];
    if (sums.weights[cluster] == 0) continue;
    const double more = weight_of(scale, sums.weights[cluster]);
    weights_[cluster] += more;
    const double share = more / weights_[cluster];
    for (std::size_t column = 0; column < columns_; ++column) {
      const std::size_t at = cluster * columns_ + column;
      const double mean = mean_of(scale, column, sums.values[at], sums.weights[cluster]);
      centres_[at] += (mean - centres_[at]) * share;
    }
  }
  inertia_ += inertia_of(plan, sums);
  ++batches_;
}

KmeansModel KmeansStream::model() const {
  if (!started()) {
    refuse("the stream has not begun: " + std::to_string(waiting_weights_.size()) + " rows of " +
               std::to_string(options_.first_rows),
           "rows", "add more rows, or ask for fewer first rows");
  }
  KmeansModel model;
  model.columns = columns_;
  model.centres = centres_;
  model.sizes = sizes_;
  model.inertia = inertia_;
  model.updates = batches_;
  model.options = {.k = options_.k, .seed = options_.seed, .start = options_.start};
  return model;
}

}  // namespace emptor::mine
