#include "emptor/session/rights.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>

#include "emptor/model/insight.hpp"
#include "emptor/model/party.hpp"
#include "emptor/model/sales.hpp"
#include "emptor/model/system.hpp"
#include "emptor/model/touch.hpp"
#include "session/rights/customer_scopes.hpp"
#include "session/rights/grants.hpp"
#include "session/rights/self_service.hpp"
#include "session/rights/version_tokens.hpp"
#include "session/row_rules.hpp"
#include "session/subject_keys.hpp"
#include "store/keyvalue/condition.hpp"

namespace emptor {
namespace {

constexpr std::string_view action_names[action_count] = {"know",  "read",    "create", "update", "delete", "assign",
                                                         "merge", "analyse", "import", "export", "erase",  "configure"};

const Where& never() {
  static const Where none = Where::any({});
  return none;
}

// A union of conditions, told as simply as it can be.
Where any_of(std::vector<Where> parts) {
  std::vector<Where> left;
  for (Where& part : parts) {
    if (part.kind == Where::Kind::always) return {};
    if (!holds_never(part)) left.push_back(std::move(part));
  }
  if (left.size() == 1) return std::move(left.front());
  return Where::any(std::move(left));
}

Where all_of(std::vector<Where> parts) {
  std::vector<Where> left;
  for (Where& part : parts) {
    if (holds_never(part)) return never();
    if (part.kind != Where::Kind::always) left.push_back(std::move(part));
  }
  if (left.empty()) return {};
  if (left.size() == 1) return std::move(left.front());
  return Where::all(std::move(left));
}

// What a derived record was computed from: who may not see that, may not see what follows from it.
std::span<const std::string_view> sources_of(const Entity& entity) {
  static constexpr std::string_view purchases[] = {Order::entity_name, OrderLine::entity_name};
  static constexpr std::string_view activity[] = {Order::entity_name, OrderLine::entity_name, Interaction::entity_name};
  if (entity.number == CustomerSummary::entity_number) return activity;
  constexpr EntityNumber told[] = {Score::entity_number, Alert::entity_number, Recommendation::entity_number};
  if (std::ranges::find(told, entity.number) != std::end(told)) return purchases;
  return {};
}

// The library's own secrets: nobody reads them through a session.
bool is_secret(const Entity& entity) {
  constexpr EntityNumber secret[] = {SubjectKey::entity_number, CustomerHistory::entity_number,
                                     SegmentPlace::entity_number, CustomerSegments::entity_number,
                                     SearchPart::entity_number};
  return std::ranges::find(secret, entity.number) != std::end(secret);
}

// Who read of whom is told by who_saw, to those who may configure it, and who was forgotten by erasure_receipts, to
// those who may erase: nobody reads them as records.
bool is_kept_back(const Entity& entity, Action action) {
  return is_secret(entity) || (entity.number == CustomerRead::entity_number && action != Action::configure) ||
         (entity.number == ErasureReceipt::entity_number && action != Action::erase);
}

// A store in which nothing was written has no secret yet, and no versions.
VersionTokens tokens_of(Reader& reader) {
  const std::string salt = reader.setting(salt_setting);
  return VersionTokens(salt.empty() ? reader.info().store_id : salt);
}

// A condition and what it takes to ask it of a row.
struct Asked {
  Asked(const Entity& entity, Where of_records, const Where& of_rows)
      : where(std::move(of_records)), rows(of_rows), condition(entity, rows) {}
  Where where, rows;
  keyvalue::Condition condition;
};

struct EntityRights {
  std::array<std::unique_ptr<Asked>, action_count> actions;
  bool fields_known = false;
  std::vector<FieldRule> fields;
  std::vector<std::array<std::unique_ptr<keyvalue::Condition>, 3>> field_conditions;
};

}  // namespace

std::string_view name_of(Action action) noexcept { return action_names[static_cast<std::size_t>(action)]; }

std::optional<Action> action_of(std::string_view name) noexcept {
  const auto found = std::ranges::find(action_names, name);
  if (found == std::end(action_names)) return std::nullopt;
  return static_cast<Action>(found - std::begin(action_names));
}

bool holds_never(const Where& where) noexcept { return where.kind == Where::Kind::any && where.children.empty(); }

struct Rights::State {
  State(Reader& reader, Grants read)
      : grants(std::move(read)), customers(reader, grants), schema(reader.schema()), tokens(tokens_of(reader)) {}
  State(const State& before, const ChangedCustomers& changed)
      : grants(before.grants),
        customers(before.customers, grants, before.schema->entity(Customer::entity_name), changed),
        schema(before.schema),
        tokens(before.tokens) {}

  Grants grants;
  CustomerScopes customers;
  SchemaPtr schema;
  VersionTokens tokens;
  std::mutex turn;  // what follows is worked out when it is first asked for, by whichever thread
  std::map<EntityNumber, EntityRights> entities;

  const Asked& asked(const Entity& entity, Action action);
  EntityRights& fields_of(const Entity& entity);
  /// The scopes of the permissions for an action that are chosen.
  template <class Chosen>
  Scopes scopes_of(const Entity& entity, Action action, Chosen&& chosen) const;
  Scopes scopes_of(const Entity& entity, Action action) const {
    return scopes_of(entity, action, [](const Grant&) { return true; });
  }
  /// Those in which records are read with no field kept back.
  Scopes whole_scopes(const Entity& entity) const {
    return scopes_of(entity, Action::read,
                     [](const Grant& grant) { return grant.hidden.empty() && grant.masked.empty(); });
  }

 private:
  /// As a condition on stored records, or on rows that need not be stored yet.
  Where in_scopes(const Entity& entity, Scopes scopes, bool rows);
  Where of_customer(const Entity& entity, Scopes scopes, bool rows);
  void add_own(const Entity& entity, ScopeKind scope, std::vector<Where>& parts) const;
  Where whole(const Entity& entity, Action action, bool rows);
  bool reads_everything() const;
  Where sources(const Entity& entity, const std::string& customer);
  FieldRule rule_of(const Entity& entity, const Field& field);
  void keep_derived(const Entity& entity, std::vector<FieldRule>& rules);
  Where customers_country_told(const Entity& entity);
};

template <class Chosen>
Scopes Rights::State::scopes_of(const Entity& entity, Action action, Chosen&& chosen) const {
  Scopes scopes = 0;
  for (const Grant& grant : grants.grants)
    if (grant.action == action && (grant.entity == 0 || grant.entity == entity.number) && chosen(grant))
      scopes |= bit_of(grant.scope);
  return scopes;
}

// By the customer whose record it is.
Where Rights::State::of_customer(const Entity& entity, Scopes scopes, bool rows) {
  if (entity.number == Customer::entity_number)
    return rows ? customers_in(grants, scopes) : customers.reach(scopes, "id");
  if (entity.number == CustomerSummary::entity_number) return customers.reach(scopes, "id");
  if (entity.number == Identity::entity_number)
    return all_of(
        {Where::equal("entity", std::string_view(Customer::entity_name)), customers.reach(scopes, "record_id")});
  if (entity.number == CustomerRead::entity_number) return customers.reach(scopes, "subject_id");
  if (entity.customer_field) return customers.reach(scopes, entity.fields[*entity.customer_field].name);
  return never();
}

// By who is responsible for it, and which team and territory it says it belongs to.
void Rights::State::add_own(const Entity& entity, ScopeKind scope, std::vector<Where>& parts) const {
  if (entity.number == Customer::entity_number || decides_rights(entity)) return;
  const bool teams = scope == ScopeKind::team || scope == ScopeKind::team_and_below;
  if (entity.responsible_field) {
    const std::string& field = entity.fields[*entity.responsible_field].name;
    if (scope == ScopeKind::own) parts.push_back(Where::equal(field, grants.user));
    if (scope == ScopeKind::team) parts.push_back(Where::in(field, grants.team_users));
    if (scope == ScopeKind::team_and_below) parts.push_back(Where::in(field, grants.below_users));
  }
  if (teams && entity.find("team_id") != nullptr)
    parts.push_back(Where::in("team_id", scope == ScopeKind::team ? grants.team : grants.teams_below));
  if (scope == ScopeKind::territory && entity.find("territory_id") != nullptr)
    parts.push_back(Where::in("territory_id", grants.territories));
}

Where Rights::State::in_scopes(const Entity& entity, Scopes scopes, bool rows) {
  if (has(scopes, ScopeKind::all)) return {};
  if (scopes == 0) return never();
  std::vector<Where> parts{of_customer(entity, scopes, rows)};
  if (has(scopes, ScopeKind::self) && !shown_since(entity).empty())
    return all_of({std::move(parts.front()), Where::present(std::string(shown_since(entity)))});
  for (std::size_t i = 0; i < scope_count; ++i)
    if (const auto scope = static_cast<ScopeKind>(i); has(scopes, scope)) add_own(entity, scope, parts);
  return any_of(std::move(parts));
}

// That every source of a derived entity may be read, whole, of the customer whose id stands in a field.
Where Rights::State::sources(const Entity& entity, const std::string& customer) {
  std::vector<Where> parts;
  for (const std::string_view name : sources_of(entity))
    parts.push_back(customers.reach(whole_scopes(schema->entity(name)), customer));
  return all_of(std::move(parts));
}

// Any record may be what a rule asks: who entered or left a segment is told to those who may read all there is.
bool Rights::State::reads_everything() const {
  return std::ranges::all_of(schema->entities(), [&](const Entity& entity) {
    return entity.keeping != Keeping::journalled || has(whole_scopes(entity), ScopeKind::all);
  });
}

Where Rights::State::whole(const Entity& entity, Action action, bool rows) {
  if (is_kept_back(entity, action)) return never();
  if (entity.number == SegmentChange::entity_number && !reads_everything()) return never();
  Where where = in_scopes(entity, scopes_of(entity, action), rows);
  if (sources_of(entity).empty() || action == Action::analyse) return where;
  const std::string customer = entity.customer_field ? entity.fields[*entity.customer_field].name : "id";
  return all_of({std::move(where), sources(entity, customer)});
}

const Asked& Rights::State::asked(const Entity& entity, Action action) {
  const std::lock_guard lock(turn);
  std::unique_ptr<Asked>& known = entities[entity.number].actions[static_cast<std::size_t>(action)];
  if (!known) known = std::make_unique<Asked>(entity, whole(entity, action, false), whole(entity, action, true));
  return *known;
}

FieldRule Rights::State::rule_of(const Entity& entity, const Field& field) {
  const auto lists = [&](const std::vector<std::string>& names) {
    return std::ranges::find(names, field.name) != names.end();
  };
  const auto shown = [&](const Grant& grant) { return !lists(grant.hidden); };
  const auto open = [&](const Grant& grant) { return shown(grant) && !lists(grant.masked); };
  const auto writable = [&](const Grant& grant) { return open(grant) && !lists(grant.read_only); };
  const auto read = [&](auto&& chosen) { return in_scopes(entity, scopes_of(entity, Action::read, chosen), true); };
  const Scopes written = scopes_of(entity, Action::update, writable) | scopes_of(entity, Action::create, writable);
  return {field.number, read(open), read(shown), all_of({in_scopes(entity, written, true), read(open)})};
}

// The number of a contact point is keyed by its customer's country, where it says none itself: the key is told where
// that country is.
Where Rights::State::customers_country_told(const Entity& entity) {
  const Entity& customer = schema->entity(Customer::entity_name);
  const auto shows = [](const Grant& grant) {
    const auto lists = [](const std::vector<std::string>& names) {
      return std::ranges::find(names, "country") != names.end();
    };
    return !lists(grant.hidden) && !lists(grant.masked);
  };
  const Scopes told = scopes_of(customer, Action::read, shows), read = scopes_of(entity, Action::read);
  if ((read & ~told) == 0 && !entity.responsible_field) return {};
  return customers.reach(told, entity.fields[*entity.customer_field].name);
}

// What follows from a field tells of it: it is read as it is where all that it follows from is, and not at all
// elsewhere.
void Rights::State::keep_derived(const Entity& entity, std::vector<FieldRule>& rules) {
  const RowRules row_rules = rules_of(entity);
  for (const DerivedField& derived : derived_fields(row_rules)) {
    std::vector<Where> parts;
    for (const FieldRule& rule : rules)
      if (std::ranges::find(derived.sources, rule.field) != derived.sources.end()) parts.push_back(rule.open);
    if (row_rules.phone && row_rules.phone->key == derived.field) parts.push_back(customers_country_told(entity));
    const Where told = all_of(std::move(parts));
    if (told.kind == Where::Kind::always) continue;
    const auto own = std::ranges::find(rules, derived.field, &FieldRule::field);
    if (own == rules.end()) {
      rules.push_back({derived.field, told, told, told});
    } else {
      for (Where* part : {&own->open, &own->masked, &own->writable}) *part = all_of({*part, told});
    }
  }
}

EntityRights& Rights::State::fields_of(const Entity& entity) {
  const std::lock_guard lock(turn);
  EntityRights& rights = entities[entity.number];
  if (rights.fields_known) return rights;
  std::vector<std::string> names;
  for (const Grant& grant : grants.grants)
    if (grant.entity == 0 || grant.entity == entity.number)
      for (const auto* list : {&grant.hidden, &grant.masked, &grant.read_only})
        names.insert(names.end(), list->begin(), list->end());
  for (const Field& field : entity.fields)
    if (field.number >= system_field::count && std::ranges::find(names, field.name) != names.end())
      rights.fields.push_back(rule_of(entity, field));
  keep_derived(entity, rights.fields);
  for (const FieldRule& rule : rights.fields) {
    auto& conditions = rights.field_conditions.emplace_back();
    const Where* const parts[] = {&rule.open, &rule.masked, &rule.writable};
    for (std::size_t i = 0; i < conditions.size(); ++i)
      conditions[i] = std::make_unique<keyvalue::Condition>(entity, *parts[i]);
  }
  rights.fields_known = true;
  return rights;
}

Rights::Rights(Reader& reader, Id user, Date today)
    : state_(std::make_unique<State>(reader, read_grants(reader, user, today))) {}

Rights::Rights(Reader& reader, SelfService actor, Date today)
    : state_(std::make_unique<State>(reader, read_grants(reader, actor, today))) {}

Rights::Rights(const Rights& before, const ChangedCustomers& changed)
    : state_(std::make_unique<State>(*before.state_, changed)) {}

Rights::~Rights() = default;

const Where& Rights::scope(const Entity& entity, Action action) const { return state_->asked(entity, action).where; }

bool Rights::allows(const Entity& entity, Action action, Row row) const {
  return state_->asked(entity, action).condition.holds(row);
}

Where Rights::whole(const Entity& entity, const std::string& customer) const {
  const Where own = state_->customers.reach(state_->whole_scopes(entity), customer);
  if (sources_of(entity).empty()) return own;
  std::vector<Where> parts{own};
  for (const std::string_view name : sources_of(entity))
    parts.push_back(state_->customers.reach(state_->whole_scopes(state_->schema->entity(name)), customer));
  return all_of(std::move(parts));
}

bool Rights::reads_all(const Entity& entity) const { return has(state_->whole_scopes(entity), ScopeKind::all); }

bool Rights::allows_with(const Entity& entity, Action action, Row customer) const {
  const Entity& customers = state_->schema->entity(Customer::entity_name);
  return std::ranges::any_of(state_->grants.grants, [&](const Grant& grant) {
    if (grant.action != action || (grant.entity != 0 && grant.entity != entity.number)) return false;
    if (grant.scope == ScopeKind::all) return true;
    const Where where = customers_in(state_->grants, bit_of(grant.scope));
    return keyvalue::Condition(customers, where).holds(customer);
  });
}

bool Rights::may(const Entity& entity, Action action) const { return state_->scopes_of(entity, action) != 0; }

std::optional<std::size_t> Rights::count_customers(Action action) const {
  return state_->customers.count(state_->scopes_of(state_->schema->entity(Customer::entity_name), action));
}

std::shared_ptr<const CustomerOrder> Rights::customers_in_order(Reader& reader, Action action,
                                                                const OrderBy& by) const {
  const Entity& customer = state_->schema->entity(Customer::entity_name);
  return state_->customers.in_order(state_->scopes_of(customer, action), reader, by);
}

bool Rights::hold_after(const ChangedCustomers& changed) const {
  return state_->customers.hold_after(state_->grants, state_->schema->entity(Customer::entity_name), changed);
}

std::span<const FieldRule> Rights::field_rules(const Entity& entity) const { return state_->fields_of(entity).fields; }

bool Rights::holds(const Entity& entity, const FieldRule& rule, Part part, Row row) const {
  const EntityRights& rights = state_->fields_of(entity);
  const auto at = static_cast<std::size_t>(&rule - rights.fields.data());
  return rights.field_conditions[at][static_cast<std::size_t>(part)]->holds(row);
}

std::int64_t Rights::token_of(std::int64_t version) const noexcept { return state_->tokens.token_of(version); }
std::int64_t Rights::version_of(std::int64_t token) const noexcept { return state_->tokens.version_of(token); }

Id Rights::user() const noexcept { return state_->grants.user; }
Id Rights::customer() const noexcept { return state_->grants.customer; }
Date Rights::until() const noexcept { return state_->grants.until; }

}  // namespace emptor
