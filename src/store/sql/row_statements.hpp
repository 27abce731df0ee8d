/// The statements that write and erase one row of one table.
#pragma once

#include <string>

#include "store/sql/layout.hpp"

namespace emptor::sql {

/// The columns of a table in order, the id first, in brackets.
std::string column_names(const Dialect& dialect, const Entity& entity, std::size_t table);
/// What follows an insertion that may meet a row with the same id: it is replaced.
std::string or_replace(const Dialect& dialect, const Entity& entity, std::size_t table);
/// Parameter 1 is the id, the others follow in the order of the fields.
std::string insert_text(const Dialect& dialect, const Entity& entity, std::size_t table);
/// The same, whether the row is there or not.
std::string put_text(const Dialect& dialect, const Entity& entity, std::size_t table);
std::string erase_text(const Dialect& dialect, const Entity& entity, std::size_t table);

bool any_present(Row values);

}  // namespace emptor::sql
