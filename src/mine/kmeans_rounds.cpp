#include "emptor/mine/kmeans_rounds.hpp"

#include <memory>
#include <mutex>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/kmeans_farthest.hpp"
#include "mine/kmeans_row_search.hpp"
#include "mine/model_frame.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t chunk_rows = 8'192;

[[noreturn]] void refuse(std::string message, std::string field, std::string hint) {
  throw Error(Problem{
      .code = Code::invalid, .message = std::move(message), .field = std::move(field), .hint = std::move(hint)});
}

/// Throws where a batch has rows that the range does not know of.
void check_within(const KmeansRange& range, const KmeansRange& batch) {
  for (std::size_t i = 0; i < range.least.size(); ++i) {
    if (batch.least[i] < range.least[i] || batch.greatest[i] > range.greatest[i]) {
      refuse("rows outside the range of the plan", "batch", "find the range of all parts first");
    }
  }
  if (batch.greatest_weight > range.greatest_weight || (batch.weighted && !range.weighted)) {
    refuse("weights outside the range of the plan", "weights", "find the range of all parts first");
  }
}

template <class T>
void search_batch(const KmeansRows& rows, const KmeansBatch& batch, const KmeansTargets& targets, const SumScale& scale,
                  std::vector<std::uint32_t>& labels, std::vector<ClusterSums>& parts) {
  std::vector<float> slack(rows.count());
  std::vector<std::unique_ptr<RowSearch<T>>> searches(rows.workers());
  for_chunks(rows.run(), "clusters", rows.count(), chunk_rows,
             [&](std::size_t worker, std::size_t first, std::size_t count) {
               if (!searches[worker]) searches[worker] = std::make_unique<RowSearch<T>>(targets, batch.rows.x);
               searches[worker]->search(first, {{labels.data() + first, count}, {slack.data() + first, count}},
                                        [&](const T* const* moving, const std::size_t* numbers, const std::uint32_t*,
                                            const std::uint32_t* after, std::size_t moves) {
                                          double weights[filter_rows];
                                          for (std::size_t i = 0; i < moves; ++i)
                                            weights[i] = batch.rows.weight(numbers[i]);
                                          parts[worker].add(scale, moving, weights, after, moves, 1);
                                        });
             });
}

}  // namespace

KmeansPlan::KmeansPlan(const NumberView& centres, KmeansRange range) : range_(std::move(range)) {
  if (centres.rows() == 0 || centres.columns() != range_.least.size()) {
    refuse("centres of another shape than the rows", "centres", "give k rows with the columns of the table");
  }
  check_numbers(centres, {});
  for (std::size_t row = 0; row < centres.rows(); ++row) {
    for (std::size_t column = 0; column < centres.columns(); ++column) centres_.push_back(centres(row, column));
  }
}

KmeansSums partial_kmeans(const TrainingRows& given, const KmeansPlan& plan, const Run& run) {
  const LongCall call(run.progress);
  KmeansSums sums{std::vector<Wide>(plan.k() * plan.columns()), std::vector<Wide>(plan.k()),
                  std::vector<std::uint64_t>(plan.k())};
  check_shape(given, plan.columns());
  if (given.x.rows() == 0) return sums;
  const RowBatches batches = one_batch(given);
  const KmeansRows rows(batches, run, KmeansRows::Weightless::allowed);
  check_within(plan.range(), rows.range());
  const PaddedCentres centres(plan.centres(), plan.columns());
  const KmeansTargets targets(centres, frame_for(plan.range(), centres, rows.single()));
  const SumScale scale(plan.range(), plan.centres());
  std::vector<std::uint32_t> labels(rows.count());
  std::vector<ClusterSums> parts(rows.workers(), ClusterSums(plan.k(), plan.columns()));
  rows.for_batches([&](const KmeansBatch& batch) {
    with_type(batch.rows.x, [&]<class T>() { search_batch<T>(rows, batch, targets, scale, labels, parts); });
  });
  for (std::size_t i = 1; i < parts.size(); ++i) parts[0].add(parts[i]);
  parts[0].settle();
  sums.values = std::move(parts[0].values);
  sums.weights = std::move(parts[0].weights);
  sums.sizes.assign(parts[0].sizes.begin(), parts[0].sizes.end());
  sums.inertia = distance_sum_of(rows, centres, labels, scale).parts();
  return sums;
}

void merge(KmeansSums& into, const KmeansSums& other) {
  if (into.sizes.empty())
    into = {std::vector<Wide>(other.values.size()), std::vector<Wide>(other.weights.size()),
            std::vector<std::uint64_t>(other.sizes.size())};
  if (other.sizes.empty()) return;
  if (into.values.size() != other.values.size() || into.sizes.size() != other.sizes.size()) {
    refuse("sums of another plan", "sums", "merge the parts of one round");
  }
  for (std::size_t i = 0; i < into.values.size(); ++i) into.values[i] += other.values[i];
  for (std::size_t i = 0; i < into.sizes.size(); ++i) {
    into.weights[i] += other.weights[i];
    into.sizes[i] += other.sizes[i];
  }
  DistanceSum inertia(into.inertia);
  inertia.add(DistanceSum(other.inertia));
  into.inertia = inertia.parts();
}

KmeansPlan step_kmeans(const KmeansPlan& plan, const KmeansSums& sums) {
  if (sums.sizes.size() != plan.k() || sums.values.size() != plan.k() * plan.columns()) {
    refuse("sums of another plan", "sums", "step with the sums of this round");
  }
  const SumScale scale(plan.range(), plan.centres());
  std::vector<double> centres(plan.centres().begin(), plan.centres().end());
  for (std::size_t cluster = 0; cluster < plan.k(); ++cluster) {
    if (sums.weights[cluster] == 0) continue;
    for (std::size_t column = 0; column < plan.columns(); ++column) {
      const std::size_t at = cluster * plan.columns() + column;
      centres[at] = mean_of(scale, column, sums.values[at], sums.weights[cluster]);
    }
  }
  return {NumberView(centres.data(), plan.k(), plan.columns(), plan.columns(), 1), plan.range()};
}

double inertia_of(const KmeansPlan& plan, const KmeansSums& sums) {
  return DistanceSum(sums.inertia).value(SumScale(plan.range(), plan.centres()));
}

// ---- bytes -------------------------------------------------------------------------------------------------------

namespace {

constexpr std::string_view range_name = "kmeans.range", sums_name = "kmeans.sums";

[[noreturn]] void damaged() { throw Error(Code::corrupt, "the bytes are no state of k-means", "send the state again"); }

void append_wide(std::string& out, Wide value) {
  append_fixed64(out, static_cast<std::uint64_t>(value));
  append_fixed64(out, static_cast<std::uint64_t>(value >> 64));
}
Wide read_wide(ByteReader& reader) {
  const std::uint64_t low = reader.fixed64();
  return static_cast<Wide>((static_cast<UnsignedWide>(reader.fixed64()) << 64) | low);
}

/// A count of things that take `bytes` each: no more than there are bytes.
std::size_t read_count(ByteReader& reader, std::size_t bytes) {
  const std::uint64_t count = reader.varint();
  if (count > reader.left() / bytes) damaged();
  return static_cast<std::size_t>(count);
}

}  // namespace

std::string save(const KmeansRange& range) {
  std::string payload;
  append_varint(payload, range.least.size());
  for (const double value : range.least) append_double(payload, value);
  for (const double value : range.greatest) append_double(payload, value);
  append_double(payload, range.greatest_weight);
  append_varint(payload, range.weighted ? 1 : 0);
  append_varint(payload, range.rows);
  return to_bytes({std::string(range_name), 1, "{}", "", payload});
}

KmeansRange load_kmeans_range(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, range_name, 1);
  ByteReader reader(frame.payload);
  KmeansRange range;
  const std::size_t columns = read_count(reader, 2 * sizeof(double));
  for (std::size_t i = 0; i < columns; ++i) range.least.push_back(read_double(reader));
  for (std::size_t i = 0; i < columns; ++i) range.greatest.push_back(read_double(reader));
  range.greatest_weight = read_double(reader);
  range.weighted = reader.varint() != 0;
  range.rows = reader.varint();
  if (!reader.done()) damaged();
  return range;
}

std::string save(const KmeansSums& sums) {
  std::string payload;
  append_varint(payload, sums.values.size());
  for (const Wide value : sums.values) append_wide(payload, value);
  append_varint(payload, sums.sizes.size());
  for (const Wide value : sums.weights) append_wide(payload, value);
  for (const std::uint64_t size : sums.sizes) append_varint(payload, size);
  for (const Wide part : sums.inertia) append_wide(payload, part);
  return to_bytes({std::string(sums_name), 1, "{}", "", payload});
}

KmeansSums load_kmeans_sums(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, sums_name, 1);
  ByteReader reader(frame.payload);
  KmeansSums sums;
  const std::size_t values = read_count(reader, sizeof(Wide));
  for (std::size_t i = 0; i < values; ++i) sums.values.push_back(read_wide(reader));
  const std::size_t k = read_count(reader, sizeof(Wide) + 1);
  for (std::size_t i = 0; i < k; ++i) sums.weights.push_back(read_wide(reader));
  for (std::size_t i = 0; i < k; ++i) sums.sizes.push_back(reader.varint());
  for (Wide& part : sums.inertia) part = read_wide(reader);
  if (!reader.done()) damaged();
  return sums;
}

}  // namespace emptor::mine
