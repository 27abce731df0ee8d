#include "mine/split.hpp"

#include <algorithm>
#include <cmath>

#include "core/elementary.hpp"
#include "mine/packed_cut.hpp"

namespace emptor::mine {
namespace {

constexpr double rounding = 1e-14;  // what remains of equal numbers is no gain

double x_log_x(double x) { return x > 0 ? x * elementary::log(x) : 0; }

/// A feature's bins at one node, and what is missing of it.
struct Bins {
  const Histogram& histogram;
  std::size_t first, size;
  Sums at(std::size_t bin) const noexcept { return histogram.at(first + bin); }
  Sums missing() const noexcept { return at(size); }
};

void keep(NodeSplit& best, double gain, std::size_t bin, bool missing_left, const Sums& left) {
  if (!(gain > best.gain)) return;
  best.gain = gain;
  best.bin = static_cast<std::uint8_t>(bin);
  best.missing_left = missing_left;
  best.left = left;
}

NodeSplit scan_numeric(const Bins& bins, const SplitScore& score) {
  NodeSplit best;
  const Sums missing = bins.missing();
  const bool has_missing = missing.h != 0;
  Sums left;
  for (std::size_t b = 0; b < bins.size; ++b) {
    const Sums bin = bins.at(b);
    left += bin;
    if (bin.h == 0) continue;
    keep(best, score.gain(left), b, false, left);
    if (has_missing) keep(best, score.gain(left + missing), b, true, left + missing);
  }
  return best;
}

/// Where a list of bins is best cut in two, in the common case, kept lean: nothing is missing, no constraints, one
/// division a cut.
struct PlainCut {
  const SplitNode& node;
  std::int64_t min_h, high_h;
  double l2;
  double best = -1;
  std::size_t at = 0;
  std::int64_t left_g = 0, left_h = 0;
  Sums left = {};

  PlainCut(const SplitNode& of, const SplitRules& rules)
      : node(of), min_h(std::max(rules.min_h, rules.min_n)), high_h(of.all.h - min_h), l2(rules.l2 / rules.h_unit) {}

  /// After the next of the list, which is the i-th.
  void take(std::size_t i, std::int64_t g, std::int64_t h) noexcept {
    left_g += g;
    left_h += h;
    if (left_h < min_h || left_h > high_h) return;
    const auto lg = static_cast<double>(left_g), rg = static_cast<double>(node.all.g - left_g);
    const double lh = static_cast<double>(left_h) + l2, rh = static_cast<double>(node.all.h - left_h) + l2;
    const double gain = (lg * lg * rh + rg * rg * lh) / (lh * rh);
    if (gain <= best) return;
    best = gain;
    at = i;
    left = {left_g, left_h, left_h};
  }
};

NodeSplit scan_packed(const Bins& bins, const SplitNode& node, const SplitRules& rules) {
  if (bins.size < 2) return {};
  const std::span<const std::uint64_t> cuts(bins.histogram.packed.data() + bins.first, bins.size - 1);
  const PackedCut cut =
      best_packed_cut(cuts, {node.all.g, node.all.h, std::max(rules.min_h, rules.min_n), rules.l2 / rules.h_unit});
  NodeSplit split;
  const Sums left{packed_g(cut.left), packed_h(cut.left), packed_h(cut.left)};
  if (cut.gain >= 0) keep(split, SplitScore(rules, node, 0).gain(left), cut.at, false, left);
  return split;
}

NodeSplit scan_plain(const Bins& bins, const SplitNode& node, const SplitRules& rules) {
  if (!bins.histogram.packed.empty()) return scan_packed(bins, node, rules);
  const std::int64_t* g = bins.histogram.g.data() + bins.first;
  const std::int64_t* h = bins.histogram.h.data() + bins.first;
  PlainCut cut(node, rules);
  for (std::size_t b = 0; b + 1 < bins.size; ++b) cut.take(b, g[b], h[b]);
  NodeSplit split;
  if (cut.best >= 0) keep(split, SplitScore(rules, node, 0).gain(cut.left), cut.at, false, cut.left);
  return split;
}

/// The categories of a node in the order of their means (Breiman et al., 4.2.2).
struct CategoryOrder {
  std::array<std::uint8_t, 256> codes;
  std::array<double, 256> mean;
  std::size_t size = 0;

  CategoryOrder(const Bins& bins, double l2) {
    for (std::size_t b = 0; b < bins.size; ++b) {
      const Sums bin = bins.at(b);
      if (bin.h == 0) continue;
      mean[b] = static_cast<double>(bin.g) / (static_cast<double>(bin.h) + l2);
      codes[size++] = static_cast<std::uint8_t>(b);
    }
    const auto before = [&](std::uint8_t a, std::uint8_t b) { return mean[a] != mean[b] ? mean[a] < mean[b] : a < b; };
    std::sort(codes.begin(), codes.begin() + size, before);
  }
  double cost(double of_category) const noexcept { return size > 2 ? of_category * static_cast<double>(size - 2) : 0; }
};

NodeSplit scan_plain_categories(const Bins& bins, const SplitNode& node, const SplitRules& rules) {
  const CategoryOrder order(bins, rules.l2 / rules.h_unit);
  PlainCut cut(node, rules);
  for (std::size_t i = 0; i + 1 < order.size; ++i) {
    const Sums bin = bins.at(order.codes[i]);
    cut.take(i, bin.g, bin.h);
  }
  NodeSplit split;
  split.categorical = true;
  if (cut.best < 0) return split;
  const double gain = SplitScore(rules, node, 0).gain(cut.left) - order.cost(rules.category_cost);
  keep(split, gain, order.codes[cut.at], false, cut.left);
  for (std::size_t i = 0; i <= cut.at && split; ++i)
    split.set[order.codes[i] / 64] |= std::uint64_t{1} << (order.codes[i] % 64);
  return split;
}

/// One of the divisions of the categories' order is best.
NodeSplit scan_categories(const Bins& bins, const SplitScore& score, double l2, double category_cost) {
  const CategoryOrder order(bins, l2);
  NodeSplit best;
  const double cost = best.gain = order.cost(category_cost);
  const Sums missing = bins.missing();
  Sums left;
  CodeSet set{};
  for (std::size_t i = 0; i < order.size; ++i) {
    const std::uint8_t code = order.codes[i];
    left += bins.at(code);
    set[code / 64] |= std::uint64_t{1} << (code % 64);
    const double before = best.gain;
    keep(best, score.gain(left), code, false, left);
    if (missing.h != 0) keep(best, score.gain(left + missing), code, true, left + missing);
    if (best.gain > before) best.set = set;
  }
  best.gain -= cost;
  best.categorical = true;
  return best;
}

}  // namespace

SplitScore::SplitScore(const SplitRules& rules, const SplitNode& node, std::size_t feature)
    : rules_(rules),
      node_(node),
      direction_(rules.monotone.empty() ? 0 : rules.monotone[feature]),
      l2_(rules.l2 / rules.h_unit),
      unit_(rules.entropy ? rules.h_unit : rules.gain_factor * rules.g_unit * rules.g_unit / rules.h_unit),
      whole_(score(static_cast<double>(node.all.g), static_cast<double>(node.all.h))) {}

double SplitScore::score(double g, double h) const noexcept {
  if (rules_.entropy) {
    const double rest = h - g;
    return x_log_x(g) + x_log_x(rest > 0 ? rest : 0) - x_log_x(h);
  }
  const double below = h + l2_;
  return below > 0 ? g * g / below : 0;
}

double SplitScore::gain_of(const Sums& left, const Sums& right) const noexcept {
  if (!rules_.free()) return constrained(left, right);
  const double a = score(static_cast<double>(left.g), static_cast<double>(left.h));
  const double b = score(static_cast<double>(right.g), static_cast<double>(right.h));
  const double gain = a + b - whole_;
  return gain > rounding * (std::abs(a) + std::abs(b)) ? gain * unit_ : 0;
}

double SplitScore::constrained(const Sums& left, const Sums& right) const noexcept {
  const auto value = [&](const Sums& sums) { return node_.bounds.clamp(rules_.value(sums)); };
  const auto loss = [&](const Sums& sums, double w) {
    const double g = static_cast<double>(sums.g) * rules_.g_unit;
    const double h = static_cast<double>(sums.h) * rules_.h_unit + rules_.l2;
    return (2 * g - h * w) * w;
  };
  const double low = value(left), high = value(right);
  if ((direction_ > 0 && low > high) || (direction_ < 0 && low < high)) return 0;
  return (loss(left, low) + loss(right, high) - loss(node_.all, value(node_.all))) * rules_.gain_factor;
}

double SplitScore::free_gain(double g, double h) const noexcept {
  return (score(g, h) + score(static_cast<double>(node_.all.g) - g, static_cast<double>(node_.all.h) - h) - whole_) *
         unit_;
}

NodeSplit best_split(const FeatureBins& bins, std::size_t feature, const Histogram& histogram, std::size_t first,
                     const SplitNode& node, const SplitRules& rules) {
  const Bins view{histogram, first, bins.size()};
  const bool plain = rules.free() && !rules.entropy && histogram.n.empty() && view.missing().h == 0;
  NodeSplit split;
  if (plain) {
    split = bins.categorical ? scan_plain_categories(view, node, rules) : scan_plain(view, node, rules);
  } else if (bins.categorical) {
    split = scan_categories(view, SplitScore(rules, node, feature), rules.l2 / rules.h_unit, rules.category_cost);
  } else {
    split = scan_numeric(view, SplitScore(rules, node, feature));
  }
  split.feature = static_cast<std::uint32_t>(feature);
  // Where nothing was missing, what will be goes with the heavier side.
  if (split && view.missing().h == 0) split.missing_left = 2 * split.left.h >= node.all.h;
  return split;
}

}  // namespace emptor::mine
