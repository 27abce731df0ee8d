#include "core/option_reader.hpp"

#include "core/options.hpp"
#include "emptor/core/error.hpp"

namespace emptor {

namespace {

// Throws for a number beyond 64 bits.
std::int64_t integer_of(std::string_view name, const boost::json::value& value) {
  boost::json::error_code too_large;
  const auto integer = value.to_number<std::int64_t>(too_large);
  if (!too_large) return integer;
  throw Error(Problem{.code = Code::invalid,
                      .message = "the option '" + std::string(name) + "' is too large",
                      .field = std::string(name)});
}

}  // namespace

struct OptionReader::Object {
  boost::json::object values;
  const boost::json::value* find(std::string_view name) const { return values.if_contains(name); }
};

OptionReader::OptionReader(std::string_view schema, std::string_view json)
    : object_(std::make_shared<Object>(Object{checked_options(schema, json.empty() ? "{}" : json)})) {}

bool OptionReader::has(std::string_view name) const { return object_->find(name) != nullptr; }

std::string OptionReader::text(std::string_view name, std::string_view otherwise) const {
  const boost::json::value* value = object_->find(name);
  return std::string(value == nullptr ? otherwise : std::string_view(value->as_string()));
}

std::int64_t OptionReader::integer(std::string_view name, std::int64_t otherwise) const {
  const boost::json::value* value = object_->find(name);
  return value == nullptr ? otherwise : integer_of(name, *value);
}

std::optional<double> OptionReader::number(std::string_view name) const {
  const boost::json::value* value = object_->find(name);
  return value == nullptr ? std::nullopt : std::optional(value->to_number<double>());
}

bool OptionReader::flag(std::string_view name, bool otherwise) const {
  const boost::json::value* value = object_->find(name);
  return value == nullptr ? otherwise : value->as_bool();
}

std::vector<std::string> OptionReader::texts(std::string_view name) const {
  std::vector<std::string> texts;
  if (const boost::json::value* value = object_->find(name))
    for (const boost::json::value& item : value->as_array()) texts.emplace_back(item.as_string());
  return texts;
}

std::vector<std::int64_t> OptionReader::integers(std::string_view name) const {
  std::vector<std::int64_t> integers;
  if (const boost::json::value* value = object_->find(name))
    for (const boost::json::value& item : value->as_array()) integers.push_back(integer_of(name, item));
  return integers;
}

std::optional<Date> OptionReader::day(std::string_view name) const {
  if (!has(name)) return std::nullopt;
  const std::optional<Date> day = parse_date(text(name));
  if (day) return day;
  throw Error(Problem{.code = Code::invalid,
                      .message = "the option '" + std::string(name) + "' is no day",
                      .field = std::string(name),
                      .hint = "write YYYY-MM-DD"});
}

std::string OptionReader::without(std::initializer_list<std::string_view> names) const {
  boost::json::object rest = object_->values;
  for (const std::string_view name : names) rest.erase(name);
  return boost::json::serialize(rest);
}

std::string with_properties(std::string_view schema, std::string_view more) {
  static constexpr std::string_view opening = "\"properties\":{";
  const std::size_t at = schema.find(opening) + opening.size();
  const bool alone = schema.substr(at).starts_with("}");
  return std::string(schema.substr(0, at)).append(more).append(alone ? "" : ",").append(schema.substr(at));
}

}  // namespace emptor
