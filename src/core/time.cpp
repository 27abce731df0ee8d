#include "emptor/core/time.hpp"

#ifndef USE_OS_TZDB
#define USE_OS_TZDB 1  // as Debian's library is built; it decides the layout of the zones
#endif
#include <date/date.h>
#include <date/tz.h>

#include <chrono>
#include <stdexcept>

#include "emptor/core/error.hpp"

namespace emptor {
namespace {

using Micros = std::chrono::microseconds;
using SystemTime = date::sys_time<Micros>;
using LocalTime = date::local_time<Micros>;

struct Civil {
  std::int64_t year;
  int month;
  int day;
};

constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

/// Years are counted from 1 March, so that the leap day is the last of its year: the days before month m
/// (March is 0) are then (153 m + 2) / 5, and 400 years have 146,097 days.
constexpr std::int64_t days_per_era = 146'097;
constexpr std::int64_t epoch_in_era_days = 719'468;  // 0000-03-01 to 1970-01-01

std::int64_t days_of(std::int64_t year, int month, int day) {
  const std::int64_t march_year = month > 2 ? year : year - 1;
  const int march_month = (month + 9) % 12;
  const std::int64_t before =
      march_year * 365 + floor_divide(march_year, 4) - floor_divide(march_year, 100) + floor_divide(march_year, 400);
  return before + (153 * march_month + 2) / 5 + day - 1 - epoch_in_era_days;
}

Civil civil_of(std::int64_t days) {
  const std::int64_t shifted = days + epoch_in_era_days;
  const std::int64_t era = floor_divide(shifted, days_per_era);
  const std::int64_t in_era = shifted - era * days_per_era;
  const std::int64_t year_of_era = (in_era - in_era / 1'460 + in_era / 36'524 - in_era / 146'096) / 365;
  const auto in_year = static_cast<int>(in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100));
  const int march_month = (5 * in_year + 2) / 153;
  const int month = march_month < 10 ? march_month + 3 : march_month - 9;
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, in_year - (153 * march_month + 2) / 5 + 1};
}

bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in(int year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

void append_padded(std::string& text, std::int64_t number, std::size_t width) {
  const std::string digits = std::to_string(number < 0 ? -number : number);
  if (number < 0) text += '-';
  if (digits.size() < width) text.append(width - digits.size(), '0');
  text += digits;
}

void append_date(std::string& text, std::int64_t days) {
  const Civil civil = civil_of(days);
  append_padded(text, civil.year, 4);
  text += '-';
  append_padded(text, civil.month, 2);
  text += '-';
  append_padded(text, civil.day, 2);
}

/// Takes exactly `width` digits from the front of `text`; -1 where they are not there.
int take_number(std::string_view& text, std::size_t width) noexcept {
  if (text.size() < width) return -1;
  int number = 0;
  for (std::size_t i = 0; i < width; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(width);
  return number;
}

bool take(std::string_view& text, char c) noexcept {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Date> take_date(std::string_view& text) noexcept {
  const int year = take_number(text, 4);
  if (year < 0 || !take(text, '-')) return std::nullopt;
  const int month = take_number(text, 2);
  if (month < 0 || !take(text, '-')) return std::nullopt;
  return Date::of(year, month, take_number(text, 2));
}

/// The digits after the point as microseconds; digits past the sixth are cut off, as clocks give them.
std::optional<std::int64_t> take_fraction(std::string_view& text) noexcept {
  std::int64_t micros = 0;
  std::int64_t weight = 100'000;
  std::size_t digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; ++digits) {
    micros += weight * (text.front() - '0');
    weight /= 10;
    text.remove_prefix(1);
  }
  if (digits == 0 || digits > 9) return std::nullopt;
  return micros;
}

/// hh:mm[:ss[.ffffff]] as micros since midnight.
std::optional<std::int64_t> take_time_of_day(std::string_view& text) noexcept {
  const int hour = take_number(text, 2);
  if (hour < 0 || hour > 23 || !take(text, ':')) return std::nullopt;
  const int minute = take_number(text, 2);
  if (minute < 0 || minute > 59) return std::nullopt;
  const std::int64_t minutes = hour * 60 + minute;
  if (!take(text, ':')) return minutes * 60 * micros_per_second;
  const int second = take_number(text, 2);
  if (second < 0 || second > 59) return std::nullopt;
  const std::int64_t micros = (minutes * 60 + second) * micros_per_second;
  if (!take(text, '.')) return micros;
  const std::optional<std::int64_t> fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  return micros + *fraction;
}

/// Nothing, "Z", "+hh", "+hhmm" or "+hh:mm", in micros east of UTC.
std::optional<std::int64_t> take_offset(std::string_view& text) noexcept {
  if (text.empty() || take(text, 'Z') || take(text, 'z')) return 0;
  const int sign = text.front() == '-' ? -1 : 1;
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  const int hours = take_number(text, 2);
  if (hours < 0 || hours > 23) return std::nullopt;
  if (text.empty()) return sign * hours * 3'600 * micros_per_second;
  take(text, ':');
  const int minutes = take_number(text, 2);
  if (minutes < 0 || minutes > 59) return std::nullopt;
  return sign * (hours * 3'600 + minutes * 60) * micros_per_second;
}

const date::time_zone& database_entry(const void* zone) { return *static_cast<const date::time_zone*>(zone); }

}  // namespace

std::optional<Date> Date::of(int year, int month, int day) noexcept {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > days_in(year, month)) return std::nullopt;
  return Date{static_cast<std::int32_t>(days_of(year, month, day))};
}

int Date::year() const noexcept { return static_cast<int>(civil_of(days).year); }
int Date::month() const noexcept { return civil_of(days).month; }
int Date::day() const noexcept { return civil_of(days).day; }

int Date::weekday() const noexcept {
  const std::int64_t since_monday = std::int64_t{days} + 3;  // 1970-01-01 was a Thursday
  return static_cast<int>(since_monday - floor_divide(since_monday, 7) * 7) + 1;
}

std::string to_string(Date date) {
  std::string text;
  append_date(text, date.days);
  return text;
}

std::string to_string(Instant instant) {
  const std::int64_t days = floor_divide(instant.micros, micros_per_day);
  const std::int64_t micros = instant.micros - days * micros_per_day;
  const std::int64_t seconds = micros / micros_per_second;
  std::string text;
  append_date(text, days);
  text += 'T';
  append_padded(text, seconds / 3'600, 2);
  text += ':';
  append_padded(text, seconds / 60 % 60, 2);
  text += ':';
  append_padded(text, seconds % 60, 2);
  if (micros % micros_per_second != 0) {
    text += '.';
    append_padded(text, micros % micros_per_second, 6);
  }
  text += 'Z';
  return text;
}

std::optional<Date> parse_date(std::string_view text) noexcept {
  const std::optional<Date> date = take_date(text);
  return text.empty() ? date : std::nullopt;
}

std::optional<Instant> parse_instant(std::string_view text) noexcept {
  const std::optional<Date> date = take_date(text);
  if (!date || (!take(text, 'T') && !take(text, ' '))) return std::nullopt;
  const std::optional<std::int64_t> time = take_time_of_day(text);
  if (!time) return std::nullopt;
  const std::optional<std::int64_t> offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return Instant{date->days * micros_per_day + *time - *offset};
}

Zone Zone::of(std::string_view name) {
  Zone zone;
  if (name == "UTC" || name == "Etc/UTC") return zone;
  try {
    zone.zone_ = date::locate_zone(std::string(name));
  } catch (const std::runtime_error&) {
    throw Error(Code::not_found, "the system's database has no time zone of this name",
                "use a name of the IANA database such as Europe/Berlin, and install the package tzdata");
  }
  zone.name_ = name;
  return zone;
}

Date Zone::date_of(Instant instant) const {
  std::int64_t micros = instant.micros;
  if (zone_) {
    const date::sys_info info = database_entry(zone_).get_info(SystemTime(Micros(micros)));
    micros += Micros(info.offset).count();
  }
  return Date{static_cast<std::int32_t>(floor_divide(micros, micros_per_day))};
}

Instant Zone::instant_of(Date date, std::int64_t micros_of_day) const {
  const std::int64_t local = date.days * micros_per_day + micros_of_day;
  if (!zone_) return {local};
  const date::local_info info = database_entry(zone_).get_info(LocalTime(Micros(local)));
  if (info.result == date::local_info::nonexistent) return {Micros(info.first.end.time_since_epoch()).count()};
  return {local - Micros(info.first.offset).count()};
}

Clock system_clock() {
  return [] {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return Instant{std::chrono::duration_cast<Micros>(now).count()};
  };
}

}  // namespace emptor
