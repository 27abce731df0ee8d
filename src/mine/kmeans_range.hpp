/// The least and the greatest number of each column.
#pragma once

#include <cstddef>

namespace emptor::mine {

/// Widens least and greatest by one row; `stain` of a column becomes NaN where a number is infinite or NaN.
template <class T>
struct ColumnRange {
  T* least;
  T* greatest;
  T* stain;
};
void widen(const ColumnRange<float>& range, const float* const* rows, std::size_t count, std::size_t columns);
void widen(const ColumnRange<double>& range, const double* const* rows, std::size_t count, std::size_t columns);

}  // namespace emptor::mine
