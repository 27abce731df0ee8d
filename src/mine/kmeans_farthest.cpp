#include "mine/kmeans_farthest.hpp"

#include <algorithm>

namespace emptor::mine {
namespace {

bool farther(const FarRow& a, const FarRow& b) { return a.squared != b.squared ? a.squared > b.squared : a.id < b.id; }

/// Keeps the best `count`, the worst of them on top of the heap.
void offer(std::vector<FarRow>& heap, FarRow row, std::size_t count) {
  if (heap.size() == count) {
    if (!farther(row, heap.front())) return;
    std::pop_heap(heap.begin(), heap.end(), farther);
    heap.pop_back();
  }
  heap.push_back(std::move(row));
  std::push_heap(heap.begin(), heap.end(), farther);
}

}  // namespace

std::vector<FarRow> farthest_rows(const KmeansRows& rows, const PaddedCentres& centres,
                                  std::span<const std::uint32_t> labels, std::size_t count) {
  std::vector<std::vector<FarRow>> heaps(rows.workers());
  for_distances(
      rows, centres, labels,
      [&](std::size_t worker, const KmeansBatch& batch, std::size_t row, const auto* at, double squared) {
        const double weight = batch.rows.weight(row);
        std::vector<FarRow>& heap = heaps[worker];
        if (weight == 0 || squared == 0) return;
        if (heap.size() == count && squared < heap.front().squared) return;
        offer(heap, {squared, batch.id(row), labels[batch.base + row], weight, {at, at + centres.columns}}, count);
      });
  std::vector<FarRow> best;
  for (std::vector<FarRow>& heap : heaps) {
    for (FarRow& row : heap) offer(best, std::move(row), count);
  }
  std::sort(best.begin(), best.end(), farther);
  return best;
}

DistanceSum distance_sum_of(const KmeansRows& rows, const PaddedCentres& centres, std::span<const std::uint32_t> labels,
                            const SumScale& scale) {
  std::vector<DistanceSum> parts(rows.workers());
  for_distances(rows, centres, labels,
                [&](std::size_t worker, const KmeansBatch& batch, std::size_t row, const auto*, double squared) {
                  parts[worker].add(scale, squared * (batch.rows.weight(row) * scale.weight_factor));
                });
  for (std::size_t i = 1; i < parts.size(); ++i) parts[0].add(parts[i]);
  return parts[0];
}

double inertia_of(const KmeansRows& rows, const PaddedCentres& centres, std::span<const std::uint32_t> labels,
                  const SumScale& scale) {
  return distance_sum_of(rows, centres, labels, scale).value(scale);
}

}  // namespace emptor::mine
