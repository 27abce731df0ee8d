#include "emptor/model/plain.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

#include "core/hex.hpp"

namespace emptor {
namespace {

template <class Number>
std::string digits(Number number) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  return std::string(buffer, end);
}

template <class Number>
std::optional<Number> read_digits(std::string_view text) {
  Number number{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Value> read_decimal(std::string_view text) {
  const auto decimal = Decimal::parse(text);
  if (!decimal || !decimal->fits_micros()) return std::nullopt;
  return Value(*decimal);
}

std::optional<Value> read_truth(std::string_view text) {
  if (text == "true") return Value(true);
  if (text == "false") return Value(false);
  return std::nullopt;
}

template <class T>
std::optional<Value> wrap(const std::optional<T>& read) {
  return read ? std::optional<Value>(Value(*read)) : std::nullopt;
}

}  // namespace

std::string to_plain(const Value& value) {
  if (!value.present()) return {};
  switch (value.type()) {
    case Type::id:
    case Type::integer:
      return digits(value.bits());
    case Type::decimal:
      return value.decimal().to_string();
    case Type::real:
      return digits(value.real());
    case Type::boolean:
      return value.boolean() ? "true" : "false";
    case Type::text:
      return std::string(value.text());
    case Type::date:
      return to_string(value.date());
    case Type::instant:
      return to_string(value.instant());
    case Type::bytes:
      return to_hex(value.text());
  }
  return {};
}

std::optional<Value> parse_plain(Type type, std::string_view text) {
  if (text.empty()) return Value();
  switch (type) {
    case Type::id: {
      const auto number = read_digits<std::int64_t>(text);
      return number ? std::optional<Value>(Value(Id{*number})) : std::nullopt;
    }
    case Type::integer:
      return wrap(read_digits<std::int64_t>(text));
    case Type::decimal:
      return read_decimal(text);
    case Type::real:
      return wrap(read_digits<double>(text));
    case Type::boolean:
      return read_truth(text);
    case Type::text:
      return Value(text);
    case Type::date:
      return wrap(parse_date(text));
    case Type::instant:
      return wrap(parse_instant(text));
    case Type::bytes:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace emptor
