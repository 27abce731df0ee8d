// What a change of a row does to the entries of its entity's indexes, wherever these are kept.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "emptor/model/record.hpp"

namespace emptor::keyvalue {

class IndexChanges {
 public:
  virtual ~IndexChanges() = default;

  /// The entries of a new row. Throws Code::duplicate where a unique key is taken.
  void enter(const Entity& entity, Row row, Id id);
  /// Its entry in one index, if it has one.
  void enter(const Entity& entity, const Index& index, Row row, Id id);
  /// Those of a row that takes the place of another. Throws as `enter`.
  void replace(const Entity& entity, Row before, Row after, Id id);
  void remove(const Entity& entity, Row before, Id id);

 protected:
  /// Whether another row has an entry of this key.
  virtual bool is_taken(const Entity& entity, const Index& index, std::string_view key, Id id) const = 0;
  virtual void insert_entry(const Entity& entity, const Index& index, std::string_view key, Id id) = 0;
  virtual void remove_entry(const Entity& entity, const Index& index, std::string_view key, Id id) = 0;

 private:
  void check_free(const Entity& entity, const Index& index, Id id) const;

  std::string key_, former_key_;
};

/// Throws Code::duplicate, naming entity and fields.
[[noreturn]] void fail_taken(const Entity& entity, const Index& index);
/// Throws Code::duplicate for an id that is in use.
[[noreturn]] void fail_id_taken(const Entity& entity);
/// Throws Code::misuse for a row without one.
Id id_to_put(const Entity& entity, Row row);
/// The row as long as its entity: itself or, where it was written before the newest fields, a copy in `room`.
Row whole_row(const Entity& entity, Row row, std::vector<Value>& room);

}  // namespace emptor::keyvalue
