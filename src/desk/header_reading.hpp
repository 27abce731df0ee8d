// What a column's name says: of whom it speaks (the subject) and what it tells (the attribute).
// "CustomerName" is (customer, name); "name" alone has no subject, the table gives it.
#pragma once

#include <string_view>

#include "desk/header_words.hpp"

namespace emptor::desk {

struct Reading {
  std::string_view subject;  ///< "customer", "order", ...; empty where the name does not say
  std::string_view
      attribute;  ///< "id", "name", "price", ...; "self" where only the subject is named; empty: not understood
  bool known() const noexcept { return !attribute.empty(); }
};

Reading read_header(std::string_view header);

/// What a file's name says it holds: "customer", "line", "subcategory"; empty where it says nothing.
std::string_view subject_of_table(std::string_view table_name);

/// The name of a custom field for a column: [a-z0-9_], letters of other scripts as their numbers.
std::string custom_field_name(std::string_view header);

}  // namespace emptor::desk
