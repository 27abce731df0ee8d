#include "store/sql/layout.hpp"

#include <algorithm>

namespace emptor::sql {
namespace {

std::string_view type_of(Type type) {
  switch (type) {
    case Type::real:
      return "REAL";
    case Type::text:
      return "TEXT";
    case Type::bytes:
      return "BLOB";
    default:
      return "INTEGER";
  }
}

std::string column_definition(const Field& field) {
  return quoted(field.name) + " " + std::string(type_of(field.type));
}

std::string column_list(const Entity& entity, std::span<const FieldNumber> fields, std::string_view separator,
                        std::string_view suffix) {
  std::string list;
  for (const FieldNumber number : fields) {
    if (!list.empty()) list += separator;
    list += quoted(entity.fields[number].name);
    list += suffix;
  }
  return list;
}

std::span<const FieldNumber> needed_fields(const Index& index) { return std::span(index.fields).first(index.needed()); }

}  // namespace

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  return text + '"';
}

std::string table_name(const Entity& entity, std::size_t table) {
  return table == 0 ? entity.name : entity.name + "_x" + std::to_string(table);
}

std::string index_name(const Entity& entity, const Index& index) {
  std::string name = entity.name + "_";
  for (const FieldNumber number : index.fields) name += "_" + entity.fields[number].name;
  return name;
}

bool is_partial(const Entity& entity, const Index& index) {
  constexpr std::uint32_t always_there = field_flag::required | field_flag::system;
  return index.unique || std::ranges::any_of(needed_fields(index), [&](FieldNumber number) {
           return number == system_field::deleted_at || !entity.fields[number].has(always_there);
         });
}

std::string create_table(const Entity& entity, std::size_t table) {
  std::string text = "CREATE TABLE " + quoted(table_name(entity, table)) + "(\"id\" INTEGER PRIMARY KEY";
  const std::size_t begin = std::max<std::size_t>(1, table * fields_a_table);
  const std::size_t end = std::min(entity.fields.size(), (table + 1) * fields_a_table);
  for (std::size_t number = begin; number < end; ++number) text += ", " + column_definition(entity.fields[number]);
  return text + ")";
}

std::string add_column(const Entity& entity, const Field& field) {
  return "ALTER TABLE " + quoted(table_name(entity, table_number(field.number))) + " ADD COLUMN " +
         column_definition(field);
}

std::string create_index(const Entity& entity, const Index& index) {
  const std::size_t table = table_number(index.fields.front());
  for (const FieldNumber number : index.fields)
    if (table_number(number) != table) return {};
  std::string text = index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
  text += quoted(index_name(entity, index)) + " ON " + quoted(table_name(entity, table)) + "(" +
          column_list(entity, index.fields, ", ", "") + ")";
  if (is_partial(entity, index)) text += " WHERE " + column_list(entity, needed_fields(index), " AND ", " IS NOT NULL");
  return text;
}

Layout::Layout(SchemaPtr schema, bool migrated) : schema_(std::move(schema)) {
  if (migrated) return;
  for (const CatalogField& field : schema_->added()) {
    std::vector<bool>& absent = absent_[field.entity];
    if (absent.size() <= field.number) absent.resize(field.number + std::size_t{1});
    absent[field.number] = true;
  }
}

bool Layout::has_table(const Entity& entity, std::size_t table) const {
  const std::size_t begin = std::max<std::size_t>(system_field::count, table * fields_a_table);
  const std::size_t end = std::min(entity.fields.size(), (table + 1) * fields_a_table);
  for (std::size_t number = begin; number < end; ++number)
    if (has_column(entity, static_cast<FieldNumber>(number))) return true;
  return begin >= end;
}

bool Layout::has_column(const Entity& entity, FieldNumber field) const {
  if (absent_.empty()) return true;
  const auto found = absent_.find(entity.number);
  return found == absent_.end() || found->second.size() <= field || !found->second[field];
}

}  // namespace emptor::sql
