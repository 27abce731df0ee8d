/// A folder for the files of one test, and rows made by hand.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/store/open.hpp"
#include "support/temp_folder.hpp"

namespace emptor::test {

class Place {
 public:
  std::string path(const std::string& name = "test.emptor") const { return folder_.file(name); }
  /// Opens (and makes) a store there; what is not said is quick rather than durable.
  std::unique_ptr<Store> open(OpenOptions options = {.create = true, .durability = Durability::off}) const {
    return open_sqlite(path(), options);
  }

 private:
  TempFolder folder_;
};

using Cells = std::initializer_list<std::pair<const char*, Value>>;

inline std::vector<Value> row_of(const Entity& entity, std::int64_t id, Cells cells) {
  std::vector<Value> row(entity.fields.size());
  row[system_field::id] = Value(Id{id});
  row[system_field::version] = Value(std::int64_t{1});
  for (const auto& [name, value] : cells) row[entity.field(name).number] = value;
  return row;
}

inline void put_one(Writer& writer, const char* entity, std::int64_t id, Cells cells, bool insert = true) {
  const Entity& described = writer.schema()->entity(entity);
  const std::vector<Value> row = row_of(described, id, cells);
  const Row rows[] = {row};
  writer.put(described, rows, insert);
}

inline void replace_one(Writer& writer, const char* entity, std::int64_t id, Cells from, Cells to) {
  const Entity& described = writer.schema()->entity(entity);
  const std::vector<Value> old = row_of(described, id, from), now = row_of(described, id, to);
  const Row before[] = {old}, after[] = {now};
  writer.replace(described, before, after);
}

inline JournalEntry entry_of(std::string op_id = {}) {
  JournalEntry entry;
  entry.at = Instant{1};
  entry.op_id = std::move(op_id);
  append_change(entry, Change{10, Id{1}, ChangeKind::unchanged, 1, {}, {}});
  return entry;
}

inline std::vector<std::int64_t> ids_of(Reader& reader, Query query) {
  std::vector<std::int64_t> ids;
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = reader.scan(query, key, batch);
    for (const Id id : batch.ids) ids.push_back(id.value);
  }
  return ids;
}

template <class Call>
Code code_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return Code::ok;
}

}  // namespace emptor::test
