/// The best question to ask at a node, from the sums of its bins.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "emptor/mine/bins.hpp"
#include "mine/histogram.hpp"

namespace emptor::mine {

/// How splits are judged. Sums are in units: g stands for g * g_unit, h for h * h_unit.
struct SplitRules {
  double g_unit = 1, h_unit = 1;
  double l2 = 0;           ///< added to h
  bool entropy = false;    ///< g of h are of class 1
  double gain_factor = 1;  ///< 2 makes Gini's of the decrease in squares
  std::int64_t min_h = 1, min_n = 1;
  double slope_low = 0, slope_high = 1;  ///< between which g / h of every row lies
  double min_gain = 0;                   ///< to be exceeded, in the units of gain
  double category_cost = 0;              ///< taken off the gain for each category beyond the second
  std::vector<int> monotone;

  bool free() const noexcept { return monotone.empty(); }
  /// The value of a leaf.
  double value(const Sums& sums) const noexcept {
    return static_cast<double>(sums.g) * g_unit / (static_cast<double>(sums.h) * h_unit + l2);
  }
};

/// What values a node may take under monotone constraints.
struct ValueBounds {
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
  double clamp(double value) const noexcept { return value < low ? low : value > high ? high : value; }
};

using CodeSet = std::array<std::uint64_t, 4>;
inline bool has(const CodeSet& set, std::uint8_t code) noexcept { return (set[code / 64] >> (code % 64) & 1) != 0; }

struct NodeSplit {
  double gain = 0;  ///< 0: none
  std::uint32_t feature = 0;
  std::uint8_t bin = 0;  ///< codes up to it go left
  bool missing_left = false;
  bool categorical = false;
  CodeSet set{};                    ///< of codes that go left, where categorical
  std::optional<double> threshold;  ///< where it is not the cut of the bin
  bool cuts_bin = false;            ///< of `bin` only the values up to the threshold go left
  Sums left;

  explicit operator bool() const noexcept { return gain > 0; }
  bool goes_left(std::uint8_t code) const noexcept { return categorical ? has(set, code) : code <= bin; }
};

/// Larger gain, then lower feature: the one that is kept.
inline bool better(const NodeSplit& a, const NodeSplit& b) noexcept {
  return a.gain != b.gain ? a.gain > b.gain : a && a.feature < b.feature;
}

/// A node as the search sees it.
struct SplitNode {
  Sums all;
  ValueBounds bounds;
};

/// Judges one division of a node's sums.
class SplitScore {
 public:
  SplitScore(const SplitRules& rules, const SplitNode& node, std::size_t feature);

  /// The gain of left against the rest; nothing (0) where it is not allowed.
  double gain(const Sums& left) const noexcept {
    const Sums right = node_.all - left;
    if (left.h < rules_.min_h || right.h < rules_.min_h || left.n < rules_.min_n || right.n < rules_.min_n) return 0;
    return over(gain_of(left, right));
  }
  /// The same without limits on the sides, for bounds; g and h need not be whole.
  double free_gain(double g, double h) const noexcept;

 private:
  double over(double gain) const noexcept { return gain > rules_.min_gain ? gain : 0; }
  double gain_of(const Sums& left, const Sums& right) const noexcept;
  double constrained(const Sums& left, const Sums& right) const noexcept;
  double score(double g, double h) const noexcept;

  const SplitRules& rules_;
  const SplitNode& node_;
  int direction_;
  double l2_;    ///< in units of h
  double unit_;  ///< of gain
  double whole_;
};

/// The best split of a node by one feature whose bins lie at `first` in the histogram; no gain where there is none.
NodeSplit best_split(const FeatureBins& bins, std::size_t feature, const Histogram& histogram, std::size_t first,
                     const SplitNode& node, const SplitRules& rules);

}  // namespace emptor::mine
