/// The rows of every node of a growing tree, as stretches of one list that splits divide in two.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "emptor/mine/bins.hpp"
#include "emptor/mine/numbers.hpp"
#include "emptor/mine/run.hpp"
#include "mine/split.hpp"

namespace emptor::mine {

/// A stretch of rows: 0, 1, 2 ... themselves before the first split.
struct RowRange {
  std::size_t begin = 0, end = 0;
  std::uint8_t list = 0;  ///< of the two lists; `all` for the rows themselves
  static constexpr std::uint8_t all = 2;
  std::size_t size() const noexcept { return end - begin; }
};

/// One division to make: the rows of a node, by a split.
struct RowDivision {
  RowRange rows;
  const NodeSplit* split = nullptr;
  std::uint32_t left_leaf = 0;  ///< not 0: both children are leaves, left_leaf and the next, and need no lists
  std::size_t left_rows = 0;    ///< the result
};

/// What lists are written in, tree after tree.
struct RowSpace {
  std::array<std::vector<std::uint32_t>, 2> lists;
  std::vector<std::uint32_t> right;  ///< rows on their way to the right
};

class RowLists {
 public:
  RowLists(const BinnedRows& bins, std::span<const std::uint32_t> rows, std::optional<NumberView> exact,
           RowSpace& space);

  RowRange root() const noexcept { return root_; }
  /// Null where the rows are 0, 1, 2 ...
  const std::uint32_t* list_of(const RowRange& range) const noexcept {
    return range.list == RowRange::all ? nullptr : space_.lists[range.list].data();
  }
  /// Divides each stretch: left rows first, both in the order they had, in the other list.
  void divide(std::span<RowDivision> divisions, std::vector<std::uint32_t>& leaf_of_row, const Run& run);
  static std::uint8_t list_after(const RowRange& range) noexcept { return range.list == 0 ? 1 : 0; }

 private:
  struct Piece {
    std::size_t division, begin, end, left = 0;
  };
  std::size_t split_piece(const RowDivision& division, const Piece& piece);
  std::size_t assign_piece(const RowDivision& division, const Piece& piece, std::uint32_t* leaf) const;
  void join(const RowDivision& division, std::span<const Piece> pieces);

  const BinnedRows& bins_;
  std::optional<NumberView> exact_;
  RowRange root_;
  RowSpace& space_;
};

}  // namespace emptor::mine
