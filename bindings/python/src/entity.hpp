/// What the described model says of an entity, read once by a session and kept by its records.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "emptor.h"

namespace emptor::python {

/// One field, as Python sees it.
struct Field {
  std::string name, doc, reference;
  emptor_type type = EMPTOR_TYPE_TEXT;
  std::uint32_t flags = 0;

  bool has(std::uint32_t flag) const noexcept { return (flags & flag) != 0; }
};

struct Entity {
  std::string name;
  std::vector<Field> fields;  ///< id, version, deleted_at, then the entity's own

  /// Null for an unknown name.
  const Field* find(std::string_view field) const noexcept;
};
using EntityPtr = std::shared_ptr<const Entity>;

/// The entities that a session has asked for. Fields that are declared at run time are found at the next call.
class Entities {
 public:
  EntityPtr get(emptor_session* session, const std::string& name);

 private:
  std::map<std::string, EntityPtr> known_;
};

std::vector<std::string> entity_names(emptor_session* session);
/// "decimal" for EMPTOR_TYPE_DECIMAL, and so on.
const char* type_name(emptor_type type) noexcept;
emptor_type type_of_name(std::string_view name);

}  // namespace emptor::python
