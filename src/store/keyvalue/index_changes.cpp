#include "store/keyvalue/index_changes.hpp"

#include <algorithm>

#include "emptor/core/error.hpp"
#include "store/keyvalue/key_encoding.hpp"

namespace emptor::keyvalue {

void IndexChanges::enter(const Entity& entity, Row row, Id id) {
  for (const Index& index : entity.indexes) enter(entity, index, row, id);
}

void IndexChanges::enter(const Entity& entity, const Index& index, Row row, Id id) {
  if (!index_key(index, row, key_)) return;
  check_free(entity, index, id);
  insert_entry(entity, index, key_, id);
}

void IndexChanges::replace(const Entity& entity, Row before, Row after, Id id) {
  for (const Index& index : entity.indexes) {
    const bool same = std::all_of(index.fields.begin(), index.fields.end(),
                                  [&](FieldNumber field) { return before[field] == after[field]; });
    if (same) continue;
    const bool now = index_key(index, after, key_);
    if (now) check_free(entity, index, id);
    if (index_key(index, before, former_key_)) remove_entry(entity, index, former_key_, id);
    if (now) insert_entry(entity, index, key_, id);
  }
}

void IndexChanges::remove(const Entity& entity, Row before, Id id) {
  for (const Index& index : entity.indexes)
    if (index_key(index, before, former_key_)) remove_entry(entity, index, former_key_, id);
}

void IndexChanges::check_free(const Entity& entity, const Index& index, Id id) const {
  if (index.unique && is_taken(entity, index, key_, id)) fail_taken(entity, index);
}

void fail_taken(const Entity& entity, const Index& index) {
  std::string fields;
  for (const FieldNumber field : index.fields) fields += (fields.empty() ? "" : "|") + entity.fields[field].name;
  throw Error(Problem{Code::duplicate,
                      "another record has this value already",
                      entity.name,
                      fields,
                      {},
                      "find that record and change it, or use another value"});
}

void fail_id_taken(const Entity& entity) { fail_taken(entity, Index{{system_field::id}, true}); }

Id id_to_put(const Entity& entity, Row row) {
  const Id id = row[system_field::id].id();
  if (!id) throw Error(Problem{Code::misuse, "a row without an id cannot be put", entity.name, "id", {}, {}});
  return id;
}

Row whole_row(const Entity& entity, Row row, std::vector<Value>& room) {
  if (row.size() == entity.fields.size()) return row;
  room.assign(row.begin(), row.end());
  room.resize(entity.fields.size());
  return room;
}

}  // namespace emptor::keyvalue
