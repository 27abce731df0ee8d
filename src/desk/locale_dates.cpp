#include "desk/locale_dates.hpp"

#include <algorithm>

#include "desk/locale_text.hpp"

namespace emptor {
namespace {

/// Names are told apart by their first letters: "mar" is March in English and Portuguese and, with its
/// accent taken off, "Marz" in German.
struct MonthName {
  std::string_view start;
  int month;
};
constexpr MonthName month_names[] = {
    {"jan", 1},  {"feb", 2},  {"fev", 2},  {"mar", 3},  {"mrz", 3},  {"maerz", 3}, {"apr", 4}, {"abr", 4},
    {"may", 5},  {"mai", 5},  {"jun", 6},  {"jul", 7},  {"aug", 8},  {"ago", 8},   {"sep", 9}, {"set", 9},
    {"oct", 10}, {"okt", 10}, {"out", 10}, {"nov", 11}, {"dec", 12}, {"dez", 12},
};
constexpr std::string_view whole_month_names[] = {
    "january", "januar",  "janeiro", "february", "februar",  "fevereiro", "march",     "marz",
    "maerz",   "marco",   "april",   "abril",    "maio",     "june",      "juni",      "junho",
    "july",    "juli",    "julho",   "august",   "agosto",   "sept",      "september", "setembro",
    "october", "oktober", "outubro", "november", "novembro", "december",  "dezember",  "dezembro",
};

int with_century(int year) noexcept { return year < 69 ? 2000 + year : 1900 + year; }

}  // namespace

int month_of(std::string_view word) noexcept {
  char lowered[10];
  if (word.size() < 3 || word.size() > sizeof lowered) return 0;
  std::transform(word.begin(), word.end(), lowered, lower);
  const std::string_view name(lowered, word.size());
  const auto* found = std::find_if(std::begin(month_names), std::end(month_names),
                                   [&](const MonthName& month) { return name.starts_with(month.start); });
  if (found == std::end(month_names)) return 0;
  const bool whole =
      std::find(std::begin(whole_month_names), std::end(whole_month_names), name) != std::end(whole_month_names);
  return name.size() == found->start.size() || whole ? found->month : 0;
}

namespace {

/// Reads a text from the left, piece by piece.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool at_end() const noexcept { return text_.empty(); }
  char peek() const noexcept { return text_.empty() ? '\0' : text_.front(); }
  bool take(char c) noexcept {
    if (peek() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool skip_blanks() noexcept {
    bool any = false;
    while (take(' ')) any = true;
    return any;
  }
  /// The digits here; empty if there are none.
  std::string_view digits() noexcept { return run(is_digit); }
  std::string_view letters() noexcept { return run(is_letter); }

 private:
  std::string_view text_;

  template <class Test>
  std::string_view run(Test test) noexcept {
    std::size_t size = 0;
    while (size < text_.size() && test(text_[size])) ++size;
    const std::string_view result = text_.substr(0, size);
    text_.remove_prefix(size);
    return result;
  }
};

/// Requires at most 8 digits.
int number_of(std::string_view digits) noexcept {
  int number = 0;
  for (const char c : digits) number = number * 10 + (c - '0');
  return number;
}

bool is_day_or_month(std::string_view digits) noexcept { return digits.size() == 1 || digits.size() == 2; }
bool is_year(std::string_view digits) noexcept { return digits.size() == 2 || digits.size() == 4; }

class DateParser {
 public:
  explicit DateParser(std::string_view text) : at_(text) {}

  std::optional<WrittenDate> parse() noexcept {
    if (!parse_day() || !parse_rest()) return std::nullopt;
    return date_;
  }

 private:
  Cursor at_;
  WrittenDate date_;

  bool parse_day() noexcept {
    if (is_letter(at_.peek())) return parse_month_first();
    const std::string_view first = at_.digits();
    if (first.size() == 8) return parse_compact(first);
    if (first.empty() || first.size() > 4) return false;
    const char mark = at_.peek();
    if (mark != '/' && mark != '-' && mark != '.' && mark != ' ') return false;
    at_.take(mark);
    at_.skip_blanks();
    return is_letter(at_.peek()) ? parse_month_second(first, mark) : parse_numbers(first, mark);
  }

  bool parse_compact(std::string_view digits) noexcept {
    date_.kind = WrittenDate::Kind::compact;
    date_.parts = {number_of(digits.substr(0, 4)), number_of(digits.substr(4, 2)), number_of(digits.substr(6))};
    return date_.parts[0] >= 1800 && date_.parts[0] < 2200;
  }

  bool parse_numbers(std::string_view first, char mark) noexcept {
    const std::string_view second = at_.digits();
    if (mark == ' ' || !at_.take(mark)) return false;
    at_.skip_blanks();
    const std::string_view third = at_.digits();
    date_.parts = {number_of(first), number_of(second), third.size() <= 4 ? number_of(third) : 0};
    date_.slashes = mark == '/';
    if (!is_day_or_month(second)) return false;
    if (first.size() == 4) {
      date_.kind = WrittenDate::Kind::year_first;
      return is_day_or_month(third);
    }
    date_.two_digit_year = third.size() == 2;
    return is_day_or_month(first) && is_year(third);
  }

  /// "1 Mar 2015", "1. Marz 2015", "1-Mar-15", "1 de marco de 2015".
  bool parse_month_second(std::string_view day, char mark) noexcept {
    std::string_view word = at_.letters();
    if (word == "de" && at_.skip_blanks()) word = at_.letters();
    const int month = month_of(word);
    if (month == 0 || !is_day_or_month(day)) return false;
    at_.take('.');
    if (!at_.take(mark == '.' ? ' ' : mark)) at_.skip_blanks();
    at_.skip_blanks();
    if (is_letter(at_.peek()) && (at_.letters() != "de" || !at_.skip_blanks())) return false;
    return set_named(at_.digits(), month, day);
  }

  /// "March 1, 2015".
  bool parse_month_first() noexcept {
    const int month = month_of(at_.letters());
    at_.take('.');
    if (month == 0 || !at_.skip_blanks()) return false;
    const std::string_view day = at_.digits();
    const bool comma = at_.take(',');
    if (!is_day_or_month(day) || (!at_.skip_blanks() && !comma)) return false;
    return set_named(at_.digits(), month, day);
  }

  bool set_named(std::string_view year, int month, std::string_view day) noexcept {
    date_.kind = WrittenDate::Kind::month_named;
    date_.two_digit_year = year.size() == 2;
    if (!is_year(year)) return false;
    date_.parts = {number_of(year), month, number_of(day)};
    if (date_.two_digit_year) date_.parts[0] = with_century(date_.parts[0]);
    return true;
  }

  bool parse_rest() noexcept {
    at_.take(',');
    const bool apart = at_.skip_blanks() || at_.take('T');
    if (at_.at_end()) return true;
    return apart && parse_time() && parse_offset() && at_.at_end();
  }

  bool parse_time() noexcept {
    const std::string_view hours = at_.digits();
    if (!is_day_or_month(hours) || !at_.take(':')) return false;
    int parts[3] = {number_of(hours), 0, 0};
    if (!two_digits(parts[1]) || (at_.take(':') && !two_digits(parts[2]))) return false;
    const std::int64_t fraction = parse_fraction();
    at_.skip_blanks();
    if (!parse_half_day(parts[0]) || parts[0] > 23 || parts[1] > 59 || parts[2] > 59) return false;
    date_.has_time = true;
    date_.micros_of_day = ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * micros_per_second + fraction;
    return true;
  }

  bool two_digits(int& number) noexcept {
    const std::string_view digits = at_.digits();
    number = number_of(digits.substr(0, 2));
    return digits.size() == 2;
  }

  /// Digits past the microsecond are cut off.
  std::int64_t parse_fraction() noexcept {
    if (!at_.take('.') && !at_.take(',')) return 0;
    std::int64_t micros = 0, weight = 100'000;
    for (const char c : at_.digits()) {
      micros += (c - '0') * weight;
      weight /= 10;
    }
    return micros;
  }

  /// AM or PM, if it is there, and where hours are those of a half day.
  bool parse_half_day(int& hours) noexcept {
    const char first = lower(at_.peek());
    if (first != 'a' && first != 'p') return true;
    at_.take(at_.peek());
    at_.take('.');
    if (lower(at_.peek()) != 'm' || hours < 1 || hours > 12) return false;
    at_.take(at_.peek());
    at_.take('.');
    hours = hours % 12 + (first == 'p' ? 12 : 0);
    return true;
  }

  bool parse_offset() noexcept {
    at_.skip_blanks();
    if (at_.take('Z')) return date_.offset_minutes = 0, true;
    const bool west = at_.take('-');
    if (!west && !at_.take('+')) return is_letter(at_.peek()) ? parse_zone_name() : true;
    std::string_view hours = at_.digits(), minutes = "00";
    if (at_.take(':')) {
      minutes = at_.digits();
    } else if (hours.size() == 4) {
      minutes = hours.substr(2);
      hours = hours.substr(0, 2);
    }
    if (hours.size() != 2 || minutes.size() != 2) return false;
    const int offset = number_of(hours) * 60 + number_of(minutes);
    date_.offset_minutes = west ? -offset : offset;
    return offset <= 14 * 60 && number_of(minutes) < 60;
  }

  bool parse_zone_name() noexcept {
    const std::string_view name = at_.letters();
    date_.offset_minutes = 0;
    return name == "UTC" || name == "GMT";
  }
};

}  // namespace

std::optional<WrittenDate> parse_written_date(std::string_view plain) noexcept {
  if (plain.size() < 6) return std::nullopt;
  return DateParser(plain).parse();
}

std::optional<Date> resolve(const WrittenDate& date, DateOrder order) noexcept {
  const auto& [a, b, c] = date.parts;
  if (date.kind != WrittenDate::Kind::open) return Date::of(a, b, c);
  if (order == DateOrder::ymd) return date.two_digit_year ? Date::of(with_century(a), b, c) : std::nullopt;
  const int year = date.two_digit_year ? with_century(c) : c;
  return order == DateOrder::dmy ? Date::of(year, b, a) : Date::of(year, a, b);
}

std::optional<ReadDate> read_date(std::string_view text, const DateFormat& format) {
  const PlainText plain(text);
  const auto written = parse_written_date(plain.view());
  if (!written) return std::nullopt;
  const bool open = written->kind == WrittenDate::Kind::open;
  if (open && format.order == DateOrder::ymd && !format.two_digit_year) return std::nullopt;
  const auto date = resolve(*written, format.order);
  if (!date) return std::nullopt;
  return ReadDate{*date, written->micros_of_day, written->offset_minutes};
}

}  // namespace emptor
