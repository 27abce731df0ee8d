#include "mine/kmeans_lloyd.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "mine/kmeans_farthest.hpp"
#include "mine/kmeans_row_search.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t fewest_for_shells = 12;  // centres: below it, meeting all of them costs less than choosing
/// Bounds are inflated by so much, which is far more than all that rounding takes off them.
constexpr double loose = 1 + 0x1p-20;

float rounded_up(double value) { return std::nextafter(single(value), std::numeric_limits<float>::infinity()); }

/// Rows of a chunk: enough for each cluster to fill a tile of its own.
std::size_t chunk_for(std::size_t k, std::size_t rows, std::size_t workers) {
  const std::size_t wanted = std::clamp<std::size_t>(k * filter_rows * 2, 4'096, 65'536);
  return std::min(wanted, std::max<std::size_t>(rows / (workers * 4), 1'024));
}

}  // namespace

Lloyd::Lloyd(const KmeansRows& rows, PaddedCentres starts, LloydOptions options)
    : rows_(rows),
      options_(options),
      scale_(rows.range(), starts.dense()),
      frame_(frame_for(rows.range(), starts, rows.single())),
      centres_(std::move(starts)),
      sums_(centres_.k, centres_.columns),
      parts_(rows.workers(), sums_),
      labels_(rows.count()),
      slack_(rows.count()),
      moved_(centres_.k) {}

void Lloyd::run() {
  assign();
  while (updates_ < options_.updates) {
    if (!move()) {
      converged_ = true;
      return;
    }
    ++updates_;
    assign();
    if (last_move_ <= options_.least_move) {
      converged_ = true;
      return;
    }
  }
}

void Lloyd::assign() {
  KmeansTargets targets(centres_, frame_);
  for (std::size_t cluster = 0; cluster < centres_.k; ++cluster) {
    targets.image.moved[cluster] = rounded_up(moved_[cluster]);
  }
  const bool many = centres_.k >= fewest_for_shells && rows_.count() >= centres_.k * filter_rows / 4;
  const bool near_only = options_.bounds == KmeansBounds::elkan || (options_.bounds == KmeansBounds::automatic && many);
  if (known_ && near_only) {
    if (!shells_) shells_.emplace(centres_.k);
    targets.use_shells(*shells_, rows_.run());
  }
  rows_.for_batches(
      [&](const KmeansBatch& batch) { with_type(batch.rows.x, [&]<class T>() { assign<T>(batch, targets); }); });
  for (ClusterSums& part : parts_) sums_.add(part);
  known_ = true;
}

template <class T>
void Lloyd::assign(const KmeansBatch& batch, const KmeansTargets& targets) {
  const std::size_t count = batch.rows.x.rows();
  std::vector<std::unique_ptr<RowSearch<T>>> searches(rows_.workers());
  for_chunks(rows_.run(), "clusters", count, chunk_for(centres_.k, count, rows_.workers()),
             [&](std::size_t worker, std::size_t first, std::size_t some) {
               if (!searches[worker]) searches[worker] = std::make_unique<RowSearch<T>>(targets, batch.rows.x);
               ClusterSums& sums = parts_[worker];
               const std::span<float> slack(slack_.data() + batch.base + first, some);
               if (options_.bounds == KmeansBounds::none) std::fill(slack.begin(), slack.end(), 0.0F);
               searches[worker]->search(
                   first, {{labels_.data() + batch.base + first, some}, slack, known_},
                   [&](const T* const* rows, const std::size_t* numbers, const std::uint32_t* before,
                       const std::uint32_t* after, std::size_t moves) {
                     double weights[filter_rows];
                     for (std::size_t i = 0; i < moves; ++i) weights[i] = batch.rows.weight(numbers[i]);
                     const double* given = batch.rows.weights.empty() ? nullptr : weights;
                     sums.add(scale_, rows, given, after, moves, 1);
                     if (known_) sums.add(scale_, rows, given, before, moves, -1);
                   });
             });
}

bool Lloyd::move() {
  PaddedCentres next = means();
  if (std::find(sums_.weights.begin(), sums_.weights.end(), Wide{0}) != sums_.weights.end()) fill_empty(next);
  if (next == centres_) return false;
  follow(next);
  centres_ = std::move(next);
  return true;
}

PaddedCentres Lloyd::means() {
  sums_.settle();
  PaddedCentres next = centres_;
  for (std::size_t cluster = 0; cluster < next.k; ++cluster) {
    if (sums_.weights[cluster] == 0) continue;
    for (std::size_t column = 0; column < next.columns; ++column) {
      next.row(cluster)[column] =
          mean_of(scale_, column, sums_.values[cluster * next.columns + column], sums_.weights[cluster]);
    }
  }
  return next;
}

/// Empty clusters, the lowest first, take the farthest rows out of theirs. The rows' own labels follow in the next
/// pass, so the sums are those of the labels again afterwards.
void Lloyd::fill_empty(PaddedCentres& next) {
  std::vector<std::size_t> empty;
  for (std::size_t cluster = 0; cluster < next.k; ++cluster) {
    if (sums_.weights[cluster] == 0) empty.push_back(cluster);
  }
  const std::vector<FarRow> far = farthest_rows(rows_, centres_, labels_, empty.size());
  ClusterSums without = sums_;
  for (std::size_t i = 0; i < far.size(); ++i) {
    const double* values = far[i].values.data();
    without.add(scale_, &values, &far[i].weight, &far[i].label, 1, -1);
    std::copy(far[i].values.begin(), far[i].values.end(), next.row(empty[i]));
  }
  without.settle();
  for (const FarRow& row : far) {
    if (without.weights[row.label] == 0) continue;  // all that it had is gone: it keeps its centre
    for (std::size_t column = 0; column < next.columns; ++column) {
      next.row(row.label)[column] =
          mean_of(scale_, column, without.values[row.label * next.columns + column], without.weights[row.label]);
    }
  }
}

/// A row's own centre may have come nearer to it, or gone away, by its move; the next one by the greatest other move.
void Lloyd::follow(const PaddedCentres& next) {
  std::vector<double> moves(next.k);
  last_move_ = 0;
  for (std::size_t cluster = 0; cluster < next.k; ++cluster) {
    const double* from = centres_.row(cluster);
    const double* to = next.row(cluster);
    square_distances(&from, &to, 1, next.columns, &moves[cluster]);
    last_move_ += moves[cluster];
    moves[cluster] = std::sqrt(moves[cluster]) * frame_.factor;
  }
  double greatest = 0, second = 0;
  for (const double move : moves) {
    second = std::max(second, std::min(move, greatest));
    greatest = std::max(greatest, move);
  }
  for (std::size_t cluster = 0; cluster < next.k; ++cluster) {
    const double others = moves[cluster] == greatest ? second : greatest;
    moved_[cluster] = (moved_[cluster] + (moves[cluster] + others) * loose) * (1 + 0x1p-50);
  }
}

std::vector<std::uint64_t> Lloyd::sizes() const { return {sums_.sizes.begin(), sums_.sizes.end()}; }

double Lloyd::weight() const {
  Wide sum = 0;
  for (const Wide weight : sums_.weights) sum += weight;
  return weight_of(scale_, sum);
}

double Lloyd::inertia() const {
  std::vector<double> met;  // a centre without rows, however far away, is no measure
  for (std::size_t cluster = 0; cluster < centres_.k; ++cluster) {
    if (sums_.sizes[cluster] == 0) continue;
    met.insert(met.end(), centres_.row(cluster), centres_.row(cluster) + centres_.columns);
  }
  return inertia_of(rows_, centres_, labels_, SumScale(rows_.range(), met));
}

}  // namespace emptor::mine
