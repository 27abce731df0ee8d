// What of a plan its actor may do. What they may not read is not there: its ids are unknown, whatever is asked of them.
#include <algorithm>

#include "emptor/model/insight.hpp"
#include "emptor/model/party.hpp"
#include "session/plan.hpp"
#include "session/rights/grants.hpp"

namespace emptor {
namespace {

// What an analysis leaves behind.
bool is_insight(const Entity& entity) {
  constexpr EntityNumber told[] = {Model::entity_number, Score::entity_number, Tag::entity_number, Alert::entity_number,
                                   Recommendation::entity_number};
  return std::ranges::find(told, entity.number) != std::end(told);
}

// Who looks after a record: changing that is an assignment.
bool assigns(const Entity& entity, FieldNumber field) {
  const std::string& name = entity.fields[field].name;
  return entity.responsible_field == field || name == "team_id" || name == "territory_id";
}

}  // namespace

bool Plan::readable(const Entity& entity, Row row) const {
  return !rights_ || rights_->allows(entity, Action::read, row);
}

bool Plan::references_are_told(const Entity& target) const {
  return !rights_ || rights_->scope(target, Action::read).kind == Where::Kind::always;
}

// Requires that new records have their numbers.
const PlannedChange* Plan::planned_here(const Entity& entity, Id id) {
  const auto key = [](EntityNumber number, Id of) { return (static_cast<std::int64_t>(number) << 48) ^ of.value; };
  if (planned_at_.empty())
    for (std::size_t i = 0; i < changes_.size(); ++i)
      planned_at_.emplace(key(changes_[i].entity->number, changes_[i].id), i);
  const auto found = planned_at_.find(key(entity.number, id));
  return found == planned_at_.end() ? nullptr : &changes_[found->second];
}

void Plan::authorise(const ChangeSet& set, Action as) {
  if (!rights_) return;
  const std::size_t callers = changes_.size();
  for (std::size_t i = 0; i < callers; ++i) {
    const PlannedChange& planned = changes_[i];
    const bool came_along = planned.entity->number == Identity::entity_number &&
                            !set.changes()[planned.change].system.empty() &&
                            set.changes()[planned.change].entity != Identity::entity_name;
    if (!came_along) authorise(planned, as);
  }
  throw_problems();
}

// A customer of the same set is judged as the set leaves them; others by what the rights know of them.
bool Plan::allowed(const PlannedChange& planned, Action action, Row row) {
  const Entity& entity = *planned.entity;
  if (rights_->allows(entity, action, row)) return true;
  if (!entity.customer_field || !row[*entity.customer_field].present()) return false;
  const Entity& customer = cache_.schema->entity(Customer::entity_name);
  const PlannedChange* with = planned_here(customer, row[*entity.customer_field].id());
  return with != nullptr && rights_->allows_with(entity, action, after(*with));
}

void Plan::authorise(const PlannedChange& planned, Action as) {
  const Entity& entity = *planned.entity;
  const auto require = [&](Action action, Row row) {
    if (as != Action::read && action != Action::assign) action = as;
    if (decides_rights(entity)) action = Action::configure;
    if (allowed(planned, action, row)) return true;
    fail(Code::denied, planned.change, "", "the actor may not " + std::string(name_of(action)) + " this record",
         "ask for a role with this permission");
    return false;
  };
  if (as == Action::analyse && !is_insight(entity)) {
    fail(Code::denied, planned.change, "", "an analysis writes models, scores, tags, alerts and recommendations only",
         "apply other changes as what they are");
    return;
  }
  if (as == Action::analyse && entity.number == Model::entity_number) return;  // it is of nobody's customers
  if (planned.is_new) return void(require(Action::create, after(planned)));
  if (planned.erase) return void(require(Action::remove, before(planned)));
  bool assigned = false, changed = planned.kind == ChangeKind::unchanged;
  for (FieldNumber field = system_field::count; field < entity.fields.size(); ++field)
    if (!(before(planned)[field] == after(planned)[field])) (assigns(entity, field) ? assigned : changed) = true;
  if (assigned) require(Action::assign, before(planned));
  if (!changed || !require(Action::update, before(planned)) || assigned) return;
  require(Action::update, after(planned));
}

// Also where the value would not change: that it does not would tell what the field holds. Requires `merge`.
bool Plan::may_write_fields(const ChangeSet& set) {
  bool all = true;
  for (std::size_t i = 0; i < set.size(); ++i) {
    const PlannedChange& planned = changes_[planned_of_[i]];
    const Entity& entity = *planned.entity;
    const std::span<const FieldRule> rules = rights_->field_rules(entity);
    if (rules.empty()) continue;
    const Row row = planned.is_new ? after(planned) : before(planned);
    for (const ChangeSet::Cell& cell : set.cells(i)) {
      const Field* field = entity.find(set.names()[cell.name]);
      for (const FieldRule& rule : rules) {
        if (field == nullptr || rule.field != field->number ||
            rights_->holds(entity, rule, Rights::Part::writable, row))
          continue;
        fail(Code::denied, i, field->name, "the actor may not write this field", "leave the field out");
        all = false;
      }
    }
  }
  return all;
}

}  // namespace emptor
