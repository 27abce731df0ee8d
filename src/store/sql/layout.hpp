/// Where the fields of a schema stand in SQL tables, and the statements that make those tables.
///
/// An entity's table is named like it; a column like its field. Fields past the first thousand (or as many as the
/// dialect says) stand in satellite tables ("customer_x1", "customer_x2" ...), as many each, whose rows share the
/// record's id and exist only where one of their fields was ever given.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "emptor/model/record.hpp"
#include "emptor/model/schema.hpp"
#include "store/sql/dialect.hpp"

namespace emptor::sql {

std::string quoted(std::string_view name);

/// 0 for the entity's own table, else the satellite's number.
inline std::size_t table_number(const Dialect& dialect, FieldNumber field) { return field / dialect.fields_a_table; }
inline std::size_t count_tables(const Dialect& dialect, const Entity& entity) {
  return (entity.fields.size() - 1) / dialect.fields_a_table + 1;
}
std::string table_name(const Entity& entity, std::size_t table);

/// The fields that stand in one of an entity's tables, but for the id, which all have.
struct Share {
  std::size_t begin;
  std::size_t end;

  Share(const Dialect& dialect, const Entity& entity, std::size_t table);
  Row part(Row row) const { return row.subspan(begin, end - begin); }
  std::size_t size() const noexcept { return end - begin; }
};

/// Names that are too long for the dialect end in a digest of the whole.
std::string index_name(const Dialect& dialect, const Entity& entity, const Index& index);
/// Whether the index leaves out records that lack one of the fields that it needs. Fields that are (nearly) always
/// there keep all records in their index, so that "which lack it" needs no scan.
bool is_partial(const Entity& entity, const Index& index);

std::string create_table(const Dialect& dialect, const Entity& entity, std::size_t table);
std::string add_column(const Dialect& dialect, const Entity& entity, const Field& field);
/// Empty where the index spans tables, which no index can.
std::string create_index(const Dialect& dialect, const Entity& entity, const Index& index);
std::string_view column_type(const Dialect& dialect, Type type);

/// A schema, and what of it the tables lack (a file of an older program, opened read-only).
class Layout {
 public:
  Layout(const Dialect& dialect, SchemaPtr schema, bool migrated);

  const SchemaPtr& schema() const noexcept { return schema_; }
  bool has_table(const Entity& entity, std::size_t table) const;
  bool has_column(const Entity& entity, FieldNumber field) const;

 private:
  const Dialect& dialect_;
  SchemaPtr schema_;
  std::unordered_map<EntityNumber, std::vector<bool>> absent_;  // by field number
};

using LayoutPtr = std::shared_ptr<const Layout>;

}  // namespace emptor::sql
