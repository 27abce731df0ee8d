/// Rows handed out in chunks to the host's threads, and laid out one after another.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "emptor/mine/numbers.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

/// How many workers `for_chunks` numbers.
std::size_t workers_for(const Run& run, std::size_t rows, std::size_t chunk) noexcept;

/// Calls work(worker, first, count) for every chunk of the rows; a worker number is in use once at a time. Beats
/// after every chunk; what one worker throws stops the others.
void for_chunks(const Run& run, std::string_view stage, std::size_t rows, std::size_t chunk,
                const std::function<void(std::size_t worker, std::size_t first, std::size_t count)>& work);

/// Pointers to rows whose columns lie side by side: where they lie, or copies.
template <class T>
class RowPack {
 public:
  RowPack(const NumberView& x, std::size_t capacity) : x_(x) {
    if (x.column_stride() != 1) copies_.resize(capacity * x.columns());
  }

  /// Asks for a row that will be taken soon.
  void prefetch(std::size_t row) const noexcept {
    constexpr std::size_t line = 64, farthest = 512;
    if (x_.column_stride() != 1) return;
    const char* begin = reinterpret_cast<const char*>(static_cast<const T*>(x_.data()) + row * x_.row_stride());
    const std::size_t bytes = std::min(x_.columns() * sizeof(T), farthest);
    for (std::size_t at = 0; at < bytes; at += line) __builtin_prefetch(begin + at, 0, 2);
  }

  /// `at(i)` gives the number of the i-th row wanted; at most `capacity` of them.
  template <class At>
  void take(std::size_t count, At&& at, const T** rows) {
    const T* data = static_cast<const T*>(x_.data());
    if (copies_.empty()) {
      for (std::size_t i = 0; i < count; ++i) rows[i] = data + at(i) * x_.row_stride();
      return;
    }
    const std::size_t columns = x_.columns();
    for (std::size_t i = 0; i < count; ++i) rows[i] = copies_.data() + i * columns;
    for (std::size_t column = 0; column < columns; ++column) {
      const T* from = data + column * x_.column_stride();
      for (std::size_t i = 0; i < count; ++i) copies_[i * columns + column] = from[at(i) * x_.row_stride()];
    }
  }

 private:
  NumberView x_;
  std::vector<T> copies_;
};

/// Calls work.template operator()<float or double>().
template <class Work>
decltype(auto) with_type(const NumberView& x, Work&& work) {
  if (x.type() == NumberView::Type::float64) return work.template operator()<double>();
  return work.template operator()<float>();
}

}  // namespace emptor::mine
