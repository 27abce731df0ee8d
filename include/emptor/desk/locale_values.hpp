/// Numbers, dates and truth values as people write them: guessed for a whole column, then read exactly.
#pragma once

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
};

enum class DateOrder { ymd, dmy, mdy };

/// How the dates of a column are written.
struct DateFormat {
  DateOrder order = DateOrder::ymd;
  bool compact = false;  ///< YYYYMMDD
  bool two_digit_year = false;
  bool has_time = false;
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
  bool integer() const noexcept;
  /// All values seen were dates. `ambiguous` (below) tells whether day and month could be exchanged.
  std::optional<DateFormat> date() const;
  bool ambiguous_date() const noexcept;
  bool boolean() const noexcept;  ///< yes/no, true/false, 0/1, Y/N, 是/否, sim/não, ja/nein
  bool leading_zeros() const noexcept { return leading_zeros_ > 0; }

 private:
  std::uint64_t seen_ = 0, blank_ = 0, leading_zeros_ = 0;
  struct Evidence;
  // The owner of this header replaces this comment by the counters it needs.
};

/// Reads a number, with signs, currency marks, blanks, parentheses for negatives, percent and exponents.
/// Digits past the sixth after the point are rounded; `rounded` (if given) tells so.
std::optional<Decimal> read_number(std::string_view text, const NumberFormat& format, bool* rounded = nullptr);
std::optional<bool> read_boolean(std::string_view text);
/// Reads a date with or without a time of day (`micros_of_day`).
struct ReadDate {
  Date date;
  std::int64_t micros_of_day = 0;
};
std::optional<ReadDate> read_date(std::string_view text, const DateFormat& format);

}  // namespace emptor
