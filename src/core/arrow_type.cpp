#include "core/arrow_type.hpp"

#include <charconv>
#include <utility>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"

namespace emptor {
namespace {

using Kind = ArrowType::Kind;

std::optional<ArrowType> simple_type(char format) {
  switch (format) {
    case 'n':
      return ArrowType{};
    case 'b':
      return ArrowType{.kind = Kind::boolean};
    case 'c':
      return ArrowType{.kind = Kind::integer, .width = 1};
    case 'C':
      return ArrowType{.kind = Kind::integer, .width = 1, .is_signed = false};
    case 's':
      return ArrowType{.kind = Kind::integer, .width = 2};
    case 'S':
      return ArrowType{.kind = Kind::integer, .width = 2, .is_signed = false};
    case 'i':
      return ArrowType{.kind = Kind::integer, .width = 4};
    case 'I':
      return ArrowType{.kind = Kind::integer, .width = 4, .is_signed = false};
    case 'l':
      return ArrowType{.kind = Kind::integer, .width = 8};
    case 'L':
      return ArrowType{.kind = Kind::integer, .width = 8, .is_signed = false};
    case 'e':
      return ArrowType{.kind = Kind::real, .width = 2};
    case 'f':
      return ArrowType{.kind = Kind::real, .width = 4};
    case 'g':
      return ArrowType{.kind = Kind::real, .width = 8};
    case 'u':
      return ArrowType{.kind = Kind::text, .width = 4};
    case 'U':
      return ArrowType{.kind = Kind::text, .width = 8};
    default:
      return std::nullopt;
  }
}

std::optional<std::int64_t> ticks_of(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 1'000;
    case 'u':
      return 1'000'000;
    case 'n':
      return 1'000'000'000;
    default:
      return std::nullopt;
  }
}

/// "tdD", "ttu", "tsm:Europe/Berlin"
std::optional<ArrowType> temporal_type(std::string_view format) {
  if (format == "tdD") return ArrowType{.kind = Kind::day, .width = 4};
  if (format == "tdm") return ArrowType{.kind = Kind::day_millis, .width = 8};
  if (format.size() < 3) return std::nullopt;
  const auto ticks = ticks_of(format[2]);
  if (!ticks) return std::nullopt;
  if (format[1] == 't' && format.size() == 3)
    return ArrowType{.kind = Kind::time, .width = *ticks > 1'000 ? 8 : 4, .per_second = *ticks};
  if (format[1] == 's' && format.size() > 3 && format[3] == ':')
    return ArrowType{.kind = Kind::timestamp, .width = 8, .per_second = *ticks, .zoned = format.size() > 4};
  return std::nullopt;
}

/// "d:38,6", "d:76,10,256"
std::optional<ArrowType> decimal_type(std::string_view format) {
  std::vector<int> numbers;
  const char* at = format.data() + 2;
  const char* const end = format.data() + format.size();
  while (at < end) {
    const auto [next, failure] = std::from_chars(at, end, numbers.emplace_back());
    if (failure != std::errc() || (next != end && *next != ',')) return std::nullopt;
    at = next + 1;
  }
  const int bits = numbers.size() == 3 ? numbers[2] : 128;
  const bool known = bits == 32 || bits == 64 || bits == 128 || bits == 256;
  if (numbers.size() < 2 || numbers.size() > 3 || !known || numbers[1] < -76 || numbers[1] > 76) return std::nullopt;
  return ArrowType{.kind = Kind::decimal, .width = bits / 8, .scale = numbers[1]};
}

std::optional<ArrowType> type_of(std::string_view format) {
  if (format.size() == 1) return simple_type(format.front());
  if (format == "vu") return ArrowType{.kind = Kind::text_view};
  if (format.starts_with("d:")) return decimal_type(format);
  if (format.starts_with("t")) return temporal_type(format);
  return std::nullopt;
}

std::string_view words_for(std::string_view format) {
  static constexpr std::pair<std::string_view, std::string_view> known[] = {
      {"z", "binary"},      {"Z", "binary"},      {"vz", "binary"},  {"w:", "binary of a fixed size"},
      {"+l", "a list"},     {"+L", "a list"},     {"+v", "a list"},  {"+w", "a list of a fixed size"},
      {"+s", "a struct"},   {"+m", "a map"},      {"+u", "a union"}, {"+r", "run-end encoded"},
      {"tD", "a duration"}, {"ti", "an interval"}};
  for (const auto& [prefix, words] : known)
    if (format.starts_with(prefix)) return words;
  return "of a type that is not known";
}

[[noreturn]] void refuse(const std::string& column, std::string_view words) {
  throw Error(Problem{.code = Code::unsupported,
                      .message = "the column '" + column + "' is " + std::string(words),
                      .field = column,
                      .hint = "leave it out, or convert it to numbers, text, truth values, days or times"});
}

ArrowType checked_type(const ArrowSchema& schema, const std::string& column) {
  const std::string_view format = schema.format == nullptr ? std::string_view() : schema.format;
  const auto type = type_of(format);
  if (!type) refuse(column, words_for(format));
  return *type;
}

}  // namespace

std::int64_t ArrowType::buffers() const noexcept {
  if (kind == Kind::null) return 0;
  return kind == Kind::text || kind == Kind::text_view ? 3 : 2;
}

ArrowInput read_arrow_input(const ArrowSchema* schema, ArrowLists lists) {
  if (schema == nullptr || schema->release == nullptr || schema->format == nullptr)
    throw Error(Code::invalid, "a column of the Arrow table has no schema");
  ArrowInput input{.name = schema->name == nullptr ? "" : schema->name, .type = {}};
  if (!is_utf8(input.name)) throw Error(Code::invalid, "the name of a column of the Arrow table is not UTF-8");
  const std::string_view format = schema->format;
  if (lists == ArrowLists::read && (format == "+l" || format == "+L")) {
    if (schema->n_children != 1 || schema->children == nullptr || schema->children[0] == nullptr)
      throw Error(Code::invalid, "the lists of a column of the Arrow table have no schema");
    const ArrowSchema& values = *schema->children[0];
    if (values.dictionary != nullptr || schema->dictionary != nullptr) refuse(input.name, "a list by a dictionary");
    input.list = ArrowType{.kind = Kind::list, .width = format == "+l" ? 4 : 8};
    input.type = checked_type(values, input.name);
    return input;
  }
  input.type = checked_type(*schema, input.name);
  if (schema->dictionary == nullptr) return input;
  if (input.type.kind != Kind::integer) refuse(input.name, "a dictionary whose indices are no integers");
  if (schema->dictionary->dictionary != nullptr) refuse(input.name, "a dictionary of dictionaries");
  input.index = input.type;
  input.type = checked_type(*schema->dictionary, input.name);
  return input;
}

}  // namespace emptor
