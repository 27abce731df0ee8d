// The second half of a plan: rows after, and everything that can be wrong with them.
#include <algorithm>

#include "core/long_call.hpp"
#include "emptor/core/text.hpp"
#include "emptor/model/access.hpp"
#include "emptor/model/insight.hpp"
#include "emptor/model/party.hpp"
#include "session/batch_row.hpp"
#include "session/plan.hpp"
#include "session/rule/scope_rule.hpp"
#include "session/rule/segment_rules.hpp"

namespace emptor {
namespace {

constexpr std::size_t changes_a_beat = 256;
constexpr std::int32_t unresolved = -2;
constexpr std::int32_t unknown = -1;

std::string_view type_hint(Type type) {
  switch (type) {
    case Type::id:
      return "give the id of a record";
    case Type::integer:
      return "give a whole number";
    case Type::decimal:
      return "give a decimal";
    case Type::real:
      return "give a number";
    case Type::boolean:
      return "give true or false";
    case Type::text:
      return "give a text";
    case Type::date:
      return "give a date";
    case Type::instant:
      return "give an instant";
    case Type::bytes:
      return "give bytes";
  }
  return "";
}

bool differs(Row a, Row b) {
  for (std::size_t i = system_field::deleted_at; i < a.size(); ++i)
    if (!(a[i] == b[i])) return true;
  return false;
}

}  // namespace

const Field* Plan::field_at(const Entity& entity, const ChangeSet& set, std::uint32_t name) {
  if (names_.size() <= entity.number) names_.resize(entity.number + 1u);
  std::vector<std::int32_t>& known = names_[entity.number];
  if (known.size() < set.names().size()) known.resize(set.names().size(), unresolved);
  if (known[name] == unresolved) {
    const Field* field = entity.find(set.names()[name]);
    known[name] = field == nullptr ? unknown : field->number;
  }
  return known[name] == unknown ? nullptr : &entity.fields[static_cast<std::size_t>(known[name])];
}

void Plan::merge(const ChangeSet& set, Instant now) {
  std::size_t needed = 0;
  for (const PlannedChange& planned : changes_) needed += planned.entity->fields.size();
  values_.reserve(values_.size() + needed);
  for (PlannedChange& planned : changes_) {
    planned.after = new_row(*planned.entity);
    const Row row = planned.revived ? Row() : before(planned);
    std::copy(row.begin(), row.end(), values_.begin() + static_cast<std::ptrdiff_t>(planned.after));
    values_[planned.after + system_field::id] = Value(planned.id);
  }
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (i % changes_a_beat == 0) beat("plan", i, set.size());
    merge_change(set, i, changes_[planned_of_[i]], now);
  }
  find_regions();
  for (PlannedChange& planned : changes_) finish(planned);
}

void Plan::merge_change(const ChangeSet& set, std::size_t change, PlannedChange& planned, Instant now) {
  const ChangeSet::Change& wanted = set.changes()[change];
  Value& version = values_[planned.after + system_field::version];
  const std::int64_t expected = rights_ ? rights_->version_of(wanted.expected) : wanted.expected;
  if (expected != 0 && (!version.present() || version.integer() != expected))
    fail(Code::conflict, change, "version", "the record was changed since", "read it again and decide anew");
  Value& deleted = values_[planned.after + system_field::deleted_at];
  if (deleted.present() && wanted.system.empty()) {
    fail(Code::not_found, change, "id", "the record was deleted", "put it by its identity to bring it back");
    return;
  }
  planned.erase = wanted.erase;
  deleted = wanted.erase ? Value(now) : Value();
  for (const ChangeSet::Cell& cell : set.cells(change))
    set_cell(change, planned, field_at(*planned.entity, set, cell.name), set.names()[cell.name], cell.value);
}

void Plan::set_cell(std::size_t change, const PlannedChange& planned, const Field* field, std::string_view name,
                    Value value) {
  if (field == nullptr) {
    fail(Code::not_found, change, truncate(name, 60), "the entity has no such field",
         "docs/entities.md lists the fields; custom ones start with x_");
    return;
  }
  if (field->has(field_flag::system) || field->number < system_field::count) {
    fail(Code::invalid, change, field->name, "the library sets this field itself", "leave it out");
    return;
  }
  const std::optional<Value> accepted = accept(*field, value);
  if (!accepted) {
    fail(Code::invalid, change, field->name, "the value is of another type", std::string(type_hint(field->type)));
    return;
  }
  value = *accepted;
  if (value.present() && field->type == Type::text && !is_utf8(value.text())) {
    fail(Code::invalid, change, field->name, "the text is not well-formed UTF-8", "convert it to UTF-8 first");
    return;
  }
  if (value.is_text() && value.text().size() > longest_text) {
    fail(Code::invalid, change, field->name, "the text is longer than 16 MiB",
         "keep large content outside and store a reference");
    return;
  }
  if (value.present() && field->type == Type::id) value = Value(real_id(value.id()));
  values_[planned.after + field->number] = value;
}

void Plan::finish(PlannedChange& planned) {
  const RowRules& rules = cache_.rules[planned.entity->number];
  const std::span<Value> row(values_.data() + planned.after, planned.entity->fields.size());
  complete_row(rules, {base_currency_, region_of(rules, row)}, row, text_);
  check_values(*planned.entity, rules, row, static_cast<std::int64_t>(planned.change), problems_);
  if (planned.entity->number == Permission::entity_number && !planned.erase)
    check_scope_rule(*cache_.schema, row, static_cast<std::int64_t>(planned.change), problems_);
  if (planned.is_new)
    planned.kind = ChangeKind::insert;
  else if (!differs(before(planned), row))
    planned.kind = ChangeKind::unchanged;
  else
    planned.kind = planned.erase ? ChangeKind::erase : ChangeKind::update;
}

void Plan::check_segments() {
  std::vector<SavedSegment> segments;
  for (const PlannedChange& planned : changes_)
    if (planned.entity->number == Segment::entity_number && planned.kind != ChangeKind::unchanged)
      segments.push_back({planned.id, after(planned), static_cast<std::int64_t>(planned.change)});
  const auto may_read = [&](Row row) { return readable(cache_.schema->entity(Segment::entity_name), row); };
  check_segment_rules(writer_, segments, may_read, problems_);
}

// A record made by its identity in another system gets that identity as a record of its own.
void Plan::add_identities(const ChangeSet& set) {
  const Entity& identity = cache_.schema->entity(Identity::entity_name);
  const FieldNumber entity_field = identity.field("entity").number;
  const FieldNumber record_field = identity.field("record_id").number;
  const FieldNumber system_name = identity.field("system").number;
  const FieldNumber external = identity.field("external_id").number;
  std::vector<std::size_t> made;
  for (std::size_t i = 0; i < changes_.size(); ++i)
    if ((changes_[i].is_new || changes_[i].revived) && !set.changes()[changes_[i].change].system.empty())
      made.push_back(i);
  if (made.empty()) return;
  std::int64_t next = writer_.allocate(identity, made.size()).value;
  values_.reserve(values_.size() + made.size() * identity.fields.size());
  for (const std::size_t i : made) {
    PlannedChange planned;
    planned.entity = &identity;
    planned.change = changes_[i].change;
    const Revival* revival = revival_of(identity, planned.change);
    planned.id = revival == nullptr ? Id{next++} : revival->id;
    planned.is_new = revival == nullptr;
    planned.kind = planned.is_new ? ChangeKind::insert : ChangeKind::update;
    changes_.push_back(planned);
    const std::size_t added = changes_.size() - 1;
    if (!planned.is_new) take_rows(identity, std::span(&added, 1));
    planned.after = changes_.back().after = new_row(identity);
    Value* row = values_.data() + planned.after;
    row[system_field::id] = Value(planned.id);
    row[entity_field] = Value(std::string_view(changes_[i].entity->name));
    row[record_field] = Value(changes_[i].id);
    row[system_name] = Value(set.changes()[planned.change].system);
    row[external] = Value(set.changes()[planned.change].external_id);
  }
}

void Plan::check_references() {
  struct Reference {
    const Entity* target;
    Id id;
    std::size_t planned;
    FieldNumber field;
  };
  std::unordered_map<EntityNumber, std::vector<Reference>> wanted;
  for (const PlannedChange& planned : changes_)
    if (!after(planned)[system_field::deleted_at].present()) cache_.add(planned.entity->number, planned.id);
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    const PlannedChange& planned = changes_[i];
    const RowRules& rules = cache_.rules[planned.entity->number];
    for (const FieldNumber number : rules.references) {
      const Value& value = values_[planned.after + number];
      if (!value.present() || (!planned.is_new && value == values_[planned.before + number])) continue;
      if (rules.origin == number && value == values_[planned.after + *rules.customer]) continue;  // checked as that
      const std::string& name = planned.entity->fields[number].reference;
      const Entity* target = name != "*" ? cache_.schema->find(name)
                             : rules.reference_entity
                                 ? cache_.schema->find(values_[planned.after + *rules.reference_entity].text())
                                 : nullptr;
      if (target == nullptr) {
        fail(Code::invalid, planned.change, planned.entity->fields[number].name, "the reference names no known entity",
             "set the field `entity` to the entity of the record");
      } else if (!references_are_told(*target) || !cache_.exists(target->number, value.id())) {
        if (planned_here(*target, value.id())) continue;
        wanted[target->number].push_back({target, value.id(), i, number});
      }
    }
  }
  for (auto& [number, references] : wanted) {
    std::sort(references.begin(), references.end(), [](const Reference& a, const Reference& b) { return a.id < b.id; });
    std::vector<Id> ids;
    for (const Reference& reference : references)
      if (ids.empty() || ids.back() != reference.id) ids.push_back(reference.id);
    Batch batch;
    writer_.get(*references.front().target, ids, batch);
    std::size_t row = 0;
    for (const Reference& reference : references) {
      while (ids[row] != reference.id) ++row;
      const Entity& target = *reference.target;
      const bool found = batch.ids[row] && !batch.columns[system_field::deleted_at].valid[row] &&
                         (references_are_told(target) || readable(target, row_of(batch, row)));
      if (found)
        cache_.add(number, reference.id);
      else
        fail(Code::invalid, changes_[reference.planned].change,
             changes_[reference.planned].entity->fields[reference.field].name,
             "the record that it refers to does not exist", "write the other record first, or in the same change set");
    }
  }
}

}  // namespace emptor
