/// Rows (views, dense by field number) and records (one row that owns its text).
#pragma once

#include <deque>
#include <memory>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/model/schema.hpp"
#include "emptor/model/value.hpp"

namespace emptor {

/// One value a field, at the field's number; as long as the entity has fields.
using Row = std::span<const Value>;

/// Memory for the text of many values, freed at once. Not copyable; moving keeps views valid.
class Arena {
 public:
  std::string_view keep(std::string_view text);
  std::string_view keep(const std::string& text) { return keep(std::string_view(text)); }
  /// The value with its text (if any) copied into the arena.
  Value keep(const Value& value);
  /// Forgets all texts; the memory of the first ones stays for the next.
  void clear() noexcept {
    if (memory_) memory_->resource.release();
  }

 private:
  struct Memory {
    // Below what malloc takes for large, which has it tidy up all it ever freed.
    std::byte first[880];
    std::pmr::monotonic_buffer_resource resource{first, sizeof first};
  };
  std::unique_ptr<Memory> memory_;  ///< made for the first text
};

/// One record, owning its values, with the schema that explains them.
class Record {
 public:
  Record() = default;
  Record(SchemaPtr schema, EntityNumber entity);
  Record(SchemaPtr schema, EntityNumber entity, Row row);
  Record(const Record& other) : Record(other.schema_, other.entity_, other.values_) {}
  Record(Record&&) noexcept = default;
  Record& operator=(const Record& other) { return *this = Record(other); }
  Record& operator=(Record&&) noexcept = default;

  const Entity& entity() const { return schema_->entity(entity_); }
  const Schema& schema() const noexcept { return *schema_; }
  Id id() const noexcept { return values_[system_field::id].id(); }
  std::int64_t version() const noexcept {
    return values_[system_field::version].present() ? values_[system_field::version].integer() : 0;
  }
  bool deleted() const noexcept { return values_[system_field::deleted_at].present(); }
  /// Throws Code::not_found for an unknown field.
  const Value& get(std::string_view field) const { return values_[entity().field(field).number]; }
  const Value& operator[](FieldNumber field) const noexcept { return values_[field]; }
  /// Requires the value to be missing or of the field's type (Code::invalid otherwise).
  void set(std::string_view field, const Value& value);
  void set(FieldNumber field, const Value& value) { values_[field] = arena_.keep(value); }
  Row row() const noexcept { return values_; }

  /// The typed struct of this record. Requires T to describe this entity (Code::misuse otherwise).
  template <Described T>
  T as() const;

 private:
  void require(EntityNumber described) const;

  SchemaPtr schema_;
  EntityNumber entity_ = 0;
  std::vector<Value> values_;
  Arena arena_;
};

/// Reads the members of a described struct as values, in the order of its description.
Value read_member(const void* object, const FieldDescription& field);
/// Writes one; requires the value to be missing or of the field's type.
void write_member(void* object, const FieldDescription& field, const Value& value);

template <Described T>
T Record::as() const {
  require(T::entity_number);
  T object;
  object.id = id();
  object.version = version();
  if (deleted()) object.deleted_at = values_[system_field::deleted_at].instant();
  static constexpr auto fields = fields_of<T>();
  for (const FieldDescription& field : fields) write_member(&object, field, get(field.name));
  return object;
}

}  // namespace emptor
