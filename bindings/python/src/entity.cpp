#include "entity.hpp"

#include <algorithm>
#include <iterator>

#include "error.hpp"
#include "handle.hpp"

namespace emptor::python {
namespace {

constexpr const char* type_names[] = {"id",   "integer", "decimal", "real", "boolean",
                                      "text", "date",    "instant", "bytes"};

Field read_field(emptor_session* session, const char* entity, std::size_t index) {
  emptor_field from = EMPTOR_FIELD_INIT;
  check_call([&](emptor_error* error) { return emptor_field_at(session, entity, index, &from, error); });
  return {string_of(from.name), string_of(from.doc), string_of(from.reference), from.type, from.flags};
}

std::size_t count_fields(emptor_session* session, const char* entity) {
  std::size_t count = 0;
  check_call([&](emptor_error* error) { return emptor_field_count(session, entity, &count, error); });
  return count;
}

}  // namespace

const Field* Entity::find(std::string_view field) const noexcept {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& one) { return one.name == field; });
  return found == fields.end() ? nullptr : &*found;
}

EntityPtr Entities::get(emptor_session* session, const std::string& name) {
  EntityPtr& known = known_[name];
  const std::size_t count = count_fields(session, name.c_str());
  if (known != nullptr && known->fields.size() == count) return known;
  auto entity = std::make_shared<Entity>();
  entity->name = name;
  for (std::size_t i = 0; i < count; ++i) entity->fields.push_back(read_field(session, name.c_str(), i));
  return known = std::move(entity);
}

std::vector<std::string> entity_names(emptor_session* session) {
  std::size_t count = 0;
  check_call([&](emptor_error* error) { return emptor_entity_count(session, &count, error); });
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) {
    emptor_text name{};
    check_call([&](emptor_error* error) { return emptor_entity_name(session, i, &name, error); });
    names.push_back(string_of(name));
  }
  return names;
}

const char* type_name(emptor_type type) noexcept {
  return type >= 0 && type < static_cast<emptor_type>(std::size(type_names)) ? type_names[type] : "unknown";
}

emptor_type type_of_name(std::string_view name) {
  const auto found = std::find(std::begin(type_names), std::end(type_names), name);
  if (found == std::end(type_names)) raise(EMPTOR_INVALID, "there is no such type of a field", "text, integer, ...");
  return static_cast<emptor_type>(found - std::begin(type_names));
}

}  // namespace emptor::python
