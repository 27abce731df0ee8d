#include "desk/cell_reading.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "desk/party_kinds.hpp"
#include "emptor/core/text.hpp"

namespace emptor::desk {
namespace {

constexpr std::string_view won_words[] = {"won",   "closed won", "win",  "gewonnen", "ganho",
                                          "ganha", "赢单",       "成交", "已成交"};
constexpr std::string_view lost_words[] = {"lost",    "declined", "closed lost", "loss", "verloren",
                                           "perdido", "perdida",  "输单",        "丢单", "失败"};
constexpr std::string_view abandoned_words[] = {"abandoned",  "cancelled",  "canceled", "withdrawn",
                                                "aufgegeben", "abandonado", "放弃",     "已取消"};

template <std::size_t Count>
bool among(const std::string_view (&words)[Count], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

std::string_view outcome_of(std::string_view stage) {
  const std::string folded = fold(stage);
  if (among(won_words, folded)) return "won";
  if (among(lost_words, folded)) return "lost";
  if (among(abandoned_words, folded)) return "abandoned";
  return {};
}

std::optional<float> single_of(std::string_view text) {
  float value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// As "%.*g" in the C locale: the host's locale must not matter.
std::string with_digits(float value, int digits) {
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::general, digits).ptr;
  return {text, end};
}

// The shortest number that a 32-bit float of these digits can mean: 32.38 for 32.3800011.
std::optional<Decimal> shortest_single(std::string_view text) {
  const std::optional<float> single = single_of(text);
  if (!single) return std::nullopt;
  const float value = *single;
  for (int digits = 6; digits <= 9; ++digits) {
    const std::string shorter = with_digits(value, digits);
    if (single_of(shorter) == value) return Decimal::parse_rounded(shorter, Rounding::half_even);
  }
  return std::nullopt;
}

// Most cells are plain: digits, perhaps a sign and a point, at most six digits after it.
std::optional<std::int64_t> plain_micros(std::string_view text) noexcept {
  std::size_t at = !text.empty() && text.front() == '-' ? 1 : 0;
  if (at == text.size() || text.size() > 13) return std::nullopt;
  std::int64_t units = 0;
  int decimals = -1;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && decimals < 0) {
      decimals = 0;
    } else if (c >= '0' && c <= '9') {
      units = units * 10 + (c - '0');
      if (decimals >= 0) ++decimals;
    } else {
      return std::nullopt;
    }
  }
  if (decimals == 0 || decimals > 6 || text.back() == '.' || text[text.front() == '-'] == '.') return std::nullopt;
  static constexpr std::int64_t power[] = {1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};
  units *= power[std::max(decimals, 0)];
  return text.front() == '-' ? -units : units;
}

}  // namespace

ReadCell CellReader::read(const CellPlan& plan, std::span<const std::string_view> cells) {
  const std::string_view cell = cells[plan.column];
  if (plan.names || plan.kind == CellKind::text || plan.kind == CellKind::name || plan.kind == CellKind::outcome)
    return read_text(plan, cells);
  if (cell.empty()) return {};
  ReadCell read;
  switch (plan.kind) {
    case CellKind::party: {
      const std::string_view kind = party_kind_of(cell);
      return {Value(kind), kind.empty()};
    }
    case CellKind::decimal:
      return read_decimal(plan, cell);
    case CellKind::integer: {
      read = read_decimal(plan, cell);
      if (read.unreadable || !read.value.present()) return read;
      if (read.value.bits() % Decimal::micros_per_unit != 0) return {{}, true};
      read.value = Value(read.value.bits() / Decimal::micros_per_unit);
      return read;
    }
    case CellKind::boolean:
    case CellKind::opposite: {
      const auto truth = read_boolean(cell);
      if (!truth) return {{}, true};
      read.value = Value(*truth != (plan.kind == CellKind::opposite));
      return read;
    }
    case CellKind::birth_year: {
      const auto year = read_number(cell, plan.number);
      const auto date = year && year->scale() == 0 && year->units() > 1800 && year->units() < 2200
                            ? Date::of(static_cast<int>(year->units()), 1, 1)
                            : std::nullopt;
      if (!date) return {{}, true};
      read.value = Value(*date);
      return read;
    }
    case CellKind::date: {
      const auto date = read_date(cell, plan.date);
      if (!date) return {{}, true};
      read.value = Value(date->date);
      return read;
    }
    default:
      return read_time(plan, cells);
  }
}

ReadCell CellReader::read_text(const CellPlan& plan, std::span<const std::string_view> cells) {
  std::string_view cell = cells[plan.column];
  if (plan.kind == CellKind::name && plan.second != TableUnderstanding::npos) {
    const std::string_view family = cells[plan.second];
    const bool chinese = !family.empty() && static_cast<unsigned char>(family.front()) >= 0xe2;
    buffer_.assign(chinese ? family : cell);
    if (!chinese && !cell.empty() && !family.empty()) buffer_ += ' ';
    buffer_ += chinese ? cell : family;
    return {Value(std::string_view(buffer_))};
  }
  if (plan.kind == CellKind::outcome) return {Value(outcome_of(cell))};
  if (plan.names) {
    const auto found = plan.names->find(std::string(cell));
    return {found == plan.names->end() ? Value() : Value(std::string_view(found->second)),
            found == plan.names->end() && !cell.empty()};
  }
  if (!plan.choices.empty() && !cell.empty()) {
    buffer_ = fold(cell);
    if (std::find(plan.choices.begin(), plan.choices.end(), buffer_) == plan.choices.end()) return {{}, true};
    return {Value(std::string_view(buffer_))};
  }
  return {Value(cell)};
}

ReadCell CellReader::read_decimal(const CellPlan& plan, std::string_view cell) const {
  ReadCell read;
  std::optional<std::int64_t> micros;
  if (plan.number.point == '.') micros = plain_micros(cell);
  if (!micros) {
    std::optional<Decimal> value;
    if (plan.single_precision) value = shortest_single(cell);
    if (value)
      read.rounded = cell.size() > 8;
    else
      value = read_number(cell, plan.number, &read.rounded);
    if (!value || !value->fits_micros()) return {{}, true};
    micros = value->micros();
  }
  read.outlier = *micros > plan.highest || *micros < plan.lowest;
  read.value = Value::of_bits(Type::decimal, *micros);
  return read;
}

ReadCell CellReader::read_time(const CellPlan& plan, std::span<const std::string_view> cells) {
  const auto date = read_date(cells[plan.column], plan.date);
  if (!date) return {{}, true};
  std::int64_t micros = date->micros_of_day;
  if (plan.second != TableUnderstanding::npos && !cells[plan.second].empty()) {
    buffer_.assign("2000-01-01 ").append(cells[plan.second]);
    const auto time = read_date(buffer_, {DateOrder::ymd, false, false, true});
    if (!time) return {{}, true};
    micros = time->micros_of_day;
  }
  if (date->offset_minutes) {
    const std::int64_t utc = date->date.days * micros_per_day + micros - *date->offset_minutes * 60 * micros_per_second;
    return {Value(Instant{utc})};
  }
  if (micros != 0) return {Value(zone_.instant_of(date->date, micros))};
  if (!has_last_ || last_date_ != date->date) {
    last_date_ = date->date;
    last_midnight_ = zone_.instant_of(date->date, 0).micros;
    has_last_ = true;
  }
  return {Value(Instant{last_midnight_})};
}

std::optional<LongNumber> read_long(std::string_view text) {
  LongNumber number;
  bool fraction = false;
  std::size_t at = 0;
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) at = 1;
  int digits = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && !fraction) {
      fraction = true;
    } else if (c >= '0' && c <= '9') {
      if (fraction && number.scale == 12) continue;
      number.units = number.units * 10 + (c - '0');
      number.scale += fraction;
      if (++digits > 18) return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  if (digits == 0) return std::nullopt;
  if (negative) number.units = -number.units;
  return number;
}

std::optional<LongNumber> digits_of_single(std::string_view text) {
  const std::optional<float> value = single_of(text);
  if (!value) return std::nullopt;
  return read_long(with_digits(*value, 9));
}

std::optional<std::int64_t> multiply(const LongNumber& a, const LongNumber& b, const LongNumber& less) {
  LongNumber::Wide share = 1;
  for (int i = 0; i < less.scale; ++i) share *= 10;
  share -= less.units;
  LongNumber::Wide product = 0;
  if (__builtin_mul_overflow(a.units, b.units, &product) || __builtin_mul_overflow(product, share, &product))
    return std::nullopt;
  int scale = a.scale + b.scale + less.scale;
  LongNumber::Wide divisor = 1;
  for (; scale > 6; --scale) divisor *= 10;
  for (; scale < 6; ++scale)
    if (__builtin_mul_overflow(product, LongNumber::Wide{10}, &product)) return std::nullopt;
  LongNumber::Wide result = product / divisor;
  const LongNumber::Wide rest = product < 0 ? -(product % divisor) : product % divisor;
  if (rest * 2 > divisor || (rest * 2 == divisor && (result & 1) != 0)) result += product < 0 ? -1 : 1;
  if (result > std::numeric_limits<std::int64_t>::max() || result < std::numeric_limits<std::int64_t>::min())
    return std::nullopt;
  return static_cast<std::int64_t>(result);
}

}  // namespace emptor::desk
