/// The sections of a profile: a walk over the entities whose records belong to customers.
#pragma once

#include "emptor/desk/profile.hpp"

namespace emptor::desk {

/// Whether the entity's records belong to customers.
bool is_of_customer(const Entity& entity);
/// The records of a customer, newest first, at most `limit`; `where` may narrow them further.
std::vector<Record> newest(const View& view, const Entity& entity, Id customer, std::size_t limit, Where where = {});
std::vector<ProfileSection> read_sections(const View& view, Id customer, const ProfileOptions& options);

}  // namespace emptor::desk
