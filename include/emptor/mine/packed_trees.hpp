/// Trees laid out for one row at a time: what a program asks that scores a customer as it meets them.
///
///     const std::optional<PackedTrees> packed = PackedTrees::of(forest.ensemble);
///     if (packed) packed->predict(row, out);
///
/// A deep forest waits for memory at every node. Here a node is 8 bytes, its children lie side by side, what is likely
/// to be asked next lies in the same lines and pages of memory (the idea of van Emde Boas' layout; Asadi, Lin and de
/// Vries, TKDE 26, 2014), and all trees are walked together, so that they wait at once. Numbers become codes first: how
/// many thresholds of their feature lie below them, which answers every question exactly as the numbers do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "emptor/mine/tree.hpp"

namespace emptor::mine {

class PackedTrees {
 public:
  /// Nothing where the ensemble asks for categories, for more than 1,024 features or more than 65,534 thresholds of
  /// one, has more than 2^31 nodes, or trees that differ in the number of outputs. O(nodes); 8 bytes a node beside the
  /// ensemble, which need not live on.
  static std::optional<PackedTrees> of(const TreeEnsemble& ensemble);

  /// What `raw_scores_of_row` and `predict_of_row` give, to the last bit, without an allocation. Any number of threads
  /// may ask at once.
  void raw_scores(const double* row, double* out) const noexcept;
  void predict(const double* row, double* out) const noexcept;

  std::size_t bytes() const noexcept;

 private:
  struct alignas(64) Line {
    std::uint64_t nodes[8];
  };
  struct Feature {
    std::uint32_t column;
    std::uint32_t first, count;  ///< of its thresholds in cuts_, ascending
  };
  PackedTrees() = default;
  friend class TreePacker;
  void encode(const double* row, std::uint32_t* keys) const noexcept;
  void walk(const std::uint32_t* keys, std::size_t first, std::size_t count, std::uint32_t* at) const noexcept;

  /// Low half: where the left child lies. High half: the code of the threshold, then the key that is compared with it
  /// (0: a leaf, whose child is its value's own node, which leads to itself).
  std::vector<Line> lines_;
  std::vector<std::uint32_t> roots_;          ///< of each tree
  std::vector<std::uint32_t> first_outputs_;  ///< of each tree
  std::size_t tree_outputs_ = 1;              ///< numbers a leaf
  std::vector<double> values_;                ///< of each value's node, which are the first ones
  std::vector<Feature> features_;
  std::vector<double> cuts_;
  std::size_t outputs_ = 1;
  TreeLink link_ = TreeLink::identity;
  double factor_ = 1;
  std::vector<double> base_;
};

}  // namespace emptor::mine
