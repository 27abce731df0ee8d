#include "session/rights/customer_scopes.hpp"

#include <algorithm>

#include "emptor/model/party.hpp"
#include "session/batch_row.hpp"
#include "store/keyvalue/condition.hpp"

namespace emptor {
namespace {

constexpr std::size_t few = 500;               // so many ids are looked up, more are told by their bits
constexpr std::size_t at_once = 8'192;         // rows a batch
constexpr std::size_t most_in_order = 20'000;  // of more, the store's walk meets enough where there are a million

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
    case ScopeKind::self:
      return Where::equal("id", grants.customer);
    case ScopeKind::all:
      return {};
    case ScopeKind::rules:
      break;
  }
  return grants.rules[static_cast<std::size_t>(scope) - scope_count].where;
}

// The ids alone, each part of a condition and each value by itself: an index then holds them in the order of ids, and
// no row is taken.
void read_ids(Reader& reader, const Where& where, IdSet& out) {
  if (where.kind == Where::Kind::any) {
    for (const Where& part : where.children) read_ids(reader, part, out);
    return;
  }
  if (where.op == Operator::in) {
    for (const Value& value : where.values) read_ids(reader, Where::equal(where.field, value), out);
    return;
  }
  const Query query{std::string(Customer::entity_name), where, {}, {"id"}, at_once, true};
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = reader.scan(query, key, batch);
    for (const Id id : batch.ids) out.insert(id);
  }
}

std::shared_ptr<const IdSet> ids_where(Reader& reader, const Where& where) {
  auto ids = std::make_shared<IdSet>();
  read_ids(reader, where, *ids);
  return ids;
}

}  // namespace

Where customers_in(const Grants& grants, Scopes scopes) {
  std::vector<Where> parts;
  for (std::size_t i = 0; i < scope_count + grants.rules.size(); ++i)
    if (const auto scope = static_cast<ScopeKind>(i); has(scopes, scope))
      parts.push_back(customers_in_one(grants, scope));
  return Where::any(std::move(parts));
}

CustomerScopes::CustomerScopes(Reader& reader, const Grants& grants)
    : sets_(scope_count + grants.rules.size()), position_(reader.info().position) {
  for (std::size_t i = 0; i < sets_.size(); ++i)
    if (const auto scope = static_cast<ScopeKind>(i); scope != ScopeKind::all && is_named(grants, scope))
      sets_[i] = ids_where(reader, customers_in_one(grants, scope));
  deleted_ = ids_where(reader, Where::present("deleted_at"));
}

CustomerScopes::CustomerScopes(const CustomerScopes& before, const Grants& grants, const Entity& customer,
                               const ChangedCustomers& changed)
    : sets_(before.sets_), deleted_(before.deleted_), position_(changed.position) {
  {
    const std::lock_guard lock(before.turn_);
    if (before.position_ <= position_) unions_ = before.unions_;  // orders of a newer snapshot are not this one's
  }
  update(grants, customer, changed);
}

// Calls `differs(set, id, belongs)` for each set and customer that is in it and should not be, or the other way round.
template <class Differs>
void CustomerScopes::each_difference(const Grants& grants, const Entity& customer, const ChangedCustomers& changed,
                                     Differs&& differs) const {
  const auto compare = [&](std::size_t set, const IdSet& ids, const Where& where) {
    const keyvalue::Condition condition(customer, where);
    for (std::size_t at = 0; at < changed.ids.size(); ++at) {
      const bool belongs = changed.now.ids[at] && condition.holds(row_of(changed.now, at));
      if (belongs != ids.contains(changed.ids[at])) differs(set, changed.ids[at], belongs);
    }
  };
  for (std::size_t i = 0; i < sets_.size(); ++i)
    if (sets_[i]) compare(i, *sets_[i], customers_in_one(grants, static_cast<ScopeKind>(i)));
  compare(sets_.size(), *deleted_, Where::present("deleted_at"));
}

// Threads with snapshots of their own may ask in any order.
bool CustomerScopes::hold_after(const Grants& grants, const Entity& customer, const ChangedCustomers& changed) {
  bool same = true;
  each_difference(grants, customer, changed, [&](std::size_t, Id, bool) { same = false; });
  const std::lock_guard lock(turn_);
  if (changed.position < position_) return same;
  for (const auto& [scopes, together] : unions_)
    for (const auto& [by, order] : together.orders) same = same && !order->after(customer, changed, *together.ids);
  if (same) position_ = changed.position;
  return same;
}

void CustomerScopes::update(const Grants& grants, const Entity& customer, const ChangedCustomers& changed) {
  std::vector<std::shared_ptr<IdSet>> copies(sets_.size() + 1);
  each_difference(grants, customer, changed, [&](std::size_t set, Id id, bool belongs) {
    std::shared_ptr<IdSet>& copy = copies[set];
    if (!copy) copy = std::make_shared<IdSet>(set == sets_.size() ? *deleted_ : *sets_[set]);
    belongs ? copy->insert(id) : copy->erase(id);
  });
  bool differs = false;
  for (std::size_t set = 0; set < copies.size(); ++set) {
    if (!copies[set]) continue;
    (set == sets_.size() ? deleted_ : sets_[set]) = std::move(copies[set]);
    differs = true;
  }
  if (differs) renew_unions();
  for (auto& [scopes, together] : unions_)
    for (auto& [by, order] : together.orders)
      if (CustomerOrderPtr after = order->after(customer, changed, *together.ids)) order = std::move(after);
}

// With the sets as they are now; orders are kept, for they are brought up to date by what changed.
void CustomerScopes::renew_unions() {
  for (auto& [scopes, together] : unions_) {
    Together anew = unite(scopes);
    anew.orders = std::move(together.orders);
    together = std::move(anew);
  }
}

CustomerScopes::Together CustomerScopes::unite(Scopes scopes) const {
  std::vector<IdSetPtr> parts;
  for (std::size_t i = 0; i < sets_.size(); ++i)
    if (has(scopes, static_cast<ScopeKind>(i)) && sets_[i]) parts.push_back(sets_[i]);
  Together together;
  if (parts.size() == 1) {
    together.ids = parts.front();
  } else {
    auto ids = std::make_shared<IdSet>();
    for (const IdSetPtr& part : parts) *ids |= *part;
    together.ids = std::move(ids);
  }
  together.deleted = together.ids->count_common(*deleted_);
  return together;
}

CustomerScopes::Together& CustomerScopes::together(Scopes scopes) {
  const auto found = unions_.find(scopes);
  return found != unions_.end() ? found->second : unions_.emplace(scopes, unite(scopes)).first->second;
}

Where CustomerScopes::reach(Scopes scopes, const std::string& field) {
  if (has(scopes, ScopeKind::all)) return {};
  const std::lock_guard lock(turn_);
  const IdSetPtr& ids = together(scopes).ids;
  if (ids->empty()) return Where::any({});
  if (ids->size() > few) return Where::among(field, ids);
  std::vector<Value> values;
  values.reserve(ids->size());
  ids->each([&](Id id) { values.emplace_back(id); });
  return Where::in(field, std::move(values));
}

std::optional<std::size_t> CustomerScopes::count(Scopes scopes) {
  if (has(scopes, ScopeKind::all)) return std::nullopt;
  const std::lock_guard lock(turn_);
  const Together& reached = together(scopes);
  return reached.ids->size() - reached.deleted;
}

CustomerOrderPtr CustomerScopes::in_order(Scopes scopes, Reader& reader, const OrderBy& by) {
  if (has(scopes, ScopeKind::all)) return nullptr;
  const std::lock_guard lock(turn_);
  Together& reached = together(scopes);
  if (reached.ids->size() > most_in_order || reader.info().position != position_) return nullptr;
  const std::pair<std::string, bool> name{by.field, by.descending};
  const auto known = reached.orders.find(name);
  if (known != reached.orders.end()) return known->second;
  return reached.orders[name] = std::make_shared<const CustomerOrder>(reader, *reached.ids, by);
}

}  // namespace emptor
