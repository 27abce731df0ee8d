#include "mine/option_table.hpp"

namespace emptor::mine {
namespace {

namespace json = boost::json;

const void* member_at(const void* options, const OptionEntry& entry) {
  return static_cast<const char*>(options) + entry.offset;
}

json::object schema_of(const OptionEntry& entry, Bounds bounds) {
  const OptionKind& kind = *entry.kind;
  json::object one;
  if (kind.type.empty()) {
    one.emplace("type", json::array{"integer", "string"});
  } else {
    one.emplace("type", kind.type);
  }
  const auto bound = [&](double at) {
    return kind.type == "integer" ? json::value(static_cast<std::int64_t>(at)) : json::value(at);
  };
  if (bounds.least > -std::numeric_limits<double>::infinity()) one.emplace("minimum", bound(bounds.least));
  if (bounds.most < std::numeric_limits<double>::infinity()) one.emplace("maximum", bound(bounds.most));
  if (!entry.names.empty()) one.emplace("enum", json::array(entry.names.begin(), entry.names.end()));
  if (!kind.list) return one;
  return {{"type", "array"}, {"items", std::move(one)}};
}

/// Whether a default says anything: an empty list or text does not, nor does a number that must be given.
bool tells(const json::value& value, const json::object& schema) {
  if (value.is_null()) return false;
  if (value.is_array()) return !value.get_array().empty();
  if (value.is_string()) return !value.get_string().empty();
  const json::value* least = schema.if_contains("minimum");
  return least == nullptr || value.to_number<double>() >= least->to_number<double>();
}

}  // namespace

void refuse_number(std::string_view option) {
  throw Error(Problem{.code = Code::invalid,
                      .message = "the option '" + std::string(option) + "' is a number that cannot be held",
                      .field = std::string(option)});
}

void OptionEntries::add(OptionEntry entry, Bounds bounds, std::string_view doc) {
  entry.schema = schema_of(entry, bounds);
  entry.schema.emplace("description", doc);
  entries_.push_back(std::move(entry));
}

void OptionEntries::add_all(const OptionEntries& inner, std::size_t offset,
                            std::initializer_list<std::string_view> but) {
  for (OptionEntry entry : inner.entries_) {
    if (std::find(but.begin(), but.end(), entry.name) != but.end()) continue;
    entry.offset += offset;
    entries_.push_back(std::move(entry));
  }
}

std::string OptionEntries::schema(const void* defaults) const {
  json::object properties;
  for (const OptionEntry& entry : entries_) {
    json::object property = entry.schema;
    if (const json::value value = entry.kind->write(entry, member_at(defaults, entry)); tells(value, property))
      property.emplace("default", value);
    properties.emplace(entry.name, std::move(property));
  }
  return json::serialize(json::object{{"type", "object"}, {"properties", std::move(properties)}});
}

void OptionEntries::read(std::string_view json, const void* defaults, void* options) const {
  const json::object given = checked_options(schema(defaults), json.empty() ? "{}" : json);
  for (const OptionEntry& entry : entries_)
    if (const json::value* value = given.if_contains(entry.name))
      entry.kind->read(entry, *value, static_cast<char*>(options) + entry.offset);
}

json::object OptionEntries::write(const void* options) const {
  json::object all;
  for (const OptionEntry& entry : entries_)
    all.emplace(entry.name, entry.kind->write(entry, member_at(options, entry)));
  return all;
}

}  // namespace emptor::mine
