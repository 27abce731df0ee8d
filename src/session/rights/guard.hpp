// Fields that are kept from an actor, in conditions, orders and answers.
#pragma once

#include "emptor/session/rights.hpp"

namespace emptor {

class Session;

/// The condition with every comparison of a restricted field held to the records of which the actor reads it: of the
/// others the field is missing.
Where guarded(const Rights& rights, const Entity& entity, Where where);
/// Throws Code::denied where a field is not open to the actor for every record: its order or sum would tell of those
/// that are hidden.
void require_open(const Rights& rights, const Entity& entity, std::string_view field);
/// Throws Code::denied where the actor may not do this to any record of the entity. Null rights allow everything.
void require_some(const Rights* rights, const Entity& entity, Action action);
/// Throws Code::denied where the actor may not forget customers: that takes `erase` of every receipt of it.
void require_erasing(const Rights* rights, const Schema& schema);
/// Throws Code::denied where the actor may not have the whole store told, as a copy or in numbers: that takes
/// `configure` of every permission, by which they could give themselves everything. `act` follows "may not".
void require_whole(const Rights* rights, const Schema& schema, std::string_view act);
/// The same for the session's actor as of now.
void require_whole(const Session& session, std::string_view act);
/// What is left of a value: the end of a text where `partly`, else nothing.
std::string masked_text(const Value& value, bool partly);

}  // namespace emptor
