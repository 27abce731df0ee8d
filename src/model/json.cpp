#include "emptor/model/json.hpp"

#include <boost/json.hpp>
#include <cmath>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/model/plain.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t max_json_bytes = std::size_t{64} << 20;

Problem refuse(Code code, const Record& record, std::string_view field, std::string message, std::string hint = {}) {
  return {code, std::move(message), record.entity().name, std::string(field), std::nullopt, std::move(hint)};
}

json::object parse_object(const Record& record, std::string_view text) {
  if (text.size() > max_json_bytes) throw Error(refuse(Code::invalid, record, {}, "the JSON is longer than 64 MiB"));
  json::error_code problem;
  json::value value = json::parse(json::string_view(text.data(), text.size()), problem);
  if (problem) throw Error(refuse(Code::invalid, record, {}, "this is not JSON: " + problem.message()));
  if (!value.is_object()) throw Error(refuse(Code::invalid, record, {}, "a record is a JSON object"));
  return std::move(value.as_object());
}

bool is_text(Type type) { return type == Type::text || type == Type::bytes; }

/// The plain notation of a JSON scalar, for a field of that type; nothing where it cannot be one.
std::optional<std::string> plain_of(const json::value& value, Type type) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_bool() && type == Type::boolean) return value.as_bool() ? "true" : "false";
  const bool takes_numbers = type == Type::id || type == Type::integer || type == Type::decimal || type == Type::real;
  if (value.is_number() && takes_numbers) return json::serialize(value);
  return std::nullopt;
}

Value read_field(const Record& record, const Field& field, const json::value& value, Arena& text) {
  if (value.is_null()) return {};
  const auto plain = plain_of(value, field.type);
  auto read = plain ? parse_plain(field.type, *plain) : std::nullopt;
  if (!read || (!is_text(field.type) && !read->present()))
    throw Error(refuse(Code::invalid, record, field.name, "the JSON value is no " + std::string(name_of(field.type)),
                       "write integers and decimals as strings, dates and instants in ISO 8601"));
  return text.keep(*read);
}

}  // namespace

void append_json_text(std::string& json, std::string_view text) {
  static constexpr char digit[] = "0123456789abcdef";
  json += '"';
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (c == '\n') {
      json += "\\n";
    } else if (c == '\t') {
      json += "\\t";
    } else if (code < 0x20) {
      json += "\\u00";
      json += digit[code >> 4];
      json += digit[code & 15];
    } else {
      json += c;
    }
  }
  json += '"';
}

void append_json(std::string& json, const Value& value) {
  if (!value.present()) {
    json += "null";
  } else if (value.type() == Type::boolean || (value.type() == Type::real && std::isfinite(value.real()))) {
    json += to_plain(value);
  } else {
    append_json_text(json, value.type() == Type::text ? value.text() : to_plain(value));
  }
}

std::string to_json(const Record& record) {
  std::string json = "{";
  for (const Field& field : record.entity().fields) {
    const Value& value = record[field.number];
    if (!value.present()) continue;
    if (json.size() > 1) json += ',';
    append_json_text(json, field.name);
    json += ':';
    append_json(json, value);
  }
  return json += '}';
}

std::vector<FieldNumber> set_from_json(Record& record, std::string_view text) {
  const json::object object = parse_object(record, text);
  Arena arena;
  std::vector<std::pair<FieldNumber, Value>> read;
  read.reserve(object.size());
  for (const auto& member : object) {
    const Field& field = record.entity().field(std::string_view(member.key().data(), member.key().size()));
    read.emplace_back(field.number, read_field(record, field, member.value(), arena));
  }
  std::vector<FieldNumber> named;
  named.reserve(read.size());
  for (const auto& [number, value] : read) {
    record.set(number, value);
    named.push_back(number);
  }
  return named;
}

}  // namespace emptor
