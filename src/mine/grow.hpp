/// Grows one tree on binned rows, level by level or the largest gain first: the smaller child of each pair is counted,
/// the other is the difference to its parent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "emptor/mine/bins.hpp"
#include "emptor/mine/numbers.hpp"
#include "emptor/mine/run.hpp"
#include "emptor/mine/tree.hpp"
#include "mine/histogram.hpp"
#include "mine/row_lists.hpp"
#include "mine/split.hpp"

namespace emptor::mine {

struct GrowRules {
  SplitRules split;
  std::size_t max_depth = 0;   ///< 0: none
  std::size_t max_leaves = 0;  ///< 0: none; else the largest gain is split first
  std::size_t min_split = 2;
  std::vector<std::uint32_t> features = {};  ///< that may be asked, ascending; all if empty
  std::size_t small_rows = 0;                ///< nodes of no more rows are left to the caller, as small nodes
  std::optional<NumberView> exact = {};      ///< the numbers, to cut between any two of them
};

/// A node that was left as it is, as it has few rows.
struct SmallNode {
  std::uint32_t index = 0;  ///< in the tree
  std::size_t depth = 0;
  std::vector<std::uint32_t> rows;
};

/// What the trees of one fit have in common.
struct GrowTable {
  const BinnedRows& bins;
  HistogramLayout layout;
  ColumnBundles bundles;
  explicit GrowTable(const BinnedRows& rows) : bins(rows), layout(rows.features), bundles(rows) {}
};

/// Where trees of one table grow, one after another, without allocating all of it anew.
struct GrowSpace {
  std::vector<std::uint32_t> leaf_of_row;  ///< of the last tree, for rows that took part
  RowSpace rows;
  std::vector<HistogramScratch> scratch;  ///< one a worker
  std::vector<Histogram> spare;
};

/// One tree with an output. Rows that take part: those of `rows`, or all if that is empty. Bits do not depend on the
/// order of rows or threads.
Tree grow_tree(const GrowTable& table, const RowSums& sums, std::span<const std::uint32_t> rows, const GrowRules& rules,
               GrowSpace& space, const Run& run, std::vector<SmallNode>* small_nodes = nullptr);

/// The node of a tree for what a split says; the children are at `left` and after.
TreeNode node_of(const NodeSplit& split, const BinnedRows& bins, std::uint32_t left, Tree& tree);

}  // namespace emptor::mine
