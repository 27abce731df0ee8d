/// The inner loops of logistic regression: a tile of rows, column by column, in vectors.
///
/// Terms of sums are rounded to multiples of 2^-42 and added as integers, so that no order matters: t + 1.5 * 2^10 has
/// that spacing for |t| < 512, and the differences of its bits are the integers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "emptor/mine/numbers.hpp"

namespace emptor::mine {

inline constexpr std::size_t tile_rows = 128;
inline constexpr std::size_t tile_stride = tile_rows + 8;  ///< so that columns do not meet in one set of the cache
inline constexpr std::size_t sum_lanes = 8;                ///< of 64 bits; as many as any vector has
inline constexpr int sum_bits = 42;
inline constexpr std::size_t tiles_a_flush = 16;  ///< what 64-bit (and for short products 32-bit) sums can hold
inline constexpr double largest_reach = 16;       ///< of a scaled number, so that products of two stay below 512
inline constexpr double short_factor = 2046;      ///< sqrt(p (1 - p)) <= 1/2 becomes at most 1,023

/// Memory on whole cache lines.
template <class T>
class Lines {
 public:
  explicit Lines(std::size_t count, T value = T())
      : memory_(count + 64 / sizeof(T), value), skip_(misaligned() / sizeof(T)) {}
  T* data() noexcept { return memory_.data() + skip_; }
  const T* data() const noexcept { return memory_.data() + skip_; }

  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;
  Lines(Lines&&) noexcept = default;  // the buffer stays where it is
  Lines& operator=(Lines&&) noexcept = default;

 private:
  std::size_t misaligned() const noexcept { return -reinterpret_cast<std::uintptr_t>(memory_.data()) % 64; }
  std::vector<T> memory_;
  std::size_t skip_;
};

/// z = (x - centre) * factor of up to tile_rows rows, column by column; the rest of the tile becomes 0.
void load_tile(const NumberView& x, std::size_t first, std::size_t rows, const double* centre, const double* factor,
               double* z);

/// constant + the sum of theta[c] * z[c] in the order of columns.
void linear(const double* z, std::size_t columns, const double* theta, double constant, double* out);
/// 1 / (1 + e^-x); NaN stays.
void logistic(const double* x, double* out);
/// The same for several outputs: out of outputs x tile_stride sums, the softmax of each row. In place.
void softmax(double* values, std::size_t outputs);

/// sums[c] += the integers of residual * z[c], by lanes; column `columns` is the constant 1.
void add_gradient(const double* z, std::size_t columns, const double* residual, std::uint64_t* sums);
/// The lower triangle of all pairs of columns (the last the constant 1): integers of (v * z[a]) * z[b], a >= b.
/// `scratch` holds a tile column.
void add_information(const double* z, std::size_t columns, const double* v, double* scratch, std::uint64_t* sums);
/// What every sum of one full tile is too large by, for each row of it.
std::uint64_t sum_offset() noexcept;

/// Short integers of root * z[c] * short_factor (|.| <= 1,023), column by column, the last the constant.
void shorten(const double* z, std::size_t columns, const double* root, std::int16_t* out);
/// sums += products of all pairs of columns (a >= b), 16 lanes each.
void add_short_information(const std::int16_t* values, std::size_t columns, std::int32_t* sums);

/// The largest |z| of each column into `reach`, if larger; false where a number is not finite.
bool look_at(const double* z, std::size_t columns, double* reach);

}  // namespace emptor::mine
