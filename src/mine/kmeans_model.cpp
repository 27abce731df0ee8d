// What a fitted model does: tell clusters of other rows, explain them, be kept.
#include <algorithm>
#include <cmath>

#include "core/long_call.hpp"
#include "core/sort_stably.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/kmeans.hpp"
#include "mine/kmeans_farthest.hpp"
#include "mine/kmeans_options.hpp"
#include "mine/kmeans_row_search.hpp"
#include "mine/model_frame.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t chunk_rows = 8'192;

void check_model(const KmeansModel& model) {
  if (model.columns != 0 && model.k() != 0 && model.centres.size() == model.k() * model.columns) return;
  throw Error(Code::invalid, "the model has no centres", "fit it first");
}

void check_columns(const KmeansModel& model, std::size_t columns) {
  check_model(model);
  if (columns == model.columns) return;
  throw Error(Problem{
      .code = Code::invalid,
      .message = "rows of " + std::to_string(columns) + " columns for a model of " + std::to_string(model.columns),
      .field = "x",
      .hint = "give the columns that it was fitted on, in their order"});
}

/// Labels of rows whose range is known.
std::vector<std::uint32_t> labels_of(const KmeansRows& rows, const PaddedCentres& centres) {
  const KmeansTargets targets(centres, frame_for(rows.range(), centres, rows.single()));
  std::vector<std::uint32_t> labels(rows.count());
  std::vector<float> slack(rows.count());
  rows.for_all(
      "clusters", chunk_rows, [&](std::size_t, const KmeansBatch& batch, std::size_t first, std::size_t count) {
        const std::size_t begin = batch.base + first;
        with_type(batch.rows.x, [&]<class T>() {
          RowSearch<T> search(targets, batch.rows.x);
          search.search(
              first, {{labels.data() + begin, count}, {slack.data() + begin, count}},
              [](const T* const*, const std::size_t*, const std::uint32_t*, const std::uint32_t*, std::size_t) {});
        });
      });
  return labels;
}

PaddedCentres centres_of(const KmeansModel& model) { return {model.centres, model.columns}; }

}  // namespace

std::vector<std::uint32_t> predict_kmeans(const KmeansModel& model, const NumberView& x, const Run& run) {
  const LongCall call(run.progress);
  check_columns(model, x.columns());
  if (x.rows() == 0) return {};
  const RowBatches batches = one_batch({.x = x});
  const KmeansRows rows(batches, run);
  return labels_of(rows, centres_of(model));
}

void distances_kmeans(const KmeansModel& model, const NumberView& x, std::span<double> out, const Run& run) {
  const LongCall call(run.progress);
  check_columns(model, x.columns());
  if (out.size() != x.rows() * model.k()) {
    throw Error(Code::misuse, "the place for distances is of another size", "give rows x k numbers");
  }
  check_numbers(x, run);
  const PaddedCentres centres = centres_of(model);
  const KmeansTargets targets(centres, {std::vector<double>(x.columns())});
  for_chunks(run, "distances", x.rows(), chunk_rows / 8, [&](std::size_t, std::size_t first, std::size_t count) {
    with_type(x, [&]<class T>() {
      RowPack<T> pack(x, 1);
      std::vector<const T*> repeated(model.k());
      for (std::size_t row = first; row < first + count; ++row) {
        const T* at = nullptr;
        pack.take(
            1, [&](std::size_t) { return row; }, &at);
        std::fill(repeated.begin(), repeated.end(), at);
        double* place = out.data() + row * model.k();
        square_distances(repeated.data(), targets.rows.data(), model.k(), model.columns, place);
        for (std::size_t i = 0; i < model.k(); ++i) place[i] = std::sqrt(place[i]);
      }
    });
  });
}

double inertia_kmeans(const KmeansModel& model, const TrainingRows& given, const Run& run) {
  const LongCall call(run.progress);
  check_columns(model, given.x.columns());
  const RowBatches batches = one_batch(given);
  const KmeansRows rows(batches, run);
  const PaddedCentres centres = centres_of(model);
  const SumScale scale(rows.range(), model.centres);
  return inertia_of(rows, centres, labels_of(rows, centres), scale);
}

KmeansExplanation explain_kmeans(const KmeansModel& model, std::span<const double> row) {
  check_columns(model, row.size());
  if (model.k() < 2) throw Error(Code::invalid, "one cluster needs no reasons", "explain models of two and more");
  std::vector<double> distances(model.k());
  distances_kmeans(model, NumberView(row.data(), 1, row.size(), row.size(), 1), distances);
  const PaddedCentres centres = centres_of(model);
  const double* at = row.data();
  for (std::size_t i = 0; i < distances.size(); ++i) {
    const double* centre = centres.row(i);
    square_distances(&at, &centre, 1, row.size(), &distances[i]);
  }
  std::vector<std::uint32_t> order(model.k());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  sort_stably(order, [&](auto a, auto b) { return distances[a] < distances[b]; });
  KmeansExplanation out{order[0], order[1], distances[order[0]], distances[order[1]], {}};
  for (std::size_t column = 0; column < row.size(); ++column) {
    const double own = model.centre(order[0])[column], other = model.centre(order[1])[column];
    const double away = row[column] - own, from = row[column] - other;
    out.reasons.push_back({column, row[column], own, other, from * from - away * away});
  }
  sort_stably(out.reasons, [](const auto& a, const auto& b) { return a.contribution > b.contribution; });
  return out;
}

// ---- bytes -------------------------------------------------------------------------------------------------------

namespace {

constexpr std::string_view algorithm = "kmeans";
constexpr std::uint64_t payload_version = 1;

[[noreturn]] void damaged() { throw Error(Code::corrupt, "the bytes are no k-means model", "save the model again"); }

void append_options(std::string& out, const KmeansOptions& options) {
  for (const std::uint64_t number :
       {std::uint64_t{options.k}, options.seed, static_cast<std::uint64_t>(options.start),
        std::uint64_t{options.restarts}, std::uint64_t{options.updates}, std::uint64_t{options.trials},
        std::uint64_t{options.rounds}, static_cast<std::uint64_t>(options.bounds), options.memory_bytes}) {
    append_varint(out, number);
  }
  append_double(out, options.tolerance);
  append_double(out, options.oversampling);
}

KmeansOptions read_options(ByteReader& reader) {
  KmeansOptions options;
  options.k = reader.varint();
  options.seed = reader.varint();
  const std::uint64_t start = reader.varint();
  options.restarts = reader.varint();
  options.updates = reader.varint();
  options.trials = reader.varint();
  options.rounds = reader.varint();
  const std::uint64_t bounds = reader.varint();
  options.memory_bytes = reader.varint();
  options.tolerance = read_double(reader);
  options.oversampling = read_double(reader);
  if (start > static_cast<std::uint64_t>(KmeansStart::given) ||
      bounds > static_cast<std::uint64_t>(KmeansBounds::elkan))
    damaged();
  options.start = static_cast<KmeansStart>(start);
  options.bounds = static_cast<KmeansBounds>(bounds);
  return options;
}

}  // namespace

std::string save(const KmeansModel& model) {
  std::string payload;
  append_varint(payload, model.columns);
  append_varint(payload, model.k());
  for (const double value : model.centres) append_double(payload, value);
  for (const std::uint64_t size : model.sizes) append_varint(payload, size);
  append_double(payload, model.inertia);
  append_varint(payload, model.updates);
  append_varint(payload, model.converged ? 1 : 0);
  append_options(payload, model.options);
  append_sized(payload, model.options.data_version);
  return to_bytes({std::string(algorithm), payload_version, json_of(model.options), model.data_version, payload});
}

KmeansModel load_kmeans(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  ByteReader reader(frame.payload);
  KmeansModel model;
  model.columns = reader.varint();
  const std::uint64_t k = reader.varint();
  const std::uint64_t most = reader.left() / sizeof(double);
  if (k > most || (k != 0 && model.columns > most / k)) damaged();
  for (std::uint64_t i = 0; i < k * model.columns; ++i) model.centres.push_back(read_double(reader));
  for (std::uint64_t i = 0; i < k; ++i) model.sizes.push_back(reader.varint());
  model.inertia = read_double(reader);
  model.updates = reader.varint();
  model.converged = reader.varint() != 0;
  model.options = read_options(reader);
  model.options.data_version = reader.sized();
  model.data_version = frame.data_version;
  if (!reader.done()) damaged();
  return model;
}

}  // namespace emptor::mine
