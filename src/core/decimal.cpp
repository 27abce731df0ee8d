#include "emptor/core/decimal.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "emptor/core/error.hpp"
#include "emptor/core/wide.hpp"

namespace emptor {
namespace {

constexpr std::int64_t powers[] = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000};

/// Digits past this bound cannot change a number that is in range, except as a remainder.
constexpr UnsignedWide many_digits = static_cast<UnsignedWide>(1'000'000'000'000'000'000) * 1'000'000'000'000;

constexpr bool fits(Wide value) {
  return value >= std::numeric_limits<std::int64_t>::min() && value <= std::numeric_limits<std::int64_t>::max();
}

[[noreturn]] void throw_overflow() { throw Error(Code::invalid, "a decimal number is out of range"); }

/// Whether |quotient| moves away from zero, given what was cut off: `twice` compares 2 * remainder with
/// the divisor.
bool moves_away(std::strong_ordering twice, bool odd, Rounding rule) {
  if (rule == Rounding::down) return false;
  if (twice != 0) return twice > 0;
  return rule == Rounding::half_up || odd;
}

/// `value` / `divisor`; `sticky` says that more than nothing was cut off below `value` before.
UnsignedWide divide(UnsignedWide value, UnsignedWide divisor, bool sticky, Rounding rule, bool& inexact) {
  const UnsignedWide quotient = value / divisor;
  const UnsignedWide remainder = value % divisor;
  inexact = remainder != 0 || sticky;
  if (!inexact) return quotient;
  auto twice = remainder <=> divisor - remainder;
  if (twice == 0 && sticky) twice = std::strong_ordering::greater;
  return quotient + (moves_away(twice, (quotient & 1) != 0, rule) ? 1 : 0);
}

Wide divide_signed(Wide value, std::int64_t divisor, Rounding rule) {
  bool inexact = false;
  const bool negative = value < 0;
  const UnsignedWide size = negative ? -static_cast<UnsignedWide>(value) : static_cast<UnsignedWide>(value);
  const auto result = static_cast<Wide>(divide(size, static_cast<UnsignedWide>(divisor), false, rule, inexact));
  return negative ? -result : result;
}

struct Scaled {
  Wide units;
  int scale;
};

Scaled normal(Scaled number) {
  while (number.scale > 0 && number.units % 10 == 0) {
    number.units /= 10;
    --number.scale;
  }
  return number;
}

std::optional<Decimal> narrow(Scaled number) {
  if (fits(number.units)) return Decimal::of(static_cast<std::int64_t>(number.units), number.scale);
  const Scaled shortest = normal(number);
  if (!fits(shortest.units)) return std::nullopt;
  return Decimal::of(static_cast<std::int64_t>(shortest.units), shortest.scale);
}

Decimal narrow_or_throw(Scaled number) {
  const std::optional<Decimal> result = narrow(number);
  if (!result) throw_overflow();
  return *result;
}

Wide units_at(Decimal number, int scale) { return static_cast<Wide>(number.units()) * powers[scale - number.scale()]; }

/// A number as it is written: digits * 10^exponent, and whether digits were left off that are not zero.
struct Written {
  UnsignedWide digits = 0;
  std::int64_t exponent = 0;
  bool sticky = false;
  bool negative = false;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void take_digit(Written& number, char c, bool fraction) {
  if (number.digits < many_digits) {
    number.digits = number.digits * 10 + static_cast<unsigned>(c - '0');
    number.exponent -= fraction ? 1 : 0;
    return;
  }
  number.sticky = number.sticky || c != '0';
  number.exponent += fraction ? 0 : 1;
}

/// Reads the digits around the point; false where there is none.
bool read_digits(std::string_view text, std::size_t& at, Written& number) {
  const std::size_t start = at;
  bool fraction = false;
  std::size_t points = 0;
  for (; at < text.size(); ++at) {
    if (is_digit(text[at])) {
      take_digit(number, text[at], fraction);
    } else if (text[at] == '.' && !fraction) {
      fraction = true;
      points = 1;
    } else {
      break;
    }
  }
  return at - start > points;
}

bool read_exponent(std::string_view text, std::size_t& at, Written& number) {
  if (at == text.size()) return true;
  if (text[at] != 'e' && text[at] != 'E') return false;
  ++at;
  if (at < text.size() && text[at] == '+') {
    ++at;
    if (at < text.size() && text[at] == '-') return false;
  }
  int exponent = 0;
  const auto [end, failure] = std::from_chars(text.data() + at, text.data() + text.size(), exponent);
  if (failure != std::errc{} || end != text.data() + text.size()) return false;
  number.exponent += exponent;
  return true;
}

std::optional<Written> read_written(std::string_view text) {
  Written number;
  std::size_t at = 0;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) number.negative = text[at++] == '-';
  if (!read_digits(text, at, number) || !read_exponent(text, at, number)) return std::nullopt;
  return number;
}

/// digits * 10^power, or nothing past `many_digits`.
std::optional<UnsignedWide> raise(UnsignedWide digits, std::int64_t power) {
  for (; power > 0 && digits != 0; --power) {
    if (digits >= many_digits) return std::nullopt;
    digits *= 10;
  }
  return digits;
}

/// The number in units of 10^-6.
std::optional<UnsignedWide> to_micros(const Written& number, Rounding rule, bool& inexact) {
  const std::int64_t power = number.exponent + Decimal::max_scale;
  if (power >= 0) return raise(number.digits, power);
  if (power < -37) {
    inexact = number.digits != 0 || number.sticky;
    return 0;
  }
  const UnsignedWide divisor =
      *raise(1, std::min<std::int64_t>(-power, 30)) * *raise(1, std::max<std::int64_t>(-power - 30, 0));
  return divide(number.digits, divisor, number.sticky, rule, inexact);
}

constexpr std::size_t longest_text = 24;  // a sign, 19 digits, a point and a zero before it

/// Fills the buffer from its end; the shortest exact form.
std::string_view write(Decimal number, char (&buffer)[longest_text]) {
  const bool negative = number.units() < 0;
  auto rest = static_cast<std::uint64_t>(number.units());
  if (negative) rest = -rest;
  char* at = buffer + longest_text;
  for (int written = 0; rest != 0 || written <= number.scale(); ++written) {
    if (written == number.scale() && written > 0) *--at = '.';
    *--at = static_cast<char>('0' + rest % 10);
    rest /= 10;
  }
  if (negative) *--at = '-';
  return {at, static_cast<std::size_t>(buffer + longest_text - at)};
}

}  // namespace

Decimal Decimal::of(std::int64_t units, int scale) {
  if (scale < 0 || scale > max_scale) throw Error(Code::misuse, "the scale of a decimal is 0 to 6");
  while (scale > 0 && units % 10 == 0) {
    units /= 10;
    --scale;
  }
  Decimal result;
  result.units_ = units;
  result.scale_ = scale;
  return result;
}

std::optional<Decimal> Decimal::parse(std::string_view text) {
  bool rounded = false;
  const std::optional<Decimal> number = parse_rounded(text, Rounding::down, &rounded);
  return rounded ? std::nullopt : number;
}

std::optional<Decimal> Decimal::parse_rounded(std::string_view text, Rounding rule, bool* rounded) {
  const std::optional<Written> number = read_written(text);
  if (!number) return std::nullopt;
  bool inexact = false;
  const std::optional<UnsignedWide> micros = to_micros(*number, rule, inexact);
  if (rounded) *rounded = inexact;
  if (!micros || *micros > many_digits) return std::nullopt;
  const auto size = static_cast<Wide>(*micros);
  return narrow({number->negative ? -size : size, max_scale});
}

std::optional<Decimal> Decimal::from_double(double value, int scale) {
  if (scale < 0 || scale > max_scale) throw Error(Code::misuse, "the scale of a decimal is 0 to 6");
  if (!std::isfinite(value) || std::abs(value) >= 0x1p63) return std::nullopt;
  int exponent = 0;
  const double fraction = std::frexp(std::abs(value), &exponent);
  const auto mantissa = static_cast<UnsignedWide>(std::ldexp(fraction, 53)) * static_cast<UnsignedWide>(powers[scale]);
  const int shift = exponent - 53;
  UnsignedWide size = 0;
  bool inexact = false;
  if (shift >= 0) {
    size = mantissa << shift;
  } else if (shift > -100) {
    size = divide(mantissa, static_cast<UnsignedWide>(1) << -shift, false, Rounding::half_even, inexact);
  }
  const auto units = static_cast<Wide>(size);
  return narrow({value < 0 ? -units : units, scale});
}

std::int64_t Decimal::micros() const {
  const Wide result = units_at(*this, max_scale);
  if (!fits(result))
    throw Error(Code::invalid, "a decimal number is too large to be stored", "the bound is 9223372036854.775807");
  return static_cast<std::int64_t>(result);
}

bool Decimal::fits_micros() const noexcept { return fits(units_at(*this, max_scale)); }

double Decimal::to_double() const noexcept {
  constexpr std::int64_t exact = std::int64_t{1} << 53;
  if (units_ >= -exact && units_ <= exact) return static_cast<double>(units_) / static_cast<double>(powers[scale_]);
  // Dividing would round twice here; reading the digits rounds once.
  char buffer[longest_text];
  const std::string_view digits = write(*this, buffer);
  double result = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), result);
  return result;
}

std::string Decimal::to_string() const {
  char buffer[longest_text];
  return std::string(write(*this, buffer));
}

Decimal Decimal::round(int scale, Rounding rule) const {
  if (scale < 0 || scale > max_scale) throw Error(Code::misuse, "the scale of a decimal is 0 to 6");
  if (scale >= scale_) return *this;
  return narrow_or_throw({divide_signed(units_, powers[scale_ - scale], rule), scale});
}

Decimal Decimal::operator-() const { return narrow_or_throw({-static_cast<Wide>(units_), scale_}); }

Decimal operator+(Decimal a, Decimal b) {
  const int scale = std::max(a.scale_, b.scale_);
  return narrow_or_throw({units_at(a, scale) + units_at(b, scale), scale});
}

Decimal operator-(Decimal a, Decimal b) {
  const int scale = std::max(a.scale_, b.scale_);
  return narrow_or_throw({units_at(a, scale) - units_at(b, scale), scale});
}

Decimal operator*(Decimal a, Decimal b) {
  const Scaled product{static_cast<Wide>(a.units_) * b.units_, a.scale_ + b.scale_};
  if (product.scale <= Decimal::max_scale) return narrow_or_throw(product);
  const std::int64_t excess = powers[product.scale - Decimal::max_scale];
  return narrow_or_throw({divide_signed(product.units, excess, Rounding::half_even), Decimal::max_scale});
}

std::strong_ordering operator<=>(Decimal a, Decimal b) noexcept {
  return units_at(a, Decimal::max_scale) <=> units_at(b, Decimal::max_scale);
}

std::optional<std::int64_t> multiply_micros(std::int64_t a, std::int64_t b) noexcept {
  const Wide product = divide_signed(static_cast<Wide>(a) * b, Decimal::micros_per_unit, Rounding::half_even);
  if (!fits(product)) return std::nullopt;
  return static_cast<std::int64_t>(product);
}

}  // namespace emptor
