#include "core/options.hpp"

#include <algorithm>
#include <functional>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// Compares an options document with a schema and collects what does not fit.
class Checker {
 public:
  void check(const json::value& value, const json::object& schema, const std::string& path) {
    if (!has_type(value, schema)) return fault(path, "is not of the type " + json::serialize(schema.at("type")));
    check_choice(value, schema, path);
    check_bounds(value, schema, path);
    if (value.is_object()) check_members(value.get_object(), schema, path);
    if (!value.is_array() || !schema.contains("items")) return;
    for (const json::value& item : value.get_array()) check(item, schema.at("items").as_object(), path);
  }
  void fault(const std::string& path, const std::string& what, std::string hint = {}) {
    problems_.push_back({.code = Code::invalid,
                         .message = path.empty() ? "the options " + what : "the option '" + path + "' " + what,
                         .field = path,
                         .hint = std::move(hint)});
  }
  void throw_if_any() {
    if (!problems_.empty()) throw Error(std::move(problems_));
  }

 private:
  static bool is_type(const json::value& value, std::string_view type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_bool();
    if (type == "integer") return value.is_int64() || value.is_uint64();
    return type == "number" && value.is_number();
  }
  static bool has_type(const json::value& value, const json::object& schema) {
    const json::value* type = schema.if_contains("type");
    if (type == nullptr) return true;
    if (type->is_string()) return is_type(value, type->get_string());
    const json::array& any = type->as_array();
    return std::any_of(any.begin(), any.end(), [&](const json::value& one) { return is_type(value, one.as_string()); });
  }
  void check_choice(const json::value& value, const json::object& schema, const std::string& path) {
    const json::value* choices = schema.if_contains("enum");
    if (choices == nullptr) return;
    const json::array& allowed = choices->as_array();
    if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
      fault(path, "has none of the values it may have", "one of " + json::serialize(allowed));
    }
  }
  void check_bounds(const json::value& value, const json::object& schema, const std::string& path) {
    if (!value.is_number()) return;
    const double number = value.to_number<double>();
    const auto bound = [&](const char* name, const char* broken, const auto& breaks) {
      const json::value* given = schema.if_contains(name);
      if (given != nullptr && breaks(number, given->to_number<double>())) fault(path, broken + json::serialize(*given));
    };
    bound("minimum", "is below ", std::less<>());
    bound("maximum", "is above ", std::greater<>());
    bound("exclusiveMinimum", "is not above ", std::less_equal<>());
    bound("exclusiveMaximum", "is not below ", std::greater_equal<>());
  }
  void check_members(const json::object& object, const json::object& schema, const std::string& path) {
    const json::object& known = schema.at("properties").as_object();
    for (const auto& member : object) {
      const std::string inner = (path.empty() ? "" : path + ".") + std::string(member.key());
      const json::value* member_schema = known.if_contains(member.key());
      if (member_schema == nullptr) {
        fault(std::string(truncate(inner, 60)), "is not known", "known are " + names_of(known));
      } else {
        check(member.value(), member_schema->as_object(), inner);
      }
    }
  }
  static std::string names_of(const json::object& object) {
    std::string names;
    for (const auto& member : object) names += (names.empty() ? "" : ", ") + std::string(member.key());
    return names;
  }
  std::vector<Problem> problems_;
};

}  // namespace

json::object checked_options(std::string_view schema, std::string_view options) {
  json::error_code failed;
  const json::value value = json::parse({options.data(), options.size()}, failed);
  if (failed || !value.is_object()) throw Error(Code::invalid, "the options are not a JSON object");
  Checker checker;
  checker.check(value, json::parse({schema.data(), schema.size()}).as_object(), {});
  checker.throw_if_any();
  return value.get_object();
}

Decimal decimal_option(const json::value& value, const char* option) {
  const std::string text = value.is_string() ? std::string(value.get_string()) : json::serialize(value);
  if (const std::optional<Decimal> decimal = Decimal::parse(text)) return *decimal;
  throw Error(Problem{
      .code = Code::invalid,
      .message = "the option '" + std::string(option) + "' is not a decimal of at most 6 digits after the point",
      .field = option});
}

}  // namespace emptor
