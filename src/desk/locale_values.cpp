#include "emptor/desk/locale_values.hpp"

#include <algorithm>

#include "desk/locale_dates.hpp"
#include "desk/locale_numbers.hpp"
#include "desk/locale_text.hpp"

namespace emptor {
namespace {

struct TruthWord {
  std::string_view word;
  bool truth;
};
constexpr TruthWord truth_words[] = {
    {"0", false},      {"1", true},    {"n", false},   {"y", true},          {"f", false},     {"t", true},
    {"s", true},       {"j", true},    {"no", false},  {"yes", true},        {"ja", true},     {"nein", false},
    {"sim", true},     {"nao", false}, {"não", false}, {"true", true},       {"false", false}, {"wahr", true},
    {"falsch", false}, {"是", true},   {"否", false},  {"verdadeiro", true}, {"falso", false},
};

/// Words for "nothing there", as spreadsheets, databases and statistics programs write it.
constexpr std::string_view blank_words[] = {"-",    "--",   "NA",  "N/A", "n/a", "#N/A",
                                            "NULL", "null", "NaN", "nan", "\\N", "(null)"};

std::string_view without_blanks(std::string_view text) noexcept {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

bool has_digit(std::string_view text) noexcept {
  // Full-width digits begin with the byte EF; letters of other scripts may too, and are told apart later.
  return std::any_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '\xEF'; });
}

/// "007": digits only, and a zero that a number would not have.
bool has_leading_zero(std::string_view text) noexcept {
  return text.size() > 1 && text.front() == '0' && std::all_of(text.begin(), text.end(), is_digit);
}

/// The only mark of `digits`, if three digits follow it and one to three come before, the first not zero:
/// it can be a point or a grouping.
bool is_unclear(std::string_view digits) noexcept {
  const std::size_t mark = digits.find_first_of(".,");
  return mark != std::string_view::npos && mark >= 1 && mark <= 3 && digits.size() == mark + 4 && digits.front() != '0';
}

/// A word that neither a number (currencies have at most three letters) nor a date begins with.
bool begins_with_other_word(std::string_view text) noexcept {
  std::size_t size = 0;
  while (size < text.size() && is_letter(text[size])) ++size;
  return size > 3 && month_of(text.substr(0, size)) == 0;
}

/// The place of the only mark of `digits` if that is a comma or a point; npos for other shapes.
std::size_t only_mark(std::string_view digits) noexcept {
  std::size_t mark = std::string_view::npos;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (is_digit(digits[at])) continue;
    if (mark != std::string_view::npos || (digits[at] != '.' && digits[at] != ',')) return std::string_view::npos;
    mark = at;
  }
  return mark;
}

bool is_whole_digits(std::string_view digits) noexcept { return std::all_of(digits.begin(), digits.end(), is_digit); }

}  // namespace

bool is_blank(std::string_view cell) noexcept {
  const std::string_view text = without_blanks(cell);
  if (text.size() > 6) return false;
  if (text.empty()) return true;
  // Asked of every cell of an import, so most leave here.
  if (std::string_view("-Nn#\\(\xC2\xE3").find(text.front()) == std::string_view::npos) return false;
  if (text == "\xC2\xA0" || text == "\u3000") return true;
  return std::find(std::begin(blank_words), std::end(blank_words), text) != std::end(blank_words);
}

std::optional<bool> read_boolean(std::string_view text) {
  text = without_blanks(text);
  char lowered[10];
  if (text.empty() || text.size() > sizeof lowered) return std::nullopt;
  if (is_digit(text.front()) && text.size() > 1) return std::nullopt;
  std::transform(text.begin(), text.end(), lowered, lower);
  const std::string_view word(lowered, text.size());
  const auto* found = std::find_if(std::begin(truth_words), std::end(truth_words),
                                   [&](const TruthWord& known) { return known.word == word; });
  return found == std::end(truth_words) ? std::nullopt : std::optional(found->truth);
}

void ColumnGuess::see(std::string_view cell) {
  if (is_blank(cell)) {
    ++blank_;
    return;
  }
  ++seen_;
  if (read_boolean(cell)) ++booleans_;
  if (!has_digit(cell.substr(0, 200))) return;
  const PlainText plain(cell);
  if (begins_with_other_word(plain.view())) return;
  see_number(plain.view());
  see_date(plain.view());
}

void ColumnGuess::see_number(std::string_view text) {
  const auto shape = shape_of_number(text);
  if (!shape) return;
  if (has_leading_zero(text)) ++leading_zeros_;
  if (is_whole_digits(shape->digits)) {
    if (shape->digits.size() > 18) return;
    const bool fraction = shape->percent || shape->exponent < 0;
    for (std::size_t i = 0; i < numbers_.size(); ++i) numbers_[i]++, fractions_[i] += fraction;
    return;
  }
  ++marked_;
  if (is_unclear(shape->digits)) ++unclear_marks_;
  const std::size_t mark = only_mark(shape->digits);
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    const NumberFormat& format = number_formats[i];
    // Most numbers have one mark, and most formats have another one: no need to look closer.
    if (mark < shape->digits.size() && shape->digits[mark] != format.point && shape->digits[mark] != format.grouping)
      continue;
    const auto point = split_number(shape->digits, format);
    if (!point || *point > 24) continue;
    ++numbers_[i];
    fractions_[i] += *point < shape->digits.size() || shape->percent || shape->exponent < 0;
  }
}

std::size_t ColumnGuess::best_number() const noexcept {
  return static_cast<std::size_t>(std::max_element(numbers_.begin(), numbers_.end()) - numbers_.begin());
}

std::optional<NumberFormat> ColumnGuess::number() const {
  if (leading_zeros_ > 1) return std::nullopt;
  return likely_number(1);
}

std::optional<NumberFormat> ColumnGuess::likely_number(double share) const {
  const std::size_t best = best_number();
  const auto fits = static_cast<double>(numbers_[best]);
  if (numbers_[best] == 0 || fits < share * static_cast<double>(seen_)) return std::nullopt;
  return number_formats[best];
}

bool ColumnGuess::ambiguous_number() const noexcept { return marked_ > 0 && marked_ == unclear_marks_; }

bool ColumnGuess::integer() const noexcept { return number().has_value() && fractions_[best_number()] == 0; }

bool ColumnGuess::boolean() const noexcept { return seen_ > 0 && booleans_ == seen_; }

void ColumnGuess::see_date(std::string_view text) {
  const auto date = parse_written_date(text);
  if (!date) return;
  bool exists = false;
  if (date->kind != WrittenDate::Kind::open) {
    exists = resolve(*date, DateOrder::ymd).has_value();
    std::uint64_t& kind = date->kind == WrittenDate::Kind::year_first ? year_first_
                          : date->kind == WrittenDate::Kind::compact  ? compact_
                                                                      : month_named_;
    kind += exists;
  } else {
    std::array<std::optional<Date>, 3> days;
    for (std::size_t i = 0; i < days.size(); ++i) {
      days[i] = resolve(*date, static_cast<DateOrder>(i));
      if (!days[i]) continue;
      exists = true;
      DateRun& run = orders_[i];
      run.falls += run.fits > 0 && days[i]->days < run.last;
      run.last = days[i]->days;
      ++run.fits;
    }
    swapped_ += days[1] && days[2] && *days[1] != *days[2];
    slashes_ += exists && date->slashes;
  }
  two_digit_year_ += exists && date->two_digit_year;
  with_time_ += exists && date->has_time;
  with_offset_ += exists && date->offset_minutes.has_value();
}

std::uint64_t ColumnGuess::dates_of(DateOrder order) const noexcept {
  return year_first_ + compact_ + month_named_ + orders_[static_cast<std::size_t>(order)].fits;
}

/// The order that reads most; of two that read as many, the one with fewer falls; of those, by the mark.
DateOrder ColumnGuess::best_order() const noexcept {
  const DateRun &ymd = orders_[0], &dmy = orders_[1], &mdy = orders_[2];
  const std::uint64_t most = std::max({ymd.fits, dmy.fits, mdy.fits});
  if (most == 0 || ymd.fits > std::max(dmy.fits, mdy.fits)) return DateOrder::ymd;
  if (dmy.fits != mdy.fits) return dmy.fits > mdy.fits ? DateOrder::dmy : DateOrder::mdy;
  if (dmy.falls != mdy.falls) return dmy.falls < mdy.falls ? DateOrder::dmy : DateOrder::mdy;
  return slashes_ > 0 ? DateOrder::mdy : DateOrder::dmy;
}

std::optional<DateFormat> ColumnGuess::date() const { return likely_date(1); }

std::optional<DateFormat> ColumnGuess::likely_date(double share) const {
  const DateOrder order = best_order();
  const std::uint64_t fits = dates_of(order);
  if (fits == 0 || static_cast<double>(fits) < share * static_cast<double>(seen_)) return std::nullopt;
  return DateFormat{order, compact_ == fits, two_digit_year_ > 0, with_time_ > 0, with_offset_ > 0};
}

bool ColumnGuess::ambiguous_date() const noexcept {
  const DateRun &dmy = orders_[1], &mdy = orders_[2];
  return seen_ > 0 && swapped_ > 0 && dmy.fits == mdy.fits && dates_of(DateOrder::dmy) == seen_;
}

}  // namespace emptor
