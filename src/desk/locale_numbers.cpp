#include "desk/locale_numbers.hpp"

#include <algorithm>

#include "desk/locale_text.hpp"

namespace emptor {
namespace {

/// Codes that people write beside amounts; other letters make a text no number.
constexpr std::string_view currency_codes =
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EUR GBP HKD HUF IDR ILS INR JPY KRW MXN MYR NOK NZD PEN PHP "
    "PLN RMB RON RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR";

bool is_currency_code(std::string_view word) noexcept {
  if (word.size() != 3 || !std::all_of(word.begin(), word.end(), is_letter)) return false;
  for (std::size_t at = 0; at < currency_codes.size(); at += 4) {
    if (currency_codes.substr(at, 3) == word) return true;
  }
  return false;
}

/// How many characters a currency mark takes at the beginning: "$", "R$", "US$", "EUR"; 0 for none.
std::size_t currency_in_front(std::string_view text) noexcept {
  const std::size_t sign = text.substr(0, 4).find('$');
  if (sign != std::string_view::npos && std::all_of(text.begin(), text.begin() + sign, is_letter)) return sign + 1;
  return is_currency_code(text.substr(0, 3)) && text.size() > 3 && !is_letter(text[3]) ? 3 : 0;
}

std::size_t currency_behind(std::string_view text) noexcept {
  if (text.ends_with('$')) return 1;
  if (text.ends_with(" kr")) return 3;
  return text.size() > 3 && is_currency_code(text.substr(text.size() - 3)) ? 3 : 0;
}

/// Takes signs, parentheses, currency and percent off both ends, each at most once.
class Affixes {
 public:
  explicit Affixes(std::string_view text) : text_(text) {}

  bool strip() noexcept {
    while (strip_front() || strip_back()) {
    }
    return opened_ == closed_ && signs_ + opened_ <= 1 && currencies_ <= 1 && percents_ <= 1 && !text_.empty();
  }
  NumberShape shape() const noexcept { return {text_, negative_, percents_ > 0, 0}; }

 private:
  std::string_view text_;
  int signs_ = 0, opened_ = 0, closed_ = 0, currencies_ = 0, percents_ = 0;
  bool negative_ = false;

  bool take_front(std::size_t count) noexcept { return text_.remove_prefix(count), true; }
  bool take_back(std::size_t count) noexcept { return text_.remove_suffix(count), true; }

  bool strip_front() noexcept {
    if (text_.empty() || is_digit(text_.front())) return false;
    const char c = text_.front();
    if (c == ' ') return take_front(1);
    if (c == '-' || c == '+') return ++signs_, negative_ |= c == '-', take_front(1);
    if (c == '(') return ++opened_, negative_ = true, take_front(1);
    const std::size_t currency = currency_in_front(text_);
    return currency > 0 && (++currencies_, take_front(currency));
  }

  bool strip_back() noexcept {
    if (text_.empty() || is_digit(text_.back())) return false;
    const char c = text_.back();
    if (c == ' ') return take_back(1);
    if (c == '-') return ++signs_, negative_ = true, take_back(1);
    if (c == ')') return ++closed_, take_back(1);
    if (c == '%') return ++percents_, take_back(1);
    const std::size_t currency = currency_behind(text_);
    return currency > 0 && (++currencies_, take_back(currency));
  }
};

/// Cuts "E+05" off `digits`. False for an "e" that no exponent follows.
bool take_exponent(NumberShape& shape) noexcept {
  const std::size_t mark = shape.digits.find_first_of("eE");
  if (mark == std::string_view::npos) return true;
  std::string_view exponent = shape.digits.substr(mark + 1);
  const bool negative = exponent.starts_with('-');
  if (negative || exponent.starts_with('+')) exponent.remove_prefix(1);
  if (exponent.empty() || exponent.size() > 3 || !std::all_of(exponent.begin(), exponent.end(), is_digit)) return false;
  for (const char c : exponent) shape.exponent = shape.exponent * 10 + (c - '0');
  if (negative) shape.exponent = -shape.exponent;
  shape.digits = shape.digits.substr(0, mark);
  return true;
}

bool is_written_with_digits(std::string_view digits) noexcept {
  bool any = false;
  for (const char c : digits) {
    if (is_digit(c)) {
      any = true;
    } else if (c != '.' && c != ',' && c != '\'' && c != ' ') {
      return false;
    }
  }
  return any && is_digit(digits.back());
}

bool all_digits(std::string_view text) noexcept { return std::all_of(text.begin(), text.end(), is_digit); }

/// Groups of three ("1,234,567") or, with commas, of two above the last three ("12,34,567").
bool is_grouped(std::string_view whole, char grouping) noexcept {
  std::size_t at = whole.find(grouping);
  if (at == 0 || at > 3 || whole.front() == '0' || !all_digits(whole.substr(0, at))) return false;
  bool threes = true, twos = grouping == ',' && at <= 2;
  while (at != std::string_view::npos) {
    const std::size_t end = whole.find(grouping, at + 1);
    const std::string_view group = whole.substr(at + 1, end == std::string_view::npos ? end : end - at - 1);
    if (!all_digits(group)) return false;
    threes = threes && group.size() == 3;
    twos = twos && group.size() == (end == std::string_view::npos ? 3U : 2U);
    at = end;
  }
  return threes || twos;
}

}  // namespace

std::optional<NumberShape> shape_of_number(std::string_view plain) noexcept {
  Affixes affixes(plain);
  if (!affixes.strip()) return std::nullopt;
  NumberShape shape = affixes.shape();
  if (!take_exponent(shape) || shape.digits.empty() || !is_written_with_digits(shape.digits)) return std::nullopt;
  return shape;
}

std::optional<std::size_t> split_number(std::string_view digits, const NumberFormat& format) noexcept {
  const std::size_t point = std::min(digits.find(format.point), digits.size());
  const std::string_view whole = digits.substr(0, point);
  if (point < digits.size() && !all_digits(digits.substr(point + 1))) return std::nullopt;
  if (all_digits(whole)) return point;
  if (format.grouping == 0 || !is_grouped(whole, format.grouping)) return std::nullopt;
  return point;
}

namespace {

/// The common case, read in one pass: a sign, digits, and at most six digits behind the point.
std::optional<Decimal> read_simple_number(std::string_view text, char point) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 18 || !is_digit(text.front()) || !is_digit(text.back())) return std::nullopt;
  std::int64_t units = 0;
  std::size_t fraction_at = text.size();
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (is_digit(text[at])) {
      units = units * 10 + (text[at] - '0');
    } else if (text[at] == point && fraction_at == text.size()) {
      fraction_at = at + 1;
    } else {
      return std::nullopt;
    }
  }
  const std::size_t scale = text.size() - fraction_at;
  if (scale > Decimal::max_scale) return std::nullopt;
  return Decimal::of(negative ? -units : units, static_cast<int>(scale));
}

/// The number as core/decimal reads it: point '.', no grouping.
std::string plain_notation(const NumberShape& shape, std::size_t point) {
  std::string number(1, shape.negative ? '-' : '+');
  for (std::size_t at = 0; at < shape.digits.size(); ++at) {
    if (at == point) number += number.size() == 1 ? "0." : ".";
    if (is_digit(shape.digits[at])) number += shape.digits[at];
  }
  const int exponent = shape.exponent - (shape.percent ? 2 : 0);
  if (exponent != 0) number += "E" + std::to_string(exponent);
  return number;
}

}  // namespace

std::optional<Decimal> read_number(std::string_view text, const NumberFormat& format, bool* rounded) {
  if (rounded != nullptr) *rounded = false;
  if (const auto simple = read_simple_number(text, format.point)) return simple;
  const PlainText plain(text);
  const auto shape = shape_of_number(plain.view());
  if (!shape) return std::nullopt;
  const auto point = split_number(shape->digits, format);
  if (!point) return std::nullopt;
  return Decimal::parse_rounded(plain_notation(*shape, *point), Rounding::half_even, rounded);
}

}  // namespace emptor
