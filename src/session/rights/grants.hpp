// What the records of access say of one user: roles, permissions, team and territory, as they are in a snapshot.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "emptor/core/time.hpp"
#include "emptor/session/rights.hpp"
#include "emptor/session/rule.hpp"

namespace emptor {

/// From `rules` on each number is a rule of the user's permissions.
enum class ScopeKind : std::uint8_t { own, team, team_and_below, territory, self, all, rules };

/// Which customers a rule reaches, for this user on this day.
struct RuleScope {
  std::shared_ptr<const Rule> rule;  ///< whose texts the condition views
  Where where;
};

struct Grant {
  EntityNumber entity = 0;  ///< 0 is every entity
  Action action = Action::read;
  ScopeKind scope = ScopeKind::own;
  std::vector<std::string> hidden, masked, read_only;  ///< names of fields
};

/// Everything that decides what a user may do.
struct Grants {
  Id user;
  Id customer;                                 ///< of self-service, in the place of a user
  std::vector<Grant> grants;                   ///< none where the user is unknown, left or not active
  std::vector<Value> team, teams_below;        ///< ids of teams; the second with the first
  std::vector<Value> team_users, below_users;  ///< ids of the users in them
  std::vector<Value> territories;              ///< the user's and those that are parts of it
  std::vector<RuleScope> rules;                ///< each once; grant.scope counts them from ScopeKind::rules
  Date until;                                  ///< the last day that all of this holds
};

Grants read_grants(Reader& reader, Id user, Date today);
/// None where there is no such customer, or no longer.
Grants read_grants(Reader& reader, SelfService actor, Date today);
/// What the words of rules stand for, for the user of these.
RuleGround rule_ground(Reader& reader, const Grants& grants, Date today);

/// Whether records of this entity decide about rights.
bool decides_rights(const Entity& entity) noexcept;

}  // namespace emptor
