/// Mini-batch k-means: clusters that follow a stream which is seen once.
///
///     KmeansStream stream({.k = 8, .seed = 1});
///     for (...) stream.add({.x = batch});
///     KmeansModel model = stream.model();
///
/// Each centre is the weighted mean of all that was ever assigned to it (Sculley, 2010, a batch at a time), so the
/// result depends on how the stream is cut and ordered. For the same batches it is the same to the last bit, with any
/// number of threads and any order within a batch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/kmeans.hpp"

namespace emptor::mine {

struct KmeansStreamOptions {
  std::size_t k = 8;
  std::uint64_t seed = 0;
  double memory = 1;  ///< what a cluster's weight is multiplied by before each batch, in (0, 1]; 1 forgets nothing
  KmeansStart start = KmeansStart::plus_plus;  ///< on the first batches, as soon as they hold `first_rows` rows
  std::size_t first_rows = 0;                  ///< rows that are kept for the start; 0: 10 k. At least k

  friend bool operator==(const KmeansStreamOptions&, const KmeansStreamOptions&) noexcept = default;
};

/// Not for use from two threads at once.
class KmeansStream {
 public:
  explicit KmeansStream(KmeansStreamOptions options);
  /// Goes on from clusters that stand already, which weigh as many rows as they have.
  KmeansStream(const KmeansModel& model, KmeansStreamOptions options);

  /// Takes a batch in, whole or (where it throws) not at all.
  void add(const TrainingRows& batch, const Run& run = {});
  /// Whether the clusters have begun; until then `model` throws Code::invalid.
  bool started() const noexcept { return !weights_.empty(); }
  /// Sizes are the rows that each cluster was given since the stream began; the inertia is that of each batch under
  /// the centres that met it, summed.
  KmeansModel model() const;

 private:
  void begin(const Run& run);
  void take(const TrainingRows& batch, const Run& run);

  KmeansStreamOptions options_;
  std::size_t columns_ = 0;
  std::vector<double> centres_, weights_;
  std::vector<std::uint64_t> sizes_;
  double inertia_ = 0;
  std::uint64_t batches_ = 0;
  std::vector<double> waiting_, waiting_weights_;  ///< rows before the start
};

}  // namespace emptor::mine
