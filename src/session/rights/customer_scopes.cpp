#include "session/rights/customer_scopes.hpp"

#include <algorithm>

#include "emptor/model/party.hpp"
#include "session/batch_row.hpp"
#include "store/keyvalue/condition.hpp"

namespace emptor {
namespace {

constexpr std::size_t few = 500;        // so many ids are looked up, more are told by their bits
constexpr std::size_t at_once = 8'192;  // rows a batch

bool is_named(const Grants& grants, ScopeKind scope) {
  return std::ranges::any_of(grants.grants, [&](const Grant& grant) { return grant.scope == scope; });
}

Where customers_in_one(const Grants& grants, ScopeKind scope) {
  switch (scope) {
    case ScopeKind::own:
      return Where::equal("owner_id", grants.user);
    case ScopeKind::team:
      return Where::any({Where::in("owner_id", grants.team_users), Where::in("team_id", grants.team)});
    case ScopeKind::team_and_below:
      return Where::any({Where::in("owner_id", grants.below_users), Where::in("team_id", grants.teams_below)});
    case ScopeKind::territory:
      return Where::in("territory_id", grants.territories);
    case ScopeKind::all:
      break;
  }
  return {};
}

}  // namespace

Where customers_in(const Grants& grants, Scopes scopes) {
  std::vector<Where> parts;
  for (std::size_t i = 0; i < scope_count; ++i)
    if (const auto scope = static_cast<ScopeKind>(i); has(scopes, scope))
      parts.push_back(customers_in_one(grants, scope));
  return Where::any(std::move(parts));
}

CustomerScopes::CustomerScopes(Reader& reader, const Grants& grants) {
  for (std::size_t i = 0; i < scope_count; ++i) {
    const auto scope = static_cast<ScopeKind>(i);
    if (scope == ScopeKind::all || !is_named(grants, scope)) continue;
    auto reached = std::make_shared<Reached>();
    read(reader, customers_in_one(grants, scope), *reached);
    sets_[i] = std::move(reached);
  }
}

// Each part of a condition by itself: each then goes along its own index.
void CustomerScopes::read(Reader& reader, const Where& where, Reached& out) {
  if (where.kind == Where::Kind::any) {
    for (const Where& part : where.children) read(reader, part, out);
    return;
  }
  const Query query{std::string(Customer::entity_name), where, {}, {"deleted_at"}, at_once, true};
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = reader.scan(query, key, batch);
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      out.ids.insert(batch.ids[row]);
      if (batch.columns[0].valid[row]) out.deleted.insert(batch.ids[row]);
    }
  }
}

void CustomerScopes::update(Reader& reader, const Grants& grants, std::span<const Id> changed) {
  const Entity& customer = reader.schema()->entity(Customer::entity_name);
  Batch batch;
  reader.get(customer, changed, batch);
  unions_.clear();
  for (std::size_t i = 0; i < scope_count; ++i) {
    if (!sets_[i]) continue;
    const Where where = customers_in_one(grants, static_cast<ScopeKind>(i));
    const keyvalue::Condition condition(customer, where);
    auto reached = std::make_shared<Reached>(*sets_[i]);
    for (std::size_t at = 0; at < changed.size(); ++at) {
      const std::vector<Value> row = row_of(batch, at);
      const bool within = batch.ids[at] && condition.holds(row);
      within ? reached->ids.insert(changed[at]) : reached->ids.erase(changed[at]);
      const bool deleted = within && row[system_field::deleted_at].present();
      deleted ? reached->deleted.insert(changed[at]) : reached->deleted.erase(changed[at]);
    }
    sets_[i] = std::move(reached);
  }
}

CustomerScopes::ReachedPtr CustomerScopes::together(Scopes scopes) {
  const std::lock_guard lock(turn_);
  ReachedPtr& known = unions_[scopes];
  if (known) return known;
  auto reached = std::make_shared<Reached>();
  for (std::size_t i = 0; i < scope_count; ++i) {
    if (!has(scopes, static_cast<ScopeKind>(i)) || !sets_[i]) continue;
    reached->ids |= sets_[i]->ids;
    reached->deleted |= sets_[i]->deleted;
  }
  return known = std::move(reached);
}

Where CustomerScopes::reach(Scopes scopes, const std::string& field) {
  if (has(scopes, ScopeKind::all)) return {};
  const ReachedPtr reached = together(scopes);
  if (reached->ids.empty()) return Where::any({});
  if (reached->ids.size() > few) return Where::among(field, {reached, &reached->ids});
  std::vector<Value> values;
  values.reserve(reached->ids.size());
  reached->ids.each([&](Id id) { values.emplace_back(id); });
  return Where::in(field, std::move(values));
}

std::optional<std::size_t> CustomerScopes::count(Scopes scopes) {
  if (has(scopes, ScopeKind::all)) return std::nullopt;
  const ReachedPtr reached = together(scopes);
  return reached->ids.size() - reached->deleted.size();
}

}  // namespace emptor
