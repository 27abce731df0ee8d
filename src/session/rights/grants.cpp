#include "session/rights/grants.hpp"

#include <algorithm>
#include <map>

#include "emptor/core/text.hpp"
#include "emptor/model/access.hpp"
#include "emptor/model/party.hpp"
#include "session/rights/self_service.hpp"
#include "session/rule/scope_rule.hpp"

namespace emptor {
namespace {

constexpr Date for_ever{2'932'896};  // 9999-12-31

// Calls `take` with a way to the values of each record of a query.
template <class Take>
void each_record(Reader& reader, std::string_view entity, Where where, std::vector<std::string> fields, Take&& take) {
  const Query query{std::string(entity), std::move(where), {}, std::move(fields), 1000, false};
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = reader.scan(query, key, batch);
    for (std::size_t row = 0; row < batch.rows(); ++row)
      take(batch.ids[row], [&](std::size_t column) { return batch.columns[column].value(row); });
  }
}

std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view name = trim(list.substr(0, comma));
    if (!name.empty()) names.emplace_back(name);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return names;
}

// Of scopes that are no rules.
std::optional<ScopeKind> scope_of(std::string_view name) {
  if (name.empty() || name == "own") return ScopeKind::own;
  if (name == "team") return ScopeKind::team;
  if (name == "team_and_below") return ScopeKind::team_and_below;
  if (name == "territory") return ScopeKind::territory;
  if (name == "all") return ScopeKind::all;
  return std::nullopt;  // what a later release means allows nothing
}

// A node of a tree and all below it, by the references upwards. Those that go round are met once.
std::vector<Value> subtree(Reader& reader, std::string_view entity, Id root) {
  if (!root) return {};
  std::multimap<std::int64_t, std::int64_t> below;
  each_record(reader, entity, {}, {"parent_id"}, [&](Id id, auto&& value) {
    if (value(0).present()) below.emplace(value(0).bits(), id.value);
  });
  std::vector<std::int64_t> found{root.value};
  for (std::size_t next = 0; next < found.size(); ++next)
    for (auto [at, end] = below.equal_range(found[next]); at != end; ++at)
      if (std::ranges::find(found, at->second) == found.end()) found.push_back(at->second);
  std::vector<Value> ids;
  for (const std::int64_t id : found) ids.emplace_back(Id{id});
  return ids;
}

class Reading {
 public:
  Reading(Reader& reader, Id user, Date today) : reader_(reader), today_(today) {
    grants_.user = user;
    grants_.until = for_ever;
  }

  Grants run() {
    if (!read_user()) return std::move(grants_);
    const std::vector<Value> roles = valid_roles();
    if (!roles.empty()) read_permissions(roles);
    return std::move(grants_);
  }

  Grants run(SelfService actor) {
    grants_.customer = actor.customer;
    bool lives = false;
    each_record(reader_, Customer::entity_name, Where::equal("id", actor.customer), {"id"},
                [&](Id, auto&&) { lives = true; });
    if (!lives) return std::move(grants_);
    std::vector<Value> roles;
    each_record(reader_, Role::entity_name, Where::equal("name", self_service_role), {"id"},
                [&](Id id, auto&&) { roles.emplace_back(id); });
    if (!roles.empty()) read_permissions(roles);
    grants_.grants = self_service_grants(*reader_.schema(), grants_.grants);
    return std::move(grants_);
  }

 private:
  // False where the user may do nothing.
  bool read_user() {
    bool acts = false;
    Id team, territory;
    each_record(reader_, User::entity_name, Where::equal("id", grants_.user),
                {"team_id", "territory_id", "active", "left_on"}, [&](Id, auto&& value) {
                  team = value(0).id();
                  territory = value(1).id();
                  acts = !value(2).present() || value(2).boolean();
                  if (value(3).present()) acts = acts && before_end(value(3).date());
                });
    if (!acts) return false;
    if (team) grants_.team = {Value(team)};
    grants_.teams_below = subtree(reader_, Team::entity_name, team);
    grants_.territories = subtree(reader_, Territory::entity_name, territory);
    grants_.team_users = users_of(grants_.team);
    grants_.below_users = users_of(grants_.teams_below);
    return true;
  }

  // `end` is the first day after.
  bool before_end(Date end) {
    if (end <= today_) return false;
    grants_.until = std::min(grants_.until, Date{end.days - 1});
    return true;
  }

  std::vector<Value> users_of(const std::vector<Value>& teams) {
    std::vector<Value> users;
    if (teams.empty()) return users;
    each_record(reader_, User::entity_name, Where::in("team_id", teams), {"id"},
                [&](Id id, auto&&) { users.emplace_back(id); });
    return users;
  }

  std::vector<Value> valid_roles() {
    std::vector<Value> roles;
    each_record(reader_, UserRole::entity_name, Where::equal("user_id", grants_.user),
                {"role_id", "valid_from", "valid_to"}, [&](Id, auto&& value) {
                  if (value(1).present() && value(1).date() > today_) {
                    grants_.until = std::min(grants_.until, Date{value(1).date().days - 1});
                    return;
                  }
                  if (value(2).present() && !before_end(Date{value(2).date().days + 1})) return;
                  roles.push_back(value(0));
                });
    return roles;
  }

  void read_permissions(const std::vector<Value>& roles) {
    each_record(
        reader_, Permission::entity_name, Where::in("role_id", roles),
        {"entity", "action", "scope", "hidden_fields", "masked_fields", "read_only_fields", "rule"},
        [&](Id, auto&& value) {
          const auto action = action_of(value(1).text());
          const auto scope = value(2).text() == "rule" ? rule_scope(value(6).text()) : scope_of(value(2).text());
          const Entity* entity = value(0).present() ? reader_.schema()->find(value(0).text()) : nullptr;
          if (!action || !scope || (value(0).present() && entity == nullptr)) return;
          grants_.grants.push_back({entity == nullptr ? EntityNumber{0} : entity->number, *action, *scope,
                                    names_in(value(3).text()), names_in(value(4).text()), names_in(value(5).text())});
        });
  }

  // What cannot be read allows nothing, and neither does a rule beyond those that can be told apart.
  std::optional<ScopeKind> rule_scope(std::string_view text) {
    std::optional<Rule> rule = readable_rule(reader_.schema()->entity(Customer::entity_name), text);
    if (!rule) return std::nullopt;
    std::size_t at = 0;
    while (at < grants_.rules.size() && !(*grants_.rules[at].rule == *rule)) ++at;
    if (at == most_rules) return std::nullopt;
    if (at == grants_.rules.size()) add_rule(std::move(*rule));
    return static_cast<ScopeKind>(static_cast<std::size_t>(ScopeKind::rules) + at);
  }

  void add_rule(Rule rule) {
    if (rule.asks_today()) grants_.until = std::min(grants_.until, today_);
    RuleScope scope{std::make_shared<const Rule>(std::move(rule)), {}};
    scope.where = scope.rule->where(rule_ground(reader_, grants_, today_));
    grants_.rules.push_back(std::move(scope));
  }

  Reader& reader_;
  Date today_;
  Grants grants_;
};

}  // namespace

Grants read_grants(Reader& reader, Id user, Date today) { return Reading(reader, user, today).run(); }

Grants read_grants(Reader& reader, SelfService actor, Date today) { return Reading(reader, {}, today).run(actor); }

RuleGround rule_ground(Reader& reader, const Grants& grants, Date today) {
  return {.me = grants.user,
          .my_team = grants.team,
          .my_teams = grants.teams_below,
          .team_users = grants.team_users,
          .below_users = grants.below_users,
          .my_territories = grants.territories,
          .today = today,
          .zone = Zone::of(reader.info().zone)};
}

bool decides_rights(const Entity& entity) noexcept {
  constexpr EntityNumber deciding[] = {User::entity_number,     Role::entity_number, Permission::entity_number,
                                       UserRole::entity_number, Team::entity_number, Territory::entity_number};
  return std::ranges::find(deciding, entity.number) != std::end(deciding);
}

}  // namespace emptor
