#include "support/json_schema.hpp"

#include <algorithm>
#include <regex>

#include "emptor/core/text.hpp"

namespace emptor::test {
namespace {

namespace json = boost::json;
using Text = std::string;

Text text_of(const json::value& value) { return json::serialize(value); }

bool is_type(const json::value& value, const json::string& type) {
  return type == "object"    ? value.is_object()
         : type == "array"   ? value.is_array()
         : type == "string"  ? value.is_string()
         : type == "boolean" ? value.is_bool()
                             : type == "number" && value.is_number();
}

bool is_among(const json::value& value, const json::array& allowed) {
  return std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

Text object_fault(const json::object& object, const json::object& schema) {
  const json::value none = json::object();
  const json::object& properties = (schema.contains("properties") ? schema.at("properties") : none).as_object();
  for (const auto& member : object) {
    const json::value* known = properties.if_contains(member.key());
    const json::value* others = schema.if_contains("additionalProperties");
    if (known == nullptr && others != nullptr && !others->as_bool()) return Text(member.key()) + " is not allowed";
    if (known == nullptr) continue;
    if (const Text fault = schema_fault(member.value(), *known); !fault.empty())
      return Text(member.key()) + ": " + fault;
  }
  if (const json::value* required = schema.if_contains("required"))
    for (const json::value& name : required->as_array())
      if (!object.contains(name.as_string())) return text_of(name) + " is missing";
  return {};
}

Text array_fault(const json::array& array, const json::object& schema) {
  for (std::size_t i = 0; i < array.size(); ++i) {
    const auto later = array.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    if (schema.contains("uniqueItems") && std::find(later, array.end(), array[i]) != array.end()) return "a double";
    if (!schema.contains("items")) continue;
    if (const Text fault = schema_fault(array[i], schema.at("items")); !fault.empty()) return fault;
  }
  return {};
}

Text string_fault(const json::string& string, const json::object& schema) {
  if (const json::value* least = schema.if_contains("minLength"))
    if (static_cast<std::int64_t>(length(Text(string))) < least->as_int64()) return "too short";
  if (const json::value* pattern = schema.if_contains("pattern"))
    if (!std::regex_search(string.begin(), string.end(), std::regex(Text(pattern->as_string())))) return "another form";
  return {};
}

Text combined_fault(const json::value& document, const json::object& schema) {
  const auto valid = [&](const json::value& part) { return schema_fault(document, part).empty(); };
  if (const json::value* any = schema.if_contains("anyOf"))
    if (std::none_of(any->as_array().begin(), any->as_array().end(), valid)) return "none of anyOf";
  if (const json::value* no = schema.if_contains("not"))
    if (valid(*no)) return "what it must not be";
  if (const json::value* condition = schema.if_contains("if")) {
    const char* branch = valid(*condition) ? "then" : "else";
    if (schema.contains(branch)) return schema_fault(document, schema.at(branch));
  }
  return {};
}

}  // namespace

Text schema_fault(const json::value& document, const json::value& of) {
  static constexpr std::string_view words[] = {
      "$schema",  "$id",         "description", "type",  "properties",
      "required", "pattern",     "items",       "const", "additionalProperties",
      "enum",     "uniqueItems", "anyOf",       "not",   "if",
      "then",     "else",        "minLength"};
  const json::object& schema = of.as_object();
  for (const auto& word : schema)
    if (std::find(std::begin(words), std::end(words), std::string_view(word.key())) == std::end(words))
      return "the schema's word " + Text(word.key()) + " is unknown";
  if (schema.contains("type") && !is_type(document, schema.at("type").as_string())) return "another type";
  if (schema.contains("const") && document != schema.at("const")) return "not " + text_of(schema.at("const"));
  if (schema.contains("enum") && !is_among(document, schema.at("enum").as_array())) return "none of the choices";
  if (const Text fault = combined_fault(document, schema); !fault.empty()) return fault;
  if (document.is_object()) return object_fault(document.get_object(), schema);
  if (document.is_array()) return array_fault(document.get_array(), schema);
  return document.is_string() ? string_fault(document.get_string(), schema) : Text();
}

}  // namespace emptor::test
