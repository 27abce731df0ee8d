/// Sums whose value does not depend on order: any split, any thread count, the same bits.
#pragma once

#include <array>
#include <cstdint>

#include "emptor/core/decimal.hpp"
#include "emptor/core/wide.hpp"

namespace emptor {

/// A 128-bit sum of 64-bit integers; cannot overflow before 2^64 terms.
class IntegerSum {
 public:
  constexpr void add(std::int64_t value) noexcept { sum_ += value; }
  constexpr void add(const IntegerSum& other) noexcept { sum_ += other.sum_; }
  /// The sum of values given in micros, as a decimal. Throws Code::invalid where it does not fit.
  Decimal micros_to_decimal() const;
  constexpr Wide value() const noexcept { return sum_; }
  friend constexpr bool operator==(const IntegerSum&, const IntegerSum&) noexcept = default;

 private:
  Wide sum_ = 0;
};

/// The exact sum of finite doubles, held as a fixed-point number wide enough for every double;
/// rounded once, to nearest even, in `value()`. NaN and infinities are remembered and returned.
class DoubleSum {
 public:
  void add(double value) noexcept;
  void add(const DoubleSum& other) noexcept;
  double value() const noexcept;

 private:
  static constexpr int limbs = 68;  // 2^-1074 .. 2^1023 in 32-bit limbs, with room for carries
  std::array<std::int64_t, limbs> limbs_{};
  std::int64_t pending_ = 0;
  bool nan_ = false;
  bool positive_infinity_ = false;
  bool negative_infinity_ = false;
  void carry() noexcept;
};

}  // namespace emptor
