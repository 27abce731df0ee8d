/// A write, as a value: what to put and what to erase, applied whole or not at all.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/model/record.hpp"

namespace emptor {

/// Changes to any number of records. Owns its text; not tied to a store until it is applied.
///
/// A put with an id changes the named fields of that record and leaves the others; without an id it
/// makes a record. `by(system, external_id)` finds the record by its identity in another system, or
/// makes it and remembers the identity. A new record can be referred to before it has its number:
/// `put` returns a provisional id (negative) that stands for it in reference fields of the same set.
/// Several changes to one record in a set count as one, applied in their order.
class ChangeSet {
 public:
  /// The fields of one put, named one after another.
  class Put {
   public:
    /// Copies the value's text. A missing value clears the field.
    Put& set(std::string_view field, const Value& value);
    /// Requires both texts to be non-empty.
    Put& by(std::string_view system, std::string_view external_id);
    /// The put fails with Code::conflict unless the record still has this version.
    Put& expect(std::int64_t version);
    /// Provisional (negative) for a new record.
    Id id() const noexcept { return id_; }

   private:
    friend class ChangeSet;
    Put(ChangeSet& set, Id id) : set_(&set), id_(id) {}
    ChangeSet* set_;
    Id id_;
  };

  /// Starts a put; its fields follow until the next call of `put` or `erase`.
  Put put(std::string_view entity, Id id = no_id);
  /// Puts every described field of a struct (missing ones are cleared). Returns its id.
  template <Described T>
  Id put(const T& object);
  /// Softly deletes a record; with its version, only if it is unchanged since (0: in any case).
  void erase(std::string_view entity, Id id, std::int64_t expected_version = 0);

  std::size_t size() const noexcept { return changes_.size(); }
  bool empty() const noexcept { return changes_.empty(); }
  void clear();

  struct Cell {
    std::uint32_t name = 0;  ///< index into names()
    Value value;
  };
  struct Change {
    std::string_view entity;
    Id id;  ///< provisional where negative
    bool erase = false;
    std::int64_t expected = 0;  ///< version; 0 expects nothing
    std::string_view system;    ///< upsert by identity where not empty
    std::string_view external_id;
    std::size_t first_cell = 0;  ///< cells run to the next change's first
  };
  std::span<const Change> changes() const noexcept { return changes_; }
  std::span<const Cell> cells(std::size_t change) const noexcept;
  /// The field names used so far, each once.
  std::span<const std::string_view> names() const noexcept { return names_; }

 private:
  std::uint32_t name_index(std::string_view name);

  std::vector<Change> changes_;
  std::vector<Cell> cells_;
  std::vector<std::string_view> names_;
  std::vector<std::uint32_t> next_name_;  ///< the name that followed each name last time: a guess that mostly holds
  std::uint32_t last_name_ = 0;
  Arena names_text_;
  Arena arena_;
};

template <Described T>
Id ChangeSet::put(const T& object) {
  static constexpr auto fields = fields_of<T>();
  Put change = put(T::entity_name, object.id);
  if (object.version != 0) change.expect(object.version);
  for (const FieldDescription& field : fields) {
    const Value value = read_member(&object, field);
    if (value.present() || object.id) change.set(field.name, value);
  }
  return change.id();
}

}  // namespace emptor
