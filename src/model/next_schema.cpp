#include "model/next_schema.hpp"

#include <vector>

namespace emptor {
namespace {

SchemaPtr next(const Schema& schema, std::span<const CatalogField> catalog) {
  return std::make_shared<const Schema>(described_entities(), catalog, schema.version() + 1);
}

}  // namespace

SchemaPtr extended(const Schema& schema, const CatalogField& field) {
  std::vector<CatalogField> catalog = schema.catalog();
  catalog.push_back(field);
  return next(schema, catalog);
}

SchemaPtr marked(const Schema& schema, std::span<const CatalogField> fields) {
  std::vector<CatalogField> catalog = schema.catalog();
  for (CatalogField& row : catalog)
    for (const CatalogField& field : fields)
      if (row.entity == field.entity && row.number == field.number) row.flags = field.flags;
  return next(schema, catalog);
}

}  // namespace emptor
