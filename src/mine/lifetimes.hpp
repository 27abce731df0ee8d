/// Lifetimes checked, with weights as whole numbers whose sums are exact.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "emptor/mine/survival.hpp"

namespace emptor::mine {

struct CheckedLifetimes {
  std::vector<std::size_t> rows;  ///< those with a weight
  std::vector<double> units;      ///< of all rows
  double factor = 1;              ///< units of weight 1
};

/// Throws Code::invalid, naming field and row; also where no row has a weight.
CheckedLifetimes checked_lifetimes(const Lifetimes& rows);

}  // namespace emptor::mine
