#include "core/arrow_block.hpp"

#include <cmath>

#include "core/arrow_convert.hpp"
#include "core/arrow_value.hpp"
#include "emptor/core/decimal.hpp"

namespace emptor {
namespace {

/// Values of one width where they stand; `read` gives a number or nothing.
template <class T, class Read>
void take_plain(const ArrowPlain& values, const ArrowRows& rows, const Read& read, NumberBlock& out) {
  for (std::size_t i = 0; i < rows.count; ++i) {
    const std::int64_t at = values.first + static_cast<std::int64_t>(rows.first + i);
    if (values.marks != nullptr && !bit_at(values.marks, at)) {
      out.taken[i] = Taken::missing;
    } else {
      out.taken[i] = read(load<T>(values.data, at), out.number[i]);
    }
  }
}

/// Each as a cell, for what has no shorter way.
template <class Convert>
void take_cells(const ArrowTable& table, std::size_t column, const ArrowRows& rows, const Convert& convert,
                NumberBlock& out) {
  for (std::size_t i = 0; i < rows.count; ++i) {
    const ArrowCell cell = table.cell(rows.batch, column, rows.first + i);
    if (is_missing(cell)) {
      out.taken[i] = Taken::missing;
    } else if (const auto number = convert(cell)) {
      out.number[i] = *number;
      out.taken[i] = Taken::there;
    } else {
      out.taken[i] = Taken::wrong;
    }
  }
}

/// Calls `take` with the C++ type of an integer column of 4 or 8 bytes; false for others.
template <class Take>
bool with_integers(const ArrowType& type, const Take& take) {
  if (type.kind != ArrowType::Kind::integer || !type.is_signed) return false;
  if (type.width == 4) take(std::int32_t{});
  if (type.width == 8) take(std::int64_t{});
  return type.width == 4 || type.width == 8;
}

Taken whole(std::int64_t value, std::int64_t& number) {
  number = value;
  return Taken::there;
}

Taken micros_of_whole(std::int64_t value, std::int64_t& number) {
  return __builtin_mul_overflow(value, Decimal::micros_per_unit, &number) ? Taken::wrong : Taken::there;
}

Taken micros_of_real(double value, std::int64_t& number) {
  if (std::isnan(value)) return Taken::missing;
  const std::optional<std::int64_t> micros = micros_of_double(value);
  if (!micros) return Taken::wrong;
  number = *micros;
  return Taken::there;
}

/// The day of a tick; those that begin before the year 1 or end after 9999 are none.
class DayOfTick {
 public:
  explicit DayOfTick(std::int64_t ticks_a_day) : ticks_a_day_(ticks_a_day) {}

  Taken operator()(std::int64_t ticks, std::int64_t& number) const {
    number = ticks / ticks_a_day_ - (ticks % ticks_a_day_ < 0 ? 1 : 0);
    return number < first_arrow_day || number > last_arrow_day ? Taken::wrong : Taken::there;
  }

 private:
  std::int64_t ticks_a_day_;
};

}  // namespace

void take_wholes(const ArrowTable& table, std::size_t column, const ArrowRows& rows, NumberBlock& out) {
  const std::optional<ArrowPlain> plain = table.plain(rows.batch, column);
  const bool taken = plain && with_integers(table.columns()[column].type,
                                            [&](auto like) { take_plain<decltype(like)>(*plain, rows, whole, out); });
  if (!taken) take_cells(table, column, rows, whole_of, out);
}

void take_micros(const ArrowTable& table, std::size_t column, const ArrowRows& rows, NumberBlock& out) {
  const ArrowType& type = table.columns()[column].type;
  const std::optional<ArrowPlain> plain = table.plain(rows.batch, column);
  if (plain && type.kind == ArrowType::Kind::real && type.width == 8)
    return take_plain<double>(*plain, rows, micros_of_real, out);
  const bool taken =
      plain && with_integers(type, [&](auto like) { take_plain<decltype(like)>(*plain, rows, micros_of_whole, out); });
  if (!taken) take_cells(table, column, rows, micros_of, out);
}

void take_days(const ArrowTable& table, std::size_t column, const ArrowRows& rows, const Zone& zone, NumberBlock& out) {
  const ArrowType& type = table.columns()[column].type;
  const bool clock = type.kind == ArrowType::Kind::timestamp && (!type.zoned || zone.is_utc());
  const std::optional<ArrowPlain> plain = table.plain(rows.batch, column);
  if (plain && type.kind == ArrowType::Kind::day) return take_plain<std::int32_t>(*plain, rows, DayOfTick(1), out);
  if (plain && clock)
    return take_plain<std::int64_t>(*plain, rows, DayOfTick(micros_per_day / micros_per_second * type.per_second), out);
  const auto day = [&](const ArrowCell& cell) -> std::optional<std::int64_t> {
    const std::optional<Date> date = day_of(cell, zone);
    return date ? std::optional<std::int64_t>(date->days) : std::nullopt;
  };
  take_cells(table, column, rows, day, out);
}

void take_instants(const ArrowTable& table, std::size_t column, const ArrowRows& rows, NumberBlock& out) {
  take_cells(table, column, rows, micros_since_epoch, out);
}

}  // namespace emptor
