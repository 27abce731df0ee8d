#include "store/sqlite/row_writer.hpp"

#include <algorithm>

#include "store/sql/layout.hpp"

namespace emptor::sqlite {
namespace {

using sql::quoted;

std::size_t first_field(std::size_t table) { return std::max<std::size_t>(1, table * sql::fields_a_table); }

std::size_t end_field(const Entity& entity, std::size_t table) {
  return std::min(entity.fields.size(), (table + 1) * sql::fields_a_table);
}

std::string insert_text(const Entity& entity, std::size_t table) {
  std::string names = "\"id\"";
  std::string values = "?1";
  for (std::size_t number = first_field(table); number < end_field(entity, table); ++number) {
    names += ", " + quoted(entity.fields[number].name);
    values += ", ?" + std::to_string(number - first_field(table) + 2);
  }
  return "INSERT INTO " + quoted(sql::table_name(entity, table)) + "(" + names + ") VALUES(" + values + ")";
}

std::vector<std::size_t> indexed_columns(const Entity& entity, std::size_t table) {
  std::vector<std::size_t> columns;
  for (const Index& index : entity.indexes)
    for (const FieldNumber number : index.fields)
      if (sql::table_number(number) == table) columns.push_back(number - first_field(table));
  std::ranges::sort(columns);
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  return columns;
}

std::string replace_text(const Entity& entity, std::size_t table, const std::vector<std::size_t>& left_out) {
  std::string changes;
  for (std::size_t number = first_field(table); number < end_field(entity, table); ++number) {
    if (std::ranges::binary_search(left_out, number - first_field(table))) continue;
    const std::string name = quoted(entity.fields[number].name);
    changes += (changes.empty() ? " DO UPDATE SET " : ", ") + name + " = excluded." + name;
  }
  return insert_text(entity, table) + " ON CONFLICT(\"id\")" + (changes.empty() ? " DO NOTHING" : changes);
}

std::string same_indexed_text(const Entity& entity, std::size_t table, const std::vector<std::size_t>& indexed) {
  std::string text = "SELECT 1 FROM " + quoted(sql::table_name(entity, table)) + " WHERE \"id\" = ?1";
  for (std::size_t i = 0; i < indexed.size(); ++i)
    text += " AND " + quoted(entity.fields[first_field(table) + indexed[i]].name) + " IS ?" + std::to_string(i + 2);
  return text;
}

std::string erase_text(const Entity& entity, std::size_t table) {
  return "DELETE FROM " + quoted(sql::table_name(entity, table)) + " WHERE \"id\" = ?1";
}

bool any_present(Row values) { return std::ranges::any_of(values, &Value::present); }

}  // namespace

RowWriter::Write::Write(sqlite3* connection, const std::string& text, std::size_t columns)
    : statement(connection, text), bound(columns) {}

void RowWriter::Write::run(Id id, Row columns) {
  statement.bind(1, Value(id));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool present = columns[i].present();
    if (present || bound[i]) statement.bind(static_cast<int>(i) + 2, columns[i]);
    bound[i] = present;
  }
  statement.run();
}

RowWriter::Table::Table(sqlite3* connection, const Entity& entity, std::size_t number)
    : begin(first_field(number)),
      end(end_field(entity, number)),
      indexed(indexed_columns(entity, number)),
      insert(connection, insert_text(entity, number), end - begin),
      replace(connection, replace_text(entity, number, {}), end - begin),
      replace_rest(connection, replace_text(entity, number, indexed), end - begin),
      same_indexed(connection, same_indexed_text(entity, number, indexed)),
      erase(connection, erase_text(entity, number)) {}

// SQLite writes every index anew whose columns are set, changed or not; most updates change none of them.
bool RowWriter::Table::keeps_indexes(Id id, Row columns) {
  if (indexed.empty()) return false;
  const Use use(same_indexed);
  same_indexed.bind(1, Value(id));
  for (std::size_t i = 0; i < indexed.size(); ++i) same_indexed.bind(static_cast<int>(i) + 2, columns[indexed[i]]);
  return same_indexed.step();
}

void RowWriter::Table::put(Id id, Row columns) {
  Write& write = keeps_indexes(id, columns) ? replace_rest : replace;
  write.run(id, columns);
}

RowWriter::RowWriter(sqlite3* connection, const Entity& entity) : fields_(entity.fields.size()) {
  for (std::size_t table = 0; table < sql::count_tables(entity); ++table)
    tables_.push_back(std::make_unique<Table>(connection, entity, table));
}

void RowWriter::insert(Row row) {
  Table& table = *tables_.front();
  table.insert.run(row[system_field::id].id(), table.part(row));
  if (tables_.size() > 1) write_satellites(row, true);
}

void RowWriter::replace(Row row) {
  Table& table = *tables_.front();
  table.put(row[system_field::id].id(), table.part(row));
  if (tables_.size() > 1) write_satellites(row, false);
}

void RowWriter::erase(Id id) {
  for (const auto& table : tables_) {
    table->erase.bind(1, Value(id));
    table->erase.run();
  }
}

void RowWriter::write_satellites(Row row, bool is_new) {
  const Id id = row[system_field::id].id();
  for (std::size_t i = 1; i < tables_.size(); ++i) {
    Table& table = *tables_[i];
    if (any_present(table.part(row))) {
      table.put(id, table.part(row));
    } else if (!is_new) {
      table.erase.bind(1, Value(id));
      table.erase.run();
    }
  }
}

}  // namespace emptor::sqlite
