// What entities and fields are called in sentences.
#pragma once

#include <string>
#include <string_view>

#include "emptor/core/language.hpp"
#include "emptor/model/schema.hpp"

namespace emptor {

/// `annual_revenue` is "annual revenue" and "年收入"; what has no Chinese name keeps its own.
std::string field_name(std::string_view field, Language language);

/// An entity whose records are counted.
struct EntityName {
  std::string one, many;  ///< "order", "orders"; in Chinese the noun and its measure word
  std::string verb;       ///< what a customer did with them: "placed"
};
EntityName entity_name(std::string_view entity, Language language);

}  // namespace emptor
