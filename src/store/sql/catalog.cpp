#include "store/sql/catalog.hpp"

#include "emptor/core/error.hpp"

namespace emptor::sql {
namespace {

void add_missing_tables(const Dialect& dialect, const Schema& schema, const Names& tables,
                        std::vector<std::string>& statements) {
  const auto exists = [&](const Entity& entity, std::size_t table) {
    return tables.contains(table_name(entity, table));
  };
  for (const Entity& entity : schema.entities())
    for (std::size_t table = 0; table < count_tables(dialect, entity); ++table)
      if (!exists(entity, table)) statements.push_back(create_table(dialect, entity, table));
  for (const CatalogField& added : schema.added()) {
    const Entity& entity = schema.entity(added.entity);
    if (exists(entity, table_number(dialect, added.number)))
      statements.push_back(add_column(dialect, entity, entity.fields[added.number]));
  }
}

std::string drop_index(const Dialect& dialect, const Entity& entity, const Index& index) {
  return "DROP INDEX IF EXISTS " + quoted(index_name(dialect, entity, index));
}

// Older programs kept children by customer alone; the index by customer and moment answers that too.
void drop_superseded_indexes(const Dialect& dialect, const Schema& schema, const Names& indexes,
                             std::vector<std::string>& statements) {
  for (const Entity& entity : schema.entities())
    for (const Index& index : entity.indexes) {
      if (!index.open_end) continue;
      const Index former{{index.fields.begin(), index.fields.end() - 1}};
      if (indexes.contains(index_name(dialect, entity, former)))
        statements.push_back(drop_index(dialect, entity, former));
    }
}

}  // namespace

Type type_named(std::string_view name) {
  for (const Type type : {Type::id, Type::integer, Type::decimal, Type::real, Type::boolean, Type::text, Type::date,
                          Type::instant, Type::bytes})
    if (name_of(type) == name) return type;
  throw Error(Code::corrupt, "the catalogue of fields names an unknown type");
}

std::vector<std::string> missing_indexes(const Dialect& dialect, const Schema& schema, const Names& indexes) {
  std::vector<std::string> statements;
  for (const Entity& entity : schema.entities())
    for (const Index& index : entity.indexes)
      if (!indexes.contains(index_name(dialect, entity, index)))
        statements.push_back(create_index(dialect, entity, index));
  std::erase(statements, std::string());
  return statements;
}

std::vector<std::string> bring_up_to_date(const Dialect& dialect, const Schema& schema, const Names& tables,
                                          const Names& indexes) {
  std::vector<std::string> statements;
  drop_superseded_indexes(dialect, schema, indexes, statements);
  add_missing_tables(dialect, schema, tables, statements);
  for (std::string& statement : missing_indexes(dialect, schema, indexes)) statements.push_back(std::move(statement));
  return statements;
}

std::vector<std::string> drop_indexes(const Dialect& dialect, const Entity& entity) {
  std::vector<std::string> statements;
  for (const Index& index : entity.indexes)
    if (!index.unique) statements.push_back(drop_index(dialect, entity, index));
  return statements;
}

std::vector<std::string> add_field(const Dialect& dialect, const Entity& entity, FieldNumber number) {
  const bool new_table = number % dialect.fields_a_table == 0;
  std::vector<std::string> statements{new_table ? create_table(dialect, entity, table_number(dialect, number))
                                                : add_column(dialect, entity, entity.fields[number])};
  for (const Index& index : entity.indexes)
    if (index.fields == std::vector<FieldNumber>{number}) statements.push_back(create_index(dialect, entity, index));
  return statements;
}

SchemaPtr schema_with(const Schema& schema, const CatalogField& field) {
  std::vector<CatalogField> catalog = schema.catalog();
  catalog.push_back(field);
  return std::make_shared<const Schema>(described_entities(), catalog, schema.version() + 1);
}

}  // namespace emptor::sql
