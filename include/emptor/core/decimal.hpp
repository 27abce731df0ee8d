/// An exact decimal number: a 64-bit integer and a scale of 0 to 6 digits after the point.
///
/// Amounts, prices, quantities and rates are decimals; money is never a floating number. A decimal
/// is kept normal (no trailing zeros), so equal values are equal bits. Fields store decimals at a
/// fixed scale of 6 ("micros"): the storable range is +-9,223,372,036,854.775807.
#pragma once

#include <compare>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace emptor {

enum class Rounding { half_even, half_up, down };

class Decimal {
 public:
  static constexpr int max_scale = 6;
  static constexpr std::int64_t micros_per_unit = 1'000'000;

  constexpr Decimal() = default;
  constexpr Decimal(std::int64_t whole) : units_(whole) {}  // NOLINT: 3 is a decimal
  Decimal(std::floating_point auto) = delete;               ///< say how it is rounded: from_double
  /// `units` / 10^`scale`. Requires 0 <= scale <= 6.
  static Decimal of(std::int64_t units, int scale);
  static Decimal from_micros(std::int64_t micros) { return of(micros, max_scale); }
  /// Reads plain notation with '.' as the point, optionally signed, optionally with an exponent
  /// ("1.00E+05"). Nothing if the text is not such a number, has more than 6 digits after the point
  /// that are not zero, or is out of range.
  static std::optional<Decimal> parse(std::string_view text);
  /// As `parse`, but digits past the sixth are rounded; `rounded` (if given) tells whether any were.
  static std::optional<Decimal> parse_rounded(std::string_view text, Rounding rule, bool* rounded = nullptr);
  /// The nearest decimal (half to even) with at most `scale` digits; nothing for NaN and out of range.
  static std::optional<Decimal> from_double(double value, int scale = max_scale);

  constexpr std::int64_t units() const noexcept { return units_; }
  constexpr int scale() const noexcept { return scale_; }
  /// The value times 10^6. Throws Code::invalid where that does not fit 64 bits.
  std::int64_t micros() const;
  bool fits_micros() const noexcept;
  double to_double() const noexcept;
  std::string to_string() const;  ///< shortest exact form: "-12.5", "0"

  Decimal round(int scale, Rounding rule) const;
  Decimal operator-() const;

  /// Exact; they throw Code::invalid on overflow. A product that needs more than 6 digits after the
  /// point is rounded half to even at the sixth.
  friend Decimal operator+(Decimal a, Decimal b);
  friend Decimal operator-(Decimal a, Decimal b);
  friend Decimal operator*(Decimal a, Decimal b);
  friend std::strong_ordering operator<=>(Decimal a, Decimal b) noexcept;
  friend bool operator==(Decimal a, Decimal b) noexcept = default;

 private:
  std::int64_t units_ = 0;
  int scale_ = 0;
};

/// (a * b) of two numbers in micros, in micros, half to even at the sixth digit; nothing on overflow.
std::optional<std::int64_t> multiply_micros(std::int64_t a, std::int64_t b) noexcept;

}  // namespace emptor
