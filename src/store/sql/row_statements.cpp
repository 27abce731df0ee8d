#include "store/sql/row_statements.hpp"

#include <algorithm>

namespace emptor::sql {
namespace {

std::string parameter(const Dialect& dialect, std::size_t number) { return dialect.parameter + std::to_string(number); }

}  // namespace

std::string column_names(const Dialect& dialect, const Entity& entity, std::size_t table) {
  const Share share(dialect, entity, table);
  std::string names = "(\"id\"";
  for (std::size_t number = share.begin; number < share.end; ++number)
    names += ", " + quoted(entity.fields[number].name);
  return names + ")";
}

std::string or_replace(const Dialect& dialect, const Entity& entity, std::size_t table) {
  const Share share(dialect, entity, table);
  std::string changes;
  for (std::size_t number = share.begin; number < share.end; ++number) {
    const std::string name = quoted(entity.fields[number].name);
    changes += (changes.empty() ? " DO UPDATE SET " : ", ") + name + " = excluded." + name;
  }
  return " ON CONFLICT(\"id\")" + (changes.empty() ? " DO NOTHING" : changes);
}

std::string insert_text(const Dialect& dialect, const Entity& entity, std::size_t table) {
  std::string values = parameter(dialect, 1);
  for (std::size_t i = 0; i < Share(dialect, entity, table).size(); ++i) values += ", " + parameter(dialect, i + 2);
  return "INSERT INTO " + quoted(table_name(entity, table)) + column_names(dialect, entity, table) + " VALUES(" +
         values + ")";
}

std::string put_text(const Dialect& dialect, const Entity& entity, std::size_t table) {
  return insert_text(dialect, entity, table) + or_replace(dialect, entity, table);
}

std::string erase_text(const Dialect& dialect, const Entity& entity, std::size_t table) {
  return "DELETE FROM " + quoted(table_name(entity, table)) + " WHERE \"id\" = " + parameter(dialect, 1);
}

bool any_present(Row values) { return std::ranges::any_of(values, &Value::present); }

}  // namespace emptor::sql
