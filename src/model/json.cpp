#include "emptor/model/json.hpp"

#include <cmath>
#include <utility>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/model/plain.hpp"
#include "model/json_object.hpp"

namespace emptor {
namespace {

constexpr std::size_t max_json_bytes = std::size_t{64} << 20;

Problem refuse(Code code, const Record& record, std::string_view field, std::string message, std::string hint = {}) {
  return {code, std::move(message), record.entity().name, std::string(field), std::nullopt, std::move(hint)};
}

std::vector<JsonMember> read_object(const Record& record, std::string_view json) {
  if (json.size() > max_json_bytes) throw Error(refuse(Code::invalid, record, {}, "the JSON is longer than 64 MiB"));
  try {
    return read_json_object(json);
  } catch (const Error& error) {
    throw Error(refuse(error.code(), record, {}, error.first().message));
  }
}

bool is_text(Type type) { return type == Type::text || type == Type::bytes; }

/// Whether a field of that type may be written as a JSON scalar of that kind.
bool is_allowed(JsonMember::Kind kind, Type type) {
  switch (kind) {
    case JsonMember::Kind::text:
      return true;
    case JsonMember::Kind::boolean:
      return type == Type::boolean;
    case JsonMember::Kind::number:
      return type == Type::id || type == Type::integer || type == Type::decimal || type == Type::real;
    case JsonMember::Kind::null:
      return false;
  }
  return false;
}

/// Views the member's text.
Value read_field(const Record& record, const Field& field, const JsonMember& member) {
  if (member.kind == JsonMember::Kind::null) return {};
  const auto read = is_allowed(member.kind, field.type) ? parse_plain(field.type, member.content) : std::nullopt;
  if (!read || (!is_text(field.type) && !read->present()))
    throw Error(refuse(Code::invalid, record, field.name, "the JSON value is no " + std::string(name_of(field.type)),
                       "write integers and decimals as strings, dates and instants in ISO 8601"));
  return *read;
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

std::vector<FieldNumber> set_from_json(Record& record, std::string_view json) {
  const std::vector<JsonMember> members = read_object(record, json);
  std::vector<std::pair<FieldNumber, Value>> read;
  std::vector<Problem> problems;
  for (const JsonMember& member : members) {
    try {
      const Field& field = record.entity().field(member.name);
      read.emplace_back(field.number, read_field(record, field, member));
    } catch (const Error& error) {
      problems.push_back(error.first());
    }
  }
  if (!problems.empty()) throw Error(std::move(problems));
  std::vector<FieldNumber> named;
  for (const auto& [number, value] : read) {
    record.set(number, value);
    named.push_back(number);
  }
  return named;
}

}  // namespace emptor
