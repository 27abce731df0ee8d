#include "store/sql/layout.hpp"

#include <algorithm>

#include "core/digest.hpp"
#include "emptor/store/journal.hpp"

namespace emptor::sql {
namespace {

std::string column_definition(const Dialect& dialect, const Field& field) {
  std::string text = quoted(field.name) + " ";
  text += column_type(dialect, field.type);
  if (field.type == Type::text) text += dialect.text_order;
  return text;
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

Share::Share(const Dialect& dialect, const Entity& entity, std::size_t table)
    : begin(std::max<std::size_t>(1, table * dialect.fields_a_table)),
      end(std::min(entity.fields.size(), (table + 1) * dialect.fields_a_table)) {}

std::string index_name(const Dialect& dialect, const Entity& entity, const Index& index) {
  constexpr std::size_t digits = 16;
  std::string name = entity.name + "_";
  for (const FieldNumber number : index.fields) name += "_" + entity.fields[number].name;
  if (name.size() <= dialect.longest_name) return name;
  return name.substr(0, dialect.longest_name - digits) + hexadecimal(blake2b(name)).substr(0, digits);
}

std::string_view column_type(const Dialect& dialect, Type type) {
  if (type == Type::real) return dialect.real;
  if (type == Type::text) return dialect.text;
  return type == Type::bytes ? dialect.bytes : dialect.integer;
}

bool is_partial(const Entity& entity, const Index& index) {
  constexpr std::uint32_t always_there = field_flag::required | field_flag::system;
  return index.unique || std::ranges::any_of(needed_fields(index), [&](FieldNumber number) {
           return number == system_field::deleted_at || !entity.fields[number].has(always_there);
         });
}

std::string create_table(const Dialect& dialect, const Entity& entity, std::size_t table) {
  std::string text = "CREATE TABLE " + quoted(table_name(entity, table)) + "(\"id\" " + std::string(dialect.key);
  const Share share(dialect, entity, table);
  for (std::size_t number = share.begin; number < share.end; ++number)
    text += ", " + column_definition(dialect, entity.fields[number]);
  return text + ")";
}

std::string add_column(const Dialect& dialect, const Entity& entity, const Field& field) {
  return "ALTER TABLE " + quoted(table_name(entity, table_number(dialect, field.number))) + " ADD COLUMN " +
         column_definition(dialect, field);
}

std::string create_index(const Dialect& dialect, const Entity& entity, const Index& index) {
  const std::size_t table = table_number(dialect, index.fields.front());
  for (const FieldNumber number : index.fields)
    if (table_number(dialect, number) != table) return {};
  std::string text = index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
  text += quoted(index_name(dialect, entity, index)) + " ON " + quoted(table_name(entity, table)) + "(" +
          column_list(entity, index.fields, ", ", dialect.index_order);
  if (dialect.index_ends_in_id && !index.unique) text += ", \"id\"";
  text += ")";
  if (is_partial(entity, index)) text += " WHERE " + column_list(entity, needed_fields(index), " AND ", " IS NOT NULL");
  return text;
}

Layout::Layout(const Dialect& dialect, SchemaPtr schema, bool migrated)
    : dialect_(dialect), schema_(std::move(schema)) {
  if (migrated) return;
  for (const CatalogField& field : schema_->added()) {
    std::vector<bool>& absent = absent_[field.entity];
    if (absent.size() <= field.number) absent.resize(field.number + std::size_t{1});
    absent[field.number] = true;
  }
}

bool Layout::has_table(const Entity& entity, std::size_t table) const {
  const std::size_t begin = std::max<std::size_t>(system_field::count, table * dialect_.fields_a_table);
  const std::size_t end = std::min(entity.fields.size(), (table + 1) * dialect_.fields_a_table);
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
