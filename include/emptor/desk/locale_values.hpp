/// Numbers, dates and truth values as people write them: guessed for a whole column, then read exactly.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "emptor/core/decimal.hpp"
#include "emptor/core/time.hpp"

namespace emptor {

/// How the numbers of a column are written.
struct NumberFormat {
  char point = '.';   ///< '.' or ','
  char grouping = 0;  ///< ',', '.', ' ', '\'' or 0 for none
  friend bool operator==(const NumberFormat&, const NumberFormat&) = default;
};

enum class DateOrder { ymd, dmy, mdy };

/// How the dates of a column are written. Dates that begin with a four-digit year or name their month say
/// their order themselves and are read under any format.
struct DateFormat {
  DateOrder order = DateOrder::ymd;
  bool compact = false;         ///< YYYYMMDD
  bool two_digit_year = false;  ///< 00-68 are 2000-2068, 69-99 are 1969-1999 (POSIX)
  bool has_time = false;
  bool has_offset = false;  ///< some carry a zone ("Z", "+08:00")
  friend bool operator==(const DateFormat&, const DateFormat&) = default;
};

/// Looks at every value of a column (or a sample) and keeps what all of them allow. Cheap to feed.
class ColumnGuess {
 public:
  void see(std::string_view cell);

  std::uint64_t seen() const noexcept { return seen_; }  ///< without blanks
  std::uint64_t blank() const noexcept { return blank_; }
  /// All values seen were numbers, and how they are written; nothing otherwise. Leading zeros ("007")
  /// on more than one value make a column an identifier, not a number.
  std::optional<NumberFormat> number() const;
  /// The format that reads most of the values, if that is at least `share` of them. For columns that are
  /// known to hold numbers although some values are damaged.
  std::optional<NumberFormat> likely_number(double share = 0.5) const;
  /// "1,234" or "1.234" only: the mark could be a point or a grouping. A comma is taken for grouping, a
  /// point for a point.
  bool ambiguous_number() const noexcept;
  bool integer() const noexcept;  ///< all values seen were numbers without a fraction
  /// All values seen were dates. `ambiguous` (below) tells whether day and month could be exchanged.
  std::optional<DateFormat> date() const;
  std::optional<DateFormat> likely_date(double share = 0.5) const;
  /// Both orders of day and month read every value, and differently. The order is then the one in which
  /// the column runs upwards more often, else month first for '/' and day first for '.' and '-'.
  bool ambiguous_date() const noexcept;
  bool boolean() const noexcept;  ///< yes/no, true/false, 0/1, Y/N, 是/否, sim/não, ja/nein
  bool leading_zeros() const noexcept { return leading_zeros_ > 0; }

 private:
  struct DateRun {  // how often the values go down when read in one order
    std::uint64_t fits = 0, falls = 0;
    std::int32_t last = 0;
  };
  std::uint64_t seen_ = 0, blank_ = 0, leading_zeros_ = 0, booleans_ = 0;
  std::uint64_t marked_ = 0, unclear_marks_ = 0;          // numbers with a mark; those whose mark can be either
  std::array<std::uint64_t, 8> numbers_{}, fractions_{};  // by format, in the order of preference
  std::uint64_t year_first_ = 0, compact_ = 0, month_named_ = 0, swapped_ = 0;
  std::uint64_t two_digit_year_ = 0, with_time_ = 0, with_offset_ = 0, slashes_ = 0;
  std::array<DateRun, 3> orders_{};  // of dates that do not say their order: by DateOrder

  void see_number(std::string_view text);
  void see_date(std::string_view text);
  std::size_t best_number() const noexcept;
  std::uint64_t dates_of(DateOrder order) const noexcept;
  DateOrder best_order() const noexcept;
};

/// Nothing there: empty, white space, or a word for it (NA, N/A, #N/A, NULL, NaN, \N, -).
bool is_blank(std::string_view cell) noexcept;

/// Reads a number, with signs (also behind: "5-"), currency marks, blanks, parentheses for negatives,
/// percent ("12%" is 0.12), exponents, full-width digits, and Indian grouping. Digits past the sixth after
/// the point are rounded half to even; `rounded` (if given) tells so. Nothing for a text that is not such a
/// number or is out of range.
std::optional<Decimal> read_number(std::string_view text, const NumberFormat& format, bool* rounded = nullptr);
std::optional<bool> read_boolean(std::string_view text);
/// A date with or without a time of day (`micros_of_day`).
struct ReadDate {
  Date date;
  std::int64_t micros_of_day = 0;
  std::optional<int> offset_minutes;  ///< east of UTC, where the text says so
};
/// Reads a date: 2015-03-01, 20150301, 1/3/2015, 01.03.15, 2015年3月1日, 1 Mar 2015, March 1, 2015 (English,
/// German, Portuguese), each with an optional time (hh:mm[:ss[.fff]], AM/PM) and zone. Nothing for other
/// texts and for days that do not exist.
std::optional<ReadDate> read_date(std::string_view text, const DateFormat& format);

}  // namespace emptor
