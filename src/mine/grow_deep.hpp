/// Grows a tree node by node, deep first, on rows that are moved so that each node's lie together: for forests, for
/// many classes, and for what remains below small nodes. A node costs what its rows do, not what all bins do.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "emptor/core/random.hpp"
#include "emptor/mine/bins.hpp"
#include "emptor/mine/numbers.hpp"
#include "emptor/mine/tree.hpp"
#include "mine/exact_split.hpp"
#include "mine/grow.hpp"
#include "mine/split.hpp"
#include "mine/tree_targets.hpp"

namespace emptor::mine {

struct DeepRules {
  std::size_t max_depth = 0;   ///< 0: none
  std::size_t max_leaves = 0;  ///< 0: none; else the largest gain is split first
  std::size_t min_split = 2;
  std::int64_t min_leaf = 1;
  double min_weight = 0;  ///< that both children must keep
  double min_gain = 0;
  std::size_t max_features = 0;  ///< 0: all
  std::uint64_t seed = 0;
  std::optional<NumberView> exact = {};
};

template <class Target>
class DeepGrower {
 public:
  using Item = typename Target::Item;
  DeepGrower(const BinnedRows& bins, const Target& target, const DeepRules& rules)
      : bins_(bins),
        target_(target),
        rules_(rules),
        stride_(target.stride()),
        table_(256 * stride_),
        all_(stride_),
        left_(stride_),
        right_(stride_),
        best_left_(stride_),
        features_(bins.features.size()) {}

  /// The items are moved about. `depth` is that of the root in the tree that it will hang in.
  Tree grow(std::span<Item> items, std::size_t depth, std::uint64_t path) {
    tree_ = {};
    tree_.outputs = static_cast<std::uint32_t>(target_.outputs());
    items_ = items;
    right_items_.resize(items.size());
    std::vector<Open> open;
    push({add_node(0, items.size()), depth, 0, items.size(), path, {}}, open);
    while (!open.empty() && (rules_.max_leaves == 0 || tree_.leaves() < rules_.max_leaves)) {
      const Open node = take(open);
      divide(node, open);
    }
    return std::move(tree_);
  }

 private:
  struct Open {
    std::uint32_t index;
    std::size_t depth, begin, end;
    std::uint64_t path;  ///< tells nodes apart whatever order they are grown in
    NodeSplit split;
  };
  static constexpr std::size_t few_items = 64;  ///< below it, marking single bits is less than looking at all codes
  struct Value {
    double x;
    const Item* item;
  };

  std::span<Item> items_of(const Open& node) const noexcept {
    return items_.subspan(node.begin, node.end - node.begin);
  }

  std::uint32_t add_node(std::size_t begin, std::size_t end) {
    std::fill(all_.begin(), all_.end(), 0);
    for (std::size_t i = begin; i < end; ++i) target_.add(all_.data(), items_[i]);
    tree_.nodes.emplace_back();
    tree_.values.resize(tree_.nodes.size() * tree_.outputs);
    target_.values(all_.data(), tree_.values.data() + tree_.values.size() - tree_.outputs);
    tree_.facts.push_back({target_.weight(all_.data()), 0, static_cast<std::uint64_t>(target_.rows(all_.data()))});
    return static_cast<std::uint32_t>(tree_.nodes.size() - 1);
  }

  void push(Open node, std::vector<Open>& open) {
    node.split = search(node);
    if (node.split) open.push_back(std::move(node));
  }

  Open take(std::vector<Open>& open) const {
    if (rules_.max_leaves != 0) {
      const auto best = std::max_element(open.begin(), open.end(), [](const Open& a, const Open& b) {
        return a.split.gain != b.split.gain ? a.split.gain < b.split.gain : a.index > b.index;
      });
      std::swap(*best, open.back());
    }
    Open node = std::move(open.back());
    open.pop_back();
    return node;
  }

  void divide(const Open& node, std::vector<Open>& open) {
    const NodeSplit& split = node.split;
    const std::size_t middle = node.begin + move_rows(items_of(node), split);
    const auto left = static_cast<std::uint32_t>(tree_.nodes.size());
    tree_.nodes[node.index] = node_of(split, bins_, left, tree_);
    tree_.facts[node.index].gain = split.gain;
    add_node(node.begin, middle);
    add_node(middle, node.end);
    push({left + 1, node.depth + 1, middle, node.end, hash_of(node.path, 1), {}}, open);
    push({left, node.depth + 1, node.begin, middle, hash_of(node.path, 0), {}}, open);
  }

  NodeSplit search(const Open& node) {
    const auto rows = tree_.facts[node.index].rows;
    NodeSplit best;
    if (rows < rules_.min_split || rows < 2 * static_cast<std::uint64_t>(rules_.min_leaf) ||
        (rules_.max_depth != 0 && node.depth >= rules_.max_depth))
      return best;
    std::fill(all_.begin(), all_.end(), 0);
    const std::span<Item> items = items_of(node);
    for (const Item& item : items) target_.add(all_.data(), item);
    whole_ = target_.score(all_.data());
    std::iota(features_.begin(), features_.end(), 0U);
    Random random(hash_of(rules_.seed, node.path));
    const std::size_t most = rules_.max_features == 0 ? features_.size() : rules_.max_features;
    for (std::size_t tried = 0; tried < features_.size() && (tried < most || !best); ++tried) {
      if (rules_.max_features != 0 && tried + 1 < features_.size())
        std::swap(features_[tried], features_[tried + random.below(features_.size() - tried)]);
      const NodeSplit split = rules_.exact && !bins_.features[features_[tried]].single_values
                                  ? search_values(items, features_[tried])
                                  : search_bins(items, features_[tried]);
      if (better(split, best)) best = split;
    }
    if (best && rules_.exact && !best.categorical && !best.cuts_bin) cut_between(items, best);
    return best;
  }

  double gain(const std::int64_t* left) {
    for (std::size_t s = 0; s < stride_; ++s) right_[s] = all_[s] - left[s];
    if (target_.rows(left) < rules_.min_leaf || target_.rows(right_.data()) < rules_.min_leaf) return 0;
    if (target_.rows(left) == 0 || target_.rows(right_.data()) == 0) return 0;
    if (rules_.min_weight > 0 &&
        (target_.weight(left) < rules_.min_weight || target_.weight(right_.data()) < rules_.min_weight))
      return 0;
    const double a = target_.score(left), b = target_.score(right_.data());
    const double gain = a + b - whole_;
    return gain > 1e-14 * (std::abs(a) + std::abs(b)) && gain > rules_.min_gain ? gain : 0;
  }

  /// Offers a division with `left` on the left, once or, where something is missing, with it on either side.
  bool offer(NodeSplit& best, std::size_t bin, const std::int64_t* missing) {
    const bool first = keep(best, bin, false, left_.data());
    if (missing == nullptr) return first;
    std::vector<std::int64_t>& with = with_missing_;
    with.resize(stride_);
    for (std::size_t s = 0; s < stride_; ++s) with[s] = left_[s] + missing[s];
    return keep(best, bin, true, with.data()) || first;
  }

  bool keep(NodeSplit& best, std::size_t bin, bool missing_left, const std::int64_t* left) {
    const double now = gain(left);
    if (!(now > best.gain)) return false;
    best.gain = now;
    best.bin = static_cast<std::uint8_t>(bin);
    best.missing_left = missing_left;
    std::copy_n(left, stride_, best_left_.begin());
    return true;
  }

  NodeSplit finished(NodeSplit split, std::uint32_t feature, bool has_missing) {
    split.feature = feature;
    if (split && !has_missing)
      split.missing_left = 2 * target_.weight(best_left_.data()) >= target_.weight(all_.data());
    return split;
  }

  /// The bins that occur, counted; their set, and the table holds their sums.
  CodeSet count(std::span<const Item> items, std::uint32_t feature) {
    const std::uint8_t* codes = bins_.column(feature);
    if (items.size() < few_items) {
      CodeSet set{};
      for (const Item& item : items) {
        const std::uint8_t code = codes[item.row];
        set[code / 64] |= std::uint64_t{1} << (code % 64);
        target_.add(table_.data() + code * stride_, item);
      }
      return set;
    }
    std::array<std::uint8_t, 256> met{};
    for (const Item& item : items) {
      const std::uint8_t code = codes[item.row];
      met[code] = 1;
      target_.add(table_.data() + code * stride_, item);
    }
    CodeSet set{};
    for (std::size_t code = 0; code < 256; ++code) set[code / 64] |= std::uint64_t{met[code]} << (code % 64);
    return set;
  }

  NodeSplit search_bins(std::span<const Item> items, std::uint32_t feature) {
    const FeatureBins& bins = bins_.features[feature];
    const CodeSet set = count(items, feature);
    std::array<std::uint8_t, 256> codes;
    std::size_t size = 0;
    for (std::size_t word = 0; word < 4; ++word)
      for (std::uint64_t left = set[word]; left != 0; left &= left - 1)
        codes[size++] = static_cast<std::uint8_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(left)));
    const bool has_missing = size > 0 && codes[size - 1] == bins.missing();
    const std::size_t values = size - (has_missing ? 1 : 0);
    const std::int64_t* missing = has_missing ? table_.data() + bins.missing() * stride_ : nullptr;
    if (bins.categorical) order_by_mean({codes.data(), values});
    std::fill(left_.begin(), left_.end(), 0);
    NodeSplit best{.categorical = bins.categorical};
    CodeSet so_far{};
    if constexpr (std::is_same_v<Target, PairTarget>) {
      if (!bins.categorical && !has_missing && !target_.entropy) {
        const NodeSplit split = best_pair_cut({codes.data(), size});
        clear({codes.data(), size});
        return finished(split, feature, false);
      }
    }
    // The last value alone divides nothing unless something is missing.
    const std::size_t cuts = has_missing ? values : values - std::min<std::size_t>(values, 1);
    for (std::size_t i = 0; i < cuts; ++i) {
      const std::int64_t* own = table_.data() + codes[i] * stride_;
      for (std::size_t s = 0; s < stride_; ++s) left_[s] += own[s];
      so_far[codes[i] / 64] |= std::uint64_t{1} << (codes[i] % 64);
      if (offer(best, codes[i], missing) && bins.categorical) best.set = so_far;
    }
    clear({codes.data(), size});
    return finished(best, feature, has_missing);
  }

  void clear(std::span<const std::uint8_t> codes) {
    for (const std::uint8_t code : codes) std::fill_n(table_.data() + code * stride_, stride_, 0);
  }

  /// Gini's best cut of two classes, where nothing is missing: scores are compared as fractions, without dividing, and
  /// not at all between two bins of one and the same class, where none is best (Fayyad and Irani, 1992).
  NodeSplit best_pair_cut(std::span<const std::uint8_t> codes) {
    const std::int64_t all = all_[0];
    const std::int64_t rows = all >> 32, ones = all & 0xFFFF'FFFF;
    std::int64_t left = 0, best_left = 0;
    double best_over = -1, best_under = 1;
    std::uint8_t best_code = 0;
    for (std::size_t i = 0; i + 1 < codes.size(); ++i) {
      const std::int64_t own = table_[codes[i]], next = table_[codes[i + 1]];
      left += own;
      if (one_class(own) && one_class(next) && ((own & 0xFFFF'FFFF) == 0) == ((next & 0xFFFF'FFFF) == 0) &&
          rules_.min_leaf == 1)
        continue;
      const std::int64_t left_rows = left >> 32, left_ones = left & 0xFFFF'FFFF;
      const std::int64_t right_rows = rows - left_rows;
      if (left_rows < rules_.min_leaf || right_rows < rules_.min_leaf) continue;
      const auto a = static_cast<double>(left_ones), b = static_cast<double>(ones - left_ones);
      const auto h = static_cast<double>(left_rows), k = static_cast<double>(right_rows);
      const double over = a * a * k + b * b * h, under = h * k;
      if (over * best_under > best_over * under) {
        best_over = over;
        best_under = under;
        best_left = left;
        best_code = codes[i];
      }
    }
    NodeSplit split;
    if (best_over >= 0) keep(split, best_code, false, &best_left);
    return split;
  }
  static bool one_class(std::int64_t sums) noexcept {
    return (sums & 0xFFFF'FFFF) == 0 || (sums & 0xFFFF'FFFF) == sums >> 32;
  }

  void order_by_mean(std::span<std::uint8_t> codes) const {
    std::array<double, 256> mean;
    for (const std::uint8_t code : codes) mean[code] = target_.mean(table_.data() + code * stride_);
    std::sort(codes.begin(), codes.end(),
              [&](std::uint8_t a, std::uint8_t b) { return mean[a] != mean[b] ? mean[a] < mean[b] : a < b; });
  }

  /// Every cut between two values, by sorting them.
  NodeSplit search_values(std::span<const Item> items, std::uint32_t feature) {
    const std::uint8_t* codes = bins_.column(feature);
    const std::uint8_t absent = bins_.features[feature].missing();
    values_.clear();
    std::vector<std::int64_t> missing(stride_);
    bool has_missing = false;
    for (const Item& item : items) {
      if (codes[item.row] == absent) {
        target_.add(missing.data(), item);
        has_missing = true;
      } else {
        values_.push_back({(*rules_.exact)(item.row, feature), &item});
      }
    }
    std::sort(values_.begin(), values_.end(), [](const Value& a, const Value& b) { return a.x < b.x; });
    std::fill(left_.begin(), left_.end(), 0);
    NodeSplit best;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      target_.add(left_.data(), *values_[i].item);
      const bool last = i + 1 == values_.size();
      if (!last && values_[i].x == values_[i + 1].x) continue;
      if (last && !has_missing) break;
      if (!offer(best, codes[values_[i].item->row], has_missing ? missing.data() : nullptr)) continue;
      best.threshold = last ? std::numeric_limits<double>::max() : half_way(values_[i].x, values_[i + 1].x);
      best.cuts_bin = true;
    }
    return finished(best, feature, has_missing);
  }

  /// The threshold between two bins of single values: half-way between those that occur.
  void cut_between(std::span<const Item> items, NodeSplit& split) const {
    const std::uint8_t* codes = bins_.column(split.feature);
    const std::uint8_t absent = bins_.features[split.feature].missing();
    double below = -std::numeric_limits<double>::infinity(), above = -below;
    for (const Item& item : items) {
      if (codes[item.row] == absent) continue;
      const double x = (*rules_.exact)(item.row, split.feature);
      if (codes[item.row] <= split.bin) {
        below = std::max(below, x);
      } else {
        above = std::min(above, x);
      }
    }
    if (above < std::numeric_limits<double>::infinity()) split.threshold = half_way(below, above);
  }

  bool goes_left(const Item& item, const NodeSplit& split) const noexcept {
    const std::uint8_t code = bins_.column(split.feature)[item.row];
    if (code == bins_.features[split.feature].missing()) return split.missing_left;
    if (split.cuts_bin && code == split.bin) return (*rules_.exact)(item.row, split.feature) <= *split.threshold;
    return split.goes_left(code);
  }

  std::size_t move_rows(std::span<Item> items, const NodeSplit& split) {
    std::size_t left = 0, right = 0;
    for (const Item item : items) {
      const bool goes = goes_left(item, split);
      right_items_[right] = item;
      items[left] = item;
      left += goes;
      right += !goes;
    }
    std::copy_n(right_items_.begin(), right, items.begin() + static_cast<std::ptrdiff_t>(left));
    return left;
  }

  const BinnedRows& bins_;
  const Target& target_;
  const DeepRules& rules_;
  std::size_t stride_;
  std::vector<std::int64_t> table_, all_, left_, right_, best_left_, with_missing_;
  std::vector<std::uint32_t> features_;
  std::vector<Item> right_items_;
  std::vector<Value> values_;
  std::span<Item> items_;
  double whole_ = 0;
  Tree tree_;
};

/// Hangs a tree in place of a leaf of another.
void graft(Tree& tree, std::uint32_t at, const Tree& branch);

}  // namespace emptor::mine
