#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mine/kmeans_range.cpp"
#include "mine/kmeans_targets.hpp"
// After it, once for each kind of processor:
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>

#include "mine/kmeans_range.hpp"

HWY_BEFORE_NAMESPACE();
namespace emptor::mine {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <class T>
HWY_INLINE void widen_row(const ColumnRange<T>& range, const T* row, std::size_t columns) {
  const hn::ScalableTag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t column = 0;
  for (; column + lanes <= columns; column += lanes) {
    const auto value = hn::LoadU(d, row + column);
    hn::StoreU(hn::Min(hn::LoadU(d, range.least + column), value), d, range.least + column);
    hn::StoreU(hn::Max(hn::LoadU(d, range.greatest + column), value), d, range.greatest + column);
    hn::StoreU(hn::Add(hn::LoadU(d, range.stain + column), hn::Sub(value, value)), d, range.stain + column);
  }
  for (; column < columns; ++column) {
    const T value = row[column];
    range.least[column] = std::min(range.least[column], value);
    range.greatest[column] = std::max(range.greatest[column], value);
    range.stain[column] += value - value;
  }
}

void WidenFloats(const ColumnRange<float>& range, const float* const* rows, std::size_t count, std::size_t columns) {
  for (std::size_t i = 0; i < count; ++i) widen_row(range, rows[i], columns);
}
void WidenDoubles(const ColumnRange<double>& range, const double* const* rows, std::size_t count, std::size_t columns) {
  for (std::size_t i = 0; i < count; ++i) widen_row(range, rows[i], columns);
}

}  // namespace HWY_NAMESPACE
}  // namespace emptor::mine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace emptor::mine {

HWY_EXPORT(WidenFloats);
HWY_EXPORT(WidenDoubles);

void widen(const ColumnRange<float>& range, const float* const* rows, std::size_t count, std::size_t columns) {
  HWY_DYNAMIC_DISPATCH(WidenFloats)(range, rows, count, columns);
}
void widen(const ColumnRange<double>& range, const double* const* rows, std::size_t count, std::size_t columns) {
  HWY_DYNAMIC_DISPATCH(WidenDoubles)(range, rows, count, columns);
}

}  // namespace emptor::mine
#endif
