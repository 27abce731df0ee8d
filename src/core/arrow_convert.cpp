#include "core/arrow_convert.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include "emptor/core/decimal.hpp"

namespace emptor {
namespace {

using Kind = ArrowCell::Kind;

std::optional<std::int64_t> narrow(Wide number) {
  if (number > std::numeric_limits<std::int64_t>::max() || number < std::numeric_limits<std::int64_t>::min())
    return std::nullopt;
  return static_cast<std::int64_t>(number);
}

Wide divided_half_even(Wide number, Wide divisor) {
  const Wide quotient = number / divisor;
  const Wide rest = number < 0 ? -(number % divisor) : number % divisor;
  const bool up = rest > divisor - rest || (rest == divisor - rest && quotient % 2 != 0);
  return up ? quotient + (number < 0 ? -1 : 1) : quotient;
}

/// number / 10^scale in micros.
std::optional<std::int64_t> scaled_micros(Wide number, int scale) {
  Wide power = 1;
  for (int i = std::abs(Decimal::max_scale - scale); i > 0; --i) {
    if (__builtin_mul_overflow(power, Wide{10}, &power)) {
      if (scale > Decimal::max_scale || number == 0) return 0;  // smaller than anything that is kept
      return std::nullopt;
    }
  }
  if (scale > Decimal::max_scale) return narrow(divided_half_even(number, power));
  if (__builtin_mul_overflow(number, power, &number)) return std::nullopt;
  return narrow(number);
}

std::optional<std::int64_t> micros_in(const std::optional<Decimal>& decimal) {
  return decimal && decimal->fits_micros() ? std::optional(decimal->micros()) : std::nullopt;
}

/// A 32-bit float means its shortest decimal: 9.8, not 9.80000019.
std::optional<std::int64_t> micros_of_single(float value) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return micros_in(Decimal::parse_rounded({text, static_cast<std::size_t>(end - text)}, Rounding::half_even));
}

Date floor_day(std::int64_t micros) {
  return {static_cast<std::int32_t>(micros / micros_per_day - (micros % micros_per_day < 0 ? 1 : 0))};
}

}  // namespace

/// Below 2^51 adding 1.5 * 2^52 rounds to whole numbers. The product is itself rounded, by at most half of its last
/// bit, so a distance to the whole number of less than one half says which is nearest; at one half all digits are
/// asked.
std::optional<std::int64_t> micros_of_double(double value) {
  constexpr double rounds = 0x1.8p52;
  const double micros = value * static_cast<double>(Decimal::micros_per_unit);
  if (std::abs(micros) < 0x1p51) {
    const double nearest = (micros + rounds) - rounds;
    if (std::abs(micros - nearest) < .5) return static_cast<std::int64_t>(nearest);
  }
  return micros_in(Decimal::from_double(value));
}

std::optional<std::int64_t> micros_of(const ArrowCell& cell) {
  switch (cell.kind) {
    case Kind::boolean:
    case Kind::decimal:
      return scaled_micros(cell.number, cell.scale);
    case Kind::real:
      return micros_of_double(cell.real);
    case Kind::single:
      return micros_of_single(static_cast<float>(cell.real));
    case Kind::text:
      return micros_in(Decimal::parse_rounded(cell.text, Rounding::half_even));
    default:
      return std::nullopt;
  }
}

std::optional<std::int64_t> whole_of(const ArrowCell& cell) {
  if (cell.kind == Kind::decimal && cell.scale == 0) return narrow(cell.number);
  const bool real = cell.kind == Kind::real || cell.kind == Kind::single;
  constexpr double exact = 9007199254740992;  // 2^53
  if (!real || std::abs(cell.real) > exact || cell.real != std::trunc(cell.real)) return std::nullopt;
  return static_cast<std::int64_t>(cell.real);
}

std::optional<Date> day_of(const ArrowCell& cell, const Zone& zone) {
  switch (cell.kind) {
    case Kind::day:
      return Date{static_cast<std::int32_t>(cell.number)};
    case Kind::local:
      return floor_day(static_cast<std::int64_t>(cell.number));
    case Kind::instant:
      return zone.date_of({static_cast<std::int64_t>(cell.number)});
    case Kind::text: {
      if (const auto day = parse_date(cell.text)) return day;
      const auto instant = parse_instant(cell.text);
      return instant ? std::optional(zone.date_of(*instant)) : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

std::optional<std::int64_t> micros_since_epoch(const ArrowCell& cell) {
  switch (cell.kind) {
    case Kind::day:
      return static_cast<std::int64_t>(cell.number) * micros_per_day;
    case Kind::local:
    case Kind::instant:
      return static_cast<std::int64_t>(cell.number);
    case Kind::text: {
      if (const auto day = parse_date(cell.text)) return day->days * micros_per_day;
      const auto instant = parse_instant(cell.text);
      return instant ? std::optional(instant->micros) : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace emptor
