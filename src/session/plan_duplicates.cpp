// Which rows of a plan take a unique value that is taken. The store refuses such rows anyhow, at no cost
// to those that are right; this pass runs only once something is wrong, to name every one of them, and to find the
// deleted records that new rows bring back to life.
#include <algorithm>
#include <map>

#include "emptor/model/schema.hpp"
#include "session/plan.hpp"

namespace emptor {
namespace {

std::string names_of(const Entity& entity, const Index& index) {
  std::string names;
  for (const FieldNumber field : index.fields) names += (names.empty() ? "" : ", ") + entity.fields[field].name;
  return names;
}

// The values of a unique key; nothing where one is missing, for then the key binds nobody.
std::optional<std::string> key_of(const Index& index, Row row) {
  std::string key;
  for (const FieldNumber field : index.fields) {
    const Value& value = row[field];
    if (!value.present()) return std::nullopt;
    const std::string text = value.is_text() ? std::string(value.text()) : std::to_string(value.bits());
    key += std::to_string(text.size()) + ':' + text;
  }
  return key;
}

}  // namespace

void Plan::find_duplicates() {
  std::map<std::string, std::size_t> taken;  // key -> planned change of this set
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    const PlannedChange& planned = changes_[i];
    if (planned.kind == ChangeKind::unchanged) continue;
    for (const Index& index : planned.entity->indexes) {
      if (!index.unique) continue;
      const std::optional<std::string> key = key_of(index, after(planned));
      if (!key) continue;
      const std::string names = names_of(*planned.entity, index);
      const bool first = taken.emplace(planned.entity->name + '/' + names + '/' + *key, i).second;
      const auto held = first ? holders(planned, index) : std::vector<std::pair<Id, bool>>();
      const bool free = std::ranges::all_of(
          held, [&](const auto& holder) { return holder.second && revives(planned, holder.first); });
      if (first && free) continue;
      problems_.push_back({Code::duplicate, "another record has this value already", planned.entity->name, names,
                           static_cast<std::int64_t>(planned.change), "look the other record up and change that"});
    }
  }
}

// The other records that hold the values of a unique key after the plan, and whether each is deleted.
std::vector<std::pair<Id, bool>> Plan::holders(const PlannedChange& planned, const Index& index) {
  Query query;
  query.entity = planned.entity->name;
  query.with_deleted = true;
  query.fields = {"deleted_at"};
  std::vector<Where> equal;
  for (const FieldNumber field : index.fields)
    equal.push_back(Where::equal(planned.entity->fields[field].name, after(planned)[field]));
  query.where = Where::all(std::move(equal));
  ScanKey at;
  Batch batch;
  writer_.scan(query, at, batch);
  const auto gives_it_up = [&](Id holder) {
    return std::ranges::any_of(changes_, [&](const PlannedChange& other) {
      return other.entity == planned.entity && other.id == holder &&
             key_of(index, after(other)) != key_of(index, before(other));
    });
  };
  std::vector<std::pair<Id, bool>> holders;
  for (std::size_t row = 0; row < batch.rows(); ++row)
    if (batch.ids[row] != planned.id && !gives_it_up(batch.ids[row]))
      holders.emplace_back(batch.ids[row], batch.columns[0].valid[row]);
  return holders;
}

// Whether a new row may take the place of a deleted record: one record's, and nobody else's in this set.
bool Plan::revives(const PlannedChange& planned, Id holder) {
  if (!planned.is_new) return false;
  if (const Revival* other = revival_of(*planned.entity, planned.change)) return other->id == holder;
  const auto is_it = [&](const auto& other) { return other.entity == planned.entity && other.id == holder; };
  const auto is_taken = [&](const Revival& other) {
    return other.entity == planned.entity->number && other.id == holder;
  };
  if (std::ranges::any_of(changes_, is_it) || std::ranges::any_of(revivals_, is_taken)) return false;
  revivals_.push_back({planned.entity->number, planned.change, holder});
  return true;
}

}  // namespace emptor
