#include "mine/exact_split.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace emptor::mine {
namespace {

constexpr double slack = 1e-9;  // of bounds, far above their rounding

struct Value {
  double x;
  std::uint32_t row;
};

/// The search within the bins of one feature.
class BinSearch {
 public:
  BinSearch(const ExactNode& node, std::uint32_t feature)
      : node_(node), feature_(feature), score_(node.rules, node.node, feature) {}

  void improve(NodeSplit& best) {
    const FeatureBins& bins = node_.bins.features[feature_];
    if (bins.categorical || bins.single_values || !mark(best)) return;
    collect();
    std::sort(values_.begin(), values_.end(), [](const Value& a, const Value& b) { return a.x < b.x; });
    for (std::size_t i = 0; i < values_.size();) i = scan_bin(i, best);
  }

 private:
  Sums bin(std::size_t code) const noexcept { return node_.histogram.at(node_.layout.first[feature_] + code); }
  Sums missing() const noexcept { return bin(node_.bins.features[feature_].missing()); }

  /// Which bins may hold a better cut; false if none.
  bool mark(const NodeSplit& best) {
    const Sums absent = missing();
    Sums before;
    bool any = false;
    for (std::size_t code = 0; code < node_.bins.features[feature_].size(); ++code) {
      const Sums own = bin(code);
      before_[code] = before;
      const double enough = best.gain * (1 - slack);
      marked_[code] =
          own.n >= 2 && (bound(before, own) >= enough || (absent.h != 0 && bound(before + absent, own) >= enough));
      any = any || marked_[code];
      before += own;
    }
    return any;
  }

  double bound(const Sums& before, const Sums& own) const noexcept {
    if (!node_.rules.free()) return std::numeric_limits<double>::infinity();
    const double low = node_.rules.slope_low, high = node_.rules.slope_high;
    const auto g = static_cast<double>(before.g), h = static_cast<double>(before.h);
    const auto own_h = static_cast<double>(own.h);
    const double much =
        high > low ? std::clamp((static_cast<double>(own.g) - own_h * low) / (high - low), 0.0, own_h) : 0;
    const double rest = own_h - much;
    return std::max(score_.free_gain(g + much * high, h + much), score_.free_gain(g + rest * low, h + rest));
  }

  void collect() {
    const std::uint8_t* codes = node_.bins.column(feature_);
    node_.x.visit(feature_, [&](auto column) {
      for (std::size_t i = node_.begin; i < node_.end; ++i) {
        const std::size_t row = node_.row(i);
        if (marked_[codes[row]]) values_.push_back({static_cast<double>(column[row]), static_cast<std::uint32_t>(row)});
      }
    });
  }

  /// The cuts between the values of one bin, from the i-th value on; returns where the next bin begins.
  std::size_t scan_bin(std::size_t i, NodeSplit& best) {
    const std::uint8_t* codes = node_.bins.column(feature_);
    const std::uint8_t code = codes[values_[i].row];
    const Sums absent = missing();
    Sums left = before_[code];
    for (;; ++i) {
      left += sums_of(values_[i].row);
      if (i + 1 == values_.size() || codes[values_[i + 1].row] != code) return i + 1;
      if (values_[i].x == values_[i + 1].x) continue;
      offer(best, i, code, left, false);
      if (absent.h != 0) offer(best, i, code, left + absent, true);
    }
  }

  /// As the histogram counts: of packed rows h stands for their number.
  Sums sums_of(std::size_t row) const noexcept {
    Sums sums = node_.sums.of(row);
    if (!node_.sums.wide()) sums.n = sums.h;
    return sums;
  }

  void offer(NodeSplit& best, std::size_t i, std::uint8_t code, const Sums& left, bool missing_left) const {
    NodeSplit split{.gain = score_.gain(left), .feature = feature_, .bin = code, .missing_left = missing_left};
    if (!better(split, best)) return;
    split.threshold = half_way(values_[i].x, values_[i + 1].x);
    split.cuts_bin = true;
    split.left = left;
    if (missing().h == 0) split.missing_left = 2 * left.h >= node_.node.all.h;
    best = split;
  }

  const ExactNode& node_;
  std::uint32_t feature_;
  SplitScore score_;
  std::array<Sums, 256> before_;
  std::array<bool, 256> marked_{};
  std::vector<Value> values_;
};

}  // namespace

double half_way(double low, double high) noexcept {
  const double middle = low / 2 + high / 2;
  return middle >= low && middle < high ? middle : low;
}

NodeSplit best_exact_split(const ExactNode& node, std::span<const std::uint32_t> features,
                           std::span<const NodeSplit> found) {
  NodeSplit best;
  for (const NodeSplit& split : found)
    if (better(split, best)) best = split;
  std::vector<std::size_t> order(features.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return found[a].gain > found[b].gain; });
  for (const std::size_t at : order) BinSearch(node, features[at]).improve(best);
  return best;
}

void cut_half_way(const ExactNode& node, NodeSplit& split) {
  const FeatureBins& bins = node.bins.features[split.feature];
  if (split.categorical || split.cuts_bin) return;
  const std::size_t first = node.layout.first[split.feature];
  std::size_t low = split.bin, high = split.bin + std::size_t{1};
  while (low > 0 && node.histogram.at(first + low).h == 0) --low;
  while (high < bins.size() && node.histogram.at(first + high).h == 0) ++high;
  if (high >= bins.size()) return;  // all that is not missing goes left
  double below = -std::numeric_limits<double>::infinity(), above = std::numeric_limits<double>::infinity();
  const std::uint8_t* codes = node.bins.column(split.feature);
  node.x.visit(split.feature, [&](auto column) {
    for (std::size_t i = node.begin; i < node.end; ++i) {
      const std::size_t row = node.row(i);
      if (codes[row] == low) below = std::max(below, static_cast<double>(column[row]));
      if (codes[row] == high) above = std::min(above, static_cast<double>(column[row]));
    }
  });
  split.threshold = half_way(below, above);
}

}  // namespace emptor::mine
