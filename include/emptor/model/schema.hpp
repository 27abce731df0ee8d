/// What a store holds: its entities and fields, built-in and custom, as they are at one schema version.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "emptor/model/describe.hpp"
#include "emptor/model/value.hpp"

namespace emptor {

using EntityNumber = std::uint16_t;
using FieldNumber = std::uint16_t;  ///< index into Entity::fields and into rows

/// Fields that every entity has, under the same numbers.
namespace system_field {
inline constexpr FieldNumber id = 0;
inline constexpr FieldNumber version = 1;
inline constexpr FieldNumber deleted_at = 2;
inline constexpr FieldNumber count = 3;
}  // namespace system_field

struct Field {
  std::string name;
  std::string doc;
  Type type = Type::text;
  std::uint32_t flags = 0;  ///< field_flag
  std::string reference;    ///< entity that an id points to
  std::vector<std::string> choices;
  FieldNumber number = 0;

  bool has(std::uint32_t flag) const noexcept { return (flags & flag) != 0; }
};

/// A path to records other than by id: the fields in order.
struct Index {
  std::vector<FieldNumber> fields;
  bool unique = false;
  bool open_end = false;  ///< the last field only orders: records that lack it are in the index too, first

  /// How many fields, from the first, a record must have to be in the index.
  std::size_t needed() const noexcept { return fields.size() - (open_end ? 1 : 0); }
};

/// Numbers by name, found without making a string of the name that is looked for.
struct NameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const noexcept { return std::hash<std::string_view>{}(name); }
};
template <class Number>
using NumbersByName = std::unordered_map<std::string, Number, NameHash, std::equal_to<>>;

struct Entity {
  std::string name;
  std::string doc;
  EntityNumber number = 0;
  Keeping keeping = Keeping::journalled;
  std::vector<Field> fields;                     ///< dense by number; [0..2] are the system fields
  std::vector<Index> indexes;                    ///< derived from flags and keys; unique first
  std::optional<FieldNumber> customer_field;     ///< where the owning customer's id stands
  std::optional<FieldNumber> moment_field;       ///< when such a record happened
  std::optional<FieldNumber> responsible_field;  ///< where the user stands whose own record it is
  std::vector<FieldNumber> searched_fields;      ///< texts that search looks into, in the order of their names
  std::vector<FieldNumber> sealed_fields;        ///< texts that are kept encrypted
  NumbersByName<FieldNumber> by_name;

  /// Null for an unknown name.
  const Field* find(std::string_view name) const noexcept;
  /// Throws Code::not_found, naming the entity and the nearest known field in the hint.
  const Field& field(std::string_view name) const;
};

/// Declares a field at run time. The stored name gets the prefix "x_" unless it has it already.
struct CustomField {
  std::string entity;
  std::string name;  ///< [a-z][a-z0-9_]*, at most 60 characters
  Type type = Type::text;
  std::uint32_t flags = 0;  ///< indexed, personal
  std::string doc;
};

/// One row of the catalogue that a store keeps of its fields.
struct CatalogField {
  EntityNumber entity = 0;
  FieldNumber number = 0;
  std::string name;
  Type type = Type::text;
  std::uint32_t flags = 0;
  std::string doc;  ///< only of custom fields
  friend bool operator==(const CatalogField&, const CatalogField&) = default;
};

/// Immutable; a new version is a new object. Built from the program's descriptions and the catalogue of
/// the store, so a file keeps its numbering whatever the order of the headers' lines.
class Schema {
 public:
  /// Fields that are described but not in `catalog` are numbered after it, in order; `added()` lists
  /// them, for the store to migrate. Fields of the catalogue that the program no longer describes stay
  /// readable. Throws Code::corrupt for a catalogue that contradicts itself, and Code::unsupported
  /// where a described field changed its type.
  Schema(std::span<const EntityDescription> described, std::span<const CatalogField> catalog, std::uint64_t version);

  /// Whether some field is kept encrypted.
  bool seals() const noexcept { return seals_; }
  std::uint64_t version() const noexcept { return version_; }
  std::span<const Entity> entities() const noexcept { return entities_; }
  const Entity* find(std::string_view name) const noexcept;
  const Entity* find(EntityNumber number) const noexcept;
  /// Throw Code::not_found.
  const Entity& entity(std::string_view name) const;
  const Entity& entity(EntityNumber number) const;
  /// What the catalogue lacks: the fields to add to a store that was written by an older program.
  std::span<const CatalogField> added() const noexcept { return added_; }
  /// The full catalogue, in the order of numbers, as a store keeps it.
  std::vector<CatalogField> catalog() const;
  /// The checked catalogue row for a custom field of this schema: name, type and flags are validated.
  /// Throws Code::invalid or Code::duplicate.
  CatalogField custom(const CustomField& field) const;

 private:
  std::vector<Entity> entities_;
  NumbersByName<std::size_t> by_name_;
  std::unordered_map<EntityNumber, std::size_t> by_number_;
  std::vector<CatalogField> added_;
  std::vector<CatalogField> undescribed_;  ///< rows of entities that this program does not know
  std::uint64_t version_ = 0;
  bool seals_ = false;
};

using SchemaPtr = std::shared_ptr<const Schema>;

/// Every entity that this program describes, in the order of numbers.
std::span<const EntityDescription> described_entities() noexcept;

}  // namespace emptor
