/// Users, roles and what roles may do, by name: the records behind rights (docs/rights.md), checked as a whole.
///
///     put_role(session, "agent", "looks after customers");
///     grant(session, {.role = "agent", .action = "read", .scope = "own"});
///     put_user(session, {.name = "Ann", .team = "south", .roles = {"agent"}});
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor {

/// Makes the role, or describes the one of this name anew.
Id put_role(Session& session, std::string_view name, std::string_view description = {});

/// A user by login, or by name where there is none. Teams, territories and roles are named, and must be there.
struct UserEntry {
  std::string name, login = {};
  std::string team = {}, territory = {};    ///< empty: as before
  std::vector<std::string> roles = {};      ///< given beside those that the user has
  std::vector<std::string> not_roles = {};  ///< taken away
  std::optional<Date> left_on = {};         ///< first day without any right
};
/// Makes the user, or changes the one who is there.
Id put_user(Session& session, const UserEntry& entry);

/// The user whom the host knows by this login, or by this name where no login is so and nobody else has the name: who a
/// session acts for. Throws Code::not_found. Ask with a view of the system's.
Actor user_named(const View& view, std::string_view login);

struct GrantEntry {
  std::string role, action;
  std::string entity = {};  ///< empty: every entity
  std::string scope = "own";
  std::string rule = {};  ///< about customers (docs/rule.md); the scope is then `rule`
  std::vector<std::string> hidden = {}, masked = {}, read_only = {};  ///< names of fields
};
/// Makes the permission, or changes which fields it keeps back where the role has it already. Throws Error with
/// everything that is unknown or wrong: role, action, entity, scope, rule, fields.
Id grant(Session& session, const GrantEntry& entry);
/// Takes away the role's permissions for this action, entity, scope and rule (empty: all of them). Returns how many.
std::size_t revoke(Session& session, const GrantEntry& entry);

/// {"in_force":true,"roles":[{"name":"agent","permissions":[{"action":"read","scope":"own",...}]}],
///  "users":[{"id":"1","name":"Ann","team":"south","roles":["agent"]}]}
std::string access_json(const View& view);

}  // namespace emptor
