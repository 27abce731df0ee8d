#include "insight/report/report_state.hpp"

namespace emptor {

namespace json = boost::json;

std::optional<json::object> state_of_model(const View& view, std::string_view insight) {
  const std::vector<Record> models =
      view.select({.entity = "model", .where = Where::equal("name", insight), .limit = 1});
  if (models.empty()) return std::nullopt;
  boost::system::error_code fault;
  json::value state = json::parse(std::string(models.front().get("state").text()), fault);
  if (fault || !state.is_object()) return std::nullopt;
  return std::move(state.as_object());
}

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::vector<json::object> objects_of(const json::object& object, std::string_view name) {
  std::vector<json::object> all;
  const json::value* list = object.if_contains(name);
  if (list == nullptr || !list->is_array()) return all;
  for (const json::value& one : list->get_array())
    if (one.is_object()) all.push_back(one.get_object());
  return all;
}

json::object object_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_object() ? value->get_object() : json::object();
}

std::int64_t count_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_number() ? value->to_number<std::int64_t>() : 0;
}

std::optional<double> number_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

}  // namespace emptor
