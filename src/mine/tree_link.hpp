/// From the sum of trees to what is told of a row.
#pragma once

#include <cstddef>

#include "emptor/mine/tree.hpp"

namespace emptor::mine {

/// base + factor x score, output by output.
inline void finish_score(const double* base, double factor, double* scores, std::size_t outputs) noexcept {
  for (std::size_t k = 0; k < outputs; ++k) scores[k] = base[k] + factor * scores[k];
}

/// One row's prediction in the place of its scores; of the logistic link there are two numbers.
void link_row(TreeLink link, double* scores, std::size_t outputs) noexcept;

}  // namespace emptor::mine
