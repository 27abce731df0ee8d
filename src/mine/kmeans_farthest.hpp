/// The rows that are farthest from their own centres.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mine/kmeans_search.hpp"

namespace emptor::mine {

struct FarRow {
  double squared = 0;
  std::uint64_t id = 0;
  std::uint32_t label = 0;
  double weight = 1;
  std::vector<double> values;
};

/// The `count` farthest rows with weight that are not on their centre, the farthest first, ties by id.
std::vector<FarRow> farthest_rows(const KmeansRows& rows, const PaddedCentres& centres,
                                  std::span<const std::uint32_t> labels, std::size_t count);

/// The weighted sum of the rows' squared distances to their centres.
DistanceSum distance_sum_of(const KmeansRows& rows, const PaddedCentres& centres, std::span<const std::uint32_t> labels,
                            const SumScale& scale);
double inertia_of(const KmeansRows& rows, const PaddedCentres& centres, std::span<const std::uint32_t> labels,
                  const SumScale& scale);

/// The distance of every row to its centre: calls take(worker, batch, row, pointer, squared).
template <class Take>
void for_distances(const KmeansRows& rows, const PaddedCentres& centres, std::span<const std::uint32_t> labels,
                   Take&& take) {
  constexpr std::size_t chunk = 4'096;
  rows.for_all("distances", chunk,
               [&](std::size_t worker, const KmeansBatch& batch, std::size_t first, std::size_t count) {
                 with_type(batch.rows.x, [&]<class T>() {
                   RowPack<T> pack(batch.rows.x, filter_rows);
                   const T* at[filter_rows];
                   const double* to[filter_rows];
                   double squared[filter_rows];
                   for (std::size_t done = 0; done < count; done += filter_rows) {
                     const std::size_t some = std::min(filter_rows, count - done), begin = first + done;
                     pack.take(
                         some, [&](std::size_t i) { return begin + i; }, at);
                     for (std::size_t i = 0; i < some; ++i) to[i] = centres.row(labels[batch.base + begin + i]);
                     square_distances(at, to, some, centres.columns, squared);
                     for (std::size_t i = 0; i < some; ++i) take(worker, batch, begin + i, at[i], squared[i]);
                   }
                 });
               });
}

}  // namespace emptor::mine
