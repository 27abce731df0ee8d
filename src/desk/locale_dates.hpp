/// A written date, before it is decided which of its numbers is the day.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "emptor/desk/locale_values.hpp"

namespace emptor {

struct WrittenDate {
  enum class Kind {
    year_first,   ///< 2015-03-01, 2015年3月1日: says its order itself
    compact,      ///< 20150301
    month_named,  ///< 1 Mar 2015: parts are year, month, day
    open,         ///< 1/3/2015, 1/3/15: parts as written
  };
  Kind kind = Kind::open;
  std::array<int, 3> parts{};
  bool two_digit_year = false;
  bool slashes = false;
  bool has_time = false;
  std::int64_t micros_of_day = 0;
  std::optional<int> offset_minutes;
};

/// 1-12, or 0 for a word that names no month in the languages that we read.
int month_of(std::string_view word) noexcept;

/// Nothing for a text that is not written like a date at all.
std::optional<WrittenDate> parse_written_date(std::string_view plain) noexcept;

/// The day it means in this order; nothing if there is no such day. Dates that say their order ignore it.
std::optional<Date> resolve(const WrittenDate& date, DateOrder order) noexcept;

}  // namespace emptor
