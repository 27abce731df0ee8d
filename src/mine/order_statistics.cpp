#include "mine/order_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::mine {

OrderStatistics::OrderStatistics(std::vector<double> sample) : counts_(buckets) {
  if (sample.empty()) return;
  std::sort(sample.begin(), sample.end());
  // What lies outside the middle 98 % shares the buckets at the ends.
  const std::size_t edge = sample.size() / 100;
  double low = sample[edge], high = sample[sample.size() - 1 - edge];
  if (!(high > low)) low = sample.front(), high = sample.back();
  const double scale = (buckets - 2) / (high - low);
  if (!std::isfinite(scale) || scale == 0) return;  // all in one bucket: a sort
  low_ = low;
  scale_ = scale;
}

void OrderStatistics::count(std::span<const double> values) {
  size_ += values.size();
  if (scale_ == 0) {
    counts_[0] += values.size();
    return;
  }
  for (const double value : values) ++counts_[bucket_of(value)];
}

void OrderStatistics::want(std::span<const std::uint64_t> ranks) {
  ranks_.assign(ranks.begin(), ranks.end());
  before_.resize(buckets + 1);
  for (std::size_t b = 0; b < buckets; ++b) before_[b + 1] = before_[b] + counts_[b];
  slot_.assign(buckets, -1);
  for (const std::uint64_t rank : ranks_) {
    const auto b =
        static_cast<std::size_t>(std::upper_bound(before_.begin(), before_.end(), rank) - before_.begin()) - 1;
    if (slot_[b] >= 0) continue;
    slot_[b] = static_cast<std::int32_t>(kept_.size());
    kept_.emplace_back().reserve(counts_[b]);
  }
}

void OrderStatistics::collect(std::span<const double> values) {
  for (const double value : values) {
    const std::int32_t slot = slot_[scale_ == 0 ? 0 : bucket_of(value)];
    if (slot >= 0) kept_[static_cast<std::size_t>(slot)].push_back(value);
  }
}

std::vector<double> OrderStatistics::at_ranks() {
  for (std::vector<double>& values : kept_) std::sort(values.begin(), values.end());
  std::vector<double> out;
  out.reserve(ranks_.size());
  for (const std::uint64_t rank : ranks_) {
    const auto b =
        static_cast<std::size_t>(std::upper_bound(before_.begin(), before_.end(), rank) - before_.begin()) - 1;
    out.push_back(kept_[static_cast<std::size_t>(slot_[b])][rank - before_[b]]);
  }
  return out;
}

}  // namespace emptor::mine
