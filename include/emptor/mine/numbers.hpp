/// Tables of numbers that somebody else owns, in whatever layout they lie: what the miners of rows and columns take.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "emptor/core/matrix.hpp"

namespace emptor::mine {

/// One column of a table: `rows` numbers, `stride` elements apart.
template <class T>
class Strided {
 public:
  constexpr Strided(const T* data, std::size_t stride) noexcept : data_(data), stride_(stride) {}
  constexpr T operator[](std::size_t row) const noexcept { return data_[row * stride_]; }
  constexpr const T* data() const noexcept { return data_; }
  constexpr std::size_t stride() const noexcept { return stride_; }

 private:
  const T* data_;
  std::size_t stride_;
};

/// A table of 32- or 64-bit floating numbers, by row or by column, without a copy. NaN is a missing value where the
/// miner says that it takes them.
class NumberView {
 public:
  enum class Type : std::uint8_t { float32, float64 };

  constexpr NumberView() = default;
  /// Element (r, c) lies at data + r * row_stride + c * column_stride, counted in elements.
  constexpr NumberView(const double* data, std::size_t rows, std::size_t columns, std::size_t row_stride,
                       std::size_t column_stride) noexcept
      : data_(data), rows_(rows), columns_(columns), row_stride_(row_stride), column_stride_(column_stride) {}
  constexpr NumberView(const float* data, std::size_t rows, std::size_t columns, std::size_t row_stride,
                       std::size_t column_stride) noexcept
      : data_(data),
        rows_(rows),
        columns_(columns),
        row_stride_(row_stride),
        column_stride_(column_stride),
        type_(Type::float32) {}
  template <class T>
  constexpr NumberView(MatrixView<T> matrix) noexcept
      : NumberView(static_cast<const T*>(matrix.data()), matrix.rows(), matrix.columns(), matrix.stride(), 1) {}

  constexpr std::size_t rows() const noexcept { return rows_; }
  constexpr std::size_t columns() const noexcept { return columns_; }
  constexpr std::size_t row_stride() const noexcept { return row_stride_; }
  constexpr std::size_t column_stride() const noexcept { return column_stride_; }
  constexpr Type type() const noexcept { return type_; }
  constexpr const void* data() const noexcept { return data_; }

  /// One number; for loops over many, take columns by `visit`.
  double operator()(std::size_t row, std::size_t column) const noexcept {
    const std::size_t at = row * row_stride_ + column * column_stride_;
    return type_ == Type::float64 ? static_cast<const double*>(data_)[at]
                                  : double{static_cast<const float*>(data_)[at]};
  }

  /// Calls work(Strided<float> or Strided<double>) with a column; returns what it returns.
  template <class Work>
  decltype(auto) visit(std::size_t column, Work&& work) const {
    const std::size_t at = column * column_stride_;
    if (type_ == Type::float64) return work(Strided<double>(static_cast<const double*>(data_) + at, row_stride_));
    return work(Strided<float>(static_cast<const float*>(data_) + at, row_stride_));
  }

  /// Rows first ... first + count - 1 of the same table.
  constexpr NumberView slice(std::size_t first, std::size_t count) const noexcept {
    NumberView part = *this;
    part.rows_ = count;
    const std::size_t at = first * row_stride_;
    if (type_ == Type::float64) {
      part.data_ = static_cast<const double*>(data_) + at;
    } else {
      part.data_ = static_cast<const float*>(data_) + at;
    }
    return part;
  }

 private:
  const void* data_ = nullptr;
  std::size_t rows_ = 0, columns_ = 0;
  std::size_t row_stride_ = 0, column_stride_ = 0;
  Type type_ = Type::float64;
};

/// Rows to learn from: what is known of each, and what came of it. Spans may be empty where the miner needs none.
struct TrainingRows {
  NumberView x;                        ///< rows x features
  std::span<const double> y;           ///< the target of each row; classes are 0, 1, 2 ...
  std::span<const double> weights;     ///< of each row, finite and >= 0; all 1 if empty
  std::span<const std::uint64_t> ids;  ///< of each row, all different; 0, 1, 2 ... if empty

  std::uint64_t id(std::size_t row) const noexcept { return ids.empty() ? row : ids[row]; }
  double weight(std::size_t row) const noexcept { return weights.empty() ? 1.0 : weights[row]; }
};

}  // namespace emptor::mine
