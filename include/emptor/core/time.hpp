/// Instants (UTC microseconds), civil dates, zones and the clock that a host may inject.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace emptor {

/// A point in time: microseconds since 1970-01-01T00:00:00Z.
struct Instant {
  std::int64_t micros = 0;
  friend constexpr auto operator<=>(Instant, Instant) noexcept = default;
};

/// A civil day of the proleptic Gregorian calendar: days since 1970-01-01.
struct Date {
  std::int32_t days = 0;
  friend constexpr auto operator<=>(Date, Date) noexcept = default;

  /// Nothing unless the day exists (2023-02-29 does not) and 1 <= year <= 9999.
  static std::optional<Date> of(int year, int month, int day) noexcept;
  int year() const noexcept;
  int month() const noexcept;    ///< 1-12
  int day() const noexcept;      ///< 1-31
  int weekday() const noexcept;  ///< ISO: 1 Monday - 7 Sunday
};

inline constexpr std::int64_t micros_per_second = 1'000'000;
inline constexpr std::int64_t micros_per_day = 86'400 * micros_per_second;

/// "1997-09-30".
std::string to_string(Date date);
/// "1997-09-30T08:26:00Z", with six digits of a fraction only where there is one.
std::string to_string(Instant instant);
/// Reads "YYYY-MM-DD" only.
std::optional<Date> parse_date(std::string_view text) noexcept;
/// Reads ISO 8601: date, 'T' or blank, hh:mm[:ss[.ffffff]], and 'Z' or an offset. A text without an
/// offset is UTC.
std::optional<Instant> parse_instant(std::string_view text) noexcept;

/// A time zone of the IANA database. Immutable; cheap to copy. Its offset no longer changes after 2037.
class Zone {
 public:
  Zone() = default;  ///< UTC
  /// Throws Code::not_found for a name that the system's database lacks.
  static Zone of(std::string_view name);
  const std::string& name() const noexcept { return name_; }
  bool is_utc() const noexcept { return zone_ == nullptr; }
  Date date_of(Instant instant) const;
  /// The instant of a local wall-clock time (micros since local midnight); of two, the earlier; in a
  /// gap, the first instant after it.
  Instant instant_of(Date date, std::int64_t micros_of_day) const;

 private:
  std::string name_ = "UTC";
  const void* zone_ = nullptr;  ///< the database's own entry; null for UTC
};

/// What tells the time; `system_clock()` unless the host injects another.
using Clock = std::function<Instant()>;
Clock system_clock();

}  // namespace emptor
