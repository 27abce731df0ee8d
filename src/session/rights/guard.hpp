// Fields that are kept from an actor, in conditions, orders and answers.
#pragma once

#include "emptor/session/rights.hpp"

namespace emptor {

/// The condition with every comparison of a restricted field held to the records of which the actor reads it: of the
/// others the field is missing.
Where guarded(const Rights& rights, const Entity& entity, Where where);
/// Throws Code::denied where a field is not open to the actor for every record: its order or sum would tell of those
/// that are hidden.
void require_open(const Rights& rights, const Entity& entity, std::string_view field);
/// What is left of a value: the end of a text where `partly`, else nothing.
std::string masked_text(const Value& value, bool partly);

}  // namespace emptor
