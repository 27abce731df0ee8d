// What the records of access say of one user: roles, permissions, team and territory, as they are in a snapshot.
#pragma once

#include <string>
#include <vector>

#include "emptor/core/time.hpp"
#include "emptor/session/rights.hpp"

namespace emptor {

enum class ScopeKind : std::uint8_t { own, team, team_and_below, territory, all };

struct Grant {
  EntityNumber entity = 0;  ///< 0 is every entity
  Action action = Action::read;
  ScopeKind scope = ScopeKind::own;
  std::vector<std::string> hidden, masked, read_only;  ///< names of fields
};

/// Everything that decides what a user may do.
struct Grants {
  Id user;
  std::vector<Grant> grants;                   ///< none where the user is unknown, left or not active
  std::vector<Value> team, teams_below;        ///< ids of teams; the second with the first
  std::vector<Value> team_users, below_users;  ///< ids of the users in them
  std::vector<Value> territories;              ///< the user's and those that are parts of it
  Date until;                                  ///< the last day that all of this holds
};

Grants read_grants(Reader& reader, Id user, Date today);

/// Whether records of this entity decide about rights.
bool decides_rights(const Entity& entity) noexcept;

}  // namespace emptor
