/// The schema that follows another one.
#pragma once

#include <span>

#include "emptor/model/schema.hpp"

namespace emptor {

/// With a field more, of the next version.
SchemaPtr extended(const Schema& schema, const CatalogField& field);
/// With these rows of the catalogue in place of those of the same fields, of the next version.
SchemaPtr marked(const Schema& schema, std::span<const CatalogField> fields);

}  // namespace emptor
