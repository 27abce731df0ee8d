#include "core/arrow_value.hpp"

#include <cmath>
#include <limits>

namespace emptor {
namespace {

using Kind = ArrowCell::Kind;

constexpr std::int64_t short_view = 12;  // a text view of so many bytes holds them itself

/// IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits.
double half_of(std::uint16_t bits) noexcept {
  const int exponent = bits >> 10 & 31;
  const int fraction = bits & 1023;
  double size = 0;
  if (exponent == 31)
    size = fraction == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  else
    size = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  return (bits & 0x8000) != 0 ? -size : size;
}

ArrowCell real_at(const ArrowType& type, const void* data, std::int64_t at) noexcept {
  ArrowCell cell{.kind = type.width == 8 ? Kind::real : Kind::single};
  if (type.width == 8)
    cell.real = load<double>(data, at);
  else
    cell.real = type.width == 4 ? double{load<float>(data, at)} : half_of(load<std::uint16_t>(data, at));
  if (std::isnan(cell.real)) cell.kind = Kind::missing;  // how frames write that nothing is there
  return cell;
}

ArrowCell decimal_at(const ArrowType& type, const void* data, std::int64_t at) noexcept {
  ArrowCell cell{.kind = Kind::decimal, .scale = type.scale};
  if (type.width == 4) cell.number = load<std::int32_t>(data, at);
  if (type.width == 8) cell.number = load<std::int64_t>(data, at);
  if (type.width == 16) cell.number = load<Wide>(data, at);
  if (type.width == 32) {  // the upper half must be nothing but the sign
    cell.number = load<Wide>(data, 2 * at);
    if (load<Wide>(data, 2 * at + 1) != (cell.number < 0 ? -1 : 0)) cell.kind = Kind::beyond;
  }
  return cell;
}

ArrowCell day_cell(std::int64_t days) noexcept {
  if (days < first_arrow_day || days > last_arrow_day) return {.kind = Kind::beyond};
  return {.kind = Kind::day, .number = days};
}

std::int64_t floor_of(std::int64_t value, std::int64_t divisor) noexcept {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

/// Ticks as microseconds; of nanoseconds the rest is dropped.
Wide micros_of(std::int64_t ticks, std::int64_t per_second) noexcept {
  if (per_second > micros_per_second) return floor_of(ticks, per_second / micros_per_second);
  return Wide{ticks} * (micros_per_second / per_second);
}

ArrowCell time_at(const ArrowType& type, const void* data, std::int64_t at) noexcept {
  const std::int64_t ticks = type.width == 4 ? load<std::int32_t>(data, at) : load<std::int64_t>(data, at);
  const Wide micros = micros_of(ticks, type.per_second);
  if (type.kind == ArrowType::Kind::time) {
    const bool within = micros >= 0 && micros < micros_per_day;
    return {.kind = within ? Kind::time : Kind::beyond, .number = micros};
  }
  const bool within =
      micros >= Wide{first_arrow_day} * micros_per_day && micros < (Wide{last_arrow_day} + 1) * micros_per_day;
  if (!within) return {.kind = Kind::beyond};
  return {.kind = type.zoned ? Kind::instant : Kind::local, .number = micros};
}

}  // namespace

ArrowSpan span_of(const ArrowType& type, const ArrowArray& array, std::int64_t at) noexcept {
  if (type.kind == ArrowType::Kind::text_view) {
    const std::int64_t size = load<std::int32_t>(array.buffers[1], at * 4);
    if (size <= short_view) return {1, at * 16 + 4, size};
    return {2 + std::int64_t{load<std::int32_t>(array.buffers[1], at * 4 + 2)},
            load<std::int32_t>(array.buffers[1], at * 4 + 3), size};
  }
  return list_at(type, array, at);
}

ArrowSpan list_at(const ArrowType& type, const ArrowArray& array, std::int64_t at) noexcept {
  const auto offset = [&](std::int64_t i) {
    return type.width == 4 ? std::int64_t{load<std::int32_t>(array.buffers[1], i)}
                           : load<std::int64_t>(array.buffers[1], i);
  };
  const std::int64_t begin = offset(at), end = offset(at + 1);
  // Foreign numbers: what cannot be a list must not be a difference that overflows.
  return {2, begin, begin < 0 || end < begin ? -1 : end - begin};
}

std::string_view text_at(const ArrowType& type, const ArrowArray& array, std::int64_t at) noexcept {
  const ArrowSpan span = span_of(type, array, at);
  if (span.size <= 0) return {};
  return {static_cast<const char*>(array.buffers[span.buffer]) + span.begin, static_cast<std::size_t>(span.size)};
}

Wide integer_at(const ArrowType& type, const ArrowArray& array, std::int64_t at) noexcept {
  const void* data = array.buffers[1];
  switch (type.width) {
    case 1:
      return type.is_signed ? Wide{load<std::int8_t>(data, at)} : Wide{load<std::uint8_t>(data, at)};
    case 2:
      return type.is_signed ? Wide{load<std::int16_t>(data, at)} : Wide{load<std::uint16_t>(data, at)};
    case 4:
      return type.is_signed ? Wide{load<std::int32_t>(data, at)} : Wide{load<std::uint32_t>(data, at)};
    default:
      return type.is_signed ? Wide{load<std::int64_t>(data, at)} : Wide{load<std::uint64_t>(data, at)};
  }
}

ArrowCell value_at(const ArrowType& type, const ArrowArray& array, std::int64_t at) noexcept {
  switch (type.kind) {
    case ArrowType::Kind::null:
    case ArrowType::Kind::list:
      return {};
    case ArrowType::Kind::boolean:
      return {.kind = Kind::boolean, .number = bit_at(array.buffers[1], at)};
    case ArrowType::Kind::integer:
      return {.kind = Kind::decimal, .number = integer_at(type, array, at)};
    case ArrowType::Kind::real:
      return real_at(type, array.buffers[1], at);
    case ArrowType::Kind::decimal:
      return decimal_at(type, array.buffers[1], at);
    case ArrowType::Kind::text:
    case ArrowType::Kind::text_view:
      return {.kind = Kind::text, .text = text_at(type, array, at)};
    case ArrowType::Kind::day:
      return day_cell(load<std::int32_t>(array.buffers[1], at));
    case ArrowType::Kind::day_millis:
      return day_cell(floor_of(load<std::int64_t>(array.buffers[1], at), micros_per_day / 1'000));
    case ArrowType::Kind::time:
    case ArrowType::Kind::timestamp:
      return time_at(type, array.buffers[1], at);
  }
  return {};
}

}  // namespace emptor
