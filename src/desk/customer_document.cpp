#include "desk/customer_document.hpp"

#include "emptor/core/error.hpp"

namespace emptor::desk {

std::vector<CustomField> custom_fields_of(const Schema& schema) {
  std::vector<CustomField> fields;
  for (const Entity& entity : schema.entities())
    for (const Field& field : entity.fields)
      if (field.has(field_flag::custom))
        fields.push_back({entity.name, field.name, field.type,
                          field.flags & (field_flag::personal | field_flag::indexed), field.doc});
  return fields;
}

Type type_of_name(std::string_view name) {
  for (int number = 0; number <= static_cast<int>(Type::bytes); ++number)
    if (name_of(static_cast<Type>(number)) == name) return static_cast<Type>(number);
  throw Error(Code::invalid, "the document has a custom field of an unknown type",
              "use a program as new as the one that wrote it");
}

}  // namespace emptor::desk
