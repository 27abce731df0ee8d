// What rules may ask of records beside their fields. Part of the language (docs/rule.md); the evaluator of segments
// works them out.
#pragma once

#include <string_view>

#include "emptor/model/schema.hpp"

namespace emptor {

/// A field that no record has: of an order the sum over its lines, of a line what its order says.
struct RuleComputed {
  enum class Kind : std::uint8_t {
    sum,   ///< of `from` over the records of `other` that are not deleted and whose `link` is this record
    taken  ///< `from` of the record of `other` that this one's `link` points to; missing where that is deleted
  };
  std::string_view entity, field;
  Type type;
  Kind kind;
  std::string_view other, link, from;
};
inline constexpr RuleComputed rule_computed[] = {
    {"order", "total", Type::decimal, RuleComputed::Kind::sum, "order_line", "order_id", "base_amount"},
    {"order_line", "ordered_at", Type::instant, RuleComputed::Kind::taken, "order", "order_id", "ordered_at"}};

/// Null where there is none of that name.
constexpr const RuleComputed* computed_field(std::string_view entity, std::string_view field) noexcept {
  for (const RuleComputed& each : rule_computed)
    if (each.entity == entity && each.field == field) return &each;
  return nullptr;
}

/// The field by which the entity's records lie in windows, be it a computed one; empty where it has none.
std::string_view rule_moment(std::string_view entity) noexcept;

}  // namespace emptor
