/// Floating numbers as integers of one common scale, so that sums of them come out the same in any order.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace emptor::mine {

/// A power of two by which numbers are multiplied before they are rounded to integers.
class FixedScale {
 public:
  /// The finest scale at which `count` numbers of at most `magnitude` each cannot overflow a sum of `bits` bits
  /// (the sign among them). Both arguments must be found without regard to order (a maximum, a count).
  static FixedScale of(double magnitude, std::uint64_t count, int bits = 64) noexcept {
    if (!(magnitude > 0)) magnitude = 1;
    int exponent = 0;
    std::frexp(magnitude, &exponent);  // magnitude < 2^exponent
    int room = 0;
    while ((std::uint64_t{1} << room) < count && room < 62) ++room;
    // Within what a double can hold both ways, so that scaling is one exact multiplication.
    return FixedScale(std::clamp(bits - 2 - exponent - room, -1000, 1000));
  }

  /// Nearest, halves to even. Requires a finite number of at most the magnitude.
  std::int64_t round(double value) const noexcept { return std::llrint(value * factor_); }
  double value(std::int64_t sum) const noexcept { return static_cast<double>(sum) * inverse_; }
  double factor() const noexcept { return factor_; }  ///< for loops that round many at once

 private:
  explicit FixedScale(int exponent) noexcept
      : factor_(std::ldexp(1.0, exponent)), inverse_(std::ldexp(1.0, -exponent)) {}
  double factor_, inverse_;
};

}  // namespace emptor::mine
