// The ways in which the same rows may reach a miner: every one of them must give the same bits.
#pragma once

#include <hwy/targets.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "emptor/core/random.hpp"
#include "emptor/mine/numbers.hpp"
#include "emptor/mine/row_batches.hpp"

namespace emptor::test {

/// Rows that own what they hold, with ids.
struct OwnedRows {
  std::size_t columns = 0;
  std::vector<double> x, y, weights;
  std::vector<std::uint64_t> ids;

  std::size_t size() const noexcept { return y.size(); }
  mine::TrainingRows view(std::size_t first, std::size_t count) const {
    return {mine::NumberView(x.data() + first * columns, count, columns, columns, 1),
            {y.data() + first, count},
            weights.empty() ? std::span<const double>() : std::span(weights).subspan(first, count),
            {ids.data() + first, count}};
  }
  mine::TrainingRows view() const { return view(0, size()); }
};

/// The rows in an order by chance.
inline OwnedRows permuted(const OwnedRows& rows, std::uint64_t seed) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random random(seed);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  OwnedRows out{rows.columns, {}, {}, {}, {}};
  for (const std::size_t r : order) {
    out.x.insert(out.x.end(), &rows.x[r * rows.columns], &rows.x[r * rows.columns] + rows.columns);
    out.y.push_back(rows.y[r]);
    if (!rows.weights.empty()) out.weights.push_back(rows.weights[r]);
    out.ids.push_back(rows.ids[r]);
  }
  return out;
}

/// The rows in so many batches, cut by chance. The rows must outlive it.
inline mine::RowBatches in_batches(const OwnedRows& rows, std::size_t batches, std::uint64_t seed) {
  Random random(seed);
  auto cuts = std::make_shared<std::vector<std::size_t>>(1, 0);
  for (std::size_t i = 1; i < batches; ++i) cuts->push_back(random.below(rows.size() + 1));
  cuts->push_back(rows.size());
  std::sort(cuts->begin(), cuts->end());
  auto next = std::make_shared<std::size_t>(0);
  return {rows.columns, [next] { *next = 0; },
          [&rows, cuts, next](mine::TrainingRows& batch) {
            if (*next + 1 >= cuts->size()) return false;
            batch = rows.view((*cuts)[*next], (*cuts)[*next + 1] - (*cuts)[*next]);
            ++*next;
            return true;
          }};
}

/// Calls work(name) once for each kind of vector that this processor has and this program was compiled for.
template <class Work>
void on_every_target(Work&& work) {
  const std::pair<const char*, std::int64_t> targets[] = {
      {"AVX-512", HWY_AVX3 | HWY_AVX2 | HWY_SSE4 | HWY_SSSE3}, {"AVX2", HWY_AVX2}, {"SSE4", HWY_SSE4}, {"none", 0}};
  for (const auto& [name, mask] : targets) {
    hwy::DisableTargets(0);
    if (mask != 0 && (hwy::SupportedTargets() & mask) == 0) continue;
    hwy::DisableTargets(~mask);
    work(name);
  }
  hwy::DisableTargets(0);
}

}  // namespace emptor::test
