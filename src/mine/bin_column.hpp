/// One column cut: which places are searched, and how far from the optimum what was found may be.
#pragma once

#include "emptor/mine/binning.hpp"
#include "mine/bin_search.hpp"

namespace emptor::mine {

struct ColumnCut {
  BinChain chain;
  double gap = 0;
  BinShape shape = BinShape::none;  ///< that was found
};

/// A column's edges as they are, and with the classes exchanged, under which rising is falling.
struct BothWays {
  const BinValue& value;
  const BinValue& exchanged;
};

/// `limits` without its number of bins, which is the options'. Requires that all values together may be a bin.
ColumnCut cut_column(const BinEdges& edges, const BothWays& values, const BinLimits& limits, BinShape shape,
                     const BinningOptions& options);

}  // namespace emptor::mine
