#include "session/rule/computed.hpp"

#include <algorithm>

namespace emptor {

// Custom fields are no moments, so that the program's own descriptions tell it.
std::string_view rule_moment(std::string_view entity) noexcept {
  for (const RuleComputed& each : rule_computed)
    if (each.entity == entity && each.type == Type::instant) return each.field;
  const auto described = described_entities();
  const auto found = std::ranges::find(described, entity, &EntityDescription::name);
  if (found == described.end()) return {};
  for (const FieldDescription& field : found->fields)
    if ((field.options.flags & field_flag::moment) != 0) return field.name;
  return {};
}

}  // namespace emptor
