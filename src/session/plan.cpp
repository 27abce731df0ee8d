#include "session/plan.hpp"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>

#include "emptor/core/text.hpp"
#include "emptor/model/party.hpp"

namespace emptor {
namespace {

constexpr std::size_t look_up_chunk = 500;
constexpr std::size_t most_ids_kept = 64'000'000;  // bits an entity

}  // namespace

bool PlanCache::refresh(Reader& reader) {
  if (schema != reader.schema()) {
    const SchemaPtr current = reader.schema();
    schema.reset();  // until the rules are whole: an allocation may fail on the way
    rules.clear();
    for (const Entity& entity : current->entities()) {
      if (rules.size() <= entity.number) rules.resize(entity.number + 1u);
      rules[entity.number] = rules_of(entity);
    }
    schema = current;
    position = -1;
  }
  if (position == reader.info().position) return true;
  existing.clear();
  position = reader.info().position;
  return false;
}

bool PlanCache::exists(EntityNumber entity, Id id) const {
  const auto found = existing.find(entity);
  return found != existing.end() && static_cast<std::size_t>(id.value) < found->second.size() &&
         found->second[static_cast<std::size_t>(id.value)];
}

void PlanCache::add(EntityNumber entity, Id id) {
  const auto at = static_cast<std::size_t>(id.value);
  if (at >= most_ids_kept) return;
  std::vector<bool>& bits = existing[entity];
  if (at >= bits.size()) bits.resize(at + at / 2 + 1024);
  bits[at] = true;
}

Plan::Plan(Writer& writer, PlanCache& cache, std::vector<Revival> revivals, RightsPtr rights)
    : writer_(writer),
      cache_(cache),
      base_currency_(writer.info().currency.code()),
      revivals_(std::move(revivals)),
      rights_(std::move(rights)) {}

Row Plan::before(const PlannedChange& change) const noexcept {
  if (change.is_new) return {};
  return {values_.data() + change.before, change.entity->fields.size()};
}

Row Plan::after(const PlannedChange& change) const noexcept {
  return {values_.data() + change.after, change.entity->fields.size()};
}

void Plan::set_version(const PlannedChange& change, std::int64_t version) {
  values_[change.after + system_field::version] = Value(version);
}

void Plan::forget(const Entity& entity, Row before, Row after) {
  const auto is_deleted = [](Row row) { return row[system_field::deleted_at].present(); };
  PlannedChange planned;
  planned.entity = &entity;
  planned.id = before[system_field::id].id();
  planned.kind = is_deleted(after) && !is_deleted(before) ? ChangeKind::erase : ChangeKind::update;
  planned.forgotten = true;
  planned.before = values_.size();
  values_.insert(values_.end(), before.begin(), before.end());
  planned.after = values_.size();
  values_.insert(values_.end(), after.begin(), after.end());
  changes_.push_back(planned);
}

void Plan::match(const ChangeSet& set) {
  resolve_entities(set);
  throw_problems();
  find_identities(set);
  join_changes(set);
  throw_problems();
}

void Plan::make(const ChangeSet& set, Instant now, bool refused_as_duplicate) {
  load_rows();
  throw_problems();
  number_new_records();
  merge(set, now);
  if (rights_ && !may_write_fields(set)) throw_problems();  // before what they hold is compared with anything
  add_identities(set);
  check_references();
  check_segments();
  if (!problems_.empty() || refused_as_duplicate) find_duplicates();
  throw_problems();
}

void Plan::resolve_entities(const ChangeSet& set) {
  entities_.reserve(set.size());
  std::string_view last_name;
  const Entity* last = nullptr;
  for (std::size_t i = 0; i < set.size(); ++i) {
    const std::string_view name = set.changes()[i].entity;
    if (last == nullptr || name.data() != last_name.data()) last = cache_.schema->find(name);
    last_name = name;
    entities_.push_back(last);
    if (last == nullptr) {
      problems_.push_back({Code::not_found, "there is no such entity", std::string(truncate(name, 60)), "",
                           static_cast<std::int64_t>(i), "docs/entities.md lists the entities"});
    } else if (last->keeping != Keeping::journalled) {
      fail(Code::invalid, i, "", "this entity is kept by the library", "change the records that it is derived from");
    }
  }
}

void Plan::find_identities(const ChangeSet& set) {
  targets_.resize(set.size());
  std::vector<std::size_t> by_identity;
  for (std::size_t i = 0; i < set.size(); ++i) {
    const ChangeSet::Change& change = set.changes()[i];
    targets_[i] = change.id;
    if (!change.system.empty()) by_identity.push_back(i);
  }
  // Changes of one entity and system are looked up together.
  std::stable_sort(by_identity.begin(), by_identity.end(), [&](std::size_t a, std::size_t b) {
    const auto key = [&](std::size_t i) { return std::pair(entities_[i]->number, set.changes()[i].system); };
    return key(a) < key(b);
  });
  for (std::size_t begin = 0; begin < by_identity.size();) {
    std::size_t end = begin + 1;
    const auto same = [&](std::size_t i) {
      return entities_[i] == entities_[by_identity[begin]] &&
             set.changes()[i].system == set.changes()[by_identity[begin]].system;
    };
    while (end < by_identity.size() && end - begin < look_up_chunk && same(by_identity[end])) ++end;
    look_up(set, std::span(by_identity).subspan(begin, end - begin));
    begin = end;
  }
  for (const Revival& revival : revivals_)
    if (revival.entity == entities_[revival.change]->number) targets_[revival.change] = revival.id;
}

const Revival* Plan::revival_of(const Entity& entity, std::size_t change) const {
  const auto found = std::ranges::find_if(
      revivals_, [&](const Revival& revival) { return revival.entity == entity.number && revival.change == change; });
  return found == revivals_.end() ? nullptr : &*found;
}

void Plan::look_up(const ChangeSet& set, std::span<const std::size_t> changes) {
  std::vector<Value> wanted;
  for (const std::size_t i : changes) wanted.emplace_back(set.changes()[i].external_id);
  Query query;
  query.entity = Identity::entity_name;
  query.where = Where::all(
      {Where::equal("entity", std::string_view(entities_[changes.front()]->name)),
       Where::equal("system", set.changes()[changes.front()].system),
       wanted.size() == 1 ? Where::equal("external_id", wanted.front()) : Where::in("external_id", std::move(wanted))});
  query.fields = {"record_id", "external_id"};
  boost::unordered_flat_map<std::string, Id> found;
  ScanKey key;
  Batch batch;
  bool more = true;
  while (more) {
    more = writer_.scan(query, key, batch);
    for (std::size_t row = 0; row < batch.rows(); ++row)
      found.emplace(batch.columns[1].text(row), Id{batch.columns[0].bits[row]});
  }
  // Of several changes with one unknown identity, the first makes the record.
  for (const std::size_t i : changes) {
    const auto [at, is_new] = found.emplace(set.changes()[i].external_id, targets_[i]);
    targets_[i] = at->second;
  }
}

void Plan::join_changes(const ChangeSet& set) {
  planned_of_.resize(set.size());
  changes_.reserve(set.size());
  boost::unordered_flat_map<std::int64_t, std::size_t> seen;  // by entity and target
  seen.reserve(set.size());
  for (std::size_t i = 0; i < set.size(); ++i) {
    const Id target = targets_[i];
    const bool makes_new = target.value == -static_cast<std::int64_t>(i) - 1;
    if (target.value < 0 && (makes_new ? set.changes()[i].erase : -target.value > static_cast<std::int64_t>(i))) {
      fail(Code::misuse, i, "id", "the id stands for no earlier record of this change set",
           "use an id that `put` returned");
      continue;
    }
    if (target.value < 0 && !makes_new) {
      planned_of_[i] = planned_of_[static_cast<std::size_t>(-target.value - 1)];
      if (entities_[i] != changes_[planned_of_[i]].entity)
        fail(Code::misuse, i, "id", "the id is of another entity", "use the id of a record of this entity");
      continue;
    }
    if (!makes_new) {
      const std::int64_t key = (static_cast<std::int64_t>(entities_[i]->number) << 48) ^ target.value;
      const auto [at, first] = seen.emplace(key, changes_.size());
      planned_of_[i] = at->second;
      if (!first) continue;
    } else {
      planned_of_[i] = changes_.size();
    }
    PlannedChange planned;
    planned.entity = entities_[i];
    planned.id = target;
    planned.is_new = makes_new;
    planned.revived = !makes_new && revival_of(*entities_[i], i) != nullptr;
    planned.change = i;
    changes_.push_back(planned);
  }
}

void Plan::load_rows() {
  Wanted wanted;
  for (std::size_t i = 0; i < changes_.size(); ++i)
    if (!changes_[i].is_new) wanted[changes_[i].entity->number].push_back(i);
  for (const auto& [number, planned] : wanted) take_rows(*changes_[planned.front()].entity, planned);
}

void Plan::take_rows(const Entity& entity, std::span<const std::size_t> planned) {
  std::vector<Id> ids;
  for (const std::size_t i : planned) ids.push_back(changes_[i].id);
  if (batches_used_ == cache_.batches.size()) cache_.batches.emplace_back();
  Batch& batch = cache_.batches[batches_used_++];
  writer_.get(entity, ids, batch);
  for (std::size_t row = 0; row < planned.size(); ++row) {
    PlannedChange& change = changes_[planned[row]];
    change.before = values_.size();
    batch.copy_row(row, values_);
    if (!batch.ids[row] || !readable(entity, before(change)))
      fail(Code::not_found, change.change, "id", "there is no record with this id",
           "leave the id out to make a new record");
    else if (change.revived && !values_[change.before + system_field::deleted_at].present())
      fail(Code::duplicate, change.change, "id", "another writer has brought the record back that holds its values",
           "look that record up and change it");
  }
}

void Plan::number_new_records() {
  std::unordered_map<EntityNumber, std::int64_t> count;
  for (const PlannedChange& change : changes_) count[change.entity->number] += change.is_new;
  std::unordered_map<EntityNumber, std::int64_t> next;
  for (const auto& [number, needed] : count)
    if (needed > 0)
      next[number] = writer_.allocate(cache_.schema->entity(number), static_cast<std::size_t>(needed)).value;
  for (PlannedChange& change : changes_)
    if (change.is_new) change.id = Id{next[change.entity->number]++};
}

Id Plan::real_id(Id id) const noexcept {
  if (id.value >= 0) return id;
  const auto change = static_cast<std::uint64_t>(-(id.value + 1));
  return change < planned_of_.size() ? changes_[planned_of_[change]].id : id;
}

std::size_t Plan::new_row(const Entity& entity) {
  values_.resize(values_.size() + entity.fields.size());
  return values_.size() - entity.fields.size();
}

void Plan::fail(Code code, std::size_t change, std::string_view field, std::string message, std::string hint) {
  problems_.push_back({code, std::move(message), entities_[change]->name, std::string(field),
                       static_cast<std::int64_t>(change), std::move(hint)});
}

void Plan::throw_problems() {
  if (!problems_.empty()) throw Error(std::move(problems_));
}

}  // namespace emptor
