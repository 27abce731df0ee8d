/// What a database's tables lack of a schema, and the statements that give it to them.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "store/sql/layout.hpp"

namespace emptor::sql {

using Names = std::unordered_set<std::string>;

/// Throws Code::corrupt for an unknown name.
Type type_named(std::string_view name);

/// A field from a row of emptor_field: entity, number, name, type, flags, doc.
template <class AnswerRow>
CatalogField field_from(const AnswerRow& row) {
  return {static_cast<EntityNumber>(row.integer(0)),
          static_cast<FieldNumber>(row.integer(1)),
          std::string(row.text(2)),
          type_named(row.text(3)),
          static_cast<std::uint32_t>(row.integer(4)),
          std::string(row.text(5))};
}

/// Statements for every index that the schema has and the database lacks.
std::vector<std::string> missing_indexes(const Dialect& dialect, const Schema& schema, const Names& indexes);
/// Statements for all that is missing, tables first; rows of the catalogue are left to the caller.
std::vector<std::string> bring_up_to_date(const Dialect& dialect, const Schema& schema, const Names& tables,
                                          const Names& indexes);
/// For the indexes of an entity that are not unique.
std::vector<std::string> drop_indexes(const Dialect& dialect, const Entity& entity);
/// For a field that the entity has and its tables lack.
std::vector<std::string> add_field(const Dialect& dialect, const Entity& entity, FieldNumber number);
/// The schema with one more field, as its next version.
SchemaPtr schema_with(const Schema& schema, const CatalogField& field);

}  // namespace emptor::sql
