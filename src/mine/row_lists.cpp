#include "mine/row_lists.hpp"

#include <algorithm>

#include "mine/shares.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t piece_rows = 32'768;

/// Says of a row whether it goes left.
class Side {
 public:
  Side(const BinnedRows& bins, const NodeSplit& split, const std::optional<NumberView>& exact)
      : codes_(bins.column(split.feature)), feature_(split.feature) {
    const FeatureBins& feature = bins.features[split.feature];
    for (std::size_t code = 0; code < feature.size(); ++code)
      left_[code] = split.goes_left(static_cast<std::uint8_t>(code)) ? 1 : 0;
    left_[feature.missing()] = split.missing_left ? 1 : 0;
    if (split.cuts_bin) {
      cut_ = split.bin;
      threshold_ = *split.threshold;
      x_ = &*exact;
    }
  }
  bool cuts_a_bin() const noexcept { return x_ != nullptr; }
  std::size_t of(std::size_t row) const noexcept { return left_[codes_[row]]; }
  std::size_t exactly_of(std::size_t row) const noexcept {
    return codes_[row] == cut_ ? static_cast<std::size_t>((*x_)(row, feature_) <= threshold_) : of(row);
  }

 private:
  std::array<std::uint8_t, 256> left_{};
  const std::uint8_t* codes_;
  std::size_t feature_;
  const NumberView* x_ = nullptr;
  std::uint8_t cut_ = 0;
  double threshold_ = 0;
};

struct Ends {
  std::uint32_t* left;
  std::uint32_t* right;
};

template <class RowOf, class SideOf>
std::size_t divide_rows(std::size_t begin, std::size_t end, RowOf row_of, SideOf side_of, Ends to) {
  std::uint32_t* const first = to.left;
  for (std::size_t i = begin; i < end; ++i) {
    const std::uint32_t row = row_of(i);
    const std::size_t side = side_of(row);
    *to.left = row;
    *to.right = row;
    to.left += side;
    to.right += 1 - side;
  }
  return static_cast<std::size_t>(to.left - first);
}

template <class RowOf, class SideOf>
std::size_t assign_rows(std::size_t begin, std::size_t end, RowOf row_of, SideOf side_of, std::uint32_t left,
                        std::uint32_t* leaf) {
  std::size_t count = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const std::uint32_t row = row_of(i);
    const std::size_t side = side_of(row);
    leaf[row] = left + static_cast<std::uint32_t>(1 - side);
    count += side;
  }
  return count;
}

/// Calls work(row_of, side_of) with what fits the list and the split.
template <class Work>
std::size_t with_kind(const std::uint32_t* list, const Side& side, Work work) {
  const auto same = [](std::size_t i) { return static_cast<std::uint32_t>(i); };
  const auto listed = [list](std::size_t i) { return list[i]; };
  const auto by_code = [&side](std::size_t row) { return side.of(row); };
  const auto exactly = [&side](std::size_t row) { return side.exactly_of(row); };
  if (side.cuts_a_bin()) return list == nullptr ? work(same, exactly) : work(listed, exactly);
  return list == nullptr ? work(same, by_code) : work(listed, by_code);
}

}  // namespace

RowLists::RowLists(const BinnedRows& bins, std::span<const std::uint32_t> rows, std::optional<NumberView> exact,
                   RowSpace& space)
    : bins_(bins), exact_(exact), space_(space) {
  root_.end = rows.empty() ? bins.rows : rows.size();
  root_.list = rows.empty() ? RowRange::all : std::uint8_t{0};
  for (std::vector<std::uint32_t>& list : space_.lists) list.resize(root_.end);
  space_.right.resize(root_.end);
  std::copy(rows.begin(), rows.end(), space_.lists[0].begin());
}

std::size_t RowLists::split_piece(const RowDivision& division, const Piece& piece) {
  const Side side(bins_, *division.split, exact_);
  std::uint32_t* to = space_.lists[list_after(division.rows)].data();
  std::uint32_t* right = space_.right.data();
  return with_kind(list_of(division.rows), side, [&](auto row_of, auto side_of) {
    return divide_rows(piece.begin, piece.end, row_of, side_of, {to + piece.begin, right + piece.begin});
  });
}

std::size_t RowLists::assign_piece(const RowDivision& division, const Piece& piece, std::uint32_t* leaf) const {
  const Side side(bins_, *division.split, exact_);
  return with_kind(list_of(division.rows), side, [&](auto row_of, auto side_of) {
    return assign_rows(piece.begin, piece.end, row_of, side_of, division.left_leaf, leaf);
  });
}

void RowLists::join(const RowDivision& division, std::span<const Piece> pieces) {
  std::uint32_t* to = space_.lists[list_after(division.rows)].data();
  std::size_t at = division.rows.begin;
  for (const Piece& piece : pieces) {
    if (at != piece.begin) std::copy_n(to + piece.begin, piece.left, to + at);
    at += piece.left;
  }
  for (const Piece& piece : pieces) {
    const std::size_t size = piece.end - piece.begin - piece.left;
    std::copy_n(space_.right.data() + piece.begin, size, to + at);
    at += size;
  }
}

void RowLists::divide(std::span<RowDivision> divisions, std::vector<std::uint32_t>& leaf_of_row, const Run& run) {
  std::vector<Piece> pieces;
  std::vector<std::size_t> first;
  for (std::size_t d = 0; d < divisions.size(); ++d) {
    first.push_back(pieces.size());
    const RowRange& rows = divisions[d].rows;
    for (std::size_t begin = rows.begin; begin < rows.end; begin += piece_rows)
      pieces.push_back({d, begin, std::min(rows.end, begin + piece_rows)});
  }
  first.push_back(pieces.size());
  run_shares(run, pieces.size(), "divide", [&](std::size_t p) {
    Piece& piece = pieces[p];
    const RowDivision& division = divisions[piece.division];
    piece.left =
        division.left_leaf != 0 ? assign_piece(division, piece, leaf_of_row.data()) : split_piece(division, piece);
  });
  run_shares(run, divisions.size(), "divide", [&](std::size_t d) {
    const std::span<const Piece> own(pieces.data() + first[d], first[d + 1] - first[d]);
    if (divisions[d].left_leaf == 0) join(divisions[d], own);
    for (const Piece& piece : own) divisions[d].left_rows += piece.left;
  });
}

}  // namespace emptor::mine
