#include "access_work.hpp"

#include "emptor/desk/access.hpp"

namespace emptor::capi {
namespace {

constexpr std::string_view none_schema = R"({"type":"object","properties":{}})";

constexpr std::string_view role_schema = R"({"type":"object","required":["name"],"properties":{
"name":{"type":"string"},
"description":{"type":"string","description":"the duty that goes with it"}}})";

constexpr std::string_view user_schema = R"({"type":"object","properties":{
"name":{"type":"string","description":"of the user; or 'login', where there is one of that"},
"login":{"type":"string","description":"how the host names the user"},
"team":{"type":"string","description":"name of the team; as before without it"},
"territory":{"type":"string","description":"name of the territory; as before without it"},
"roles":{"type":"array","items":{"type":"string"},"description":"names of roles that are given"},
"not_roles":{"type":"array","items":{"type":"string"},"description":"names of roles that are taken away"},
"left_on":{"type":"string","description":"YYYY-MM-DD, first day without any right"}}})";

constexpr std::string_view grant_schema = R"({"type":"object","required":["role","action"],"properties":{
"role":{"type":"string","description":"name of the role"},
"action":{"type":"string","enum":["know","read","create","update","delete","assign","merge","analyse","import","export","erase","configure"]},
"entity":{"type":"string","description":"every entity without it"},
"scope":{"type":"string","enum":["own","team","team_and_below","territory","all","rule"],"description":"own without it, rule where one is given"},
"rule":{"type":"string","description":"which customers, in the language of docs/rule.md"},
"hidden_fields":{"type":"array","items":{"type":"string"},"description":"names of fields that stay hidden"},
"masked_fields":{"type":"array","items":{"type":"string"},"description":"of which only the end is shown"},
"read_only_fields":{"type":"array","items":{"type":"string"},"description":"that cannot be written"}}})";

constexpr std::string_view revoke_schema = R"({"type":"object","required":["role"],"properties":{
"role":{"type":"string","description":"name of the role"},
"action":{"type":"string","description":"all without it"},
"entity":{"type":"string","description":"all without it"},
"scope":{"type":"string","description":"all without it"},
"rule":{"type":"string","description":"all without it"}}})";

std::string id_json(Id id) { return "{\"id\":\"" + std::to_string(id.value) + "\"}"; }

GrantEntry grant_in(const OptionReader& options, std::string_view scope) {
  return {options.text("role"),           options.text("action"),
          options.text("entity"),         options.text("scope", scope),
          options.text("rule"),           options.texts("hidden_fields"),
          options.texts("masked_fields"), options.texts("read_only_fields")};
}

OperationAnswer run_access(Session& session, const OptionReader&, bool) { return {access_json(session.view())}; }

OperationAnswer run_put_role(Session& session, const OptionReader& options, bool) {
  return {id_json(put_role(session, options.text("name"), options.text("description")))};
}

OperationAnswer run_put_user(Session& session, const OptionReader& options, bool) {
  return {id_json(put_user(session, {.name = options.text("name"),
                                     .login = options.text("login"),
                                     .team = options.text("team"),
                                     .territory = options.text("territory"),
                                     .roles = options.texts("roles"),
                                     .not_roles = options.texts("not_roles"),
                                     .left_on = options.day("left_on")}))};
}

OperationAnswer run_grant(Session& session, const OptionReader& options, bool) {
  return {id_json(grant(session, grant_in(options, "own")))};
}

OperationAnswer run_revoke(Session& session, const OptionReader& options, bool) {
  return {"{\"revoked\":\"" + std::to_string(revoke(session, grant_in(options, ""))) + "\"}"};
}

OperationAnswer run_enforce(Session& session, const OptionReader&, bool) {
  session.enforce_rights();
  return {access_json(session.view())};
}

}  // namespace

std::vector<Operation> access_operations() {
  return {
      {"access", "users, their roles, and what each role may do", std::string(none_schema), false, run_access},
      {"put_role", "a role of this name", std::string(role_schema), false, run_put_role},
      {"put_user", "a user of this login or name, with team, territory and roles", std::string(user_schema), false,
       run_put_user},
      {"grant", "what a role may do with which records, and which fields are kept back", std::string(grant_schema),
       false, run_grant},
      {"revoke", "permissions of a role taken away", std::string(revoke_schema), false, run_revoke},
      {"enforce_rights", "from here on rights hold in this store, for every session of a user",
       std::string(none_schema), false, run_enforce},
  };
}

}  // namespace emptor::capi
