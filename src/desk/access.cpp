#include "emptor/desk/access.hpp"

#include <algorithm>
#include <map>

#include "emptor/core/error.hpp"
#include "emptor/model/access.hpp"
#include "emptor/model/json.hpp"
#include "emptor/model/party.hpp"
#include "emptor/session/rule.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_records = 100'000;

[[noreturn]] void refuse(std::string_view entity, std::string_view field, std::string message, std::string hint) {
  throw Error(
      Problem{Code::not_found, std::move(message), std::string(entity), std::string(field), {}, std::move(hint)});
}

std::vector<Record> all_of(const View& view, std::string_view entity, Where where = {}) {
  return view.select({.entity = std::string(entity), .where = std::move(where), .limit = most_records});
}

std::optional<Id> find_by(const View& view, std::string_view entity, std::string_view field, std::string_view name) {
  if (name.empty()) return std::nullopt;
  const auto found = all_of(view, entity, Where::equal(std::string(field), name));
  return found.empty() ? std::nullopt : std::optional(found.front().id());
}

Id needed(const View& view, std::string_view entity, std::string_view field, std::string_view name) {
  const auto found = find_by(view, entity, "name", name);
  if (!found) refuse(entity, field, "there is none of this name", "write it first");
  return *found;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

void check_fields(const Schema& schema, const GrantEntry& entry, std::vector<Problem>& problems) {
  const Entity* entity = entry.entity.empty() ? nullptr : schema.find(entry.entity);
  for (const auto* list : {&entry.hidden, &entry.masked, &entry.read_only})
    for (const std::string& name : *list) {
      const bool known =
          entity != nullptr
              ? entity->find(name) != nullptr
              : std::ranges::any_of(schema.entities(), [&](const Entity& each) { return each.find(name) != nullptr; });
      if (!known)
        problems.push_back({Code::not_found,
                            "there is no field of this name",
                            entry.entity,
                            name,
                            {},
                            "docs/entities.md lists the fields"});
    }
}

void check(const View& view, const GrantEntry& entry) {
  std::vector<Problem> problems;
  if (!action_of(entry.action))
    problems.push_back(
        {Code::invalid,
         "there is no such action",
         "permission",
         "action",
         {},
         "know, read, create, update, delete, assign, merge, analyse, import, export, erase, configure"});
  constexpr std::string_view scopes[] = {"own", "team", "team_and_below", "territory", "all", "rule"};
  if (std::ranges::find(scopes, entry.scope) == std::end(scopes))
    problems.push_back({Code::invalid,
                        "there is no such scope",
                        "permission",
                        "scope",
                        {},
                        "own, team, team_and_below, territory, all, rule"});
  if (!entry.entity.empty() && view.schema().find(entry.entity) == nullptr)
    problems.push_back({Code::not_found,
                        "there is no such entity",
                        "permission",
                        "entity",
                        {},
                        "docs/entities.md lists the entities"});
  check_fields(view.schema(), entry, problems);
  if (!problems.empty()) throw Error(std::move(problems));
}

std::vector<Record> permissions_of(const View& view, Id role, const GrantEntry& entry) {
  std::vector<Where> parts{Where::equal("role_id", role)};
  if (!entry.action.empty()) parts.push_back(Where::equal("action", std::string_view(entry.action)));
  if (!entry.scope.empty()) parts.push_back(Where::equal("scope", std::string_view(entry.scope)));
  if (!entry.entity.empty()) parts.push_back(Where::equal("entity", std::string_view(entry.entity)));
  if (!entry.rule.empty()) parts.push_back(Where::equal("rule", std::string_view(entry.rule)));
  return all_of(view, Permission::entity_name, Where::all(std::move(parts)));
}

// With the rule, where there is one, in its one text, so that the permission is found again however it was written.
GrantEntry in_one_form(const Schema& schema, GrantEntry entry) {
  if (entry.rule.empty()) return entry;
  entry.scope = "rule";
  entry.rule = Rule::parse(schema.entity(Customer::entity_name), entry.rule).text();
  return entry;
}

Value text_or_none(const std::string& text) { return text.empty() ? Value() : Value(text); }

void give_roles(const View& view, const UserEntry& entry, Id user, ChangeSet& set) {
  for (const std::string& name : entry.roles) {
    const Id role = needed(view, Role::entity_name, "roles", name);
    const Where given = Where::all({Where::equal("user_id", user), Where::equal("role_id", role)});
    if (user.value < 0 || all_of(view, UserRole::entity_name, given).empty())
      set.put(UserRole::entity_name).set("user_id", user).set("role_id", role);
  }
  for (const std::string& name : entry.not_roles) {
    const Id role = needed(view, Role::entity_name, "not_roles", name);
    if (user.value < 0) continue;
    for (const Record& given : all_of(view, UserRole::entity_name, Where::equal("user_id", user)))
      if (given.get("role_id").id() == role) set.erase(UserRole::entity_name, given.id());
  }
}

}  // namespace

Id put_role(Session& session, std::string_view name, std::string_view description) {
  if (name.empty()) throw Error(Problem{Code::invalid, "a role needs a name", "role", "name", {}, {}});
  const auto known = find_by(session.view(), Role::entity_name, "name", name);
  ChangeSet set;
  ChangeSet::Put put = set.put(Role::entity_name, known.value_or(no_id));
  put.set("name", name);
  if (!description.empty()) put.set("description", description);
  return session.apply(set, {.reason = "role"}).ids.front();
}

Actor user_named(const View& view, std::string_view login) {
  for (const char* field : {"login", "name"}) {
    const auto found =
        login.empty() ? std::vector<Record>() : all_of(view, User::entity_name, Where::equal(field, login));
    if (found.size() == 1) return {found.front().id(), std::string(found.front().get("login").text())};
  }
  refuse(User::entity_name, "login", "no user, or more than one, is called so",
         "give the login of a user who is there");
}

Id put_user(Session& session, const UserEntry& entry) {
  const View view = session.view();
  auto known = find_by(view, User::entity_name, "login", entry.login);
  if (!known && entry.login.empty()) known = find_by(view, User::entity_name, "name", entry.name);
  if (!known && entry.name.empty())
    throw Error(Problem{Code::invalid, "a new user needs a name", "user", "name", {}, {}});
  ChangeSet set;
  ChangeSet::Put put = set.put(User::entity_name, known.value_or(no_id));
  if (!entry.name.empty()) put.set("name", entry.name);
  if (!entry.login.empty()) put.set("login", entry.login);
  if (!entry.team.empty()) put.set("team_id", needed(view, Team::entity_name, "team", entry.team));
  if (!entry.territory.empty())
    put.set("territory_id", needed(view, Territory::entity_name, "territory", entry.territory));
  if (entry.left_on) put.set("left_on", *entry.left_on);
  give_roles(view, entry, put.id(), set);
  return session.apply(set, {.reason = "user"}).ids.front();
}

Id grant(Session& session, const GrantEntry& given) {
  const View view = session.view();
  const GrantEntry entry = in_one_form(view.schema(), given);
  check(view, entry);
  const Id role = needed(view, Role::entity_name, "role", entry.role);
  Id known;
  for (const Record& permission : permissions_of(view, role, entry))
    if (permission.get("entity").text() == entry.entity) known = permission.id();
  const std::string hidden = joined(entry.hidden), masked = joined(entry.masked), read_only = joined(entry.read_only);
  ChangeSet set;
  set.put(Permission::entity_name, known)
      .set("role_id", role)
      .set("action", entry.action)
      .set("scope", entry.scope)
      .set("rule", text_or_none(entry.rule))
      .set("entity", text_or_none(entry.entity))
      .set("hidden_fields", text_or_none(hidden))
      .set("masked_fields", text_or_none(masked))
      .set("read_only_fields", text_or_none(read_only));
  return session.apply(set, {.reason = "grant"}).ids.front();
}

std::size_t revoke(Session& session, const GrantEntry& given) {
  const View view = session.view();
  const GrantEntry entry = in_one_form(view.schema(), given);
  ChangeSet set;
  for (const Record& permission : permissions_of(view, needed(view, Role::entity_name, "role", entry.role), entry))
    set.erase(Permission::entity_name, permission.id());
  if (!set.empty()) session.apply(set, {.reason = "revoke"});
  return set.size();
}

namespace {

void append_field(std::string& json, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  if (json.back() != '{') json += ',';
  append_json_text(json, name);
  json += ':';
  append_json_text(json, text);
}

std::string permission_json(const Record& permission) {
  std::string json = "{";
  for (const std::string_view field :
       {"action", "scope", "rule", "entity", "hidden_fields", "masked_fields", "read_only_fields"})
    append_field(json, field, permission.get(field).text());
  return json + "}";
}

std::string list_json(const std::vector<std::string>& items) { return "[" + joined(items) + "]"; }

std::string quoted(std::string_view text) {
  std::string json;
  append_json_text(json, text);
  return json;
}

std::map<Id, std::string> names_of(const View& view, std::string_view entity) {
  std::map<Id, std::string> names;
  for (const Record& record : all_of(view, entity)) names[record.id()] = record.get("name").text();
  return names;
}

}  // namespace

std::string access_json(const View& view) {
  const auto roles = names_of(view, Role::entity_name), teams = names_of(view, Team::entity_name);
  std::map<Id, std::vector<std::string>> permissions, given;
  for (const Record& permission : all_of(view, Permission::entity_name))
    permissions[permission.get("role_id").id()].push_back(permission_json(permission));
  for (const Record& each : all_of(view, UserRole::entity_name))
    if (const auto role = roles.find(each.get("role_id").id()); role != roles.end())
      given[each.get("user_id").id()].push_back(quoted(role->second));
  std::vector<std::string> role_list, user_list;
  for (const auto& [id, name] : roles)
    role_list.push_back("{\"id\":\"" + std::to_string(id.value) + "\",\"name\":" + quoted(name) +
                        ",\"permissions\":" + list_json(permissions[id]) + "}");
  for (const Record& user : all_of(view, User::entity_name)) {
    std::string json = "{";
    append_field(json, "id", std::to_string(user.id().value));
    append_field(json, "name", user.get("name").text());
    append_field(json, "login", user.get("login").text());
    if (const auto team = teams.find(user.get("team_id").id()); team != teams.end())
      append_field(json, "team", team->second);
    if (user.get("left_on").present()) append_field(json, "left_on", to_string(user.get("left_on").date()));
    user_list.push_back(json + ",\"roles\":" + list_json(given[user.id()]) + "}");
  }
  const bool in_force = view.setting("rights") == "on";
  return std::string("{\"in_force\":") + (in_force ? "true" : "false") + ",\"roles\":" + list_json(role_list) +
         ",\"users\":" + list_json(user_list) + "}";
}

}  // namespace emptor
