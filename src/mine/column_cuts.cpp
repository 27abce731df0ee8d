#include "mine/column_cuts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "emptor/core/error.hpp"
#include "mine/exact_split.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t sample_size = 4096;

[[noreturn]] void refuse(std::string message, std::string field, std::string hint = {}) {
  throw Error(Problem{
      .code = Code::invalid, .message = std::move(message), .field = std::move(field), .hint = std::move(hint)});
}

}  // namespace

std::vector<char> checked_columns(const BinOptions& options, std::size_t columns) {
  if (options.bins < 2 || options.bins > 255) refuse("2 to 255 bins are possible", "bins");
  if (options.names == 1 || options.names > 255) refuse("2 to 255 names are possible", "names");
  if (columns == 0) refuse("there are no columns", "x");
  std::vector<char> categorical(columns);
  for (const std::size_t column : options.categorical) {
    if (column >= columns) refuse("there is no such column", "categorical");
    categorical[column] = 1;
  }
  return categorical;
}

ColumnCuts::ColumnCuts(std::size_t bins, bool categorical, std::size_t column)
    : bins_(bins), categorical_(categorical), column_(column), distinct_(bins) {}

void ColumnCuts::check(std::span<const double> values) const {
  double sum = 0;
  for (const double value : values) sum += value * 0;  // only infinities make it NaN
  if (sum != 0 || sum != sum)
    refuse("column " + std::to_string(column_) + " has infinite numbers", "x",
           "give them as missing (NaN) or cut them");
}

void ColumnCuts::count_categories(std::span<const double> values) {
  for (const double value : values) {
    if (!(value >= 0 && value <= 2'147'483'647.0 && value == std::floor(value)))
      refuse("column " + std::to_string(column_) + " has categories that are no integers of 0 to 2^31 - 1", "x",
             "encode its names as 0, 1, 2 ...");
    ++counts_[static_cast<std::uint32_t>(value)];
  }
}

void ColumnCuts::sample(std::span<const double> values) {
  if (categorical_) return count_categories(values);
  distinct_.add(values);
  // Thinned as it grows, so that it covers everything evenly.
  if (sample_.empty() && values.size() > 2 * sample_size) step_ = values.size() / sample_size;
  for (std::size_t i = (step_ - seen_ % step_) % step_; i < values.size(); i += step_) sample_.push_back(values[i]);
  seen_ += values.size();
  while (sample_.size() > 4 * sample_size) {
    for (std::size_t i = 0; 2 * i < sample_.size(); ++i) sample_[i] = sample_[2 * i];
    sample_.resize((sample_.size() + 1) / 2);
    step_ *= 2;
  }
}

void ColumnCuts::ready() {
  ++passes_;
  if (categorical_ || distinct_.few()) return;
  if (passes_ == 1) {
    order_.emplace(std::move(sample_));
  } else if (passes_ == 2) {
    // The lowest and the highest are ranks too.
    std::vector<std::uint64_t> ranks{0};
    for (std::uint64_t k = 1; k < bins_; ++k)
      ranks.push_back(std::max<std::uint64_t>(k * order_->size() / bins_, 1) - 1);
    ranks.push_back(order_->size() - 1);
    order_->want(ranks);
  }
}

void ColumnCuts::count(std::span<const double> values) {
  if (order_) order_->count(values);
}

void ColumnCuts::collect(std::span<const double> values) {
  if (order_) order_->collect(values);
}

/// The most frequent ones; of equals the lower.
FeatureBins ColumnCuts::categories() const {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> found;
  for (const auto& [category, count] : counts_) found.emplace_back(count, category);
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  if (found.size() > bins_) found.resize(bins_);
  FeatureBins out{.categorical = true, .single_values = true};
  for (const auto& each : found) out.categories.push_back(each.second);
  std::sort(out.categories.begin(), out.categories.end());
  if (!out.categories.empty()) out.lowest = out.categories.front(), out.highest = out.categories.back();
  return out;
}

FeatureBins ColumnCuts::one_bin_a_value() const {
  FeatureBins out{.single_values = true};
  std::vector<double> values = distinct_.values();
  check(values);
  std::sort(values.begin(), values.end());
  for (std::size_t i = 1; i < values.size(); ++i) out.cuts.push_back(half_way(values[i - 1], values[i]));
  if (!values.empty()) out.lowest = values.front(), out.highest = values.back();
  return out;
}

FeatureBins ColumnCuts::at_ranks() {
  FeatureBins out;
  const std::vector<double> values = order_->at_ranks();
  out.lowest = values.front();
  out.highest = values.back();
  check(std::array{out.lowest, out.highest});
  for (const double value : std::span(values).subspan(1)) {
    if (value < out.highest && (out.cuts.empty() || value > out.cuts.back())) out.cuts.push_back(value + 0.0);
  }
  return out;
}

FeatureBins ColumnCuts::finish() {
  if (categorical_) return categories();
  return distinct_.few() ? one_bin_a_value() : at_ranks();
}

}  // namespace emptor::mine
