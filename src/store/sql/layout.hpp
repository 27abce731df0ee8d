/// Where the fields of a schema stand in SQL tables, and the statements that make those tables.
///
/// An entity's table is named like it; a column like its field. Fields past the first thousand stand in
/// satellite tables ("customer_x1", "customer_x2" ...), a thousand each, whose rows share the record's id
/// and exist only where one of their fields was ever given.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "emptor/model/schema.hpp"

namespace emptor::sql {

inline constexpr std::size_t fields_a_table = 1000;

std::string quoted(std::string_view name);

/// 0 for the entity's own table, else the satellite's number.
constexpr std::size_t table_number(FieldNumber field) { return field / fields_a_table; }
constexpr std::size_t count_tables(const Entity& entity) { return (entity.fields.size() - 1) / fields_a_table + 1; }
std::string table_name(const Entity& entity, std::size_t table);
std::string index_name(const Entity& entity, const Index& index);
/// Whether the index leaves out records that lack one of the fields that it needs. Fields that are (nearly) always
/// there keep all records in their index, so that "which lack it" needs no scan.
bool is_partial(const Entity& entity, const Index& index);

std::string create_table(const Entity& entity, std::size_t table);
std::string add_column(const Entity& entity, const Field& field);
/// Empty where the index spans tables, which no index can.
std::string create_index(const Entity& entity, const Index& index);

/// A schema, and what of it the tables lack (a file of an older program, opened read-only).
class Layout {
 public:
  Layout(SchemaPtr schema, bool migrated);

  const SchemaPtr& schema() const noexcept { return schema_; }
  bool has_table(const Entity& entity, std::size_t table) const;
  bool has_column(const Entity& entity, FieldNumber field) const;

 private:
  SchemaPtr schema_;
  std::unordered_map<EntityNumber, std::vector<bool>> absent_;  // by field number
};

using LayoutPtr = std::shared_ptr<const Layout>;

}  // namespace emptor::sql
