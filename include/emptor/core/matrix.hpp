/// Views of numbers that somebody else owns: what the miners take and give.
#pragma once

#include <cstddef>
#include <span>

namespace emptor {

/// A row-major matrix view: `rows` x `columns`, consecutive rows `stride` elements apart.
template <class T>
class MatrixView {
 public:
  constexpr MatrixView() = default;
  /// Requires data to hold (rows - 1) * stride + columns elements, and stride >= columns.
  constexpr MatrixView(T* data, std::size_t rows, std::size_t columns, std::size_t stride)
      : data_(data), rows_(rows), columns_(columns), stride_(stride) {}
  constexpr MatrixView(T* data, std::size_t rows, std::size_t columns) : MatrixView(data, rows, columns, columns) {}

  constexpr std::size_t rows() const noexcept { return rows_; }
  constexpr std::size_t columns() const noexcept { return columns_; }
  constexpr std::size_t stride() const noexcept { return stride_; }
  constexpr T* data() const noexcept { return data_; }
  constexpr std::span<T> row(std::size_t r) const noexcept { return {data_ + r * stride_, columns_}; }
  constexpr T& operator()(std::size_t r, std::size_t c) const noexcept { return data_[r * stride_ + c]; }

 private:
  T* data_ = nullptr;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::size_t stride_ = 0;
};

}  // namespace emptor
